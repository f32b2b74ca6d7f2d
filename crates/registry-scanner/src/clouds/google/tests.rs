use std::fs;
use std::path::Path;
use std::time::Instant;

use testkit::{Answer, Ca, GoogleMetadata, GoogleTokens};
use tokio::time;

use super::*;

const HOUR: Duration = Duration::from_secs(3599);

/// A machine with Google's metadata server beside it, and a Tidemark that is told this.
fn on(server: &GoogleMetadata, enabled: Enabled) -> Google {
    let config = GoogleConfig {
        enabled,
        key_file: None,
    };
    Google {
        metadata: Metadata::at(&server.url()),
        ..Google::new(&config, None)
    }
}

/// One with this key file.
fn with_key_file(path: &Path, ca: &Ca, enabled: Enabled) -> Google {
    let config = GoogleConfig {
        enabled,
        key_file: Some(path.to_owned()),
    };
    Google {
        wires: Wires::trusting(ca.certificate_pem()),
        ..Google::new(&config, None)
    }
}

fn metadata_server() -> GoogleMetadata {
    GoogleMetadata::start(("127.0.0.1", 0)).expect("a metadata server")
}

/// What is said of a host: the way, the user and the password; or why there is none.
async fn said(google: &Google, host: &str) -> String {
    let registry = Registry::parse(host).expect("a registry");
    match google.identity(&registry).await {
        None => "nobody".to_owned(),
        Some(Ok(identity)) => match identity.credential {
            Some(Credential::Basic { username, password }) => {
                format!("{}: {username} {}", identity.source, password.expose())
            }
            _ => "an odd credential".to_owned(),
        },
        Some(Err(error)) => error.to_string(),
    }
}

#[tokio::test]
async fn one_token_of_the_machine_opens_all_of_googles_registries() {
    let server = metadata_server();
    server.gives("ya29.one", HOUR);
    let google = on(&server, Enabled::Auto);
    for host in ["gcr.io", "eu.gcr.io", "europe-docker.pkg.dev", "gcr.io"] {
        assert_eq!(
            said(&google, host).await,
            "Google's service account of this machine: oauth2accesstoken ya29.one"
        );
    }
    assert_eq!(server.tokens(), 1);
    assert_eq!(server.seen().len(), 2, "the look whether it is there, and the token");
}

#[tokio::test]
async fn many_who_ask_at_once_cost_one_token() {
    let server = metadata_server();
    server.gives("ya29.one", HOUR);
    let google = std::sync::Arc::new(on(&server, Enabled::Always));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let google = google.clone();
        tasks.spawn(async move { said(&google, "gcr.io").await });
    }
    for said in tasks.join_all().await {
        assert!(said.ends_with(" ya29.one"), "{said}");
    }
    assert_eq!(server.tokens(), 1);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let server = metadata_server();
    server.gives("ya29.one", HOUR);
    let google = on(&server, Enabled::Always);
    assert!(said(&google, "gcr.io").await.ends_with(" ya29.one"));
    server.gives("ya29.two", HOUR);
    let later = async |seconds| {
        time::pause();
        time::advance(Duration::from_secs(seconds)).await;
        time::resume();
    };
    later(2800).await;
    assert!(said(&google, "gcr.io").await.ends_with(" ya29.one"));
    later(600).await;
    assert!(said(&google, "gcr.io").await.ends_with(" ya29.two"));
    assert_eq!(server.tokens(), 2);
}

