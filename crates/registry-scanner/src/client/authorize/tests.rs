//! Who gets which credential: against real sockets, with recorders where nobody should knock.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use axum::response::Response;
use domain::reference::{Registry, Repository, Timestamp};
use expect_test::expect;
use tempfile::TempDir;
use transport::{Authority, chain};

use crate::client::budget::Budget;
use crate::client::{Ask, Kind};
use crate::config::{ConfiguredCredentials, DockerConfigFile, HostConfig, Limits, ScannerConfig};
use crate::error::{ErrorCode, Failure};
use crate::fake::{Asked, Fake, ok, page, scanner, status, with};
use crate::scanner::Scanner;

const CI: &str = "Basic Y2k6aHVudGVyMg==";

/// Files that live as long as the test.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    }

    /// `ci` with the password `hunter2`.
    fn ci(&self) -> ConfiguredCredentials {
        ConfiguredCredentials {
            username: "ci".to_owned(),
            password_file: self.write("password", "hunter2\n"),
        }
    }
}

fn challenge(value: &str) -> Response {
    with(
        401,
        &[("www-authenticate", value)],
        r#"{"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}"#,
    )
}

fn bearer(realm: &str) -> Response {
    challenge(&format!(
        r#"Bearer realm="{realm}",service="test",scope="repository:team/app:pull""#
    ))
}

