//! Waits after success and failure, and a week of them.

use std::collections::BTreeSet;

use domain::accept::SuspectLimits;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

fn schedule(interval: Duration) -> Schedule {
    Schedule {
        interval,
        min_interval: Duration::from_secs(30),
        suspect: SuspectLimits {
            scans: 3,
            span: 10 * MINUTE,
        },
    }
}

fn wait(interval: Duration, failures: u32, spread: u16) -> u64 {
    let start = Timestamp::from_unix_seconds(1_000_000);
    due(schedule(interval), Cadence::default(), start, failures, spread)
        .since(start)
        .as_secs()
}

#[test]
fn a_healthy_repository_waits_its_interval_or_up_to_a_tenth_less() {
    let waits: BTreeSet<u64> = (0..2_000).map(|spread| wait(5 * MINUTE, 0, spread * 32)).collect();
    assert_eq!((waits.first(), waits.last()), (Some(&270), Some(&299)));
    let short = Duration::from_secs(10);
    let waits: BTreeSet<u64> = (0..2_000).map(|spread| wait(short, 0, spread * 32)).collect();
    assert_eq!(waits, BTreeSet::from([10]), "an interval below the minimum is meant");
}

#[test]
fn a_failing_repository_is_tried_within_two_intervals_then_ever_more_rarely() {
    let waits: Vec<u64> = (1..8).map(|failures| wait(MINUTE, failures, 99)).collect();
    assert_eq!(waits, [60, 120, 240, 480, 900, 900, 900]);
    assert_eq!(wait(60 * MINUTE, 9, 0), 3600, "never sooner than while all is well");
}

/// The waits of a repository whose scans bring news (`!`) or none (`.`).
fn waits(interval: Duration, scans: &str) -> Vec<u64> {
    let mut cadence = Cadence::default();
    let start = Timestamp::from_unix_seconds(0);
    let wait = |scan| {
        cadence = cadence.after(scan == '!', schedule(interval), 0);
        due(schedule(interval), cadence, start, 0, 0).since(start).as_secs()
    };
    scans.chars().map(wait).collect()
}

#[test]
fn news_halves_the_wait_and_quiet_doubles_it_within_the_bounds() {
    assert_eq!(waits(8 * MINUTE, "....."), [30, 480, 480, 480, 480]);
    assert_eq!(
        waits(8 * MINUTE, ".!!!!!....."),
        [30, 240, 120, 60, 30, 30, 60, 120, 240, 480, 480]
    );
    assert_eq!(waits(Duration::from_secs(10), "!!.."), [10, 10, 10, 10]);
}

#[test]
fn a_shorter_interval_holds_at_once() {
    let cadence = Cadence::default().after(false, schedule(60 * MINUTE), u16::MAX);
    let start = Timestamp::from_unix_seconds(0);
    assert_eq!(due(schedule(MINUTE), cadence, start, 0, 0).since(start), MINUTE);
}

#[test]
fn names_are_spread() {
    let spreads: BTreeSet<u16> = (0..200)
        .map(|n| spread(&format!("ghcr.io/acme/app{n}")) / 8192)
        .collect();
    assert_eq!(spreads.len(), 8);
}

/// A repository in the simulation.
struct Simulated {
    spread: u16,
    cadence: Cadence,
    last: Timestamp,
    /// When something is pushed, the next one last.
    pushes: Vec<u64>,
}

const WEEK: u64 = 7 * 24 * 3600;

/// When each of `count` repositories is scanned in a week of `pushes` pushes each; all begin at once.
fn week(count: usize, pushes: usize, schedule: Schedule) -> Vec<Vec<u64>> {
    let mut random = StdRng::seed_from_u64(20_261_121);
    let scans = |number: usize| {
        let mut pushes: Vec<u64> = (0..pushes).map(|_| random.random_range(0..WEEK)).collect();
        pushes.sort_unstable_by(|a, b| b.cmp(a));
        let mut repository = Simulated {
            spread: spread(&format!("ghcr.io/acme/app{number}")),
            cadence: Cadence::default(),
            last: Timestamp::from_unix_seconds(0),
            pushes,
        };
        repository.scans(schedule)
    };
    (0..count).map(scans).collect()
}

impl Simulated {
    fn scans(&mut self, schedule: Schedule) -> Vec<u64> {
        let start = Timestamp::from_unix_seconds(0);
        let mut scans = vec![0];
        loop {
            let now = self.last.since(start).as_secs();
            let pushed = self.pushes.len();
            while self.pushes.last().is_some_and(|push| *push <= now) {
                self.pushes.pop();
            }
            self.cadence = self.cadence.after(self.pushes.len() < pushed, schedule, self.spread);
            self.last = due(schedule, self.cadence, self.last, 0, self.spread);
            let next = self.last.since(start).as_secs();
            if next > WEEK {
                return scans;
            }
            scans.push(next);
        }
    }
}

#[test]
fn a_week_costs_little_more_than_its_intervals() {
    let schedule = schedule(5 * MINUTE);
    // Five pushes a day to each of a hundred repositories.
    let scans: usize = week(100, 35, schedule).iter().map(Vec::len).sum();
    let of_intervals = 100 * usize::try_from(WEEK / 300).unwrap();
    assert!(
        scans < of_intervals * 108 / 100,
        "{scans} scans, {of_intervals} intervals"
    );
    assert!(scans > of_intervals, "{scans} scans, {of_intervals} intervals");
    // With an interval of a minute: the bound of one list a minute, and the tenth that keeps them apart.
    let scans: usize = week(100, 35, self::schedule(MINUTE)).iter().map(Vec::len).sum();
    assert!(scans < 1_080_000, "{scans} scans");
}

#[test]
fn in_a_week_no_wait_is_out_of_bounds() {
    for scans in week(50, 200, schedule(5 * MINUTE)) {
        for pair in scans.windows(2) {
            let wait = pair[1] - pair[0];
            assert!((30..=300).contains(&wait), "{wait} s");
        }
    }
}

#[test]
fn there_is_no_herd_after_the_start() {
    let mut of_second = vec![0; WEEK as usize + 1];
    for scan in week(1_000, 0, schedule(5 * MINUTE)).into_iter().flatten() {
        of_second[scan as usize] += 1;
    }
    assert_eq!(of_second[0], 1_000);
    // A thousand in three hundred seconds are three to four a second; a host is asked twenty times a second.
    let most = of_second[1..].iter().max().copied().unwrap_or_default();
    assert!(most <= 20, "{most} in one second");
}
