//! The time of a whole operation.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::Failure;

/// How often an operation waits out a short pause after a 429 of its own.
const PATIENT: u8 = 2;

/// Time that an operation may spend on the wire. Waiting for a turn does not count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    whole: Duration,
    left: Duration,
    waits: u8,
}

impl Budget {
    pub(crate) fn new(whole: Duration) -> Self {
        Self {
            whole,
            left: whole,
            waits: 0,
        }
    }

    /// Whether a 429 may be waited out once more.
    pub(super) fn patience(&mut self) -> bool {
        self.waits += 1;
        self.waits <= PATIENT
    }

    /// Takes what a request took that began at `since`.
    pub(super) fn spend(&mut self, since: Instant) {
        self.left = self.left.saturating_sub(since.elapsed());
    }

    /// How long the next request may take, of which one may take `one`.
    ///
    /// # Errors
    ///
    /// The time is over.
    pub(super) fn limit(&self, one: Duration) -> Result<Duration, Failure> {
        if self.left.is_zero() {
            Err(Failure::OutOfTime(self.whole))
        } else {
            Ok(one.min(self.left))
        }
    }

    /// A request that ended because the time of all of them was over failed for that reason, and not for a slow answer of its own.
    pub(super) fn explain(&self, failure: Failure) -> Failure {
        let is_late = match &failure {
            Failure::Send(error) => error.is_timeout(),
            Failure::Body(error) => error.is_timeout(),
            _ => false,
        };
        if is_late && self.left.is_zero() {
            Failure::OutOfTime(self.whole)
        } else {
            failure
        }
    }
}

#[cfg(test)]
mod tests;
