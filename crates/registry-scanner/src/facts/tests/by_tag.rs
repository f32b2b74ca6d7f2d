//! What a tag stands for, found out with the request that resolves it.

use std::sync::{Arc, Mutex};

use super::*;

/// Whether a registry says what digest a manifest has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    Digest,
    Other,
    Nothing,
}

const OTHER: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A registry in which the tag `1.0` stands for `manifest`.
async fn tagged(store: &Store, manifest: &str, names: Names) -> Fake {
    let (kept, digest) = (store.clone(), digest_in(manifest).to_string());
    Fake::start(move |asked, _| {
        if !asked.path().ends_with("/manifests/1.0") {
            return kept.answer(asked);
        }
        let name = match names {
            Names::Digest => digest.as_str(),
            Names::Other => OTHER,
            Names::Nothing => "",
        };
        with(200, &[("docker-content-digest", name)], kept.0[&digest].clone())
    })
    .await
}

/// What comes of asking about the tag where `wanted` is wanted of its digest, and that digest.
async fn ask(server: &Fake, wanted: Option<Wanted>) -> (Result<Option<ImageFacts>, ScanError>, Option<Digest>) {
    let told = Arc::new(Mutex::new(None));
    let tag = Tag::parse("1.0").expect("a tag");
    let resolved = |digest: &Digest| {
        *told.lock().expect("nobody else") = Some(digest.clone());
        wanted
    };
    let facts = server
        .scanner()
        .image_of_tag(&server.repository("team/app"), &tag, resolved)
        .await;
    let told = told.lock().expect("nobody else").clone();
    (facts, told)
}

const DATED: &str = r#""org.opencontainers.image.created": "1970-01-01T00:00:01Z""#;

#[tokio::test]
async fn an_annotated_build_time_costs_one_request_with_the_digest() {
    let mut store = Store::default();
    let dated = store.image("{}", DATED, "");
    for names in [Names::Digest, Names::Nothing] {
        let server = tagged(&store, &dated, names).await;
        let (facts, told) = ask(&server, Some(BUILD_TIME)).await;
        let facts = facts.expect("an answer").expect("facts");
        assert_eq!(facts.created, Created::At(Timestamp::from_unix_seconds(1)));
        assert_eq!(told, Some(digest_in(&dated)));
        assert_eq!(server.lines(), "GET /v2/team/app/manifests/1.0\n");
    }
}

#[tokio::test]
async fn an_index_without_a_time_costs_one_of_its_images_and_a_configuration() {
    let mut store = Store::default();
    let config = r#"{"os": "linux", "architecture": "amd64", "created": "1970-01-01T00:00:02Z"}"#;
    let entries = [store.image("{}", "", ARM64), store.image(config, "", AMD64)];
    let index = store.index(&entries, "");
    let server = tagged(&store, &index, Names::Digest).await;
    let (facts, _) = ask(&server, Some(BUILD_TIME)).await;
    let facts = facts.expect("an answer").expect("facts");
    assert_eq!(facts.created, Created::At(Timestamp::from_unix_seconds(2)));
    assert_eq!(server.log().len(), 3, "{}", server.lines());
}

#[tokio::test]
async fn nothing_more_is_asked_about_a_digest_of_which_nothing_is_wanted() {
    let mut store = Store::default();
    let image = store.image("{}", "", "");
    let server = tagged(&store, &image, Names::Digest).await;
    let (facts, told) = ask(&server, None).await;
    assert_eq!(facts.expect("an answer"), None);
    assert_eq!(told, Some(digest_in(&image)));
    assert_eq!(server.log().len(), 1);
}

#[tokio::test]
async fn bytes_that_are_not_what_the_registry_calls_them_say_nothing() {
    let mut store = Store::default();
    let dated = store.image("{}", DATED, "");
    let server = tagged(&store, &dated, Names::Other).await;
    let (facts, told) = ask(&server, Some(BUILD_TIME)).await;
    assert_eq!(facts.expect_err("another digest").code(), ErrorCode::BadAnswer);
    assert_eq!(told, None);
}

#[tokio::test]
async fn what_cannot_be_read_is_no_image_for_ever_only_if_the_registry_names_its_digest() {
    let mut store = Store::default();
    let page = store.add("<p>Maintenance".to_owned(), "");
    let server = tagged(&store, &page, Names::Digest).await;
    let (facts, _) = ask(&server, Some(BUILD_TIME)).await;
    assert!(facts.expect("an answer").expect("facts").flaw.is_some());

    // Or if it has it under its digest, and it was meant to be one.
    let old = store.add(r#"{"schemaVersion": 1, "fsLayers": []}"#.to_owned(), "");
    let server = tagged(&store, &old, Names::Nothing).await;
    let (facts, told) = ask(&server, Some(BUILD_TIME)).await;
    assert!(facts.expect("an answer").expect("facts").flaw.is_some());
    assert_eq!((told, server.log().len()), (Some(digest_in(&old)), 2));

    let server = Fake::start(|_, _| ok("<p>We are back at noon")).await;
    let (facts, told) = ask(&server, Some(BUILD_TIME)).await;
    assert_eq!((facts.expect_err("a page").code(), told), (ErrorCode::BadAnswer, None));

    let server = Fake::start(|asked, _| match asked.path().ends_with("/manifests/1.0") {
        true => ok("<p>Please log in to this network"),
        false => status(404),
    })
    .await;
    let (facts, told) = ask(&server, Some(BUILD_TIME)).await;
    let error = facts.expect_err("a page");
    assert_eq!(
        (error.code(), error.is_gone(), told),
        (ErrorCode::BadAnswer, false, None)
    );
}

#[tokio::test]
async fn what_is_too_large_is_no_image_for_ever() {
    let mut store = Store::default();
    let large = store.add(" ".repeat(MAX_MANIFEST_BYTES + 1), "");
    let server = tagged(&store, &large, Names::Digest).await;
    let (facts, told) = ask(&server, Some(BUILD_TIME)).await;
    assert!(facts.expect("an answer").expect("facts").flaw.is_some());
    assert_eq!(told, Some(digest_in(&large)));
    assert_eq!(
        server.lines(),
        "GET /v2/team/app/manifests/1.0\nHEAD /v2/team/app/manifests/1.0\n"
    );
}

#[tokio::test]
async fn a_tag_that_is_gone_is_gone_after_one_request() {
    let server = Fake::start(|_, _| status(404)).await;
    let (facts, told) = ask(&server, Some(BUILD_TIME)).await;
    assert!(facts.expect_err("gone").is_gone());
    assert_eq!((told, server.log().len()), (None, 1));
}

#[tokio::test]
async fn who_says_how_many_pulls_are_left_counts_them() {
    const QUOTA: [(&str, &str); 3] = [
        ("ratelimit-limit", "100;w=21600"),
        ("ratelimit-remaining", "90;w=21600"),
        ("docker-content-digest", OTHER),
    ];
    for (headers, counts) in [(&QUOTA[..], true), (&QUOTA[2..], false)] {
        let server = Fake::start(move |_, _| with(200, headers, "")).await;
        let (scanner, reference) = (server.scanner(), server.reference("team/app:1.0"));
        let registry = reference.repository.registry();
        assert!(!scanner.counts_pulls(registry), "nothing is known yet");
        scanner.head(&reference).await.expect("a digest");
        assert_eq!(scanner.counts_pulls(registry), counts);
    }
    let hub = Repository::parse("nginx").expect("a name");
    assert!(crate::fake::scanner([]).counts_pulls(hub.registry()));
}