fn token(text: &str) -> Response {
    ok(format!(r#"{{"token": "{text}", "expires_in": 300}}"#))
}

/// A registry that wants a token of itself and gives one to `ci` alone.
async fn registry_with_tokens() -> Fake {
    Fake::start(|asked, _| match (asked.path(), asked.authorization()) {
        ("/token", Some(CI)) => token("good"),
        ("/token", _) => status(401),
        (_, Some("Bearer good")) => ok(page(&["1.0"])),
        _ => bearer(&format!("http://{}/token", asked.header("host").expect("a host"))),
    })
    .await
}

#[tokio::test]
async fn a_registry_that_asks_for_nothing_gets_nothing() {
    let files = Files::new();
    let server = Fake::start(|_, _| ok(page(&["1.0"]))).await;
    let entry = HostConfig {
        credentials: Some(files.ci()),
        ..server.entry()
    };
    scanner([entry])
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    expect![[r#"
        GET /v2/team/app/tags/list?n=1000
        GET /v2/
    "#]]
    .assert_eq(&server.lines());
}

#[tokio::test]
async fn basic_is_remembered() {
    let files = Files::new();
    let server = Fake::start(|asked, _| match asked.authorization() {
        Some(CI) => ok(page(&["1.0"])),
        _ => challenge(r#"Basic realm="x""#),
    })
    .await;
    let scanner = scanner([HostConfig {
        credentials: Some(files.ci()),
        ..server.entry()
    }]);
    for repository in ["team/app", "team/app", "team/web"] {
        scanner.tags(&server.repository(repository)).await.expect("a list");
    }
    expect![[r#"
        GET /v2/team/app/tags/list?n=1000
        !GET /v2/team/app/tags/list?n=1000
        !GET /v2/team/app/tags/list?n=1000
        !GET /v2/team/web/tags/list?n=1000
    "#]]
    .assert_eq(&server.lines());
}

#[tokio::test]
async fn a_token_is_fetched_once_per_repository_and_then_up_front() {
    let files = Files::new();
    let server = registry_with_tokens().await;
    let scanner = scanner([HostConfig {
        credentials: Some(files.ci()),
        ..server.entry()
    }]);
    for repository in ["team/app", "team/app", "team/web"] {
        scanner.tags(&server.repository(repository)).await.expect("a list");
    }
    expect![[r#"
        GET /v2/team/app/tags/list?n=1000
        !GET /token?service=test&scope=repository%3Ateam%2Fapp%3Apull&account=ci
        !GET /v2/team/app/tags/list?n=1000
        !GET /v2/team/app/tags/list?n=1000
        !GET /token?service=test&scope=repository%3Ateam%2Fweb%3Apull&account=ci
        !GET /v2/team/web/tags/list?n=1000
    "#]]
    .assert_eq(&server.lines());
}

#[tokio::test]
async fn many_who_wait_for_one_token_fetch_it_once() {
    let files = Files::new();
    let server = registry_with_tokens().await;
    let scanner = scanner([HostConfig {
        credentials: Some(files.ci()),
        ..server.entry()
    }]);
    let repository = server.repository("team/app");
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (scanner, repository) = (scanner.clone(), repository.clone());
        tasks.spawn(async move { scanner.tags(&repository).await.expect("a list") });
    }
    tasks.join_all().await;
    let tokens = server.log().iter().filter(|asked| asked.path() == "/token").count();
    assert_eq!(tokens, 1);
}

#[tokio::test]
async fn the_realms_own_query_is_kept() {
    let server = Fake::start(|asked, _| match asked.path() {
        "/token" => token("good"),
        _ if asked.authorization() == Some("Bearer good") => ok(page(&["1.0"])),
        _ => bearer(&format!(
            "http://{}/token?scope=keep%20me&x",
            asked.header("host").expect("a host")
        )),
    })
    .await;
    server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    assert_eq!(
        server.log()[1].query(),
        "scope=keep%20me&x&service=test&scope=repository%3Ateam%2Fapp%3Apull"
    );
    assert_eq!(server.log()[1].authorization(), None, "nobody asked in anyone's name");
}

#[tokio::test]
async fn a_challenge_cannot_ask_for_more_than_reading() {
    let server = Fake::start(|asked, _| match asked.path() {
        "/token" => token("good"),
        _ if asked.authorization() == Some("Bearer good") => ok(page(&["1.0"])),
        _ => challenge(&format!(
            r#"Bearer realm="http://{}/token",scope="repository:team/app:pull,push,delete repository:b/c:push registry:catalog:* *""#,
            asked.header("host").expect("a host")
        )),
    })
    .await;
    server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    assert_eq!(server.log()[1].query(), "scope=*&scope=repository%3Ateam%2Fapp%3Apull");
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_in_the_middle_of_a_list() {
    let server = Fake::start(|asked, before| match (asked.path(), asked.query()) {
        ("/token", _) => token(&format!("t{before}")),
        (_, "n=1000") if asked.authorization() == Some("Bearer t1") => {
            with(200, &[("link", r#"<?last=1.0>; rel="next""#)], page(&["1.0"]))
        }
        (_, "last=1.0") if asked.authorization() == Some("Bearer t4") => ok(page(&["1.1"])),
        _ => bearer(&format!("http://{}/token", asked.header("host").expect("a host"))),
    })
    .await;
    let listing = server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    assert_eq!(listing.tags.iter().collect::<Vec<&str>>(), ["1.0", "1.1"]);
    expect![[r#"
        GET /v2/team/app/tags/list?n=1000
        GET /token?service=test&scope=repository%3Ateam%2Fapp%3Apull
        !GET /v2/team/app/tags/list?n=1000
        !GET /v2/team/app/tags/list?last=1.0
        GET /token?service=test&scope=repository%3Ateam%2Fapp%3Apull
        !GET /v2/team/app/tags/list?last=1.0
    "#]]
    .assert_eq(&server.lines());
}

#[tokio::test]
async fn a_second_refusal_ends_the_list() {
    let server = Fake::start(|asked, before| match (asked.path(), asked.query()) {
        ("/token", _) => token(&format!("t{before}")),
        (_, "n=1000") if asked.authorization() == Some("Bearer t1") => {
            with(200, &[("link", r#"<?last=1.0>; rel="next""#)], page(&["1.0"]))
        }
        _ => bearer(&format!("http://{}/token", asked.header("host").expect("a host"))),
    })
    .await;
    let error = server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect_err("incomplete");
    assert_eq!(error.code(), ErrorCode::Unauthorized);
    assert_eq!(server.log().len(), 6);
}

#[tokio::test]
async fn tokens_are_kept_apart_by_who_asks() {
    let files = Files::new();
    let server = Fake::start(|asked, before| match asked.path() {
        "/token" => token(&format!("t{before}")),
        _ if asked.authorization().is_some() => ok(page(&["1.0"])),
        _ => bearer(&format!("http://{}/token", asked.header("host").expect("a host"))),
    })
    .await;
    let path = files.write("password", "first");
    let credentials = ConfiguredCredentials {
        username: "ci".to_owned(),
        password_file: path,
    };
    let scanner = scanner([HostConfig {
        credentials: Some(credentials),
        ..server.entry()
    }]);
    let repository = server.repository("team/app");
    scanner.tags(&repository).await.expect("a list");
    files.write("password", "second");
    scanner.tags(&repository).await.expect("a list");
    scanner.tags(&repository).await.expect("a list");
    let users: Vec<String> = server
        .log()
        .iter()
        .filter(|asked| asked.path() == "/token")
        .map(|asked| asked.authorization().expect("a user").to_owned())
        .collect();
    assert_eq!(users, ["Basic Y2k6Zmlyc3Q=", "Basic Y2k6c2Vjb25k"]);
    let last = server
        .log()
        .last()
        .expect("a request")
        .authorization()
        .map(str::to_owned);
    assert_eq!(last.as_deref(), Some("Bearer t3"), "the new token, and not the old one");
}

fn docker_config(files: &Files, entries: &str) -> DockerConfigFile {
    DockerConfigFile::Named(files.write("config.json", &format!(r#"{{"auths": {{{entries}}}}}"#)))
}

fn with_docker_config(server: &Fake, file: DockerConfigFile, credentials: Option<ConfiguredCredentials>) -> Scanner {
    Scanner::new(ScannerConfig {
        hosts: vec![HostConfig {
            credentials,
            ..server.entry()
        }],
        docker_config: Some(file),
        ..ScannerConfig::default()
    })
}

#[tokio::test]
async fn candidates_are_tried_in_turn_and_nobody_after_them() {
    let files = Files::new();
    let server = Fake::start(|asked, _| match asked.authorization() {
        None => challenge("Basic realm=x"),
        Some("Basic Yjpi") => status(403),
        Some("Basic Yzpj") => ok(page(&["1.0"])),
        Some(_) => challenge("Basic realm=x"),
    })
    .await;
    let (host, repository) = (server.host(), server.repository("team/app"));
    let entries = |last: &str| {
        format!(
            r#""{host}/team/app": {{"username": "a", "password": "a"}}, "{host}/team": {{"username": "b", "password": "b"}},
               "{host}": {{"username": "{last}", "password": "{last}"}}"#
        )
    };
    let scanner = with_docker_config(&server, docker_config(&files, &entries("c")), Some(files.ci()));
    scanner.tags(&repository).await.expect("a list");
    let shown = |server: &Fake| -> Vec<String> {
        server
            .log()
            .iter()
            .filter_map(|asked| asked.authorization().map(str::to_owned))
            .collect()
    };
    assert_eq!(shown(&server), [CI, "Basic YTph", "Basic Yjpi", "Basic Yzpj"]);
    // None of them fits: an error, and no request without a credential.
    let asked_before = server.log().len();
    docker_config(&files, &entries("d"));
    let error = scanner.tags(&repository).await.expect_err("refused");
    assert_eq!(error.code(), ErrorCode::Unauthorized);
    assert!(
        server.log()[asked_before..]
            .iter()
            .all(|asked| asked.authorization().is_some())
    );
    let words = chain(&error).to_string().replace(&host, "HOST");
    expect![[r#"failed to list the tags of `HOST/team/app`: the configuration of `HOST`, then the Docker configuration's entry `HOST/team/app`, then the Docker configuration's entry `HOST/team`, then the Docker configuration's entry `HOST` did not open it; the answer was 401 Unauthorized: authentication required"#]]
        .assert_eq(&words);
}

#[tokio::test]
async fn a_credential_that_cannot_be_read_stops_the_request() {
    let files = Files::new();
    let server = Fake::start(|_, _| ok(page(&["1.0"]))).await;
    let unreadable = |name: &str| ConfiguredCredentials {
        username: "ci".to_owned(),
        password_file: files.0.path().join(name),
    };
    files.write("empty", "\n");
    let cases = [
        scanner([HostConfig {
            credentials: Some(unreadable("missing")),
            ..server.entry()
        }]),
        scanner([HostConfig {
            credentials: Some(unreadable("empty")),
            ..server.entry()
        }]),
        with_docker_config(
            &server,
            DockerConfigFile::Named(files.0.path().join("missing.json")),
            None,
        ),
        with_docker_config(&server, DockerConfigFile::Named(files.write("bad.json", "{")), None),
        with_docker_config(&server, DockerConfigFile::Usual(files.write("bad.json", "{")), None),
    ];
    for scanner in cases {
        let error = scanner
            .tags(&server.repository("team/app"))
            .await
            .expect_err("no credential");
        assert_eq!(error.code(), ErrorCode::CredentialUnavailable, "{}", chain(&error));
    }
    assert_eq!(server.lines(), "", "nothing was asked");
    let usual = DockerConfigFile::Usual(files.0.path().join("missing.json"));
    with_docker_config(&server, usual, None)
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
}

#[tokio::test]
async fn credentials_stay_at_home_without_tls() {
    let files = Files::new();
    let server = registry_with_tokens().await;
    let entry = HostConfig {
        credentials: Some(files.ci()),
        plain_http_credentials: false,
        ..server.entry()
    };
    let error = scanner([entry])
        .tags(&server.repository("team/app"))
        .await
        .expect_err("refused");
    let words = chain(&error).to_string();
    assert!(words.contains("`plainHttpCredentials: true`"), "{words}");
    assert!(
        server.log().iter().all(|asked| asked.authorization().is_none()),
        "{}",
        server.lines()
    );
}

#[tokio::test]
async fn identity_tokens_are_exchanged_by_post() {
    let files = Files::new();
    let server = Fake::start(|asked, _| match asked.path() {
        "/token" if asked.method == http::Method::POST => ok(r#"{"access_token": "good", "refresh_token": "other"}"#),
        "/token" => status(405),
        _ if asked.authorization() == Some("Bearer good") => ok(page(&["1.0"])),
        _ => bearer(&format!("http://{}/token", asked.header("host").expect("a host"))),
    })
    .await;
    let entries = format!(r#""{}": {{"identitytoken": "r&t"}}"#, server.host());
    let scanner = with_docker_config(&server, docker_config(&files, &entries), None);
    scanner.tags(&server.repository("team/app")).await.expect("a list");
    let exchange = &server.log()[1];
    assert_eq!(exchange.authorization(), None);
    assert_eq!(
        exchange.body,
        "grant_type=refresh_token&service=test&client_id=tidemark&scope=repository%3Ateam%2Fapp%3Apull&refresh_token=r%26t"
    );
}

#[tokio::test]
async fn registry_tokens_go_to_the_registry_alone() {
    let files = Files::new();
    let bystander = Fake::bystander().await;
    let realm = bystander.url("/token");
    let server = Fake::start(move |asked, _| match asked.authorization() {
        Some("Bearer rt") => ok(page(&["1.0"])),
        _ => bearer(&realm),
    })
    .await;
    let entries = format!(r#""{}": {{"registrytoken": "rt"}}"#, server.host());
    let scanner = with_docker_config(&server, docker_config(&files, &entries), None);
    scanner.tags(&server.repository("team/app")).await.expect("a list");
    assert_eq!(bystander.lines(), "");
}

#[tokio::test]
async fn a_refusing_token_server_is_not_passed_by() {
    let files = Files::new();
    let server = Fake::start(|asked, _| match (asked.path(), asked.authorization()) {
        ("/token", Some(_)) => with(401, &[], r#"{"details": "wrong password hunter2, or aHVudGVyMg=="}"#),
        ("/token", None) => token("anonymous"),
        (_, Some("Bearer anonymous")) => ok(page(&["1.0"])),
        _ => bearer(&format!("http://{}/token", asked.header("host").expect("a host"))),
    })
    .await;
    let scanner = scanner([HostConfig {
        credentials: Some(files.ci()),
        ..server.entry()
    }]);
    let error = scanner.tags(&server.repository("team/app")).await.expect_err("refused");
    assert_eq!(error.code(), ErrorCode::Unauthorized);
    let words = chain(&error).to_string();
    assert!(!words.contains("hunter2") && !words.contains("aHVudGVy"), "{words}");
    assert_eq!(server.log().len(), 2);
}

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
        _ => bearer(&format!("http://{}/token", asked.header("host").expect("a host"))),
    })
    .await;
    let scanner = scanner([HostConfig {
        credentials: Some(files.ci()),
        ..server.entry()
    }]);
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

/// A registry that names `realm` and would take any token; asked by `ci`, whose credential must reach nobody.
async fn misled(realm: &str, token_hosts: &[&str]) -> (Fake, Result<crate::Listing, crate::ScanError>) {
    let files = Files::new();
    let named = realm.to_owned();
    let server = Fake::start(move |asked, _| match asked.authorization() {
        Some(value) if value.starts_with("Bearer") => ok(page(&["1.0"])),
        _ => bearer(&named.replace("SELF", asked.header("host").expect("a host"))),
    })
    .await;
    let entry = HostConfig {
        credentials: Some(files.ci()),
        token_hosts: token_hosts
            .iter()
            .map(|host| Authority::parse(host).expect("a host"))
            .collect(),
        ..server.entry()
    };
    let result = scanner([entry]).tags(&server.repository("team/app")).await;
    (server, result)
}

#[tokio::test]
async fn the_recorder_sees_a_credential_where_one_belongs() {
    let recorder = Fake::start(|_, _| token("good")).await;
    let (_, result) = misled(&recorder.url("/token"), &[&recorder.host()]).await;
    result.expect("a list");
    assert_eq!(recorder.log()[0].authorization(), Some(CI));
}

#[tokio::test]
async fn no_realm_elsewhere_is_ever_asked() {
    let recorder = Fake::start(|_, _| token("good")).await;
    let (host, port) = (recorder.host(), recorder.port());
    let realms = [
        format!("http://{host}/token"),
        format!("HTTP://{host}/token"),
        format!("https://{host}/token"),
        format!("http://{host}"),
        format!("http://{host}?scope=x"),
        format!("http://SELF@{host}/token"),
        format!("http://ci:hunter2@{host}/token"),
        format!("http://@{host}/token"),
        format!("http://{host}#@SELF/token"),
        format!("http://{host}?@SELF/token"),
        format!("http://{host}/@SELF/token"),
        format!(r"http://{host}\@SELF/token"),
        format!(r"http:\\{host}/token"),
        format!("http:{host}/token"),
        format!("http:/{host}/token"),
        format!("http:///{host}/token"),
        format!("//{host}/token"),
        format!("http://localhost:{port}/token"),
        format!("http://LOCALHOST:{port}/token"),
        format!("http://localhost.:{port}/token"),
        format!("http://127.1:{port}/token"),
        format!("http://0x7f.1:{port}/token"),
        format!("http://0x7f000001:{port}/token"),
        format!("http://2130706433:{port}/token"),
        format!("http://017700000001:{port}/token"),
        format!("http://127.0.0.1.:{port}/token"),
        format!("http://0.0.0.0:{port}/token"),
        format!("http://0:{port}/token"),
        format!("http://[::ffff:127.0.0.1]:{port}/token"),
        format!("http://[::1]:{port}/token"),
        format!("http://127.0.0.1:0{port}/token"),
        format!("http://127.0.0.1:{port} /token"),
        format!("http://127.0.0.1\t:{port}/token"),
        format!("http://%31%32%37.0.0.1:{port}/token"),
        format!("http://１２７.0.0.1:{port}/token"),
        format!("http://127。0。0。1:{port}/token"),
        format!("ftp://{host}/token"),
        format!("file://{host}/token"),
        format!("gopher://{host}/token"),
        format!("ws://{host}/token"),
        format!("http://SELF.evil.example@{host}/token"),
        format!("{host}/token"),
        "/token".to_owned(),
        String::new(),
    ];
    for realm in &realms {
        let (server, result) = misled(realm, &[]).await;
        let error = result.expect_err(realm);
        assert!(
            matches!(error.code(), ErrorCode::RealmNotAllowed | ErrorCode::Unauthorized),
            "{realm}: {}",
            chain(&error)
        );
        assert!(
            server.log().iter().all(|asked| asked.authorization() != Some(CI)),
            "{realm}"
        );
    }
    assert!(realms.len() >= 40);
    assert_eq!(recorder.lines(), "", "the recorder was never asked");
}

#[tokio::test]
async fn a_token_server_that_redirects_is_not_followed() {
    let recorder = Fake::start(|_, _| token("good")).await;
    for code in [301, 302, 303, 307, 308] {
        let target = recorder.url("/token");
        let tokens = Fake::start(move |_, _| with(code, &[("location", &target)], "")).await;
        let (server, result) = misled(&tokens.url("/token"), &[&tokens.host()]).await;
        let error = result.expect_err("no token");
        assert_eq!(error.code(), ErrorCode::BadAnswer, "{}", chain(&error));
        assert_eq!(server.log().len(), 1);
        // Not even on the same origin.
        let itself = Fake::start(move |asked, _| match asked.path() {
            "/other" => token("good"),
            _ => with(code, &[("location", "/other")], ""),
        })
        .await;
        let (_, result) = misled(&itself.url("/token"), &[&itself.host()]).await;
        assert!(result.is_err());
        assert_eq!(itself.log().len(), 1);
    }
    assert_eq!(recorder.lines(), "");
}

#[tokio::test]
async fn a_second_challenge_that_works_is_used_where_the_first_leads_astray() {
    let files = Files::new();
    let recorder = Fake::bystander().await;
    let realm = recorder.url("/token");
    let server = Fake::start(move |asked, _| match asked.authorization() {
        Some(CI) => ok(page(&["1.0"])),
        _ => {
            let bearer = format!(r#"Bearer realm="{realm}""#);
            with(
                401,
                &[("www-authenticate", &bearer), ("www-authenticate", "Basic realm=x")],
                "",
            )
        }
    })
    .await;
    let entry = HostConfig {
        credentials: Some(files.ci()),
        ..server.entry()
    };
    scanner([entry])
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    assert_eq!(recorder.lines(), "");
}

#[tokio::test]
async fn hostile_token_answers_are_refused() {
    for body in [
        "<html>".to_owned(),
        "{}".to_owned(),
        r#"{"token": ""}"#.to_owned(),
        r#"{"token": "a\r\nX-Evil: 1"}"#.to_owned(),
        r#"{"token": "a b"}"#.to_owned(),
        r#"{"token": 5}"#.to_owned(),
        format!(r#"{{"token": "{}"}}"#, "a".repeat(70_000)),
        "[".repeat(60_000),
    ] {
        let answer = body.clone();
        let server = Fake::start(move |asked: &Asked, _| match asked.path() {
            "/token" => ok(answer.clone()),
            _ => bearer(&format!("http://{}/token", asked.header("host").expect("a host"))),
        })
        .await;
        let error = server
            .scanner()
            .tags(&server.repository("team/app"))
            .await
            .expect_err("no token");
        assert_eq!(error.code(), ErrorCode::BadAnswer, "{}", chain(&error));
    }
}

#[tokio::test]
async fn a_refusal_elsewhere_says_nothing_about_the_registry() {
    let files = Files::new();
    let elsewhere = Fake::start(|asked, _| {
        let host = asked.header("host").expect("a host");
        let bearer = format!(r#"Bearer realm="http://{host}/token",service="test""#);
        with(
            401,
            &[("www-authenticate", &bearer), ("www-authenticate", "Basic realm=x")],
            "",
        )
    })
    .await;
    let blob = elsewhere.url("/blob");
    let registry = Fake::start(move |asked, _| match asked.path() {
        path if path.ends_with("/tags/list") => ok(page(&["1.0"])),
        _ => with(307, &[("location", &blob)], ""),
    })
    .await;
    let ci = HostConfig {
        credentials: Some(files.ci()),
        ..registry.entry()
    };
    let scanner = scanner([ci, elsewhere.entry()]);
    let repository = registry.repository("team/app");
    let digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let config = crate::Descriptor {
        media_type: String::new(),
        digest: domain::reference::Digest::parse(digest).expect("a digest"),
        size: 2,
        platform: None,
        attestation: false,
    };
    let error = scanner.config(&repository, &config).await.expect_err("nobody gives it");
    assert_eq!(error.code(), ErrorCode::BadAnswer);
    let words = chain(&error).to_string();
    assert!(
        words.contains("the server that the registry sends for it answered 401"),
        "{words}"
    );
    assert!(!words.contains("tokenHosts"), "{words}");
    scanner.tags(&repository).await.expect("an open list");
    expect![[r#"
        GET /v2/team/app/blobs/sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
        GET /v2/team/app/tags/list?n=1000
        GET /v2/
    "#]]
    .assert_eq(&registry.lines());
    assert_eq!(elsewhere.lines(), "GET /blob\n");
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
        let scanner = scanner([HostConfig {
            credentials: Some(files.ci()),
            ..server.entry()
        }]);
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
async fn when_the_time_of_all_requests_is_over_that_is_said_of_the_last_one() {
    // It takes connections and never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = silent.local_addr().expect("an address").to_string();
    let entry = |timeout| HostConfig {
        plain_http: true,
        ..HostConfig::new(
            Registry::parse(&host).expect("a registry"),
            Limits {
                timeout,
                ..Limits::default()
            },
        )
    };
    let repository = Repository::parse(&format!("{host}/a")).expect("a repository");
    let (short, long) = (Duration::from_millis(100), Duration::from_secs(30));
    for (one, all, is_all) in [(long, short, true), (short, long, false)] {
        let scanner = scanner([entry(one)]);
        let client = scanner.client(&repository).expect("a client");
        let mut operation = client.operation(&repository).await.expect("an operation");
        operation.budget = Budget::new(all);
        let ask = Ask {
            kind: Kind::List,
            url: client.url(&repository, "tags/list"),
            accept: "application/json",
            if_none_match: None,
            limit: 1000,
        };
        let failure = operation.ask(&ask).await.expect_err("no answer");
        assert_eq!(matches!(failure, Failure::OutOfTime(_)), is_all, "{}", chain(&failure));
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
