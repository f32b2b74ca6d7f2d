//! What servers send back of what they were sent is not shown.

use domain::reference::Timestamp;

use super::*;

#[tokio::test]
async fn what_a_server_sends_back_is_not_shown() {
    let files = Files::new();
    let server = Fake::start(|asked, _| match (asked.path(), asked.authorization()) {
        ("/token", _) => token("t0psecret"),
        (_, Some(value)) => with(
            404,
            &[],
            format!("you said {value}, that is hunter2 and Y2k6aHVudGVyMg=="),
        ),
        _ => bearer_of_itself(asked),
    })
    .await;
    let scanner = scanner([files.entry(&server)]);
    let error = scanner
        .tags(&server.repository("team/app"))
        .await
        .expect_err("not there");
    let words = format!("{} {error:?}", chain(&error));
    for secret in ["t0psecret", "hunter2", "aHVudGVyMg", "VudGVyM"] {
        assert!(!words.contains(secret), "{words}");
    }
    assert!(words.contains("you said Bearer [secret]"), "{words}");
}

#[tokio::test]
async fn a_secret_that_comes_back_in_an_address_is_not_shown() {
    let files = Files::new();
    for header in [
        ("link", r#"<https://evil.example/hunter2?x=hunter2>; rel="next""#),
        ("location", "https://evil.example/hunter2?x=hunter2"),
        (
            "www-authenticate",
            r#"Bearer realm="https://evil.example/hunter2?x=hunter2""#,
        ),
    ] {
        let server = Fake::start(move |asked, before| match (asked.authorization(), header.0) {
            (Some(CI), _) if before < 2 => ok(page(&["1.0"])),
            (Some(CI), "link") => with(200, &[header], page(&["1.0"])),
            (Some(CI), "location") => with(307, &[header], ""),
            (Some(CI), _) => with(401, &[header], ""),
            _ => challenge(r#"Basic realm="x""#),
        })
        .await;
        let scanner = scanner([files.entry(&server)]);
        let repository = server.repository("team/app");
        scanner.tags(&repository).await.expect("a list");
        let error = scanner.tags(&repository).await.expect_err("an address that is refused");
        let report = scanner.hosts(Timestamp::from_unix_seconds(0));
        let told = format!("{} {error:?} {report:?}", chain(&error));
        assert!(told.contains("https://evil.example/[secret]"), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn a_secret_is_not_shown_to_whom_it_does_not_belong() {
    let files = Files::new();
    let server = Fake::start(|asked, _| match (asked.path(), asked.authorization()) {
        ("/v2/team/app/tags/list", Some(_)) => ok(page(&["1.0"])),
        ("/v2/team/app/tags/list", None) => challenge("Basic realm=x"),
        _ => with(500, &[], "the last one came with hunter2"),
    })
    .await;
    let entry = format!(
        r#""{}/team": {{"username": "ci", "password": "hunter2"}}"#,
        server.host()
    );
    let scanner = with_docker_config(&server, docker_config(&files, &entry), None);
    scanner.tags(&server.repository("team/app")).await.expect("a list");
    let error = scanner
        .tags(&server.repository("other/app"))
        .await
        .expect_err("a failure");
    let words = chain(&error).to_string();
    assert!(words.ends_with("the last one came with [secret]"), "{words}");
}

/// It was shown before this process began, or by another one.
#[tokio::test]
async fn nor_is_one_that_was_never_sent() {
    let files = Files::new();
    let server = Fake::start(|_, _| with(500, &[], "somebody comes with hunter2")).await;
    let entry = format!(
        r#""{}/team": {{"username": "ci", "password": "hunter2"}}"#,
        server.host()
    );
    let scanner = with_docker_config(&server, docker_config(&files, &entry), None);
    let error = scanner
        .tags(&server.repository("other/app"))
        .await
        .expect_err("a failure");
    let words = chain(&error).to_string();
    assert!(words.ends_with("somebody comes with [secret]"), "{words}");
}