#[tokio::test]
async fn other_registries_and_a_cloud_that_is_off_cost_nothing() {
    let server = metadata_server();
    server.gives("ya29.one", HOUR);
    for host in ["docker.io", "evilgcr.io", "gcr.io:5000", "acme.azurecr.io"] {
        assert_eq!(said(&on(&server, Enabled::Always), host).await, "nobody");
    }
    assert_eq!(said(&on(&server, Enabled::Never), "gcr.io").await, "nobody");
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn off_the_cloud_auto_means_nobody_and_is_looked_up_once() {
    let server = metadata_server();
    server.instead(Some(Answer::html("<html>a captive portal</html>")));
    let google = on(&server, Enabled::Auto);
    for _ in 0..3 {
        assert_eq!(said(&google, "gcr.io").await, "nobody");
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_server_that_hangs_is_no_server_within_a_second() {
    let server = metadata_server();
    server.instead(Some(Answer::hang()));
    let google = on(&server, Enabled::Auto);
    let began = Instant::now();
    assert_eq!(said(&google, "gcr.io").await, "nobody");
    assert_eq!(said(&google, "gcr.io").await, "nobody");
    let took = began.elapsed();
    assert!(took < Duration::from_millis(1800), "{took:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_machine_without_a_service_account_is_nobody_unless_it_must_have_one() {
    let server = metadata_server();
    let auto = on(&server, Enabled::Auto);
    assert_eq!(said(&auto, "gcr.io").await, "nobody");
    assert_eq!(said(&auto, "gcr.io").await, "nobody");
    assert_eq!(server.tokens(), 1, "it is remembered");
    assert_eq!(
        said(&on(&server, Enabled::Always), "gcr.io").await,
        "Google has no credential for it: Google's metadata server answered 404 Not Found; give the machine or the pod a service \
         account that may read the registry, set `registries.google.keyFile`, or write `enabled: false` into `registries.google`"
    );
}

#[tokio::test]
async fn a_broken_metadata_server_is_told_and_left_alone() {
    for (answer, reason) in [
        (
            Answer::status(500),
            "Google's metadata server answered 500 Internal Server Error",
        ),
        (
            Answer::status(200).body("not a token"),
            "the answer of Google's metadata server is not usable: it is no JSON (line 1, column 2)",
        ),
        (
            Answer::json("{}"),
            "the answer of Google's metadata server is not usable: there is no `access_token` in it",
        ),
    ] {
        let server = metadata_server();
        let google = on(&server, Enabled::Always);
        server.instead(Some(answer));
        let first = said(&google, "gcr.io").await;
        assert!(
            first.starts_with(&format!("Google has no credential for it: {reason}; ")),
            "{first}"
        );
        let asked = server.seen().len();
        assert_eq!(said(&google, "eu.gcr.io").await, first);
        assert_eq!(server.seen().len(), asked, "it is not asked again at once");
    }
}

#[tokio::test]
async fn a_key_file_is_exchanged_for_a_token() {
    let ca = Ca::new().expect("a CA");
    let server = GoogleTokens::start(&ca).expect("a token server");
    server.gives("ya29.key", HOUR);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key.json");
    fs::write(&path, server.key_file()).expect("a file");
    let google = with_key_file(&path, &ca, Enabled::Auto);
    for host in ["gcr.io", "europe-docker.pkg.dev"] {
        assert_eq!(
            said(&google, host).await,
            "Google's service account of the key file: oauth2accesstoken ya29.key"
        );
    }
    assert_eq!(server.seen().len(), 1);
}

/// Why a key file with this text has no token; `FILE` is its path.
async fn trouble(text: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key.json");
    fs::write(&path, text).expect("a file");
    let google = with_key_file(&path, &Ca::new().expect("a CA"), Enabled::Auto);
    let said = said(&google, "gcr.io")
        .await
        .replace(&path.display().to_string(), "FILE");
    let said = said
        .strip_prefix("Google has no credential for it: ")
        .unwrap_or(&said)
        .to_owned();
    said.split("; compare ").next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_key_file_that_is_none_is_told_without_what_stands_in_it() {
    let ca = Ca::new().expect("a CA");
    let good = GoogleTokens::start(&ca).expect("a token server").key_file();
    let replaced = |key: &str, value: serde_json::Value| {
        let mut file: serde_json::Value = serde_json::from_str(&good).expect("JSON");
        file[key] = value;
        file.to_string()
    };
    for (text, reason) in [
        (
            "hunter2".to_owned(),
            "the key file FILE: it is no JSON (line 1, column 1)",
        ),
        ("{}".to_owned(), "the key file FILE: it has no `type`"),
        (
            replaced("type", "authorized_user".into()),
            "the key file FILE: its `type` is `authorized_user`, not `service_account`",
        ),
        (
            replaced("type", "hunter2".into()),
            "the key file FILE: its `type` is not `service_account`",
        ),
        (
            replaced("type", "external_account".into()),
            "the key file FILE: its `type` is `external_account` (workload identity federation), which Tidemark cannot use: on GKE \
             leave the file out, elsewhere name the key of a service account",
        ),
        (
            replaced("token_uri", "http://oauth2.googleapis.com/token".into()),
            "the key file FILE: its `token_uri` does not begin with `https://`",
        ),
        (
            replaced("token_uri", "https://good@evil.example/".into()),
            "the key file FILE: its `token_uri`: `https://good@evil.example/` is no http or https URL: it carries a user name or password",
        ),
        (
            replaced("private_key", "hunter2".into()),
            "the key file FILE: failed to parse PKCS#8 RSA key pair",
        ),
        (
            replaced("private_key", 5.into()),
            "the key file FILE: a key is missing in it, or of the wrong kind",
        ),
        (" ".repeat(70_000), "the key file FILE: it is larger than 64 KiB"),
    ] {
        assert_eq!(trouble(&text).await, reason);
    }
}
