use axum::body::to_bytes;
use expect_test::{Expect, expect};
use futures::stream;
use http::Method;
use tower::ServiceExt;

use super::*;
use crate::sample::{api, busy, empty};
use crate::{Access, Api, Board, Guard, Token, router};

const TOKEN: &str = "canary-canary-canary";
const NAMES: &str = r#"{"images": ["ghcr.io/acme/api"]}"#;

/// The sample behind the token.
fn guarded(board: Board) -> Api {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, TOKEN).unwrap();
    let token = Token::read(&path).unwrap();
    Api {
        guard: Guard::new(move || Access::Token(token.clone())),
        ..api(board)
    }
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

async fn send(api: Api, request: Request) -> Answer {
    let (head, body) = router(api).oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

fn post(body: impl Into<Body>) -> Request {
    Request::post("/api/v1/scan")
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap()
}

async fn check(body: &str, expected: &Expect) {
    let answer = send(guarded(busy()), post(body.to_owned())).await;
    expected.assert_eq(&format!("{} {}", answer.status, answer.body));
}

#[tokio::test]
async fn what_is_watched_is_taken_with_when_it_is_scanned() {
    check(NAMES, &expect![[r#"202 {"now":"2027-01-15T09:00:00Z","images":[{"name":"ghcr.io/acme/api","host":"ghcr.io","notBefore":"2027-01-15T09:00:00Z","waitsFor":null}]}"#]]).await;
    check(
        r#"{"images": ["registry.example.com:5000/acme/web", "ghcr.io/acme/api", "ghcr.io/acme/api"]}"#,
        &expect![[r#"202 {"now":"2027-01-15T09:00:00Z","images":[{"name":"ghcr.io/acme/api","host":"ghcr.io","notBefore":"2027-01-15T09:00:00Z","waitsFor":null},{"name":"registry.example.com:5000/acme/web","host":"registry.example.com:5000","notBefore":"2027-01-15T09:01:00Z","waitsFor":"registry.example.com:5000 is left alone for a while: 429 from the registry: <script>alert(1)</script>\"'&"}]}"#]],
    )
    .await;
}

#[tokio::test]
async fn what_nobody_uses_is_not_found_and_nothing_is_asked_for() {
    check(r#"{"images": ["ghcr.io/acme/api", "ghcr.io/acme/other"]}"#, &expect![[r##"404 {"type":"about:blank","title":"Not Found","status":404,"detail":"not every image is used by a target, so nothing was asked for","errors":[{"pointer":"#/images/1","detail":"no target uses this image; `/api/v1/images` lists those that are scanned"}]}"##]]).await;
}

#[tokio::test]
async fn what_is_used_and_never_scanned_is_refused_with_the_reason() {
    let board = busy();
    let mut target = board.snapshot().targets["fleet"][0].clone();
    target.image = crate::sample::image("ghcr.io/acme/secret");
    target.policy = None;
    target.outcome = Outcome::Invalid {
        message: "excluded by registries.exclude \"ghcr.io/acme/secret\", so this image is never scanned".to_owned(),
    };
    board.post_targets("other", vec![target]);
    let names = r#"{"images": ["ghcr.io/acme/api", "ghcr.io/acme/secret"]}"#;
    let answer = send(guarded(board), post(names)).await;
    expect![[r##"409 {"type":"about:blank","title":"Conflict","status":409,"detail":"not every image is scanned at all, so nothing was asked for","errors":[{"pointer":"#/images/1","detail":"excluded by registries.exclude \"ghcr.io/acme/secret\", so this image is never scanned"}]}"##]].assert_eq(&format!("{} {}", answer.status, answer.body));
}

#[tokio::test]
async fn before_the_first_pass_nothing_is_known_to_be_unused() {
    let answer = send(guarded(empty()), post(r#"{"images": ["ghcr.io/acme/other"]}"#)).await;
    assert_eq!(
        (answer.status, answer.headers["retry-after"].to_str().unwrap()),
        (503, "2")
    );
}

#[tokio::test]
async fn a_request_is_what_it_is_and_nothing_else() {
    let many = format!(r#"{{"images": [{}]}}"#, vec!["\"a\""; 101].join(","));
    let deep = format!(r#"{{"images": {}{}}}"#, "[".repeat(9_000), "]".repeat(9_000));
    for body in [
        "",
        "null",
        "[]",
        "{}",
        r#"["ghcr.io/acme/api"]"#,
        r#"{"image": "ghcr.io/acme/api"}"#,
        r#"{"images": "ghcr.io/acme/api"}"#,
        r#"{"images": null}"#,
        r#"{"images": [1]}"#,
        r#"{"images": [{"name": "ghcr.io/acme/api"}]}"#,
        r#"{"images": ["ghcr.io/acme/api"], "tag": "v99"}"#,
        r#"{"images": ["ghcr.io/acme/api"], "images": []}"#,
        r#"{"images": ["ghcr.io/acme/api"]} x"#,
        r#"{"images": []}"#,
        "images=ghcr.io/acme/api",
        "\u{0}",
        &many,
        &deep,
    ] {
        let answer = send(guarded(busy()), post(body.to_owned())).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    check(
        r#"{"images": ["ghcr.io/acme/api", "ghcr.io/acme/api:1.0", "https://10.0.0.1/x", "<script>", ""]}"#,
        &expect![[r##"400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"not everything that is asked for is the name of an image","errors":[{"pointer":"#/images/1","detail":"this is not an image name without a tag, such as `ghcr.io/acme/api`"},{"pointer":"#/images/2","detail":"this is not an image name without a tag, such as `ghcr.io/acme/api`"},{"pointer":"#/images/3","detail":"this is not an image name without a tag, such as `ghcr.io/acme/api`"},{"pointer":"#/images/4","detail":"this is not an image name without a tag, such as `ghcr.io/acme/api`"}]}"##]],
    )
    .await;
}

#[tokio::test]
async fn what_a_form_can_send_is_not_taken() {
    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/jsonp"),
    ] {
        let mut request = post(NAMES);
        request.headers_mut().remove("content-type");
        if let Some(kind) = kind {
            request.headers_mut().insert("content-type", kind.parse().unwrap());
        }
        assert_eq!(send(guarded(busy()), request).await.status, 415, "{kind:?}");
    }
    let mut request = post(NAMES);
    let kind = "Application/JSON; charset=utf-8".parse().unwrap();
    request.headers_mut().insert("content-type", kind);
    assert_eq!(send(guarded(busy()), request).await.status, 202);
}

#[tokio::test]
async fn a_body_has_an_end() {
    let large = format!(r#"{{"images": ["{}"]}}"#, "a".repeat(LARGEST));
    assert_eq!(send(guarded(busy()), post(large)).await.status, 413);
    let chunk = || Ok::<_, std::io::Error>(vec![b' '; 1024]);
    let endless = Body::from_stream(stream::repeat_with(chunk));
    assert_eq!(send(guarded(busy()), post(endless)).await.status, 413);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let silent = Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
    assert_eq!(send(guarded(busy()), post(silent)).await.status, 408);
}

#[tokio::test]
async fn nothing_is_read_before_the_token_is_seen() {
    let never = || Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let mut request = post(never());
    request.headers_mut().remove("authorization");
    let answer = send(guarded(busy()), request).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"tidemark\"");
    let mut request = post(never());
    let wrong = format!("Bearer {TOKEN}2").parse().unwrap();
    request.headers_mut().insert("authorization", wrong);
    let answer = send(guarded(busy()), request).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.headers["www-authenticate"],
        "Bearer realm=\"tidemark\", error=\"invalid_token\""
    );
    assert!(!answer.body.contains("canary"));
    assert_eq!(send(api(busy()), post(never())).await.status, 403, "with mode none");
}

#[tokio::test]
async fn the_address_only_has_things_done() {
    for (api, method) in [
        (api(busy()), Method::GET),
        (guarded(busy()), Method::GET),
        (guarded(busy()), Method::PUT),
    ] {
        let mut request = post(Body::empty());
        *request.method_mut() = method;
        let answer = send(api, request).await;
        assert_eq!(
            (answer.status, answer.headers["allow"].to_str().unwrap()),
            (405, "POST")
        );
    }
}

#[tokio::test]
async fn with_a_token_nothing_but_health_and_the_empty_page_is_open() {
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/", 200),
        ("/assets/page.js", 200),
        ("/assets/page.css", 200),
        ("/metrics", 401),
        ("/openapi.json", 401),
        ("/api/v1/status", 401),
        ("/api/v1/images", 401),
        ("/api/v1/scan", 401),
        ("/api/v1/nothing", 401),
        ("/nothing", 401),
        ("/healthz/", 401),
        ("//healthz", 401),
        ("/api/v1/../../healthz", 401),
    ] {
        let request = |shown: bool| {
            let mut request = Request::get(path);
            if shown {
                request = request.header("authorization", format!("Bearer {TOKEN}"));
            }
            request.body(Body::empty()).unwrap()
        };
        assert_eq!(send(guarded(busy()), request(false)).await.status, status, "{path}");
        assert_ne!(send(guarded(busy()), request(true)).await.status, 401, "{path}");
        let closed = Api {
            guard: Guard::new(|| Access::Closed),
            ..api(busy())
        };
        let expected = if status == 401 { 503 } else { status };
        assert_eq!(send(closed, request(true)).await.status, expected, "{path}");
    }
    let answer = send(guarded(busy()), Request::post("/").body(Body::empty()).unwrap()).await;
    assert_eq!(
        answer.status, 401,
        "what everybody may read is not for everybody to write"
    );
}
