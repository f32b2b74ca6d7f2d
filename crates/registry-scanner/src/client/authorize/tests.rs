//! Who gets which credential: against real sockets, with recorders where nobody should knock.

mod elsewhere;
mod secrets;
mod tokens;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use axum::response::Response;
use domain::reference::{Registry, Repository};
use expect_test::expect;
use tempfile::TempDir;
use transport::chain;

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

    /// How to ask `server` in the name of `ci`.
    fn entry(&self, server: &Fake) -> HostConfig {
        HostConfig {
            credentials: Some(self.ci()),
            ..server.entry()
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

/// A challenge of a registry that gives its tokens itself.
fn bearer_of_itself(asked: &Asked) -> Response {
    bearer(&format!("http://{}/token", asked.header("host").expect("a host")))
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
        _ => bearer_of_itself(asked),
    })
    .await
}

#[tokio::test]
async fn a_registry_that_asks_for_nothing_gets_nothing() {
    let files = Files::new();
    let server = Fake::start(|_, _| ok(page(&["1.0"]))).await;
    scanner([files.entry(&server)])
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
    let scanner = scanner([files.entry(&server)]);
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
