//! Times as people read them.

use domain::reference::Timestamp;

/// RFC 3339 in UTC, to the second.
pub(crate) fn rfc3339(time: Timestamp) -> String {
    jiff::Timestamp::from_second(time.as_unix_seconds())
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_string()
}

/// Whole seconds from `earlier` to `later`; 0 when the clock went backwards.
pub(crate) fn seconds_between(earlier: Timestamp, later: Timestamp) -> u64 {
    later
        .as_unix_seconds()
        .saturating_sub(earlier.as_unix_seconds())
        .try_into()
        .unwrap_or(0)
}
