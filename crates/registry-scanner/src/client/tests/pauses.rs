//! Hosts that ask for patience, and what else waits for them.

use std::time::Duration;

use transport::Authority;

use super::*;
use crate::fake::Asked;

#[tokio::test]
async fn a_429_pauses_the_host_and_only_it() {
    let server = Fake::start(|_, _| {
        with(
            429,
            &[("retry-after", "120")],
            r#"{"errors": [{"message": "pull limit"}]}"#,
        )
    })
    .await;
    let other = Fake::start(|_, _| ok(page(&["1.0"]))).await;
    let scanner = scanner([server.entry(), other.entry()]);
    let first = scanner.tags(&server.repository("a")).await.expect_err("limited");
    assert_eq!(first.code(), ErrorCode::RateLimited);
    assert_eq!(first.retry_after(), Some(Duration::from_secs(120)));
    let second = scanner.tags(&server.repository("b")).await.expect_err("paused");
    assert!(second.retry_after().is_some_and(|wait| wait > Duration::from_secs(100)));
    assert_eq!(server.log().len(), 1);
    let report = scanner.host(&Registry::parse(&server.host()).expect("a registry"), NOW);
    assert!(matches!(report.state, HostState::Paused { until } if until > NOW + Duration::from_secs(100)));
    assert_eq!(
        report.reason.as_deref(),
        Some("it answered 429 Too Many Requests: pull limit")
    );
    scanner.tags(&other.repository("a")).await.expect("a list");
    // A new configuration does not end the pause.
    let reloaded = scanner.reconfigured(crate::ScannerConfig {
        hosts: vec![server.entry()],
        ..Default::default()
    });
    assert!(reloaded.tags(&server.repository("a")).await.is_err());
    assert_eq!(server.log().len(), 1);
}

#[tokio::test]
async fn a_short_pause_is_waited_out() {
    let server = Fake::start(|_, before| match before {
        0 => with(429, &[("retry-after", "880.092µs")], ""),
        _ => ok(page(&["1.0"])),
    })
    .await;
    let began = std::time::Instant::now();
    server.scanner().tags(&server.repository("a")).await.expect("a list");
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.log().len(), 2);
}

#[tokio::test]
async fn a_refusing_host_of_blobs_pauses_its_blobs_and_nothing_else() {
    let cdn = Fake::start(|_, _| with(429, &[("retry-after", "120")], "slow down")).await;
    let (one, two) = (leading_to(&cdn.host()).await, leading_to(&cdn.host()).await);
    let scanner = scanner([one.entry(), two.entry(), cdn.entry()]);
    let refused = scanner
        .config(&one.repository("a"), &blob())
        .await
        .expect_err("refused");
    assert_eq!(refused.retry_after(), Some(Duration::from_secs(120)));
    let words = chain(&refused).to_string();
    assert!(
        words.ends_with(
            "`127.0.0.1`, where the registry leads to, asks for fewer requests and is left alone for 2 min: slow down"
        ),
        "{words}"
    );
    scanner.tags(&one.repository("a")).await.expect("lists are not there");
    // Whoever else leads there knows it, and asks only their own registry.
    let paused = scanner.config(&two.repository("a"), &blob()).await.expect_err("paused");
    assert_eq!(paused.code(), ErrorCode::RateLimited);
    assert_eq!((one.log().len(), two.log().len(), cdn.log().len()), (2, 1, 1));
    for registry in [&one, &two] {
        let report = scanner.host(&Registry::parse(&registry.host()).expect("a registry"), NOW);
        assert!(!matches!(report.state, HostState::Paused { .. }), "{:?}", report.state);
        let [other] = &report.paused_elsewhere[..] else {
            panic!("{:?}", report.paused_elsewhere);
        };
        assert_eq!(other.origin.to_string(), cdn.url(""));
        assert_eq!(other.reason, "it answered 429 Too Many Requests: slow down");
        assert!(other.paused_until > NOW + Duration::from_secs(100));
    }
    // A new configuration does not end that pause either.
    let reloaded = scanner.reconfigured(crate::ScannerConfig {
        hosts: vec![one.entry(), cdn.entry()],
        ..Default::default()
    });
    assert!(reloaded.config(&one.repository("a"), &blob()).await.is_err());
    assert_eq!(cdn.log().len(), 1);
}

