//! A body that comes by drops is given up, whatever time there would be left for it.

use std::time::Duration;

use tokio::time::Instant;

/// How long a body may come as it likes, from its first byte on: some servers send its beginning before they know its end.
const GRACE: Duration = Duration::from_secs(10);

/// After that it must have come at this rate, in bytes a second: slower than any line, and faster than anyone who means to hold us up.
pub(super) const SLOWEST: u64 = 1024;

/// How fast a body comes. Silence is not its concern: that has a limit of its own.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// When the first byte came.
    began: Option<Instant>,
    bytes: u64,
}

/// A body comes too slowly.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Drips {
    pub(super) bytes: u64,
    pub(super) took: Duration,
}

impl Flow {
    /// So many more bytes came at `now`.
    pub(super) fn came(&mut self, bytes: usize, now: Instant) -> Result<(), Drips> {
        self.bytes = self.bytes.saturating_add(bytes as u64);
        let took = now.saturating_duration_since(*self.began.get_or_insert(now));
        let enough = took.as_millis().saturating_mul(SLOWEST.into()) / 1000;
        if took > GRACE && u128::from(self.bytes) < enough {
            return Err(Drips {
                bytes: self.bytes,
                took,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
