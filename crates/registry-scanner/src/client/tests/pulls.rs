//! Quotas of pulls, which stop manifests and nothing else.

use axum::response::Response;
use domain::reference::Reference;
use http::Method;

use super::*;
use crate::fake::Asked;

/// A registry as Docker Hub is, with `left` of a hundred pulls.
fn hub(left: &'static str) -> impl Fn(&Asked, usize) -> Response + Clone + Send + Sync + 'static {
    move |asked, _| {
        let digest = format!("sha256:{}", "a".repeat(64));
        let quota = [
            ("ratelimit-limit", "100;w=21600"),
            ("ratelimit-remaining", left),
            ("docker-content-digest", digest.as_str()),
        ];
        match asked.path() {
            path if path.ends_with("/tags/list") => ok(page(&["1.0"])),
            _ if asked.method == Method::HEAD => with(200, &quota, ""),
            _ => with(
                429,
                &quota,
                r#"{"errors": [{"message": "You have reached your unauthenticated pull rate limit."}]}"#,
            ),
        }
    }
}

#[tokio::test]
async fn the_last_fifth_of_a_quota_of_pulls_is_not_touched() {
    let server = Fake::start(hub("20;w=21600")).await;
    let scanner = server.scanner();
    let repository = server.repository("a");
    let tagged = Reference::parse(&format!("{repository}:1.0")).expect("a reference");
    scanner.head(&tagged).await.expect("a digest");
    let refused = scanner.manifest(&tagged).await.expect_err("no pulls are left");
    assert_eq!((refused.code(), refused.retry_after()), (ErrorCode::RateLimited, None));
    // What is no pull goes on.
    scanner.head(&tagged).await.expect("a digest");
    scanner.tags(&repository).await.expect("a list");
    let report = scanner.host(repository.registry(), NOW);
    assert_eq!(report.state, HostState::Healthy);
    assert_eq!(
        report.quota.map(|quota| (quota.limit, quota.remaining)),
        Some((100, 20))
    );
    assert_eq!(report.requests.manifests, 0);
}

#[tokio::test]
async fn a_refused_pull_is_no_pause_of_the_host() {
    let server = Fake::start(hub("0;w=21600")).await;
    let scanner = server.scanner();
    let repository = server.repository("a");
    let tagged = Reference::parse(&format!("{repository}:1.0")).expect("a reference");
    for _ in 0..3 {
        scanner.manifest(&tagged).await.expect_err("no pulls are left");
    }
    assert_eq!(scanner.host(repository.registry(), NOW).requests.manifests, 1);
    scanner.tags(&repository).await.expect("a list");
}

#[tokio::test]
async fn a_head_that_is_refused_as_a_pull_stops_no_list() {
    let none = &[("ratelimit-limit", "100;w=21600"), ("ratelimit-remaining", "0;w=21600")];
    let server = Fake::start(|asked, _| match asked.path() {
        path if path.ends_with("/tags/list") => ok(page(&["1.0"])),
        _ => with(429, none, ""),
    })
    .await;
    let scanner = server.scanner();
    for _ in 0..3 {
        let error = scanner
            .head(&server.reference("a:1.0"))
            .await
            .expect_err("no pulls are left");
        assert_eq!(error.code(), ErrorCode::RateLimited);
    }
    scanner
        .manifest(&server.reference("a:1.0"))
        .await
        .expect_err("no pulls are left");
    assert_eq!(server.log().len(), 1);
    scanner.tags(&server.repository("a")).await.expect("a list");
}