#[tokio::test]
async fn a_refusing_token_server_is_named_and_its_registry_not_paused() {
    let server = Fake::start(|_, _| with(429, &[("retry-after", "120")], "")).await;
    let challenge = format!("Bearer realm=\"{}\"", server.url("/token"));
    let answer = move |_: &Asked, _| with(401, &[("www-authenticate", &challenge)], "");
    let (one, two) = (Fake::start(answer.clone()).await, Fake::start(answer).await);
    let entry = |registry: &Fake| HostConfig {
        token_hosts: vec![Authority::parse(&server.host()).expect("an authority")],
        ..registry.entry()
    };
    let scanner = scanner([entry(&one), entry(&two)]);
    for registry in [&one, &two] {
        let repository = registry.repository("a");
        let error = scanner.tags(&repository).await.expect_err("no token");
        assert_eq!(error.code(), ErrorCode::RateLimited);
        assert!(
            chain(&error)
                .to_string()
                .contains("`127.0.0.1`, where the registry leads to,")
        );
        let report = scanner.host(repository.registry(), NOW);
        assert_eq!((report.state, report.paused_elsewhere.len()), (HostState::Failing, 1));
    }
    assert_eq!(server.log().len(), 1);
}

/// What becomes of a list that is answered so, and of the one after it.
async fn refused(status: u16, headers: &'static [(&str, &str)], body: &'static str) -> (ErrorCode, String, usize) {
    let server = Fake::start(move |_, _| with(status, headers, body)).await;
    let scanner = server.scanner();
    let error = scanner.tags(&server.repository("a")).await.expect_err("refused");
    scanner.tags(&server.repository("b")).await.expect_err("left alone");
    let report = scanner.host(&Registry::parse(&server.host()).expect("a registry"), NOW);
    let HostState::Paused { until } = report.state else {
        panic!("{:?}", report.state);
    };
    let words = format!(
        "{} s: {}",
        until.since(NOW).as_secs() + 1,
        report.reason.unwrap_or_default()
    );
    (error.code(), words, server.log().len())
}

#[tokio::test]
async fn a_host_may_refuse_in_other_ways() {
    let (code, words, asked) = refused(503, &[("retry-after", "120")], "maintenance").await;
    assert_eq!((code, asked), (ErrorCode::ServerError, 1));
    assert_eq!(words, "120 s: it answered 503 Service Unavailable: maintenance");
    // GitHub's second limit: no other credential would help, and none is tried.
    let body = "You have exceeded a secondary rate limit";
    let (code, words, asked) = refused(403, &[("retry-after", "60")], body).await;
    assert_eq!((code, asked), (ErrorCode::RateLimited, 1));
    assert_eq!(
        words,
        "60 s: it answered 403 Forbidden: You have exceeded a secondary rate limit"
    );
    let headers = &[("ratelimit-remaining", "0"), ("ratelimit-reset", "300")];
    let (code, words, asked) = refused(429, headers, "").await;
    assert_eq!((code, asked), (ErrorCode::RateLimited, 1));
    assert_eq!(words, "300 s: it answered 429 Too Many Requests");
    let (_, words, _) = refused(
        429,
        &[],
        r#"{"errors": [{"message": "retry-after: 90s, allowed: 10/minute"}]}"#,
    )
    .await;
    assert!(words.starts_with("90 s: "), "{words}");
}

#[tokio::test]
async fn nobody_runs_into_a_429_that_was_announced() {
    let left = &[
        ("x-ratelimit-limit", "60"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "3000"),
    ];
    let server = Fake::start(|_, _| with(200, left, page(&["1.0"]))).await;
    let scanner = server.scanner();
    scanner.tags(&server.repository("a")).await.expect("a list");
    let error = scanner.tags(&server.repository("b")).await.expect_err("none left");
    assert_eq!(error.code(), ErrorCode::RateLimited);
    let wait = error.retry_after().expect("a time");
    assert!(
        wait > Duration::from_secs(890) && wait <= Duration::from_secs(900),
        "{wait:?}"
    );
    assert_eq!(server.log().len(), 1);
    let report = scanner.host(&Registry::parse(&server.host()).expect("a registry"), NOW);
    assert_eq!(
        report.reason.as_deref(),
        Some("it says that no more requests are left until then")
    );
}

#[tokio::test]
async fn after_a_429_a_host_is_asked_less() {
    let server = Fake::start(|_, before| match before {
        0 => with(429, &[("retry-after", "1")], ""),
        _ => ok(page(&["1.0"])),
    })
    .await;
    let scanner = server.scanner();
    scanner
        .tags(&server.repository("a"))
        .await
        .expect("a list, after a second");
    let rate = scanner
        .host(&Registry::parse(&server.host()).expect("a registry"), NOW)
        .requests_per_second;
    assert!((5_000.0..5_500.0).contains(&rate), "{rate}");
}
