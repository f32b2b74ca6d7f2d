//! When a repository is scanned again. Pure.

use std::time::Duration;

use domain::reference::Timestamp;

use crate::config::Schedule;

/// The longest that a failing repository waits.
const LONGEST_BACKOFF: Duration = Duration::from_secs(15 * 60);

/// When the repository is due, counted from the end of its last attempt.
///
/// After a success that is `interval`, made shorter by up to a tenth (`spread`, 0 to 255, fixed per repository) so that
/// repositories that started together drift apart. After failures the first retry comes after one interval, then the wait
/// doubles up to 15 minutes; it never is shorter than `min_interval`, or `interval`, if that is shorter.
pub(crate) fn due(schedule: Schedule, last_attempt: Timestamp, failures_in_a_row: u32, spread: u8) -> Timestamp {
    let shortest = schedule.min_interval.min(schedule.interval);
    let wait = match failures_in_a_row {
        0 => schedule.interval - schedule.interval / 10 * u32::from(spread) / 255,
        failures => {
            let doubled = schedule.interval.saturating_mul(1 << (failures - 1).min(16));
            doubled.min(LONGEST_BACKOFF.max(schedule.interval))
        }
    };
    last_attempt + wait.max(shortest)
}

/// A number that is fixed per name and spread evenly over names (FNV-1a, folded).
pub(crate) fn spread(name: &str) -> u8 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.to_le_bytes().into_iter().fold(0, |folded, byte| folded ^ byte)
}

#[cfg(test)]
mod tests;
