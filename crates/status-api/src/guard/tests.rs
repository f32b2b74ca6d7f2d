use std::fs;

use axum::body::Body;
use tempfile::TempDir;

use super::*;

const TOKEN: &str = "canary-canary-canary";

fn token() -> Token {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, TOKEN).unwrap();
    Token::read(&path).unwrap()
}

fn request(method: &str, headers: &[(&str, &str)]) -> Request {
    let mut request = Request::builder().method(method).uri("/api/v1/scan");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

/// Whether a request is let in by the token.
fn admits(method: &str, headers: &[(&str, &str)]) -> bool {
    let guard = Guard::new(|| Access::Token(token()));
    guard.admit(&request(method, headers)).is_ok()
}

#[test]
fn the_token_opens_reads_and_actions() {
    let shown = format!("Bearer {TOKEN}");
    for method in ["GET", "HEAD", "POST", "PUT"] {
        assert!(admits(method, &[("authorization", &shown)]), "{method}");
        assert!(!admits(method, &[]), "{method}");
    }
    assert!(admits("POST", &[("authorization", &format!("bearer   {TOKEN} "))]));
}

#[test]
fn nothing_else_does() {
    let shown = format!("Bearer {TOKEN}");
    for wrong in [
        "",
        "Bearer",
        "Bearer ",
        TOKEN,
        "Basic Y2FuYXJ5LWNhbmFyeS1jYW5hcnk=",
        "Bearer canary-canary-canar",
        "Bearer canary-canary-canary2",
        "Bearer Canary-canary-canary",
        "Bearer canary-canary-canary canary-canary-canary",
        "Bearer token=canary-canary-canary",
    ] {
        assert!(!admits("GET", &[("authorization", wrong)]), "{wrong}");
    }
    let twice = [("authorization", "Bearer x"), ("authorization", &*shown)];
    assert!(!admits("GET", &twice), "two tokens are none");
    assert!(!admits("GET", &[("cookie", &format!("token={TOKEN}"))]));
}

#[test]
fn an_action_is_not_done_for_pages_of_others() {
    let shown = format!("Bearer {TOKEN}");
    let with = |headers: &[(&'static str, &'static str)]| {
        let all: Vec<(&str, &str)> = [&[("authorization", &*shown), ("host", "tidemark.test:3030")], headers].concat();
        (admits("POST", &all), admits("GET", &all))
    };
    for ours in [
        &[][..],
        &[("origin", "http://tidemark.test:3030")],
        &[
            ("origin", "https://TIDEMARK.test:3030"),
            ("sec-fetch-site", "same-origin"),
        ],
        &[("sec-fetch-site", "none")],
    ] {
        assert_eq!(with(ours), (true, true), "{ours:?}");
    }
    for foreign in [
        &[("origin", "null")][..],
        &[("origin", "")],
        &[("origin", "http://evil.test")],
        &[("origin", "http://tidemark.test")],
        &[("origin", "http://tidemark.test:3030.evil.test")],
        &[("origin", "file://tidemark.test:3030")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[
            ("origin", "http://tidemark.test:3030"),
            ("sec-fetch-site", "cross-site"),
        ],
    ] {
        assert_eq!(with(foreign), (false, true), "{foreign:?}");
    }
}

#[test]
fn without_a_token_to_be_had_nobody_is_let_in() {
    let guard = Guard::new(|| Access::Closed);
    for method in ["GET", "POST"] {
        assert!(
            guard
                .admit(&request(method, &[("authorization", &format!("Bearer {TOKEN}"))]))
                .is_err()
        );
    }
}
