//! When a repository is scanned again. Pure.

use std::time::Duration;

use domain::reference::Timestamp;

use crate::config::Schedule;

/// The longest that a failing repository waits.
const LONGEST_BACKOFF: Duration = Duration::from_secs(15 * 60);

/// How long a repository waits for its next scan while all is well: shorter where tags move often.
///
/// Halved by a scan that brings news, doubled by one that brings none, never outside the bounds of the schedule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Cadence {
    /// Nothing was scanned yet.
    #[default]
    Unknown,
    /// Once: what was scanned all at once at the start is spread over the interval from then on.
    First(Duration),
    /// From then on.
    Settled(Duration),
}

impl Cadence {
    /// After a scan that did or did not bring news. After the first one the wait is any within the bounds, by `spread`.
    #[must_use]
    pub(crate) fn after(self, has_news: bool, schedule: Schedule, spread: u16) -> Self {
        let before = match self {
            Self::Unknown => {
                let shortest = shortest(schedule);
                return Self::First(shortest + share(schedule.interval - shortest, spread));
            }
            Self::First(_) => schedule.interval,
            Self::Settled(wait) => wait,
        };
        let wait = if has_news { before / 2 } else { before.saturating_mul(2) };
        Self::Settled(bounded(wait, schedule))
    }

    /// The wait, under a schedule that may have changed since.
    fn wait(self, schedule: Schedule) -> Duration {
        let wait = match self {
            Self::Unknown => schedule.interval,
            Self::First(wait) | Self::Settled(wait) => wait,
        };
        bounded(wait, schedule)
    }
}

/// When the repository is due, counted from the end of its last attempt.
///
/// After a success that is what its cadence says, made shorter by up to a tenth, by another part of it each time (`spread` is fixed
/// per repository): parts that stayed the same would bring all repositories together again after a while. After failures the first retry comes after one interval, then the wait
/// doubles up to 15 minutes; it never is shorter than `min_interval`, or `interval`, if that is shorter.
pub(crate) fn due(
    schedule: Schedule,
    cadence: Cadence,
    last_attempt: Timestamp,
    failures_in_a_row: u32,
    spread: u16,
) -> Timestamp {
    let wait = match failures_in_a_row {
        0 => {
            let wait = cadence.wait(schedule);
            wait - share(wait / 10, anew(spread, last_attempt))
        }
        failures => {
            let doubled = schedule.interval.saturating_mul(1 << (failures - 1).min(16));
            doubled.min(LONGEST_BACKOFF.max(schedule.interval))
        }
    };
    last_attempt + wait.max(shortest(schedule))
}

/// Another number for each scan.
fn anew(spread: u16, last_attempt: Timestamp) -> u16 {
    mixed(u64::from(spread) ^ last_attempt.as_unix_seconds().cast_unsigned().rotate_left(16))
}

fn bounded(wait: Duration, schedule: Schedule) -> Duration {
    wait.clamp(shortest(schedule), schedule.interval)
}

fn shortest(schedule: Schedule) -> Duration {
    schedule.min_interval.min(schedule.interval)
}

/// As much of `whole` as `spread` is of its greatest value.
fn share(whole: Duration, spread: u16) -> Duration {
    whole * u32::from(spread) / u32::from(u16::MAX)
}

/// A number that is fixed per name and spread evenly over names (FNV-1a).
pub(crate) fn spread(name: &str) -> u16 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mixed(hash)
}

/// The high bits of what multiplication makes of all of them (the finalizer of SplitMix64).
fn mixed(number: u64) -> u16 {
    let once = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (twice >> 48) as u16
}

#[cfg(test)]
mod tests;
