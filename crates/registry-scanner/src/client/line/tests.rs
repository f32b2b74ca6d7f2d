//! Candidates in turn: against real sockets, with helpers that the tests write.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::response::Response;
use expect_test::expect;
use testkit::Canary;
use tracing_subscriber::filter::LevelFilter;
use transport::chain;

use crate::config::{ConfiguredCredentials, DockerConfigFile, HostConfig, ScannerConfig};
use crate::error::ErrorCode;
use crate::fake::{Asked, Fake, ok, page, status, with};
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
            _ => {
                let realm = format!(
                    r#"Bearer realm="http://{}/token""#,
                    asked.header("host").expect("a host")
                );
                with(401, &[("www-authenticate", &realm)], "")
            }
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
        _ => {
            let realm = format!(
                r#"Bearer realm="http://{}/token""#,
                asked.header("host").expect("a host")
            );
            with(401, &[("www-authenticate", &realm)], "")
        }
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

/// Everything that is logged, TRACE included.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn secret(owner: &str) -> String {
    Canary::of(owner).secret().to_owned()
}

/// Says back whatever it was told, in the words of an error.
async fn parrot() -> Fake {
    Fake::start(|asked, _| {
        let said = format!("{} {}", asked.authorization().unwrap_or_default(), asked.body);
        match asked.path() {
            "/token" => with(401, &[], said),
            _ => {
                let host = asked.header("host").expect("a host");
                let realm = format!(r#"Bearer realm="http://{host}/token""#);
                with(401, &[("www-authenticate", &realm)], said)
            }
        }
    })
    .await
}

/// A Docker config file with a secret in each way that there is.
fn all_secrets(host: &str) -> serde_json::Value {
    serde_json::json!({
        "credHelpers": {host: "bad"},
        "credsStore": "good",
        "auths": {
            format!("{host}/team/app"): {"auth": base64_of(&format!("u:{}", secret("auth")))},
            format!("{host}/team"): {"username": "u", "password": secret("password")},
            format!("http://{host}"): {"identitytoken": secret("identity")},
            host: {"registrytoken": secret("registry")},
            format!("https://{host}"): {"auth": base64_of(&secret("colonless"))},
            format!("u:{}@{host}", secret("key")): {"auth": "dTpw"},
        }
    })
}

#[tokio::test]
async fn no_secret_is_ever_said() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    // With a second one, what is of interest is asked of both; with one alone, of the thread that says something first.
    let _second = tracing::Dispatch::new(tracing_subscriber::fmt().with_writer(std::io::sink).finish());
    let setting = Setting::new();
    let server = parrot().await;
    fs::write(setting.0.file("password"), secret("configured")).expect("a file");
    let helper = serde_json::json!({"Username": "h", "Secret": secret("helper")});
    setting.0.helper("good", &format!("echo '{helper}'"));
    setting.0.helper(
        "bad",
        &format!(
            "echo '{0}'; echo \"$AWS_SECRET_ACCESS_KEY\" >&2; exit 1",
            secret("said")
        ),
    );
    let file = all_secrets(&server.host());
    fs::write(setting.file(), file.to_string()).expect("a file");
    let mut helpers = setting.0.config(&["good", "bad"]);
    helpers.environment = vec![(
        "AWS_SECRET_ACCESS_KEY".to_owned(),
        transport::Secret::new(secret("environment")),
    )];
    let scanner = Scanner::new(ScannerConfig {
        hosts: vec![HostConfig {
            credentials: Some(ConfiguredCredentials {
                username: "ci".to_owned(),
                password_file: setting.0.file("password"),
            }),
            ..server.entry()
        }],
        docker_config: Some(DockerConfigFile::Named(setting.file())),
        helpers,
        ..ScannerConfig::default()
    });
    let error = tags(&scanner, &server).await.expect_err("nobody may");
    let report = scanner
        .credentials(&server.repository("team/app"))
        .expect("it was asked for");
    assert_eq!((report.refused.len(), report.skipped.len()), (6, 3), "{report:#?}");
    let shown = format!("{} {error:?} {report:#?} {scanner:?}", chain(&error));
    let log = String::from_utf8_lossy(&log.0.lock().expect("no panic")).into_owned();
    assert!(
        log.contains("DEBUG") && log.contains("A credential is passed by"),
        "{log}"
    );
    assert_eq!(Canary::any_in(&shown), None);
    assert_eq!(Canary::any_in(&log), None);
}

fn base64_of(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}
