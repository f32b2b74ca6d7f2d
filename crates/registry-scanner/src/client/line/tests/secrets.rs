//! Nothing that opens a registry stands in an error, a report or the log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use testkit::Canary;
use tracing_subscriber::filter::LevelFilter;

use super::*;

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
