//! What servers write, and what of it is believed.

use http::{HeaderName, HeaderValue};

use super::*;

const NOW: i64 = 1_746_136_900;

/// `NAME: VALUE` lines; what is left and for how many seconds.
fn check(lines: &str, expected: Option<(u64, u64)>) {
    let mut headers = HeaderMap::new();
    for line in lines.lines() {
        let (name, value) = line.split_once(": ").expect("a header");
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        headers.append(name, HeaderValue::from_str(value).expect("a value"));
    }
    let found = left(&headers, NOW).map(|left| (left.requests, left.reset.as_secs()));
    assert_eq!(found, expected, "{lines}");
}

#[test]
fn the_drafts_of_the_ietf_are_read() {
    check(
        "RateLimit-Limit: 10\nRateLimit-Remaining: 0\nRateLimit-Reset: 50",
        Some((0, 50)),
    );
    check(
        "RateLimit-Limit: 10, 10;w=1, 50;w=60\nRateLimit-Remaining: 3\nRateLimit-Reset: 1",
        Some((3, 1)),
    );
    check("RateLimit: limit=100, remaining=50, reset=5", Some((50, 5)));
    check(r#"RateLimit: "default";r=0;t=30"#, Some((0, 30)));
    check(
        r#"RateLimit: "a,;r=9";r=1;t=30;pk=:abc=:, "day";r=0;t=3600"#,
        Some((0, 3600)),
    );
    check("RateLimit: \"a\";r=0;t=3\nRateLimit: \"b\";r=0;t=7", Some((0, 7)));
}

#[test]
fn a_time_is_told_from_seconds() {
    // GitLab, GitHub and Docker Hub's own API.
    check(
        "RateLimit-Limit: 600\nRateLimit-Remaining: 0\nRateLimit-Reset: 1746136938",
        Some((0, 38)),
    );
    check(
        "X-RateLimit-Limit: 180\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1746136938",
        Some((0, 38)),
    );
    check(
        "X-RateLimit-Remaining: 7\nX-RateLimit-Reset: 1746136938500",
        Some((7, 38)),
    );
    check("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 0.5", Some((0, 0)));
}

#[test]
fn docker_hubs_pulls_are_no_requests() {
    check(
        "ratelimit-limit: 100;w=21600\nratelimit-remaining: 0;w=21600\ndocker-ratelimit-source: 192.0.2.1",
        None,
    );
    check("ratelimit-limit: ;w=21600\nratelimit-remaining: ;w=21600", None);
}

#[test]
fn what_makes_no_sense_is_not_believed() {
    for lines in [
        "X-RateLimit-Remaining: 0",
        "X-RateLimit-Reset: 30",
        "X-RateLimit-Limit: 0\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 30",
        "X-RateLimit-Remaining: -1\nX-RateLimit-Reset: 30",
        "X-RateLimit-Remaining: none\nX-RateLimit-Reset: 30",
        "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: -30",
        "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 0",
        "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1746136900",
        "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1746130000",
        "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: tomorrow",
        "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1e3",
        "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: NaN",
        "RateLimit: r=0;t=",
        "RateLimit: \"",
        "RateLimit: ",
        "RateLimit-Policy: \"default\";q=100;w=60",
    ] {
        check(lines, None);
    }
    check(
        "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 2000000000",
        Some((0, 253_863_100)),
    );
}
