//! What headers say, and that no more is pulled than is left.

use http::HeaderValue;
use proptest::prelude::*;

use super::*;

fn headers(limit: &str, remaining: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [(LIMIT, limit), (REMAINING, remaining)] {
        if !value.is_empty() {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
    }
    headers
}

fn check(limit: &str, remaining: &str, expected: Option<(u64, u64, u64)>) {
    let found = quota(&headers(limit, remaining));
    let found = found.map(|quota| (quota.limit, quota.remaining, quota.window.as_secs()));
    assert_eq!(found, expected, "{limit} {remaining}");
}

#[test]
fn quotas_are_read_as_docker_hub_writes_them() {
    check("100;w=21600", "76;w=21600", Some((100, 76, 21_600)));
    check("200 ; w=3600", "0", Some((200, 0, 3_600)));
    check("100", "7", Some((100, 7, 21_600)));
    check("100;w=99999999999", "500", Some((100, 100, 604_800)));
    check("100;w=0", "1", Some((100, 1, 1)));
}

#[test]
fn what_makes_no_sense_is_no_quota() {
    for (limit, remaining) in [
        ("", ""),
        ("100", ""),
        ("", "1"),
        ("0", "0"),
        ("-1", "1"),
        ("ten", "1"),
        ("99999999999999999999", "1"),
        ("100", "1.5"),
    ] {
        check(limit, remaining, None);
    }
}

fn known(limit: u64, remaining: u64, now: Instant) -> Count {
    let mut count = Count::default();
    let window = Duration::from_secs(21_600);
    count.saw(
        Quota {
            limit,
            remaining,
            window,
        },
        now,
    );
    count
}

const WHOLE: Duration = Duration::from_secs(21_600);

#[tokio::test(start_paused = true)]
async fn a_fifth_is_left_to_others() {
    let now = Instant::now();
    let mut count = known(100, 23, now);
    for _ in 0..3 {
        assert_eq!(count.take(now), Ok(()));
    }
    let later = now + Duration::from_secs(600);
    assert_eq!(count.take(later), Err(WHOLE - Duration::from_secs(600)));
    count.saw(
        Quota {
            limit: 100,
            remaining: 21,
            window: WHOLE,
        },
        later,
    );
    assert_eq!(count.take(later), Ok(()));
    assert_eq!(count.take(later), Err(WHOLE));
    assert_eq!(count.take(later + WHOLE), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_empties_the_quota() {
    let now = Instant::now();
    let mut count = Count::default();
    assert_eq!(count.take(now), Ok(()));
    assert_eq!(count.refused(None, now), WHOLE);
    assert_eq!(count.take(now), Err(WHOLE));
    assert_eq!(count.take(now + WHOLE), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn what_says_no_quota_is_not_held_back() {
    let pulls = Pulls::default();
    let now = Instant::now();
    assert!((0..1_000).all(|_| pulls.take(now).is_ok()));
    assert_eq!(pulls.left(now), None);
    pulls.saw(&headers("", ""), now);
    assert_eq!(pulls.left(now), None);
}

proptest! {
    /// A registry that counts in a sliding window never has to refuse while answers tell what is left, late as they may be,
    /// and others pull no more than what is left to them.
    #[test]
    fn a_registry_never_has_to_refuse(steps in prop::collection::vec((0_u64..3_000, 0_u8..4), 1..300), limit in 5_u64..200) {
        let begin = Instant::now();
        let mut count = Count::default();
        let (mut pulls, mut seconds, mut others): (Vec<u64>, u64, u64) = (Vec::new(), 0, 0);
        for (wait, step) in steps {
            seconds += wait;
            let now = begin + Duration::from_secs(seconds);
            let used = |pulls: &[u64]| pulls.iter().filter(|at| **at + 21_600 > seconds).count() as u64;
            let remaining = limit.saturating_sub(used(&pulls));
            match step {
                0 => {
                    count.saw(Quota { limit, remaining, window: WHOLE }, now);
                    others = 0;
                }
                1 if count.known.is_some() && others < limit / LEFT_TO_OTHERS && remaining > 0 => {
                    others += 1;
                    pulls.push(seconds);
                }
                _ if count.known.is_some_and(|known| known.age(now).is_some()) && count.take(now).is_ok() => {
                    prop_assert!(remaining > 0);
                    pulls.push(seconds);
                }
                _ => {}
            }
        }
    }
}
