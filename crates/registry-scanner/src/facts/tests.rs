mod by_tag;

use std::collections::BTreeMap;

use axum::response::Response;
use domain::reference::Algorithm;
use expect_test::{Expect, expect};
use transport::chain;

use super::*;
use crate::error::ErrorCode;
use crate::fake::{Asked, Fake, ok, status, with};

/// Blobs and manifests by digest.
#[derive(Clone, Default)]
struct Store(BTreeMap<String, String>);

impl Store {
    /// Keeps a text; returns a descriptor of it.
    fn add(&mut self, text: String, more: &str) -> String {
        let digest = digest_of(Algorithm::Sha256, text.as_bytes()).to_string();
        let descriptor = format!(r#"{{"digest": "{digest}", "size": {}{more}}}"#, text.len());
        self.0.insert(digest, text);
        descriptor
    }

    fn image(&mut self, config: &str, annotations: &str, more: &str) -> String {
        let config = self.add(config.to_owned(), "");
        self.add(
            format!(r#"{{"config": {config}, "layers": [], "annotations": {{{annotations}}}}}"#),
            more,
        )
    }

    fn index(&mut self, entries: &[String], more: &str) -> String {
        self.add(format!(r#"{{"manifests": [{}]}}"#, entries.join(", ")), more)
    }

    fn answer(&self, asked: &Asked) -> Response {
        let digest = asked.path().rsplit('/').next().unwrap_or_default();
        self.0.get(digest).map_or_else(|| status(404), |text| ok(text.clone()))
    }
}

fn digest_in(descriptor: &str) -> Digest {
    let start = descriptor.find("sha256:").expect("a digest");
    Digest::parse(&descriptor[start..start + 71]).expect("a digest")
}

const ALL: Wanted = Wanted {
    platforms: true,
    build_time: true,
};
const PLATFORMS: Wanted = Wanted {
    platforms: true,
    build_time: false,
};
const BUILD_TIME: Wanted = Wanted {
    platforms: false,
    build_time: true,
};

async fn image(store: &Store, descriptor: &str, wanted: Wanted) -> (Fake, Result<ImageFacts, ScanError>) {
    let kept = store.clone();
    let server = Fake::start(move |asked, _| kept.answer(asked)).await;
    let facts = server
        .scanner()
        .image(&server.repository("team/app"), &digest_in(descriptor), wanted)
        .await;
    (server, facts)
}

/// The facts, and how many requests they took.
async fn check(store: &Store, descriptor: &str, expected: &Expect) {
    expected.assert_eq(&shown(store, descriptor, ALL).await);
}

/// The same where only the platforms are wanted, and where only the build time is.
async fn check_each(store: &Store, descriptor: &str, expected: &Expect) {
    let platforms = shown(store, descriptor, PLATFORMS).await;
    let build_time = shown(store, descriptor, BUILD_TIME).await;
    expected.assert_eq(&format!("{platforms}\n{build_time}"));
}

async fn shown(store: &Store, descriptor: &str, wanted: Wanted) -> String {
    let (server, facts) = image(store, descriptor, wanted).await;
    let facts = facts.expect("facts");
    let platforms = facts.platforms.map_or("?".to_owned(), |platforms| {
        let platforms: Vec<String> = platforms.iter().map(ToString::to_string).collect();
        platforms.join(" ")
    });
    let created = match facts.created {
        Created::At(time) => time.as_unix_seconds().to_string(),
        other => format!("{other:?}"),
    };
    format!("{platforms} | {created} | {} requests", server.log().len())
}

const AMD64: &str = r#", "platform": {"os": "linux", "architecture": "amd64"}"#;
const ARM64: &str = r#", "platform": {"os": "linux", "architecture": "arm64"}"#;

#[tokio::test]
async fn a_single_image_is_asked_for_its_configuration() {
    let mut store = Store::default();
    let config = r#"{"os": "linux", "architecture": "x86_64", "created": "1970-01-01T00:00:03Z",
        "config": {"Labels": {"org.opencontainers.image.created": "1970-01-01T00:00:02Z"}}}"#;
    let annotated = store.image(
        config,
        r#""org.opencontainers.image.created": "1970-01-01T00:00:01Z""#,
        "",
    );
    check(&store, &annotated, &expect!["linux/amd64 | 1 | 2 requests"]).await;
    let labelled = store.image(config, r#""org.opencontainers.image.created": "yesterday""#, "");
    check(&store, &labelled, &expect!["linux/amd64 | 2 | 2 requests"]).await;
    let dated = store.image(
        r#"{"os": "linux", "architecture": "amd64", "created": "1970-01-01T01:00:03+01:00"}"#,
        "",
        "",
    );
    check(&store, &dated, &expect!["linux/amd64 | 3 | 2 requests"]).await;
    let silent = store.image(r#"{"created": "0001-01-01T00:00:00Z"}"#, "", "");
    check(&store, &silent, &expect![" | Never | 2 requests"]).await;
}

#[tokio::test]
async fn an_index_tells_its_platforms_and_is_asked_for_one_time() {
    let mut store = Store::default();
    let arm = store.image(
        r#"{"os": "linux", "architecture": "arm64", "created": "1970-01-01T00:00:05Z"}"#,
        "",
        ARM64,
    );
    let amd = store.image(
        r#"{"os": "linux", "architecture": "amd64", "created": "1970-01-01T00:00:06Z"}"#,
        "",
        AMD64,
    );
    let attestation = store.image(
        "{}",
        "",
        r#", "platform": {"os": "unknown", "architecture": "unknown"}"#,
    );
    let index = store.index(&[arm, amd, attestation], "");
    check(&store, &index, &expect!["linux/amd64 linux/arm64/v8 | 6 | 3 requests"]).await;
}

#[tokio::test]
async fn what_is_not_wanted_is_not_fetched() {
    let mut store = Store::default();
    let config = r#"{"os": "linux", "architecture": "amd64", "created": "1970-01-01T00:00:03Z"}"#;
    let annotation = r#""org.opencontainers.image.created": "1970-01-01T00:00:01Z""#;
    let annotated = store.image(config, annotation, "");
    check_each(
        &store,
        &annotated,
        &expect![[r#"
        linux/amd64 | 1 | 2 requests
        ? | 1 | 1 requests"#]],
    )
    .await;
    let plain = store.image(config, "", AMD64);
    check_each(
        &store,
        &plain,
        &expect![[r#"
        linux/amd64 | 3 | 2 requests
        linux/amd64 | 3 | 2 requests"#]],
    )
    .await;

    let arm = store.image(r#"{"created": "1970-01-01T00:00:05Z"}"#, "", ARM64);
    let index = store.index(&[arm.clone(), plain.clone()], "");
    check_each(
        &store,
        &index,
        &expect![[r#"
        linux/amd64 linux/arm64/v8 | Unknown | 1 requests
        linux/amd64 linux/arm64/v8 | 3 | 3 requests"#]],
    )
    .await;
    let child = store.image(config, annotation, AMD64);
    let index = store.index(&[arm.clone(), child], "");
    check_each(
        &store,
        &index,
        &expect![[r#"
        linux/amd64 linux/arm64/v8 | Unknown | 1 requests
        linux/amd64 linux/arm64/v8 | 1 | 2 requests"#]],
    )
    .await;
    check(&store, &index, &expect!["linux/amd64 linux/arm64/v8 | 1 | 2 requests"]).await;

    // Where an entry does not say its platform, it has to be looked into for that, and it is not the one that is asked for the time.
    let silent = store.image(
        r#"{"os": "linux", "architecture": "s390x", "created": "1970-01-01T00:00:07Z"}"#,
        "",
        "",
    );
    let index = store.index(&[silent, plain], "");
    check_each(
        &store,
        &index,
        &expect![[r#"
        linux/amd64 linux/s390x | Unknown | 3 requests
        ? | 3 | 3 requests"#]],
    )
    .await;
    check(&store, &index, &expect!["linux/amd64 linux/s390x | 3 | 5 requests"]).await;
    let index = store.add(
        format!(r#"{{"manifests": [{arm}], "annotations": {{{annotation}}}}}"#),
        "",
    );
    check_each(
        &store,
        &index,
        &expect![[r#"
        linux/arm64/v8 | 1 | 1 requests
        linux/arm64/v8 | 1 | 1 requests"#]],
    )
    .await;
}

#[tokio::test]
async fn entries_without_a_platform_are_looked_into() {
    let mut store = Store::default();
    let plain = store.image(r#"{"os": "linux", "architecture": "s390x"}"#, "", "");
    let arm = store.image(r#"{"os": "linux", "architecture": "arm64"}"#, "", ARM64);
    let kind = r#", "mediaType": "application/vnd.oci.image.index.v1+json""#;
    let inner = store.index(&[arm], kind);
    let index = store.index(&[plain, inner], "");
    check(
        &store,
        &index,
        &expect!["linux/arm64/v8 linux/s390x | Never | 6 requests"],
    )
    .await;
}

/// The facts of something that cannot be looked into as a whole, what is wrong, and how many requests it took.
async fn check_flawed(store: &Store, descriptor: &str, expected: &Expect) {
    let (_, facts) = image(store, descriptor, ALL).await;
    let flaw = facts.expect("facts").flaw.expect("a flaw");
    expected.assert_eq(&format!("{}\n{flaw}", shown(store, descriptor, ALL).await));
}

const INDEX: &str = r#", "mediaType": "application/vnd.oci.image.index.v1+json""#;

#[tokio::test]
async fn deep_and_wide_indexes_are_looked_into_as_far_as_that_goes() {
    let mut store = Store::default();
    let mut index = store.index(&[], INDEX);
    for _ in 0..4 {
        index = store.index(&[index], INDEX);
    }
    check_flawed(
        &store,
        &index,
        &expect![[r#"
         | Never | 3 requests
        its indexes are nested deeper than 3 levels"#]],
    )
    .await;
    let wide: Vec<String> = (0..100)
        .map(|n| store.image(&format!(r#"{{"x": {n}}}"#), "", ""))
        .collect();
    let index = store.index(&wide, "");
    check_flawed(
        &store,
        &index,
        &expect![[r#"
         | Never | 65 requests
        more than 64 manifests would have to be fetched for it"#]],
    )
    .await;
}

#[tokio::test]
async fn what_is_no_image_says_nothing_for_ever() {
    let mut store = Store::default();
    for text in [
        r#"{"schemaVersion": 1, "fsLayers": []}"#,
        r#"{"mediaType": "application/vnd.oci.artifact.manifest.v1+json", "blobs": []}"#,
        r#"{"manifests": [], "layers": []}"#,
        "no JSON",
    ] {
        let descriptor = store.add(text.to_owned(), "");
        let (server, facts) = image(&store, &descriptor, ALL).await;
        let facts = facts.expect("facts");
        assert_eq!(
            (facts.platforms, facts.created),
            (Some(Vec::new()), Created::Never),
            "{text}"
        );
        let flaw = facts.flaw.expect("a flaw");
        assert!(flaw.starts_with("the manifest is not usable: "), "{flaw}");
        assert_eq!(server.log().len(), 1);
    }
}

#[tokio::test]
async fn a_configuration_that_cannot_be_read_says_nothing_for_ever() {
    let mut store = Store::default();
    let broken = store.image("a chart, not JSON", "", "");
    check_flawed(
        &store,
        &broken,
        &expect![[r#"
         | Never | 2 requests
        the configuration is not usable: it is no JSON (line 1, column 1)"#]],
    )
    .await;
    let large = format!(
        r#"{{"config": {{"digest": "sha256:{}", "size": 9000000}}, "layers": []}}"#,
        "0".repeat(64)
    );
    let large = store.add(large, "");
    check_flawed(
        &store,
        &large,
        &expect![[r#"
         | Never | 1 requests
        what the manifest names is not usable: it has 9000000 bytes, and at most 8388608 are read"#]],
    )
    .await;
    let lies = store.image(r#"{"os": "linux", "architecture": "amd64"}"#, "", "");
    let manifest = store.0[digest_in(&lies).as_str()].replace(r#""size": "#, r#""size": 1"#);
    let lies = store.add(manifest, "");
    check_flawed(
        &store,
        &lies,
        &expect![[r#"
         | Never | 2 requests
        what the manifest names is not usable: it should have 140 bytes, and has 40"#]],
    )
    .await;
    // The others of an index are looked into all the same.
    let plain = store.image(r#"{"os": "linux", "architecture": "s390x"}"#, "", "");
    let index = store.index(&[broken, plain], "");
    check_flawed(
        &store,
        &index,
        &expect![[r#"
        linux/s390x | Never | 5 requests
        the configuration is not usable: it is no JSON (line 1, column 1)"#]],
    )
    .await;
}

#[tokio::test]
async fn what_does_not_have_its_digest_may_have_it_later() {
    let mut store = Store::default();
    let good = store.image(r#"{"os": "linux", "architecture": "amd64"}"#, "", "");
    let config = digest_in(&store.0[digest_in(&good).as_str()]).to_string();
    for other in [
        r#"{"os": "linux", "architecture": "arm64"}"#,
        r#"{"os": "linux", "architecture": "s390x" }"#,
    ] {
        store.0.insert(config.clone(), other.to_owned());
        let (_, facts) = image(&store, &good, ALL).await;
        assert_eq!(facts.expect_err("another configuration").code(), ErrorCode::BadAnswer);
    }
    store.0.remove(&config);
    let (_, facts) = image(&store, &good, ALL).await;
    assert!(facts.expect_err("gone").is_gone());
    // What the registry calls it is its word of the moment.
    let index = store.index(&[], "");
    let kept = store.clone();
    let server = Fake::start(move |asked, _| {
        let digest = asked.path().rsplit('/').next().unwrap_or_default();
        let kind = [("content-type", "application/vnd.oci.image.manifest.v1+json")];
        with(200, &kind, kept.0[digest].clone())
    })
    .await;
    let facts = server
        .scanner()
        .image(&server.repository("team/app"), &digest_in(&index), ALL)
        .await;
    assert_eq!(facts.expect_err("called an image").code(), ErrorCode::BadAnswer);
}

/// A registry that sends its blobs to `target`, with the credential that it asks for.
async fn redirecting(store: Store, target: String) -> Fake {
    Fake::start(move |asked, _| {
        if asked.authorization().is_none() {
            return with(401, &[("www-authenticate", "Basic realm=x")], "");
        }
        let digest = asked.path().rsplit('/').next().unwrap_or_default();
        if asked.path().contains("/blobs/") {
            with(307, &[("location", &format!("{target}/{digest}"))], "")
        } else {
            store.answer(asked)
        }
    })
    .await
}

#[tokio::test]
async fn blobs_are_fetched_elsewhere_without_a_credential() {
    let folder = tempfile::tempdir().expect("a folder");
    let password_file = folder.path().join("password");
    std::fs::write(&password_file, "hunter2").expect("a file");
    let mut store = Store::default();
    let good = store.image(r#"{"os": "linux", "architecture": "amd64"}"#, "", "");
    let kept = store.clone();
    let outside = Fake::start(move |asked, _| kept.answer(asked)).await;
    let server = redirecting(store, outside.url("")).await;
    let repository = server.repository("team/app");
    let entry = || crate::HostConfig {
        credentials: Some(crate::ConfiguredCredentials {
            username: "ci".to_owned(),
            password_file: password_file.clone(),
        }),
        ..server.entry()
    };
    // A host that only the registry named is not asked on a private address, and not without TLS.
    let error = crate::fake::scanner([entry()])
        .image(&repository, &digest_in(&good), ALL)
        .await
        .expect_err("refused");
    assert_eq!(error.code(), ErrorCode::BadAnswer, "{}", chain(&error));
    assert_eq!(outside.lines(), "");
    // One that the operator named is.
    let scanner = crate::fake::scanner([entry(), outside.entry()]);
    scanner.image(&repository, &digest_in(&good), ALL).await.expect("facts");
    assert_eq!(outside.log().len(), 1);
    assert_eq!(outside.log()[0].authorization(), None, "{}", outside.lines());
}

#[tokio::test]
async fn a_private_address_behind_a_redirect_is_not_connected_to() {
    let mut store = Store::default();
    let good = store.image("{}", "", "");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    for target in [
        format!("https://127.0.0.1:{port}"),
        format!("https://localhost:{port}"),
        "https://169.254.169.254".to_owned(),
    ] {
        let kept = store.clone();
        let server = Fake::start(move |asked, _| {
            if asked.path().contains("/blobs/") {
                with(307, &[("location", &format!("{target}/x"))], "")
            } else {
                kept.answer(asked)
            }
        })
        .await;
        let error = server
            .scanner()
            .image(&server.repository("team/app"), &digest_in(&good), ALL)
            .await
            .expect_err("refused");
        assert!(chain(&error).to_string().contains("public"), "{}", chain(&error));
    }
    let knocked = tokio::time::timeout(std::time::Duration::from_millis(1), listener.accept()).await;
    assert!(knocked.is_err(), "nobody may have connected");
}
