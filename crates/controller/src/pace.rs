//! When a loop makes its next pass.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{self, Instant};
use tokio_util::sync::CancellationToken;

use crate::config::Config;

/// How long nudges must have been quiet before a pass begins: what belongs together becomes one commit.
const QUIET: Duration = Duration::from_millis(200);
/// How long a pass is put off at most while nudges keep coming.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a loop wakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wake {
    /// Its time has come, or the configuration is another.
    Due,
    /// Something may have changed.
    Nudged,
    /// The daemon stops.
    Stop,
}

/// The one place in which a loop waits: for its time, for a nudge, or for the end.
#[derive(Debug)]
pub(crate) struct Pace<C = Arc<Config>> {
    nudged: watch::Receiver<u64>,
    config: watch::Receiver<C>,
    shutdown: CancellationToken,
    due: Instant,
}

impl<C> Pace<C> {
    /// The first pass is due at once.
    pub(crate) fn new(nudged: watch::Receiver<u64>, config: watch::Receiver<C>, shutdown: CancellationToken) -> Self {
        Self {
            nudged,
            config,
            shutdown,
            due: Instant::now(),
        }
    }

    /// Sets when the next pass is due without a nudge.
    pub(crate) fn again_in(&mut self, wait: Duration) {
        self.due = Instant::now() + wait;
    }

    /// Waits for the next pass.
    ///
    /// Shutdown is noticed only here, so a pass under way always runs to its end: it may be halfway through a push.
    pub(crate) async fn next(&mut self) -> Wake {
        let wake = tokio::select! {
            biased;
            () = self.shutdown.cancelled() => Wake::Stop,
            Ok(()) = self.config.changed() => Wake::Due,
            () = time::sleep_until(self.due) => Wake::Due,
            Ok(()) = self.nudged.changed() => {
                self.settle().await;
                Wake::Nudged
            }
        };
        if self.shutdown.is_cancelled() { Wake::Stop } else { wake }
    }

    /// Waits until nudges are quiet, so that one push of many tags makes one pass.
    async fn settle(&mut self) {
        let patience = Instant::now() + PATIENCE;
        loop {
            let quiet = (Instant::now() + QUIET).min(patience);
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return,
                () = time::sleep_until(quiet) => return,
                Ok(()) = self.nudged.changed() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
