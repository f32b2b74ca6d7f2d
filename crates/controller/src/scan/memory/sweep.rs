//! When tags are looked at again whose digest is known already, and how many of them. Pure.
//!
//! A tag may be pushed again, and no list tells. To ask about each of thousands of tags again is what registries throttle their
//! users for, so it is done in steps: a few tags at a time, the longest unseen first, and never two steps within an interval.
//! A scan that finds new tags makes no step, unless the last one was made long ago: lists that change all the time must not
//! keep an old tag from being looked at for ever.

use std::time::Duration;

use domain::reference::{Tag, Timestamp};

/// A step looks at so many tags, if there are as many. An image with no more than these is looked at as a whole.
const LEAST_OF_A_STEP: usize = 100;
/// However many tags there are, all have been looked at after so many steps.
const STEPS_OF_A_SWEEP: usize = 200;
/// With new tags in every scan, a step is made when so many intervals have passed since the last one,
const LATEST_INTERVALS: u32 = 2;
/// but not sooner than this.
const LATEST: Duration = Duration::from_secs(10 * 60);

/// What a scan has found so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Round {
    /// Nothing that had to be looked at for the first time.
    Quiet,
    /// Tags that were looked at for the first time.
    WithNews,
}

/// Whether a scan that is made `now` makes a step, under the longest time between two scans of a repository.
pub(crate) fn is_due(last: Option<Timestamp>, now: Timestamp, interval: Duration, round: Round) -> bool {
    // A clock that was set back must not put a step off.
    let Some(last) = last.filter(|last| *last <= now) else {
        return true;
    };
    // Scans come up to a tenth sooner than the interval.
    let wait = match round {
        Round::Quiet => interval - interval / 10,
        Round::WithNews => interval.saturating_mul(LATEST_INTERVALS).max(LATEST),
    };
    now.since(last) >= wait
}

/// Of tags and the times when they were last resolved, those that a step resolves again: the longest unseen first.
pub(crate) fn step<'t>(tags: impl IntoIterator<Item = (&'t Tag, Timestamp)>) -> Vec<Tag> {
    let mut oldest: Vec<(Timestamp, &Tag)> = tags.into_iter().map(|(tag, at)| (at, tag)).collect();
    oldest.sort_unstable();
    let count = size(oldest.len());
    oldest.into_iter().take(count).map(|(_, tag)| tag.clone()).collect()
}

/// How many of `count` tags a step looks at, at most.
fn size(count: usize) -> usize {
    count.div_ceil(STEPS_OF_A_SWEEP).max(LEAST_OF_A_STEP)
}

#[cfg(test)]
mod tests;
