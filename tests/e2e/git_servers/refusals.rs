//! A protected branch: the server's own words arrive, and it is not hammered.

use testkit::{GitHttp, GitHttpSettings, OtherCommit, Sshd};

use super::Stage;
use super::stage::told;

const NAME: &str = "team/fleet.git";
const WORDS: &str = "main is protected: open a pull request";

/// Refuses, daemon and single pass alike; `pushes` counts what reached the server.
fn a_protected_branch(stage: &Stage, pushes: impl Fn() -> usize) {
    stage.repository.protect(WORDS).unwrap();
    let daemon = stage.world.start();
    daemon.until_reason("upToDate");
    stage.push_tag("1.9.2");
    let answer = daemon.until("/api/v1/status", |status| {
        status["repositories"][0]["push"]["state"] == "refused"
    });
    let message = answer["repositories"][0]["push"]["message"]
        .as_str()
        .unwrap_or_default();
    assert!(message.contains(WORDS), "{answer:#}");
    assert!(daemon.log().contains(WORDS), "{}", daemon.log());

    // Passes go on, pushes do not.
    for _ in 0..3 {
        daemon.settled();
    }
    assert_eq!(pushes(), 1, "a refused push is not tried again at once");
    let answer = daemon.get("/api/v1/status");
    assert_eq!(answer["repositories"][0]["push"]["state"], "refused", "{answer:#}");
    assert_eq!(stage.repository.log().unwrap(), ["Seed"]);

    // On another head it is another push, and this one is let in.
    stage.repository.remove_hook("pre-receive").unwrap();
    stage
        .repository
        .commit(&OtherCommit::new("Unprotect").write("README.md", "New.\n"))
        .unwrap();
    daemon.until_commits(1);
    stage.assert_newest("1.4.0", "1.9.2");
    let answer = daemon.until("/api/v1/status", |status| {
        status["repositories"][0]["push"]["state"] == "landed"
    });
    assert!(!answer.to_string().contains(WORDS), "{answer:#}");
    assert_eq!(pushes(), 2);
}

#[test]
fn a_protected_branch_refuses_in_its_own_words_over_http() {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let stage = Stage::new(server.repository(NAME).unwrap()).reached_by(&format!("url: \"{}\"", server.url(NAME)));
    a_protected_branch(&stage, || {
        let requests = server.requests().unwrap();
        requests
            .iter()
            .filter(|request| request.is_push() && request.method == "POST")
            .count()
    });
}

#[test]
fn a_protected_branch_refuses_in_its_own_words_over_ssh() {
    let server = Sshd::start().unwrap();
    let stage = Stage::new(server.repository(NAME).unwrap()).reached_by(&format!(
        "url: \"{}\", auth: {{sshKeyFile: \"{}\", knownHostsFile: \"{}\"}}",
        server.url(NAME),
        server.client_key().display(),
        server.known_hosts().display()
    ));
    a_protected_branch(&stage, || {
        server
            .commands()
            .iter()
            .filter(|command| command.contains("git-receive-pack"))
            .count()
    });
}

#[test]
fn a_single_pass_fails_when_it_is_refused() {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let stage = Stage::new(server.repository(NAME).unwrap()).reached_by(&format!("url: \"{}\"", server.url(NAME)));
    stage.repository.protect(WORDS).unwrap();
    stage.push_tag("1.9.2");
    let ran = stage.world.once().expect(1);
    let told = told(&ran);
    assert!(
        told.contains("fleet: the server refused the push") && told.contains(WORDS),
        "{told}"
    );
    assert_eq!(stage.repository.log().unwrap(), ["Seed"]);
}
