//! Who is looked at again, when, and how long it takes until everybody was.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

const MINUTE: Duration = Duration::from_secs(60);
const INTERVAL: Duration = Duration::from_secs(300);

fn tag(number: usize) -> Tag {
    Tag::parse(&format!("main-{number:05}")).unwrap()
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_unix_seconds(minutes * 60)
}

/// The tags of one repository, and when each was last looked at.
struct World {
    tags: BTreeMap<Tag, Timestamp>,
    last: Option<Timestamp>,
}

impl World {
    /// `count` tags that were all looked at in one scan.
    fn new(count: usize) -> Self {
        Self {
            tags: (0..count).map(|number| (tag(number), at(0))).collect(),
            last: Some(at(0)),
        }
    }

    /// A scan; the tags that it looked at again.
    fn scan(&mut self, now: Timestamp, round: Round) -> Vec<Tag> {
        if !is_due(self.last, now, INTERVAL, round) {
            return Vec::new();
        }
        let again = step(self.tags.iter().map(|(tag, &at)| (tag, at)));
        if !again.is_empty() {
            self.last = Some(now);
        }
        self.tags.extend(again.iter().map(|tag| (tag.clone(), now)));
        again
    }
}

/// How many scans it takes, an interval apart, until each of `count` tags was looked at again, and how many a scan looks at.
#[track_caller]
fn check(count: usize, scans: usize, each: usize) {
    let mut world = World::new(count);
    let mut seen = BTreeSet::new();
    let mut made = 0;
    while seen.len() < count {
        made += 1;
        let now = at(5 * i64::try_from(made).unwrap());
        let again = world.scan(now, Round::Quiet);
        assert!(again.len() <= each, "{} of {count} tags in one scan", again.len());
        seen.extend(again);
    }
    assert_eq!(made, scans, "scans until all {count} tags were seen");
}

#[test]
fn a_few_tags_are_all_looked_at_in_one_step() {
    check(1, 1, 1);
    check(100, 1, 100);
}

#[test]
fn many_tags_take_a_bounded_number_of_steps() {
    check(101, 2, 100);
    check(1_000, 10, 100);
    check(5_000, 50, 100);
    check(20_000, 200, 100);
    check(20_001, 199, 101);
    check(50_000, 200, 250);
}

#[test]
fn the_longest_unseen_come_first_and_the_order_of_names_decides_between_equals() {
    let mut tags = World::new(300).tags;
    tags.insert(tag(250), at(-1));
    let again = step(tags.iter().map(|(tag, &at)| (tag, at)));
    let expected: Vec<Tag> = [250].into_iter().chain(0..99).map(tag).collect();
    assert_eq!(again, expected);
}

/// The least minutes after a step when the next one is made.
#[track_caller]
fn check_wait(interval: Duration, round: Round, minutes: i64) {
    let is_due = |after: i64| is_due(Some(at(0)), at(after), interval, round);
    assert!(!is_due(minutes - 1) && is_due(minutes), "{minutes} minutes");
}

#[test]
fn two_steps_are_an_interval_apart_and_twice_as_far_while_there_are_new_tags() {
    check_wait(10 * MINUTE, Round::Quiet, 9);
    check_wait(60 * MINUTE, Round::Quiet, 54);
    check_wait(MINUTE, Round::WithNews, 10);
    check_wait(5 * MINUTE, Round::WithNews, 10);
    check_wait(60 * MINUTE, Round::WithNews, 120);
}

#[test]
fn a_clock_that_was_set_back_puts_no_step_off() {
    assert!(is_due(Some(at(100)), at(5), INTERVAL, Round::WithNews));
    assert!(is_due(None, at(5), INTERVAL, Round::WithNews));
}

/// The bound that the documentation states: in the worst case, a step every two intervals, or ten minutes where that is longer,
/// and as much later as the next scan is.
fn bound(count: usize) -> Duration {
    let steps = u32::try_from(count.div_ceil(size(count))).unwrap();
    (LATEST.max(2 * INTERVAL) + INTERVAL) * steps
}

proptest! {
    /// Whatever is found in which scan, and whenever it is made: no old tag waits for longer than the bound.
    #[test]
    fn each_tag_is_looked_at_again_within_the_bound_whatever_is_new(
        count in 1_usize..600,
        scans in prop::collection::vec((1_i64..=5, any::<bool>(), 0_usize..3), 40..200),
    ) {
        let mut world = World::new(count);
        let mut now = 0;
        for (number, (minutes, has_news, new)) in scans.into_iter().enumerate() {
            now += minutes;
            let round = if has_news { Round::WithNews } else { Round::Quiet };
            world.scan(at(now), round);
            for old in 0..count {
                let unseen = at(now).since(world.tags[&tag(old)]);
                // New tags wait behind the old ones, but make the next sweep longer.
                prop_assert!(unseen <= bound(world.tags.len()), "{unseen:?} at {now} minutes");
            }
            if has_news {
                let first = 10_000 + 3 * number;
                world.tags.extend((first..first + new).map(|number| (tag(number), at(now))));
            }
        }
    }
}
