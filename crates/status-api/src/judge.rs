//! Verdicts are worked out when someone asks, off the event loop and few at a time.

use std::sync::Arc;

use tokio::{sync::Semaphore, task};
use tracing::error;

use crate::problem::Refusal;

#[cfg(test)]
mod tests;

/// Lists judged at once: a list of a million tags takes seconds and hundreds of megabytes.
const AT_ONCE: usize = 2;

/// Requests that may wait for their turn.
const WAITING: usize = 16;

/// Runs the few expensive answers.
#[derive(Debug)]
pub(crate) struct Judge {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Judge {
    pub(crate) fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            places: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
        }
    }

    /// Works `answer` out when it is its turn.
    ///
    /// # Errors
    ///
    /// When too many wait already, or `answer` refuses or panics.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        answer: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Refusal::busy())?;
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|_| Refusal::busy())?;
        // The work goes on when the client has gone away, so it keeps its place itself.
        let work = move || {
            let _kept = (place, turn);
            answer()
        };
        task::spawn_blocking(work).await.unwrap_or_else(|error| {
            error!(%error, "Working out verdicts ended badly");
            Err(Refusal::our_fault())
        })
    }
}
