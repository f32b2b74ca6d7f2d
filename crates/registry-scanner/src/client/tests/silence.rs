//! Servers that do not answer, or not to the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::config::Limits;

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
