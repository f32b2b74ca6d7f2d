//! Credential helpers in the line.

use std::sync::{Arc, Mutex};

use super::*;

#[tokio::test]
async fn helpers_that_break_are_passed_by_and_told() {
    for (script, reason) in [
        ("exit 1", "exit status: 1"),
        ("echo nonsense", "it is no JSON"),
        ("exec kill -9 $$", "signal: 9"),
    ] {
        let setting = Setting::new();
        let server = registry_of("b").await;
        setting.0.helper("breaks", script);
        setting.config(
            &server,
            r#"{"credHelpers": {"HOST": "breaks"}, "auths": {"HOST": {"username": "b", "password": "b"}}, "credsStore": "missing"}"#,
        );
        let scanner = setting.scanner(vec![server.entry()], &["breaks", "missing"]);
        tags(&scanner, &server).await.expect("a list");
        assert_eq!(askers(&server), ["-", "b"]);
        let told = told(&scanner, &server);
        assert!(
            told.starts_with(
                "opened by the Docker configuration's entry `HOST`\nskipped helper, the credential helper `breaks`: "
            ),
            "{told}"
        );
        assert!(told.contains(reason), "{told}");
    }
}

#[tokio::test]
async fn a_helper_is_asked_only_when_the_registry_asks() {
    let setting = Setting::new();
    let server = Fake::start(|_, _| ok(page(&["1.0"]))).await;
    setting.0.helper("test", "echo >> $HERE/runs; exit 1");
    setting.config(&server, r#"{"credsStore": "test"}"#);
    let scanner = setting.scanner(vec![server.entry()], &["test"]);
    tags(&scanner, &server).await.expect("an open list");
    assert_eq!(setting.0.read("runs"), "");
    assert_eq!(told(&scanner, &server), "opened by anonymous\n");
}

#[tokio::test]
async fn where_an_allowed_helper_breaks_nobody_asks_as_nobody() {
    let setting = Setting::new();
    let server = Fake::start(|asked, _| match asked.path() {
        "/token" => ok(r#"{"token": "anonymous"}"#),
        _ if asked.authorization().is_some() => ok(page(&["1.0"])),
        _ => bearer_of_itself(asked),
    })
    .await;
    setting.config(&server, r#"{"credHelpers": {"HOST": "missing"}}"#);
    let scanner = setting.scanner(vec![server.entry()], &["missing"]);
    let error = tags(&scanner, &server).await.expect_err("no credential");
    assert_eq!(error.code(), ErrorCode::CredentialUnavailable);
    expect!["failed to list the tags of `HOST/team/app`: the credential helper `missing` does not work: `docker-credential-missing` is in no folder of PATH; install it in one"]
        .assert_eq(&words(&error, &server, &setting));
    assert_eq!(askers(&server), ["-"], "no token for nobody");
    // One that says it has none is another matter: so Docker asks for public images.
    setting
        .0
        .helper("missing", "echo credentials not found in native keychain; exit 1");
    let scanner = setting.scanner(vec![server.entry()], &["missing"]);
    tags(&scanner, &server).await.expect("a public list");
    assert_eq!(askers(&server)[1..], ["-", "-", "Bearer anonymous"]);
    expect![[r#"
        opened by anonymous
        skipped helper, the credential helper `missing`: it has no credential for `HOST`; `docker login HOST` would give it one
    "#]]
    .assert_eq(&told(&scanner, &server));
}

#[tokio::test]
async fn a_rotated_credential_of_a_helper_is_fetched_again() {
    let setting = Setting::new();
    let wanted = Arc::new(Mutex::new("a"));
    let now = wanted.clone();
    let server = Fake::start(move |asked, _| {
        let wanted = basic(*now.lock().expect("no panic"));
        if asked.authorization() == Some(&wanted) {
            ok(page(&["1.0"]))
        } else {
            challenge()
        }
    })
    .await;
    setting.0.helper(
        "test",
        r#"echo >> $HERE/runs; U=$(cat $HERE/user); echo "{\"Username\": \"$U\", \"Secret\": \"$U\"}""#,
    );
    setting.config(&server, r#"{"credsStore": "test"}"#);
    let scanner = setting.scanner(vec![server.entry()], &["test"]);
    fs::write(setting.0.file("user"), "a").expect("a file");
    tags(&scanner, &server).await.expect("a list");
    tags(&scanner, &server).await.expect("a list");
    assert_eq!(setting.0.read("runs").len(), 1, "what it said is kept");
    fs::write(setting.0.file("user"), "b").expect("a file");
    *wanted.lock().expect("no panic") = "b";
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(11)).await;
    tokio::time::resume();
    tags(&scanner, &server).await.expect("a list");
    assert_eq!(askers(&server), ["-", "a", "a", "a", "b"]);
    assert_eq!(told(&scanner, &server), "opened by the credential helper `test`\n");
    // If there is no newer one, that is the end.
    *wanted.lock().expect("no panic") = "c";
    let error = tags(&scanner, &server).await.expect_err("refused");
    assert_eq!(error.code(), ErrorCode::Unauthorized);
    assert_eq!(askers(&server)[5..], ["b"]);
}

#[tokio::test]
async fn hosts_never_get_each_others_credentials() {
    let setting = Setting::new();
    let (one, other) = (registry_of("a").await, registry_of("b").await);
    setting.0.helper(
        "test",
        r#"read S; case $S in *:'PORT') U=b;; *) U=a;; esac; echo "{\"Username\": \"$U\", \"Secret\": \"$U\"}""#
            .replace("PORT", &other.port().to_string())
            .as_str(),
    );
    let text = format!(
        r#"{{"auths": {{"{}": {{"username": "x", "password": "x"}}, "{}": {{"username": "y", "password": "y"}}}}, "credsStore": "test"}}"#,
        one.host(),
        other.host()
    );
    fs::write(setting.file(), text).expect("a file");
    let scanner = setting.scanner(vec![one.entry(), other.entry()], &["test"]);
    for _ in 0..2 {
        tags(&scanner, &one).await.expect("a list");
        tags(&scanner, &other).await.expect("a list");
    }
    assert_eq!(askers(&one), ["-", "x", "a", "a"]);
    assert_eq!(askers(&other), ["-", "y", "b", "b"]);
}
