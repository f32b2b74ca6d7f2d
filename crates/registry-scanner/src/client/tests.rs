//! One host under load, under silence and in a pause.

mod gates;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::response::Response;
use domain::codes::{CredentialSource, HostState};
use domain::reference::{Digest, Reference, Registry, Repository, Timestamp};
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use transport::{Authority, chain};

use crate::config::{ConfiguredCredentials, HostConfig, Limits};
use crate::error::ErrorCode;
use crate::fake::{Asked, Fake, ok, page, scanner, status, with};
use crate::manifest::Descriptor;
use crate::scanner::Scanner;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);

/// Lists `count` repositories at the same time.
async fn many(scanner: &Scanner, server: &Fake, count: usize) {
    let mut tasks = JoinSet::new();
    for n in 0..count {
        let (scanner, repository) = (scanner.clone(), server.repository(&format!("team/app{n}")));
        tasks.spawn(async move { scanner.tags(&repository).await.expect("a list") });
    }
    tasks.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_cold_lists_are_a_hundred_requests_over_few_connections() {
    let server = Fake::start(|_, _| ok(page(&["1.0"]))).await;
    let scanner = server.scanner();
    many(&scanner, &server, 100).await;
    assert_eq!(server.log().len(), 100);
    let connections = server.connections();
    assert!(connections <= 8, "{connections} connections");
    let report = scanner.host(&Registry::parse(&server.host()).expect("a registry"), NOW);
    assert_eq!((report.state, report.requests.lists), (HostState::Healthy, 100));
    assert_eq!(report.credential, Some(CredentialSource::Anonymous));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_basic_there_is_one_refusal_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let password_file = folder.path().join("password");
    std::fs::write(&password_file, "hunter2").expect("a file");
    let server = Fake::start(|asked, _| match asked.authorization() {
        Some(_) => ok(page(&["1.0"])),
        None => with(401, &[("www-authenticate", "Basic realm=x")], ""),
    })
    .await;
    let credentials = ConfiguredCredentials {
        username: "ci".to_owned(),
        password_file,
    };
    let scanner = scanner([HostConfig {
        credentials: Some(credentials),
        ..server.entry()
    }]);
    many(&scanner, &server, 100).await;
    assert_eq!(server.log().len(), 101);
}

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
async fn a_host_that_is_back_is_healthy_again() {
    let server = Fake::start(|_, before| if before == 0 { status(500) } else { ok(page(&["1.0"])) }).await;
    let scanner = server.scanner();
    let state = || {
        scanner
            .host(&Registry::parse(&server.host()).expect("a registry"), NOW)
            .state
    };
    assert_eq!(state(), HostState::Unknown);
    assert!(scanner.tags(&server.repository("a")).await.is_err());
    assert_eq!(state(), HostState::Failing);
    scanner.tags(&server.repository("a")).await.expect("a list");
    assert_eq!(state(), HostState::Healthy);
}

/// A raw server that sends `bytes` once and then nothing more, and how often it was asked.
async fn stalling(bytes: &'static str) -> (HostConfig, Repository, Arc<AtomicUsize>) {
    dripping(bytes, b"").await
}

/// A raw server that sends `bytes` once and then `drop` twenty times a second.
async fn dripping(bytes: &'static str, drop: &'static [u8]) -> (HostConfig, Repository, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = listener.local_addr().expect("an address").to_string();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                let _ = stream.read(&mut buffer).await;
                let _ = stream.write_all(bytes.as_bytes()).await;
                while stream.write_all(drop).await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            });
        }
    });
    let limits = Limits {
        timeout: Duration::from_millis(300),
        ..Limits::default()
    };
    let entry = HostConfig {
        plain_http: true,
        ..HostConfig::new(Registry::parse(&host).expect("a registry"), limits)
    };
    let repository = Repository::parse(&format!("{host}/team/app")).expect("a repository");
    (entry, repository, asked)
}

