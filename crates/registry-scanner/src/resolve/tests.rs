use domain::reference::{Algorithm, Digest};
use transport::chain;

use crate::Marks;
use crate::error::ErrorCode;
use crate::fake::{Fake, status, with};
use crate::hash::digest_of;

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const BODY: &str = r#"{"schemaVersion": 2, "manifests": []}"#;
const OTHER: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn digest() -> Digest {
    digest_of(Algorithm::Sha256, BODY.as_bytes())
}

#[tokio::test]
async fn a_head_is_one_request() {
    let server = Fake::start(|_, _| {
        let kind = "application/vnd.oci.image.index.v1+json; charset=utf-8";
        with(
            200,
            &[
                ("docker-content-digest", OTHER),
                ("content-type", kind),
                ("content-length", "123"),
            ],
            "",
        )
    })
    .await;
    let head = server
        .scanner()
        .head(&server.reference("team/app:1.0"))
        .await
        .expect("a digest");
    assert_eq!(head.digest.as_str(), OTHER);
    assert_eq!(head.media_type.as_deref(), Some(INDEX));
    assert_eq!(head.size, Some(123));
    assert_eq!(server.lines(), "HEAD /v2/team/app/manifests/1.0\n");
    let accept = server.log()[0].header("accept").expect("types").to_owned();
    assert_eq!(accept.split(", ").count(), 4, "{accept}");
}

#[tokio::test]
async fn without_tag_and_digest_latest_is_asked_for_and_a_digest_goes_first() {
    let server = Fake::start(|_, _| with(200, &[("docker-content-digest", OTHER)], "")).await;
    let scanner = server.scanner();
    scanner.head(&server.reference("team/app")).await.expect("a digest");
    scanner
        .head(&server.reference(&format!("team/app:1.0@{OTHER}")))
        .await
        .expect("a digest");
    let wanted = format!("HEAD /v2/team/app/manifests/latest\nHEAD /v2/team/app/manifests/{OTHER}\n");
    assert_eq!(server.lines(), wanted);
}

#[tokio::test]
async fn where_head_is_refused_or_says_no_digest_the_bytes_are_hashed() {
    for (code, claim) in [
        (405, ""),
        (501, ""),
        (400, ""),
        (200, ""),
        (200, "sha256:short"),
        (200, "md5:0"),
        (200, "SHA256:x"),
    ] {
        let server = Fake::start(move |asked, _| match asked.method {
            http::Method::HEAD if claim.is_empty() => status(code),
            http::Method::HEAD => with(code, &[("docker-content-digest", claim)], ""),
            _ => with(200, &[("content-type", INDEX)], BODY),
        })
        .await;
        let head = server
            .scanner()
            .head(&server.reference("team/app:1.0"))
            .await
            .expect("a digest");
        assert_eq!(head.digest, digest(), "{code} {claim}");
        assert_eq!(
            server.lines(),
            "HEAD /v2/team/app/manifests/1.0\nGET /v2/team/app/manifests/1.0\n"
        );
    }
}

/// A host that answers no `HEAD` with a digest, and marks its manifests.
async fn without_heads(refusal: u16, mark: &'static str) -> Fake {
    Fake::start(move |asked, _| match asked.method {
        http::Method::HEAD => status(refusal),
        _ if asked.header("if-none-match") == Some(mark) => status(304),
        _ => with(200, &[("content-type", INDEX), ("etag", mark)], BODY),
    })
    .await
}

#[tokio::test]
async fn where_head_says_nothing_it_is_not_asked_again_and_the_same_manifest_is_not_sent_again() {
    for refusal in [405, 501, 200] {
        let server = without_heads(refusal, "\"one\"").await;
        let scanner = server.scanner();
        for _ in 0..3 {
            let head = scanner.head(&server.reference("team/app:1.0")).await.expect("a digest");
            assert_eq!((head.digest, head.size), (digest(), Some(BODY.len() as u64)));
        }
        let head = scanner
            .head(&server.reference("team/other:1.0"))
            .await
            .expect("a digest");
        assert_eq!(head.digest, digest());
        let marks: Vec<_> = server
            .log()
            .iter()
            .map(|asked| asked.header("if-none-match").map(str::to_owned))
            .collect();
        let one = || Some("\"one\"".to_owned());
        assert_eq!(marks, [None, None, one(), one(), None], "{refusal}: {}", server.lines());
    }
}

/// What one process learns of a host; another one, that knows the digest of a tag, starts with that.
async fn after_a_restart(server: &Fake) -> Vec<(http::Method, Option<String>)> {
    let reference = server.reference("team/app:1.0");
    let registry = reference.repository.registry();
    let scanner = server.scanner();
    scanner.head(&reference).await.expect("a digest");
    let (next, before) = (server.scanner(), server.log().len());
    next.learned(registry, scanner.profile(registry));
    let head = next.head_again(&reference, &digest()).await.expect("a digest");
    assert_eq!(head.digest, digest());
    let mark = |asked: &crate::fake::Asked| asked.header("if-none-match").map(str::to_owned);
    let log = server.log().split_off(before);
    log.iter().map(|asked| (asked.method.clone(), mark(asked))).collect()
}

#[tokio::test]
async fn a_digest_that_was_known_before_a_restart_is_told_to_hosts_that_know_manifests_by_it() {
    let marked: &'static str = format!("\"{}\"", digest()).leak();
    let server = without_heads(405, marked).await;
    assert_eq!(
        after_a_restart(&server).await,
        [(http::Method::GET, Some(marked.to_owned()))]
    );
    // A mark of another kind is known by those alone who have seen it.
    let server = without_heads(405, "\"one\"").await;
    assert_eq!(after_a_restart(&server).await, [(http::Method::GET, None)]);
    // Where `HEAD` says a digest, that is asked for.
    let server = Fake::start(|_, _| with(200, &[("docker-content-digest", digest().as_str())], "")).await;
    assert_eq!(after_a_restart(&server).await, [(http::Method::HEAD, None)]);
}

