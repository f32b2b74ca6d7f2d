//! Waits after success and failure.

use domain::accept::SuspectLimits;

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

fn wait(interval: Duration, failures: u32, spread: u8) -> u64 {
    let schedule = Schedule {
        interval,
        min_interval: Duration::from_secs(30),
        suspect: SuspectLimits {
            scans: 3,
            span: 10 * MINUTE,
        },
    };
    let start = Timestamp::from_unix_seconds(1_000_000);
    due(schedule, start, failures, spread).since(start).as_secs()
}

#[test]
fn a_healthy_repository_waits_its_interval_or_a_tenth_less() {
    assert_eq!(wait(5 * MINUTE, 0, 0), 300);
    assert_eq!(wait(5 * MINUTE, 0, 255), 270);
    assert_eq!(
        wait(Duration::from_secs(10), 0, 0),
        10,
        "an interval below the minimum is meant"
    );
    assert_eq!(wait(Duration::from_secs(31), 0, 255), 30);
}

#[test]
fn a_failing_repository_is_tried_within_two_intervals_then_ever_more_rarely() {
    let waits: Vec<u64> = (1..8).map(|failures| wait(MINUTE, failures, 99)).collect();
    assert_eq!(waits, [60, 120, 240, 480, 900, 900, 900]);
    assert_eq!(wait(60 * MINUTE, 9, 0), 3600, "never sooner than while all is well");
}

#[test]
fn names_are_spread() {
    let spreads: std::collections::BTreeSet<u8> =
        (0..200).map(|n| spread(&format!("ghcr.io/acme/app{n}")) / 32).collect();
    assert_eq!(spreads.len(), 8);
}
