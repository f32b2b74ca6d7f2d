mod access;

use axum::body::{self, Body};
use axum::http::{Request as HttpRequest, Response};
use expect_test::{Expect, expect};
use http::header;
use serde_json::Value;
use tower::ServiceExt;

use super::*;
use crate::{EmptyList, Head, RequestKind, digest};

/// METHOD PATH, then headers as `name: value`.
async fn send(registry: &Registry, request: &str, body: impl Into<Body>) -> Response<Body> {
    let mut lines = request.lines().map(str::trim);
    let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
    let mut builder = HttpRequest::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "registry.test");
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        builder = builder.header(name, value);
    }
    registry
        .router()
        .oneshot(builder.body(body.into()).unwrap())
        .await
        .unwrap()
}

/// Status, the headers that matter, and the body.
async fn show(response: Response<Body>) -> String {
    let (head, body) = response.into_parts();
    let mut text = format!("{}\n", head.status.as_u16());
    let shown = [
        "content-type",
        "www-authenticate",
        "link",
        "location",
        "range",
        "docker-content-digest",
    ];
    for name in shown {
        for value in head.headers.get_all(name) {
            text += &format!("{name}: {}\n", value.to_str().unwrap());
        }
    }
    let body = body::to_bytes(body, usize::MAX).await.unwrap();
    text + &String::from_utf8_lossy(&body) + if body.is_empty() { "" } else { "\n" }
}

async fn check(registry: &Registry, request: &str, expected: &Expect) {
    expected.assert_eq(&show(send(registry, request, "").await).await);
}

