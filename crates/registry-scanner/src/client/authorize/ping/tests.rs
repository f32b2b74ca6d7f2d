//! Registries that let strangers in, and what those get who are none.

use std::fs;

use axum::response::Response;
use expect_test::{Expect, expect};
use tempfile::TempDir;
use transport::chain;

use crate::config::{ConfiguredCredentials, DockerConfigFile, HostConfig, ScannerConfig};
use crate::fake::{Asked, Fake, ok, page, status, with};
use crate::scanner::Scanner;

/// `ci` with the password `hunter2`.
const CI: &str = "Basic Y2k6aHVudGVyMg==";

struct Case {
    files: TempDir,
    server: Fake,
    scanner: Scanner,
}

impl Case {
    /// A registry that answers so, and a scanner with a password for it.
    async fn new(answer: impl Fn(&Asked, usize) -> Response + Clone + Send + Sync + 'static) -> Self {
        let files = tempfile::tempdir().expect("a directory");
        let password_file = files.path().join("password");
        fs::write(&password_file, "hunter2\n").expect("a file");
        let server = Fake::start(answer).await;
        let scanner = Scanner::new(ScannerConfig {
            hosts: vec![HostConfig {
                credentials: Some(ConfiguredCredentials {
                    username: "ci".to_owned(),
                    password_file,
                }),
                ..server.entry()
            }],
            docker_config: Some(DockerConfigFile::Usual(files.path().join("config.json"))),
            ..ScannerConfig::default()
        });
        Self { files, server, scanner }
    }

    /// The same, without the password, and with another one in a Docker config.
    fn lose_the_password(&self) {
        fs::remove_file(self.files.path().join("password")).expect("it was there");
        let config = format!(
            r#"{{"auths": {{"{}": {{"auth": "Y2k6aHVudGVyMg=="}}}}}}"#,
            self.server.host()
        );
        fs::write(self.files.path().join("config.json"), config).expect("a file");
    }

    /// The tags of `team/app` or what is wrong, and what was asked until now.
    async fn check(&self, expected: Expect) {
        let listed = self.scanner.tags(&self.server.repository("team/app")).await;
        let found = match listed {
            Ok(listing) => format!("{:?}", listing.tags.iter().collect::<Vec<_>>()),
            Err(error) => chain(&error).to_string(),
        };
        let text = format!("{found}\n{}", self.server.lines());
        let files = self.files.path().to_str().expect("a path that can be read");
        expected.assert_eq(&text.replace(&self.server.host(), "HOST").replace(files, "FILES"));
    }
}

fn unauthorized(challenge: &str) -> Response {
    with(401, &[("www-authenticate", challenge)], "")
}

/// Shows strangers less than others, and says at `/v2/` that it knows people.
fn for_members(asked: &Asked) -> Response {
    match (asked.path(), asked.authorization()) {
        ("/v2/", None) => unauthorized("Basic realm=x"),
        (_, Some(CI)) => ok(page(&["1.0", "2.0"])),
        _ => ok(page(&["1.0"])),
    }
}

#[tokio::test]
async fn a_registry_that_knows_nobody_is_asked_once_whether_it_does() {
    let case = Case::new(|_, _| ok(page(&["1.0"]))).await;
    case.scanner
        .tags(&case.server.repository("team/web"))
        .await
        .expect("a list");
    let expected = expect![[r#"
        ["1.0"]
        GET /v2/team/web/tags/list?n=1000
        GET /v2/
        GET /v2/team/app/tags/list?n=1000
    "#]];
    case.check(expected).await;
}

#[tokio::test]
async fn who_has_a_credential_does_not_get_the_list_for_strangers() {
    let case = Case::new(|asked, _| for_members(asked)).await;
    let expected = expect![[r#"
        ["1.0", "2.0"]
        GET /v2/team/app/tags/list?n=1000
        GET /v2/
        !GET /v2/team/app/tags/list?n=1000
    "#]];
    case.check(expected).await;
}

#[tokio::test]
async fn an_example_of_a_scope_is_no_scope() {
    let case = Case::new(|asked, _| match (asked.path(), asked.authorization()) {
        ("/token", Some(CI)) => ok(r#"{"token": "good"}"#),
        ("/v2/", None) => unauthorized(&format!(
            r#"Bearer realm="http://{}/token",service="x",scope="repository:user/image:pull""#,
            asked.header("host").expect("a host")
        )),
        (_, Some("Bearer good")) => ok(page(&["1.0", "2.0"])),
        _ => ok(page(&["1.0"])),
    })
    .await;
    let expected = expect![[r#"
        ["1.0", "2.0"]
        GET /v2/team/app/tags/list?n=1000
        GET /v2/
        !GET /token?service=x&scope=repository%3Ateam%2Fapp%3Apull&account=ci
        !GET /v2/team/app/tags/list?n=1000
    "#]];
    case.check(expected).await;
}

#[tokio::test]
async fn where_a_password_cannot_be_read_nobody_is_a_stranger() {
    let case = Case::new(|_, _| ok(page(&["1.0"]))).await;
    case.lose_the_password();
    case.check(expect![[r#"
        failed to list the tags of `HOST/team/app`: the password file FILES/password cannot be read: No such file or directory (os error 2)
        GET /v2/
    "#]]).await;
}

#[tokio::test]
async fn where_a_password_cannot_be_read_another_credential_may_do() {
    let case = Case::new(|asked, _| for_members(asked)).await;
    case.lose_the_password();
    case.check(expect![[r#"
        ["1.0", "2.0"]
        GET /v2/
        !GET /v2/team/app/tags/list?n=1000
    "#]])
        .await;
}

#[tokio::test]
async fn a_registry_in_trouble_has_not_said_that_it_knows_nobody() {
    let case = Case::new(|asked, _| match asked.path() {
        "/v2/" => status(502),
        _ => ok(page(&["1.0"])),
    })
    .await;
    case.check(expect![[r#"
        failed to list the tags of `HOST/team/app`: the registry answered 502 Bad Gateway
        GET /v2/team/app/tags/list?n=1000
        GET /v2/
    "#]])
        .await;
}
