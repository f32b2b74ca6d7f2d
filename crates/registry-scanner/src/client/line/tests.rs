//! Candidates in turn: against real sockets, with helpers that the tests write.

mod helpers;
mod secrets;
mod turns;

use std::fs;
use std::path::PathBuf;

use axum::response::Response;
use expect_test::expect;
use transport::chain;

use crate::config::{ConfiguredCredentials, DockerConfigFile, HostConfig, ScannerConfig};
use crate::error::ErrorCode;
use crate::fake::{Asked, Fake, ok, page, with};
use crate::helper::tests::Folder;
use crate::scanner::Scanner;

/// What a test knows a credential by: `a` with the password `a` is `Basic YTph`.
fn basic(user: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    format!("Basic {}", STANDARD.encode(format!("{user}:{user}")))
}

fn challenge() -> Response {
    with(401, &[("www-authenticate", "Basic realm=x")], "")
}

/// A challenge of a registry that gives its tokens itself.
fn bearer_of_itself(asked: &Asked) -> Response {
    let host = asked.header("host").expect("a host");
    let realm = format!(r#"Bearer realm="http://{host}/token""#);
    with(401, &[("www-authenticate", &realm)], "")
}

/// A registry that `user` alone may read.
async fn registry_of(user: &'static str) -> Fake {
    Fake::start(move |asked, _| match asked.authorization() {
        Some(shown) if shown == basic(user) => ok(page(&["1.0"])),
        _ => challenge(),
    })
    .await
}

/// A Docker config and helpers, in a folder of their own.
struct Setting(Folder);

impl Setting {
    fn new() -> Self {
        Self(Folder::new())
    }

    fn file(&self) -> PathBuf {
        self.0.file("config.json")
    }

    /// Entries whose users have their own names for passwords; with `HOST` for the host of the server.
    fn users(&self, server: &Fake, entries: &[(&str, &str)]) {
        let entry = |(key, user): &(&str, &str)| {
            let key = key.replace("HOST", &server.host());
            format!(r#""{key}": {{"username": "{user}", "password": "{user}"}}"#)
        };
        let entries: Vec<String> = entries.iter().map(entry).collect();
        self.config(server, &format!(r#"{{"auths": {{{}}}}}"#, entries.join(", ")));
    }

    fn config(&self, server: &Fake, text: &str) {
        fs::write(self.file(), text.replace("HOST", &server.host())).expect("a file");
    }

    fn scanner(&self, hosts: Vec<HostConfig>, allowed: &[&str]) -> Scanner {
        Scanner::new(ScannerConfig {
            hosts,
            docker_config: Some(DockerConfigFile::Named(self.file())),
            helpers: self.0.config(allowed),
            ..ScannerConfig::default()
        })
    }
}

/// Who asked for lists and tokens, `-` for nobody.
fn askers(server: &Fake) -> Vec<String> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let asker = |asked: &Asked| match asked.authorization() {
        None => "-".to_owned(),
        Some(shown) => match shown.strip_prefix("Basic ").and_then(|text| STANDARD.decode(text).ok()) {
            Some(pair) => String::from_utf8_lossy(&pair)
                .split(':')
                .next()
                .unwrap_or_default()
                .to_owned(),
            None => shown.to_owned(),
        },
    };
    server.log().iter().map(asker).collect()
}

async fn tags(scanner: &Scanner, server: &Fake) -> Result<crate::Listing, crate::ScanError> {
    scanner.tags(&server.repository("team/app")).await
}

/// What is said of the credentials of the repository, a line each.
fn told(scanner: &Scanner, server: &Fake) -> String {
    let report = scanner
        .credentials(&server.repository("team/app"))
        .expect("it was asked for");
    let used = report
        .used
        .map_or_else(|| "nothing".to_owned(), |source| source.to_string());
    let mut text = format!("opened by {used}\n");
    for passed in &report.refused {
        text.push_str(&format!(
            "refused {}, {}: {}\n",
            passed.code, passed.name, passed.reason
        ));
    }
    for passed in &report.skipped {
        text.push_str(&format!(
            "skipped {}, {}: {}\n",
            passed.code, passed.name, passed.reason
        ));
    }
    text.replace(&server.host(), "HOST")
}

/// The error without what differs from run to run.
fn words(error: &crate::ScanError, server: &Fake, setting: &Setting) -> String {
    chain(error)
        .to_string()
        .replace(&server.host(), "HOST")
        .replace(&setting.0.path().display().to_string(), "FOLDER")
}

#[tokio::test]
async fn what_is_passed_by_is_in_the_error_with_what_to_do() {
    let setting = Setting::new();
    let server = registry_of("b").await;
    setting.config(
        &server,
        r#"{"credHelpers": {"HOST": "ecr-login"}, "auths": {"HOST": {}, "HOST/team": {"auth": "%%%"}, "other.io": {"auth": 5}}}"#,
    );
    let scanner = setting.scanner(vec![server.entry()], &["gcr"]);
    let error = tags(&scanner, &server).await.expect_err("nobody may");
    assert_eq!(error.code(), ErrorCode::Unauthorized);
    expect![[r#"
        failed to list the tags of `HOST/team/app`: no credential for it can be used;
        the Docker configuration's entry `HOST/team` is passed by: `auth` is not base64;
        correct it in FOLDER/config.json, or log in again;
        the Docker configuration's entry `HOST` is passed by: the entry holds no credential;
        correct it in FOLDER/config.json, or log in again;
        the credential helper `ecr-login` is passed by: it is not run;
        add `ecr-login` to `registries.credentialHelpers` to allow it;
        the answer was 401 Unauthorized"#]]
    .assert_eq(&words(&error, &server, &setting).replace("; ", ";\n"));
    assert!(askers(&server).iter().all(|asker| asker == "-"));
    // The same before an open door: it is told as well.
    let open = Fake::start(|_, _| ok(page(&["1.0"]))).await;
    setting.config(&open, r#"{"auths": {"HOST": {"auth": "%%%"}}}"#);
    let scanner = setting.scanner(vec![open.entry()], &[]);
    tags(&scanner, &open).await.expect("an open list");
    let told = told(&scanner, &open).replace(&setting.0.path().display().to_string(), "FOLDER");
    expect![[r#"
        opened by anonymous
        skipped dockerConfig, the Docker configuration's entry `HOST`: `auth` is not base64; correct it in FOLDER/config.json, or log in again
    "#]].assert_eq(&told);
}

#[tokio::test]
async fn a_password_file_that_is_gone_does_not_spoil_the_docker_config() {
    let setting = Setting::new();
    let server = registry_of("b").await;
    setting.users(&server, &[("HOST", "b")]);
    let entry = HostConfig {
        credentials: Some(ConfiguredCredentials {
            username: "ci".to_owned(),
            password_file: setting.0.file("password"),
        }),
        ..server.entry()
    };
    let scanner = setting.scanner(vec![entry], &[]);
    tags(&scanner, &server).await.expect("a list");
    assert_eq!(askers(&server), ["-", "b"]);
    assert!(told(&scanner, &server).contains("skipped configured, the configuration of `HOST`: the password file "));
    // Refused, the other one is no reason to ask as nobody either.
    setting.users(&server, &[("HOST", "c")]);
    let error = tags(&scanner, &server).await.expect_err("refused");
    assert_eq!(error.code(), ErrorCode::Unauthorized);
    let words = words(&error, &server, &setting);
    assert!(
        words.contains("the password file FOLDER/password cannot be read"),
        "{words}"
    );
    assert_eq!(askers(&server)[2..], ["c"]);
}
