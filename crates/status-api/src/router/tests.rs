use axum::body::{Body, to_bytes};
use expect_test::{Expect, ExpectFile, expect, expect_file};
use http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;

use super::*;
use crate::sample::{HOSTILE, api, busy, empty};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(board: Board, method: &str, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    let response = router(api(board)).oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: head.status,
        headers: head.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

/// The JSON of a route over the busy Board, indented.
async fn check(path: &str, expected: ExpectFile) {
    let answer = ask(busy(), "GET", path).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::OK, "application/json")
    );
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    expected.assert_eq(&format!("{json:#}\n"));
}

async fn check_problem(board: Board, method: &str, path: &str, expected: Expect) {
    let answer = ask(board, method, path).await;
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{method} {path}"
    );
    expected.assert_eq(&answer.body);
}

#[tokio::test]
async fn status_shows_everything_at_a_glance() {
    check("/api/v1/status", expect_file!["tests/status.json"]).await;
}

#[tokio::test]
async fn problems_show_where_they_are() {
    check("/api/v1/problems", expect_file!["tests/problems.json"]).await;
}

#[tokio::test]
async fn problems_of_one_path_are_shown_alone() {
    let answer = ask(busy(), "GET", "/api/v1/problems?path=clusters%2Fcron.yaml").await;
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&json["total"], &json["problems"][0]["line"]), (&1.into(), &9.into()));
}

#[tokio::test]
async fn a_target_shows_the_problems_of_its_file() {
    let answer = ask(busy(), "GET", "/api/v1/targets/t-cron").await;
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        json["problems"][0]["message"],
        "shop/Deployment/cron: the annotation `tidemark.dev/polcy` is not known"
    );
    let answer = ask(busy(), "GET", "/api/v1/targets/t-api").await;
    assert!(answer.body.contains("\"problems\":[]"));
}

#[tokio::test]
async fn what_the_decision_says_is_not_said_again_as_a_problem() {
    let problems = ask(busy(), "GET", "/api/v1/problems?path=clusters%2Fweb.yaml").await;
    assert!(problems.body.contains("\"total\":1"), "{}", problems.body);
    let target = ask(busy(), "GET", "/api/v1/targets/t-web").await;
    assert!(target.body.contains("\"problems\":[]"), "{}", target.body);
}

#[tokio::test]
async fn images_show_their_scans() {
    check("/api/v1/images", expect_file!["tests/images.json"]).await;
}

#[tokio::test]
async fn targets_show_their_decisions() {
    check("/api/v1/targets", expect_file!["tests/targets.json"]).await;
}

#[tokio::test]
async fn a_target_shows_the_verdicts_behind_its_decision() {
    check("/api/v1/targets/t-api", expect_file!["tests/target.json"]).await;
}

#[tokio::test]
async fn registries_show_limits_quota_credential_and_next_scan() {
    check("/api/v1/registries", expect_file!["tests/registries.json"]).await;
}

#[tokio::test]
async fn tags_show_a_verdict_each() {
    check(
        "/api/v1/images/ghcr.io%2Facme%2Fapi/tags",
        expect_file!["tests/tags.json"],
    )
    .await;
}

#[tokio::test]
async fn tags_are_judged_for_the_target_that_is_asked_for() {
    let path = "/api/v1/images/ghcr.io%2Facme%2Fapi/tags?target=t-cron&limit=2&offset=1";
    check(path, expect_file!["tests/tags-of-cron.json"]).await;
}

#[tokio::test]
async fn an_image_that_was_never_listed_has_no_tags() {
    let path = "/api/v1/images/registry.example.com:5000%2Facme%2Fweb/tags";
    check(path, expect_file!["tests/tags-unscanned.json"]).await;
}

#[tokio::test]
async fn the_openapi_document_describes_the_routes() {
    check("/openapi.json", expect_file!["tests/openapi.json"]).await;
}

