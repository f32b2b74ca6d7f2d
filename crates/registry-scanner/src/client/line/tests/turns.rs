//! Who is next: after a refusal, in the middle of a list, and when the file has changed.

use std::sync::{Arc, Mutex};

use super::*;
use crate::fake::status;

#[tokio::test]
async fn a_bad_first_entry_costs_its_refusal_once() {
    let setting = Setting::new();
    let server = registry_of("b").await;
    let entries = |first| [("HOST/team/app", first), ("HOST/team", "b"), ("HOST", "c")];
    setting.users(&server, &entries("a"));
    let scanner = setting.scanner(vec![server.entry()], &[]);
    for _ in 0..3 {
        tags(&scanner, &server).await.expect("a list");
    }
    assert_eq!(askers(&server), ["-", "a", "b", "b", "b"]);
    expect![[r#"
        opened by the Docker configuration's entry `HOST/team`
        refused dockerConfig, the Docker configuration's entry `HOST/team/app`: the answer was 401 Unauthorized
    "#]]
    .assert_eq(&told(&scanner, &server));
    // What was learned of one repository is not believed of another.
    scanner.tags(&server.repository("team/web")).await.expect("a list");
    assert_eq!(askers(&server)[5..], ["b"]);
    // When the file changes, all are tried in their order again.
    setting.users(&server, &entries("z"));
    tags(&scanner, &server).await.expect("a list");
    assert_eq!(askers(&server)[6..], ["z", "b"]);
    // A new configuration forgets nothing of it.
    let again = scanner.reconfigured(ScannerConfig {
        hosts: vec![server.entry()],
        docker_config: Some(DockerConfigFile::Named(setting.file())),
        ..ScannerConfig::default()
    });
    tags(&again, &server).await.expect("a list");
    assert_eq!(askers(&server)[8..], ["-", "b"]);
}

#[tokio::test]
async fn what_opened_it_is_followed_by_the_others_when_it_opens_no_more() {
    let setting = Setting::new();
    let revoked = Arc::new(Mutex::new("none"));
    let good = revoked.clone();
    let server = Fake::start(move |asked, _| {
        let revoked = *good.lock().expect("no panic");
        let is = |user: &str| asked.authorization() == Some(basic(user).as_str());
        if revoked != "b" && is("b") || revoked == "b" && is("a") {
            ok(page(&["1.0"]))
        } else {
            challenge()
        }
    })
    .await;
    setting.users(&server, &[("HOST/team/app", "a"), ("HOST/team", "b"), ("HOST", "c")]);
    let scanner = setting.scanner(vec![server.entry()], &[]);
    tags(&scanner, &server).await.expect("a list");
    *revoked.lock().expect("no panic") = "b";
    tags(&scanner, &server).await.expect("a list");
    tags(&scanner, &server).await.expect("a list");
    assert_eq!(askers(&server), ["-", "a", "b", "b", "a", "a"]);
    assert!(told(&scanner, &server).starts_with("opened by the Docker configuration's entry `HOST/team/app`\nrefused"));
}

#[tokio::test]
async fn in_the_middle_of_a_list_the_next_one_begins_it_again() {
    let setting = Setting::new();
    let server = Fake::start(|asked, _| {
        let number: usize = asked
            .query()
            .rsplit('=')
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or(0);
        let number = if number == 1000 { 1 } else { number };
        match asked.authorization() {
            Some(shown) if shown == basic("b") || number < 7 && shown == basic("a") => {
                let link = format!(r#"<?last={}>; rel="next""#, number + 1);
                let tag = format!("1.{number}");
                match number {
                    9 => ok(page(&[&tag])),
                    _ => with(200, &[("link", &link)], page(&[&tag])),
                }
            }
            _ => challenge(),
        }
    })
    .await;
    setting.users(&server, &[("HOST/team", "a"), ("HOST", "b")]);
    let scanner = setting.scanner(vec![server.entry()], &[]);
    tags(&scanner, &server).await.expect("a list");
    assert_eq!(
        askers(&server),
        [
            "-", "a", "a", "a", "a", "a", "a", "a", "b", "b", "b", "b", "b", "b", "b", "b", "b", "b"
        ],
        "what two of them see is no list"
    );
}

#[tokio::test]
async fn a_token_server_that_refuses_one_is_asked_in_the_name_of_the_next() {
    for refusal in [400, 401, 403] {
        let setting = Setting::new();
        let server = Fake::start(move |asked, _| match (asked.path(), asked.authorization()) {
            ("/token", Some(shown)) if shown == basic("b") => ok(r#"{"token": "good", "expires_in": 300}"#),
            ("/token", _) if asked.method == http::Method::POST => status(405),
            ("/token", _) => status(refusal),
            (_, Some("Bearer good")) => ok(page(&["1.0"])),
            _ => bearer_of_itself(asked),
        })
        .await;
        setting.config(
            &server,
            r#"{"auths": {"HOST/team/app": {"identitytoken": "it"}, "HOST/team": {"username": "a", "password": "a"},
                "HOST": {"username": "b", "password": "b"}}}"#,
        );
        let scanner = setting.scanner(vec![server.entry()], &[]);
        for _ in 0..2 {
            tags(&scanner, &server).await.expect("a list");
        }
        assert_eq!(askers(&server), ["-", "-", "a", "b", "Bearer good", "Bearer good"]);
        let told = told(&scanner, &server);
        assert!(told.contains("the token server takes no identity tokens"), "{told}");
        assert!(told.contains("the token server says no"), "{told}");
    }
}

#[tokio::test]
async fn a_registry_token_still_opens_what_names_a_token_server_that_may_not_be_asked() {
    let setting = Setting::new();
    let bystander = Fake::bystander().await;
    let realm = format!(r#"Bearer realm="{}""#, bystander.url("/token"));
    let server = Fake::start(move |asked, _| match asked.authorization() {
        Some("Bearer rt") => ok(page(&["1.0"])),
        _ => with(401, &[("www-authenticate", &realm)], ""),
    })
    .await;
    let entries = |token: &str| {
        format!(
            r#"{{"auths": {{"HOST/team": {{"username": "a", "password": "a"}}, "HOST": {{"registrytoken": "{token}"}}}}}}"#
        )
    };
    setting.config(&server, &entries("rt"));
    let scanner = setting.scanner(vec![server.entry()], &[]);
    tags(&scanner, &server).await.expect("a list");
    assert_eq!(askers(&server), ["-", "-", "Bearer rt"]);
    setting.config(&server, &entries("other"));
    let error = tags(&scanner, &server).await.expect_err("refused");
    assert_eq!(error.code(), ErrorCode::RealmNotAllowed, "{}", chain(&error));
    assert_eq!(bystander.lines(), "");
}