#[tokio::test]
async fn a_host_that_sends_what_is_known_is_found_out() {
    let marked: &'static str = format!("\"{}\"", digest()).leak();
    let server = Fake::start(move |asked, _| match asked.method {
        http::Method::HEAD => status(405),
        _ => with(200, &[("etag", marked)], BODY),
    })
    .await;
    let reference = server.reference("team/app:1.0");
    let scanner = server.scanner();
    let marks = || scanner.profile(reference.repository.registry()).manifests.marks;
    scanner.head(&reference).await.expect("a digest");
    assert_eq!(marks(), Marks::Digest);
    scanner.head_again(&reference, &digest()).await.expect("a digest");
    assert_eq!(marks(), Marks::Ignored);
}

#[tokio::test]
async fn one_image_whose_head_is_refused_says_nothing_of_the_others() {
    let server = without_heads(400, "\"one\"").await;
    let scanner = server.scanner();
    for _ in 0..2 {
        scanner.head(&server.reference("team/app:1.0")).await.expect("a digest");
    }
    let heads = server.lines().lines().filter(|line| line.starts_with("HEAD")).count();
    assert_eq!(heads, 2, "{}", server.lines());
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_no_answer() {
    let server = Fake::start(|asked, _| match asked.method {
        http::Method::HEAD => status(405),
        _ => status(304),
    })
    .await;
    let error = server.scanner().head(&server.reference("team/app:1.0")).await;
    assert_eq!(error.expect_err("nothing").code(), ErrorCode::BadAnswer);
}

#[tokio::test]
async fn what_is_gone_is_gone_after_one_request() {
    let server = Fake::start(|_, _| status(404)).await;
    let error = server
        .scanner()
        .head(&server.reference("team/app:1.0"))
        .await
        .expect_err("gone");
    assert!(error.is_gone());
    assert_eq!(server.log().len(), 1);
}

#[tokio::test]
async fn bytes_have_the_digest_that_was_asked_for_and_claimed() {
    let server = Fake::start(|asked, _| {
        let claim = match asked.path().rsplit('/').next() {
            Some("lying") => OTHER.to_owned(),
            Some("long") => digest_of(Algorithm::Sha512, BODY.as_bytes()).to_string(),
            Some("silent") => return with(200, &[], BODY),
            _ => digest().to_string(),
        };
        with(200, &[("docker-content-digest", &claim), ("content-type", INDEX)], BODY)
    })
    .await;
    let scanner = server.scanner();
    let fetch = async |rest: &str| {
        let reference = server.reference(rest);
        scanner
            .manifest(&reference)
            .await
            .map(|manifest| manifest.digest)
            .map_err(|error| (error.code(), chain(&error).to_string()))
    };
    assert_eq!(fetch("team/app:honest").await, Ok(digest()));
    assert_eq!(fetch("team/app:silent").await, Ok(digest()));
    assert_eq!(
        fetch("team/app:long").await,
        Ok(digest_of(Algorithm::Sha512, BODY.as_bytes()))
    );
    assert_eq!(fetch(&format!("team/app@{}", digest())).await, Ok(digest()));
    for rest in ["team/app:lying".to_owned(), format!("team/app@{OTHER}")] {
        let (code, words) = fetch(&rest).await.expect_err("another digest");
        assert_eq!(code, ErrorCode::BadAnswer, "{words}");
    }
}

#[tokio::test]
async fn a_manifest_is_at_most_4_mebibytes() {
    let body = format!(r#"{{"manifests": [], "x": "{}"}}"#, "a".repeat(4 * 1024 * 1024));
    let server = Fake::start(move |_, _| with(200, &[], body.clone())).await;
    let error = server
        .scanner()
        .manifest(&server.reference("team/app:1.0"))
        .await
        .expect_err("too large");
    assert_eq!(error.code(), ErrorCode::BadAnswer);
}

#[tokio::test]
async fn manifests_are_not_redirected_to_other_origins() {
    let recorder = Fake::start(|_, _| with(200, &[("docker-content-digest", OTHER)], BODY)).await;
    for code in [301, 302, 303, 307, 308] {
        let target = recorder.url("/v2/team/app/manifests/1.0");
        let server = Fake::start(move |_, _| with(code, &[("location", &target)], "")).await;
        let reference = server.reference("team/app:1.0");
        assert!(server.scanner().head(&reference).await.is_err());
        assert!(server.scanner().manifest(&reference).await.is_err());
        assert_eq!(server.log().len(), 2, "{}", server.lines());
    }
    assert_eq!(recorder.lines(), "");
}

#[tokio::test]
async fn what_is_no_manifest_has_no_digest() {
    let bodies = [
        "<html>We are back at noon",
        "",
        "{}",
        "[]",
        r#"{"errors": []}"#,
        r#"{"schemaVersion": 2, "manifests": ["#,
        r#"{"schemaVersion": 2, "manifests": [], "layers": []}"#,
        r#"{"schemaVersion": 2, "manifests": [], "manifests": []}"#,
    ];
    for body in bodies {
        let server = Fake::start(move |asked, _| match asked.method {
            http::Method::HEAD => status(200),
            _ => with(200, &[], body),
        })
        .await;
        for reference in ["team/app:1.0", "team/app"] {
            let found = server.scanner().head(&server.reference(reference)).await;
            assert_eq!(found.expect_err(body).code(), ErrorCode::BadAnswer, "{body}");
        }
    }
}
