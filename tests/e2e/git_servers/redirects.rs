//! A git server that redirects: what is configured for one host stays there.

use testkit::{Answer, Ca, GitHttp, GitHttpSettings, Recorder};

use super::Stage;
use super::stage::told;

const PASSWORD: &str = "correct-h0rse-battery";
const NAME: &str = "team/fleet.git";

/// Where a server may send its clients: another host, and the same host on another port.
const ELSEWHERE: [&str; 2] = ["127.0.0.2", "127.0.0.1"];

/// The repository's login, for a stage that has its file.
fn login(stage: &mut Stage) -> String {
    let file = stage.world.secret_file("password", PASSWORD);
    format!("auth: {{username: bot, passwordFile: \"{}\"}}", file.display())
}

#[test]
fn a_fetch_takes_no_password_elsewhere() {
    for status in [301, 302, 303, 307, 308] {
        for ip in ELSEWHERE {
            let (door, elsewhere) = (Recorder::start("127.0.0.1").unwrap(), Recorder::start(ip).unwrap());
            // Whoever comes is led on: a challenge asks for the password.
            elsewhere.answer(Answer::challenge("Basic realm=\"git\""));
            let target = format!("{}/{NAME}/info/refs?service=git-upload-pack", elsewhere.url());
            door.answer(Answer::redirect(status, &target));
            let mut stage = Stage::new(testkit::BareRepository::new().unwrap());
            let login = login(&mut stage);
            let stage = stage.reached_by(&format!("url: \"{}/{NAME}\", {login}", door.url()));

            let ran = stage.world.once().expect(1);

            let told = told(&ran);
            assert!(
                told.contains(&format!("redirects to host `{ip}`")) && told.contains("set the repository's `url`"),
                "{told}"
            );
            let secret = format!("bot:{PASSWORD}");
            assert!(
                !door.leaks(&[&secret]).is_empty(),
                "the recorder sees a credential where one belongs"
            );
            elsewhere.assert_saw_no_credential(&[&secret]);
            assert_eq!(elsewhere.connections(), 0, "{status} to {ip} was followed");
        }
    }
}

#[test]
fn a_push_takes_no_password_elsewhere() {
    for ip in ELSEWHERE {
        let elsewhere = Recorder::start(ip).unwrap();
        elsewhere.answer(Answer::challenge("Basic realm=\"git\""));
        let settings = GitHttpSettings::new()
            .user("bot", PASSWORD)
            .redirect_pushes(&elsewhere.url());
        let server = GitHttp::start(&settings).unwrap();
        let mut stage = Stage::new(server.repository(NAME).unwrap());
        let login = login(&mut stage);
        let stage = stage.reached_by(&format!("url: \"{}\", {login}", server.url(NAME)));
        stage.world.once().expect(0);
        stage.push_tag("1.9.2");

        let ran = stage.world.once().expect(1);

        let told = told(&ran);
        assert!(told.contains(&format!("redirects to host `{ip}`")), "{told}");
        elsewhere.assert_saw_no_credential(&[&format!("bot:{PASSWORD}")]);
        assert_eq!(elsewhere.connections(), 0);
        assert_eq!(stage.repository.log().unwrap(), ["Seed"]);
    }
}

#[test]
fn a_redirect_from_tls_to_plain_http_is_not_followed() {
    let ca = Ca::new().unwrap();
    let (door, elsewhere) = (
        Recorder::start_tls("127.0.0.1", &ca).unwrap(),
        Recorder::start("127.0.0.1").unwrap(),
    );
    door.answer(Answer::redirect(
        302,
        &format!("{}/{NAME}/info/refs?service=git-upload-pack", elsewhere.url()),
    ));
    let mut stage = Stage::new(testkit::BareRepository::new().unwrap());
    stage.world.file("ca.pem", ca.certificate_pem());
    let login = login(&mut stage);
    let stage = stage.reached_by(&format!("url: \"{}/{NAME}\", caFile: ca.pem, {login}", door.url()));
    stage.world.once().expect(1);
    assert!(!door.seen().is_empty());
    assert_eq!(elsewhere.connections(), 0);
}