#[tokio::test]
async fn silence_ends_with_the_time_limit() {
    for bytes in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"tags\": [",
    ] {
        let (entry, repository, _) = stalling(bytes).await;
        let error = scanner([entry]).tags(&repository).await.expect_err("no answer");
        assert_eq!(error.code(), ErrorCode::Unreachable, "{}", chain(&error));
    }
}

#[test]
fn docker_hub_is_asked_at_its_registry() {
    let (origin, url) = super::address(&Registry::docker_hub(), false).expect("an address");
    assert_eq!(origin.to_string(), "https://registry-1.docker.io");
    assert_eq!(url.as_str(), "https://registry-1.docker.io/");
}

#[tokio::test]
async fn hosts_that_urls_read_otherwise_are_not_asked() {
    let scanner = Scanner::new(crate::ScannerConfig::default());
    for host in [
        "0x7f.1",
        "1.2.3.256",
        "127.1:5000",
        "a.b.1",
        "017700000001.",
        "xn--a.example",
    ] {
        // Some are no image name at all.
        let Ok(repository) = Repository::parse(&format!("{host}/team/app")) else {
            continue;
        };
        let error = scanner.tags(&repository).await.expect_err("no host");
        assert_eq!(error.code(), ErrorCode::Setup, "{host}: {}", chain(&error));
        assert_eq!(scanner.host(repository.registry(), NOW).state, HostState::Failing);
    }
    for (host, wanted) in [
        ("REG.Example.com", "https://reg.example.com"),
        ("reg.example.com:443", "https://reg.example.com"),
        ("[::1]:5000", "https://[::1]:5000"),
        ("127.0.0.1:5000", "https://127.0.0.1:5000"),
    ] {
        let registry = Registry::parse(host).expect("a registry");
        let (origin, _) = super::address(&registry, false).expect("an address");
        assert_eq!(origin.to_string(), wanted);
    }
}

/// The configuration of an image that nobody has to have.
fn blob() -> Descriptor {
    Descriptor {
        media_type: String::new(),
        digest: Digest::parse(&format!("sha256:{}", "a".repeat(64))).expect("a digest"),
        size: 2,
        platform: None,
        attestation: false,
    }
}

/// A registry whose blobs lie at `elsewhere`.
async fn leading_to(elsewhere: &str) -> Fake {
    let location = format!("http://{elsewhere}/blob");
    Fake::start(move |asked, _| match asked.path() {
        path if path.ends_with("/tags/list") => ok(page(&["1.0"])),
        _ => with(307, &[("location", &location)], ""),
    })
    .await
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

#[tokio::test]
async fn a_hanging_host_of_blobs_is_soon_left_alone() {
    let (cdn, _, asked) = stalling("").await;
    let registry = leading_to(cdn.host.as_str()).await;
    let entry = HostConfig {
        limits: cdn.limits,
        ..registry.entry()
    };
    let scanner = scanner([entry, cdn]);
    let mut tasks = JoinSet::new();
    for n in 0..20 {
        let (scanner, repository) = (scanner.clone(), registry.repository(&format!("app{n}")));
        tasks.spawn(async move {
            scanner
                .config(&repository, &blob())
                .await
                .expect_err("no answer")
                .code()
        });
    }
    // Its own eight places are taken, and those of the registry are free.
    scanner.tags(&registry.repository("a")).await.expect("a list");
    let codes = tasks.join_all().await;
    assert!(codes.iter().all(|code| *code == ErrorCode::Unreachable), "{codes:?}");
    // The third silence is enough; after each of the first two another request may have begun.
    let asked = asked.load(Ordering::Relaxed);
    assert!(asked <= 10, "{asked} waited for it");
    let error = scanner
        .config(&registry.repository("a"), &blob())
        .await
        .expect_err("paused");
    assert!(error.retry_after().is_some(), "{}", chain(&error));
    scanner.tags(&registry.repository("a")).await.expect("a list");
}

#[tokio::test]
async fn a_byte_now_and_then_is_no_answer() {
    let (entry, repository, _) = dripping("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n", b"[").await;
    let error = scanner([entry]).tags(&repository).await.expect_err("too slow");
    assert_eq!(error.code(), ErrorCode::Unreachable, "{}", chain(&error));
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
