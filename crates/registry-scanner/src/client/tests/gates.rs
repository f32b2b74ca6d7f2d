//! Every request passes the gate of its host: whatever leads to it, and whoever named the host.

use std::time::{Duration, Instant};

use axum::response::Response;
use transport::Authority;

use super::*;
use crate::config::Limits;
use crate::fake::Asked;

/// Requests a second that a slow host may be asked, one after the other.
const RATE: u32 = 20;

fn slow(server: &Fake) -> HostConfig {
    let entry = server.entry();
    let limits = Limits {
        requests_per_second: RATE.try_into().expect("not zero"),
        burst: 1.try_into().expect("not zero"),
        ..entry.limits
    };
    HostConfig { limits, ..entry }
}

/// All that `server` was asked since `began` came at its rate. A request that passes by its gate is one too many.
#[track_caller]
fn assert_waited(server: &Fake, requests: usize, began: Instant) {
    let took = began.elapsed();
    assert_eq!(server.log().len(), requests, "{}", server.lines());
    let least = Duration::from_secs(1) * u32::try_from(requests - 1).expect("few") / RATE;
    assert!(took >= least, "{requests} requests in {took:?}: {}", server.lines());
}

/// Wants a token that `realm` gives, and sends what it is asked for to the same path below `/moved`.
fn moving(asked: &Asked, realm: &str) -> Response {
    if asked.path() == "/token" {
        return ok(r#"{"token": "t"}"#);
    }
    if asked.authorization().is_none() {
        let challenge = format!("Bearer realm=\"{realm}\"");
        return with(401, &[("www-authenticate", &challenge)], "");
    }
    if !asked.path().starts_with("/moved") {
        let location = format!("/moved{}", asked.path());
        return with(307, &[("location", &location)], "");
    }
    let digest = format!("sha256:{}", "a".repeat(64));
    with(200, &[("docker-content-digest", &digest)], page(&["1.0"]))
}

#[tokio::test]
async fn refusals_tokens_redirects_lists_and_heads_share_the_gate_of_a_registry() {
    let server = Fake::start(|asked, _| {
        let realm = format!("http://{}/token", asked.header("host").unwrap_or_default());
        moving(asked, &realm)
    })
    .await;
    let scanner = scanner([slow(&server)]);
    let began = Instant::now();
    for repository in ["a", "b"] {
        scanner.tags(&server.repository(repository)).await.expect("a list");
        let tagged = server.reference(&format!("{repository}:1.0"));
        scanner.head(&tagged).await.expect("a digest");
    }
    // The refusal, and for each repository a token, two lists and two HEADs.
    assert_waited(&server, 11, began);
}

#[tokio::test]
async fn a_token_server_has_a_gate_of_its_own() {
    let tokens = Fake::start(|_, _| ok(r#"{"token": "t"}"#)).await;
    let realm = tokens.url("/token");
    let registry = Fake::start(move |asked, _| moving(asked, &realm)).await;
    let entry = HostConfig {
        token_hosts: vec![Authority::parse(&tokens.host()).expect("an authority")],
        ..registry.entry()
    };
    let scanner = scanner([entry, slow(&tokens)]);
    let began = Instant::now();
    for n in 0..6 {
        scanner
            .tags(&registry.repository(&format!("app{n}")))
            .await
            .expect("a list");
    }
    assert_waited(&tokens, 6, began);
}

#[tokio::test]
async fn a_host_of_blobs_has_a_gate_of_its_own() {
    let cdn = Fake::start(|asked, _| match asked.path() {
        "/blob" => with(307, &[("location", "/here")], ""),
        _ => ok("{}"),
    })
    .await;
    let registry = leading_to(&cdn.host()).await;
    let scanner = scanner([registry.entry(), slow(&cdn)]);
    let began = Instant::now();
    for n in 0..4 {
        // What comes is not what was asked for by its digest; asked it was.
        let _ = scanner.config(&registry.repository(&format!("app{n}")), &blob()).await;
    }
    // Each is sent on once.
    assert_waited(&cdn, 8, began);
}
