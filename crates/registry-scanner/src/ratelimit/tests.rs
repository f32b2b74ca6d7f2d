//! What servers write, and what of it is believed.

use http::{HeaderName, HeaderValue};
use proptest::prelude::*;

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
        Some((0, 6 * 3600)),
    );
}

/// What servers write, out of order and in the wrong places.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "0",
        "100;w=21600",
        "limit=100, remaining=0, reset=30",
        "\"default\";r=0;t=30",
        "1746136938",
        "1e9",
        ".5",
        "1.2.3",
        "-1",
    ]);
    let digits = "[0-9.]{0,400}".prop_map(String::into_bytes);
    let structured = "[a-z\",;= 0-9.]{0,60}".prop_map(String::into_bytes);
    prop_oneof![
        known.prop_map(|text: &str| text.as_bytes().to_vec()),
        digits,
        structured,
        prop::collection::vec(any::<u8>(), 0..60),
    ]
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "ratelimit",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_the_wait_is_within_bounds(
        lines in prop::collection::vec((name(), value()), 0..8),
        now in prop_oneof![Just(NOW), any::<i64>()],
    ) {
        let mut headers = HeaderMap::new();
        for (name, value) in &lines {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                headers.append(*name, value);
            }
        }
        if let Some(left) = left(&headers, now) {
            prop_assert!(left.reset > Duration::ZERO && left.reset <= Duration::from_secs(6 * 3600), "{left:?}");
        }
    }

    #[test]
    fn seconds_and_times_say_the_same(requests in any::<u64>(), seconds in 1_u32..6 * 3600, members in 0_usize..4) {
        let of = |text: String| {
            let mut headers = HeaderMap::new();
            headers.insert("ratelimit", HeaderValue::from_str(&text).expect("a value"));
            left(&headers, NOW)
        };
        let wanted = Some(Left { requests, reset: Duration::from_secs(seconds.into()) });
        let others = format!(", \"x\";r={requests};t=1").repeat(members);
        prop_assert_eq!(of(format!("\"a\";r={requests};t={seconds}{others}")), wanted);
        prop_assert_eq!(of(format!("limit=1, remaining={requests}, reset={}", NOW + i64::from(seconds))), wanted);
    }
}