#[tokio::test]
async fn a_pushed_tag_is_listed_and_pulled() {
    let registry = Registry::new();
    let root = registry.push_tag("acme/api", "1.9.2");
    check(
        &registry,
        "GET /v2/acme/api/tags/list",
        &expect![[r#"
        200
        content-type: application/json
        {"name":"acme/api","tags":["1.9.2"]}
    "#]],
    )
    .await;
    let manifest = send(&registry, "GET /v2/acme/api/manifests/1.9.2", "").await;
    let bytes = body::to_bytes(manifest.into_body(), usize::MAX).await.unwrap();
    assert_eq!(digest(&bytes), root);
    let manifest: Value = serde_json::from_slice(&bytes).unwrap();
    let config = manifest["config"]["digest"].as_str().unwrap();
    let blob = send(&registry, &format!("GET /v2/acme/api/blobs/{config}"), "").await;
    assert_eq!(
        digest(&body::to_bytes(blob.into_body(), usize::MAX).await.unwrap()),
        config
    );
}

#[tokio::test]
async fn head_says_the_digest_without_a_body() {
    let registry = Registry::new();
    registry.push_tags("acme/api", ["1.0", "1.1"]);
    check(
        &registry,
        "HEAD /v2/acme/api/manifests/1.1",
        &expect![[r#"
            200
            content-type: application/vnd.oci.image.manifest.v1+json
            docker-content-digest: sha256:6bac5c58bd3ad6735d597f929f3c07445dcd2fa18ee92b25e1a661b60464a523
        "#]],
    )
    .await;
    registry.set_manners(Manners {
        head: Head::NoDigest,
        ..Manners::default()
    });
    check(
        &registry,
        "HEAD /v2/acme/api/manifests/1.1",
        &expect![[r#"
        200
        content-type: application/vnd.oci.image.manifest.v1+json
    "#]],
    )
    .await;
    registry.set_manners(Manners {
        head: Head::Refused,
        ..Manners::default()
    });
    check(
        &registry,
        "HEAD /v2/acme/api/manifests/1.1",
        &expect![[r#"
        405
        content-type: application/json
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_manifest_comes_only_as_a_type_that_is_accepted() {
    let registry = Registry::new();
    registry.push_tag("acme/api", "1.0");
    let get = |accept: &str| format!("HEAD /v2/acme/api/manifests/1.0\naccept: {accept}");
    let oci = "application/json, application/vnd.oci.image.manifest.v1+json;q=0.9";
    for (accept, lenient, exact) in [(oci, 200, 200), ("*/*", 200, 404), ("application/json", 404, 404)] {
        registry.set_manners(Manners::default());
        assert_eq!(send(&registry, &get(accept), "").await.status(), lenient, "{accept}");
        registry.set_manners(Manners::distribution_3());
        assert_eq!(send(&registry, &get(accept), "").await.status(), exact, "{accept}");
    }
}

#[tokio::test]
async fn an_unchanged_manifest_is_not_sent_again() {
    let registry = Registry::new();
    let root = registry.push_tag("acme/api", "1.0");
    let request = format!("GET /v2/acme/api/manifests/1.0\nif-none-match: \"{root}\"");
    assert_eq!(send(&registry, &request, "").await.status(), 304);
}

#[tokio::test]
async fn what_a_client_pushes_in_chunks_can_be_pulled() {
    let registry = Registry::new();
    check(
        &registry,
        "POST /v2/acme/api/blobs/uploads/",
        &expect![[r#"
        202
        location: /v2/acme/api/blobs/uploads/upload-1
        range: 0-0
    "#]],
    )
    .await;
    let path = "/v2/acme/api/blobs/uploads/upload-1";
    let first = send(&registry, &format!("PATCH {path}\ncontent-range: 0-2"), "abc").await;
    assert_eq!(first.status(), 202);
    let gap = send(&registry, &format!("PATCH {path}\ncontent-range: 9-11"), "xyz").await;
    expect![[r#"
        416
        location: /v2/acme/api/blobs/uploads/upload-1
        range: 0-2
    "#]]
    .assert_eq(&show(gap).await);
    let wrong = digest(b"abcde");
    let done = send(
        &registry,
        &format!("PUT {path}?digest={wrong}\ncontent-range: 3-4"),
        "de",
    )
    .await;
    assert_eq!(done.status(), 201);
    let blob = send(&registry, &format!("GET /v2/acme/api/blobs/{wrong}"), "").await;
    assert_eq!(body::to_bytes(blob.into_body(), usize::MAX).await.unwrap(), "abcde");
}

#[tokio::test]
async fn blobs_come_in_one_request_or_from_another_repository() {
    let registry = Registry::new();
    let abc = digest(b"abc");
    let whole = format!("POST /v2/acme/api/blobs/uploads/?digest={abc}");
    assert_eq!(send(&registry, &whole, "abd").await.status(), 400);
    assert_eq!(send(&registry, &whole, "abc").await.status(), 201);
    let mount = format!("POST /v2/acme/web/blobs/uploads/?mount={abc}&from=acme/api");
    assert_eq!(send(&registry, &mount, "").await.status(), 201);
    assert_eq!(
        send(&registry, &format!("HEAD /v2/acme/web/blobs/{abc}"), "")
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn a_manifest_is_checked_before_it_is_taken() {
    let registry = Registry::new();
    let put = |reference: &str| {
        format!("PUT /v2/acme/api/manifests/{reference}\ncontent-type: application/vnd.oci.image.manifest.v1+json")
    };
    let body = |config: &str| format!(r#"{{"schemaVersion":2,"config":{{"digest":"{config}"}},"layers":[]}}"#);
    let config = digest(b"{}");
    assert_eq!(send(&registry, &put("1.0"), "no json").await.status(), 400);
    assert_eq!(send(&registry, &put("1.0"), body(&config)).await.status(), 404);
    send(
        &registry,
        &format!("POST /v2/acme/api/blobs/uploads/?digest={config}"),
        "{}",
    )
    .await;
    assert_eq!(send(&registry, &put("-"), body(&config)).await.status(), 400);
    assert_eq!(send(&registry, &put(&config), body(&config)).await.status(), 400);
    assert_eq!(send(&registry, &put("1.0"), body(&config)).await.status(), 201);
    assert_eq!(registry.tags("acme/api"), ["1.0"]);
}

#[tokio::test]
async fn a_repository_outlives_its_tags() {
    let registry = Registry::new();
    registry.push_tag("acme/api", "1.0");
    assert_eq!(
        send(&registry, "DELETE /v2/acme/api/manifests/1.0", "").await.status(),
        202
    );
    for (empty_list, list) in [
        (
            EmptyList::Array,
            expect![[r#"
            200
            content-type: application/json
            {"name":"acme/api","tags":[]}
        "#]],
        ),
        (
            EmptyList::Null,
            expect![[r#"
            200
            content-type: application/json
            {"name":"acme/api","tags":null}
        "#]],
        ),
        (
            EmptyList::Unknown,
            expect![[r#"
            404
            content-type: application/json
            {"errors":[{"code":"NAME_UNKNOWN","message":"repository `acme/api` is not known"}]}
        "#]],
        ),
    ] {
        registry.set_manners(Manners {
            empty_list,
            ..Manners::default()
        });
        check(&registry, "GET /v2/acme/api/tags/list", &list).await;
    }
    registry.push_tag("acme/api", "1.0");
    registry.set_manners(Manners::distribution_2());
    assert_eq!(
        send(&registry, "DELETE /v2/acme/api/manifests/1.0", "").await.status(),
        400
    );
}

#[tokio::test]
async fn lists_have_the_manners_that_are_set() {
    let registry = Registry::new();
    registry.push_tags("acme/api", ["b", "a", "c"]);
    check(
        &registry,
        "GET /v2/acme/api/tags/list?n=2",
        &expect![[r#"
        200
        content-type: application/json
        link: </v2/acme/api/tags/list?last=b&n=2>; rel="next"
        {"name":"acme/api","tags":["a","b"]}
    "#]],
    )
    .await;
    registry.set_manners(Manners::ocimem());
    check(
        &registry,
        "GET /v2/acme/api/tags/list?n=2",
        &expect![[r#"
        200
        content-type: text/plain; charset=utf-8
        link: </v2/acme/api/tags/list?last=b&n=2>;rel="next"
        {"name":"acme/api","tags":["a","b"]}
    "#]],
    )
    .await;
    registry.set_manners(Manners {
        order: Order::Pushed,
        ..Manners::default()
    });
    check(
        &registry,
        "GET /v2/acme/api/tags/list?n=2",
        &expect![[r#"
        200
        content-type: application/json
        link: </v2/acme/api/tags/list?last=a&n=2>; rel="next"
        {"name":"acme/api","tags":["b","a"]}
    "#]],
    )
    .await;
    check(
        &registry,
        "GET /v2/acme/api/tags/list?n=-1",
        &expect![[r#"
        400
        content-type: application/json
        {"errors":[{"code":"PAGINATION_NUMBER_INVALID","message":"`n` must be a number, 0 or more"}]}
    "#]],
    )
    .await;
    check(
        &registry,
        "GET /v2/_catalog",
        &expect![[r#"
        200
        content-type: application/json
        {"repositories":["acme/api"]}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn answers_can_be_waited_for() {
    let registry = Registry::new();
    registry.push_tag("acme/api", "1.0");
    let waiting = registry.clone();
    let waiting = tokio::spawn(async move { waiting.until(|seen| seen.count(RequestKind::TagList) == 2).await });
    for _ in 0..2 {
        send(&registry, "GET /v2/acme/api/tags/list", "").await;
    }
    waiting.await.unwrap();
    assert_eq!(registry.requests().total(), 2);
    registry.clear_requests();
    assert_eq!(registry.requests().total(), 0);
}

#[tokio::test]
async fn it_serves_until_it_is_told_to_stop() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    let serving = tokio::spawn(Registry::new().serve(listener, shutdown.clone()));
    tokio::net::TcpStream::connect(address).await.unwrap();
    shutdown.cancel();
    serving.await.unwrap().unwrap();
}
