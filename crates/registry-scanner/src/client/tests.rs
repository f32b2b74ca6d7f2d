//! One host: its address, under load, and after a failure.

mod gates;
mod pauses;
mod pulls;
mod silence;

use domain::codes::{CredentialSource, HostState};
use domain::reference::{Digest, Registry, Repository, Timestamp};
use tokio::task::JoinSet;
use transport::chain;

use crate::config::{ConfiguredCredentials, HostConfig};
use crate::error::ErrorCode;
use crate::fake::{Fake, ok, page, scanner, status, with};
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