#[tokio::test]
async fn an_empty_board_answers_everywhere() {
    for path in ["status", "images", "targets", "problems", "registries"] {
        let answer = ask(empty(), "GET", &format!("/api/v1/{path}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn unknown_routes_are_problems() {
    let expected = || {
        expect![[
            r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"there is nothing here; `/openapi.json` lists what there is"}"#
        ]]
    };
    for path in [
        "/nothing",
        "/api/v1/",
        "/api/v2/status",
        "/assets/other.js",
        "/api/v1/images/ghcr.io/acme/api/tags",
    ] {
        check_problem(busy(), "GET", path, expected()).await;
    }
}

#[tokio::test]
async fn every_post_is_forbidden() {
    for path in [
        "/",
        "/nothing",
        "/api/v1/scan",
        "/api/v1/status",
        "/api/v1/targets/t-api/hold",
        "/api/v1/hooks/hub",
    ] {
        check_problem(
            busy(),
            "POST",
            path,
            expect![[
                r#"{"type":"about:blank","title":"Forbidden","status":403,"detail":"with `http.auth.mode: none` this server only answers reads"}"#
            ]],
        )
        .await;
    }
}

#[tokio::test]
async fn other_methods_are_refused_with_those_that_are_not() {
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONSENSE"] {
        let answer = ask(busy(), method, "/api/v1/status").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.header("allow"), "GET, HEAD");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn wrong_questions_are_problems() {
    for (path, status) in [
        ("/api/v1/targets/t-unknown", 404),
        ("/api/v1/targets/%FF", 400),
        ("/api/v1/targets?limit=many", 400),
        ("/api/v1/images?page=2", 400),
        ("/api/v1/problems?file=x", 400),
        ("/api/v1/images/ghcr.io%2Facme%2Fother/tags", 404),
        ("/api/v1/images/ghcr.io%2Facme%2Fapi:1.0/tags", 400),
        ("/api/v1/images/ghcr.io%2Facme%2Fapi/tags?target=t-web", 404),
        ("/api/v1/images/%3Cscript%3E/tags", 400),
    ] {
        let answer = ask(busy(), "GET", path).await;
        assert_eq!((answer.status.as_u16(), path), (status, path));
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!answer.body.contains("script"), "nothing of the request comes back");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/assets/page.js"),
        ("GET", "/assets/page.css"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
        ("GET", "/api/v1/status"),
        ("GET", "/nothing"),
        ("HEAD", "/"),
        ("POST", "/api/v1/status"),
        ("PUT", "/"),
    ] {
        let answer = ask(empty(), method, path).await;
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'; \
             base-uri 'none'; form-action 'self'",
            "{method} {path}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn alive_is_always_said_and_ready_only_when_it_is() {
    assert_eq!(ask(empty(), "GET", "/healthz").await.body, "ok\n");
    assert_eq!(ask(busy(), "GET", "/readyz").await.body, "ready\n");
    check_problem(
        empty(),
        "GET",
        "/readyz",
        expect![[
            r#"{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"the first pass has not ended yet"}"#
        ]],
    )
    .await;
}

#[tokio::test]
async fn a_head_has_the_headers_of_a_get_and_no_body() {
    let answer = ask(busy(), "HEAD", "/api/v1/status").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::OK, "application/json")
    );
    assert_eq!(answer.body, "");
}

#[tokio::test]
async fn hostile_texts_come_back_as_texts() {
    for path in [
        "status",
        "targets",
        "images",
        "registries",
        "images/ghcr.io%2Facme%2Fapi/tags",
    ] {
        let answer = ask(busy(), "GET", &format!("/api/v1/{path}")).await;
        let quoted = serde_json::to_string(HOSTILE).unwrap();
        assert!(answer.body.contains(quoted.trim_matches('"')), "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn the_page_holds_nothing_but_its_own_files() {
    let page = ask(busy(), "GET", "/").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    for forbidden in [
        "style=", "onclick", "onload", "http://", "https://", "<script>", "<style",
    ] {
        assert!(!page.body.contains(forbidden), "{forbidden}");
    }
    let script = ask(busy(), "GET", "/assets/page.js").await.body;
    for forbidden in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
    ] {
        assert!(!script.contains(forbidden), "{forbidden}");
    }
}

/// The token stands in a field until it is sent, and in one variable of the script until the page goes.
#[tokio::test]
async fn the_page_keeps_a_token_to_itself() {
    let page = ask(busy(), "GET", "/").await.body;
    let (_, field) = page.split_once("<input id=\"token-input\"").unwrap();
    let (field, _) = field.split_once('>').unwrap();
    assert!(field.contains("type=\"password\""), "{field}");
    assert!(
        !field.contains(" name="),
        "a form that is sent without the script would name it in the address"
    );
    assert!(
        field.contains(r#"pattern="\s*[\x21-\x7E]+\s*""#),
        "what no header can hold cannot be sent: {field}"
    );
    let script = ask(busy(), "GET", "/assets/page.js").await.body;
    for forbidden in [
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "caches",
        "cookie",
        "history",
        "location",
        "postMessage",
        "console",
    ] {
        assert!(!script.contains(forbidden), "{forbidden}");
    }
    assert!(script.contains(r#"find("token-input").value = "";"#));
}

#[tokio::test]
async fn the_page_is_closed_until_something_has_been_answered() {
    let page = ask(busy(), "GET", "/").await.body;
    assert!(page.contains("<body class=\"closed\">"));
    let style = ask(busy(), "GET", "/assets/page.css").await.body;
    assert!(style.contains(".closed main > :not(.hero, noscript) { display: none; }"));
}

#[tokio::test]
async fn the_script_finds_what_it_looks_for_on_the_page() {
    let page = ask(busy(), "GET", "/").await.body;
    let script = ask(busy(), "GET", "/assets/page.js").await.body;
    let calls = ["find(\"", "say(\"", "draw(\""];
    let wanted = calls.iter().flat_map(|call| script.split(call).skip(1));
    let ids: Vec<&str> = wanted.filter_map(|rest| Some(rest.split_once('"')?.0)).collect();
    assert!(ids.contains(&"token-text"), "{ids:?}");
    for id in ids {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
}

#[tokio::test]
async fn a_panic_is_answered_and_counted() {
    let metrics = api(busy()).metrics;
    let answer = caught(async { panic!("as a test") }, &metrics).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(metrics.panics.get(), 1);
}
