//! The one place that reads the wall clock.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::reference::Timestamp;

/// The time of the machine. Read once a pass; what follows from it is a function of this value.
pub(crate) fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_nanoseconds(i64::try_from(since_epoch.as_nanos()).unwrap_or(i64::MAX))
}
