//! Verdicts are worked out when someone asks, off the event loop and few at a time.

use std::sync::Arc;

use tokio::{sync::Semaphore, task};
use tracing::error;

use crate::problem::Refusal;

/// Lists judged at once: a list of a million tags takes seconds and hundreds of megabytes.
const AT_ONCE: usize = 2;

/// Requests that may wait for their turn.
const WAITING: usize = 16;

/// Runs the few expensive answers.
#[derive(Debug)]
pub(crate) struct Judge {
    turns: Semaphore,
    places: Semaphore,
}

impl Judge {
    pub(crate) fn new() -> Self {
        Self {
            turns: Semaphore::new(AT_ONCE),
            places: Semaphore::new(AT_ONCE + WAITING),
        }
    }

    /// Works `answer` out when it is its turn.
    ///
    /// # Errors
    ///
    /// When too many wait already, or `answer` refuses or panics.
    pub(crate) async fn run<T: Send + 'static>(
        self: Arc<Self>,
        answer: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let _place = self.places.try_acquire().map_err(|_| Refusal::busy())?;
        let _turn = self.turns.acquire().await.map_err(|_| Refusal::busy())?;
        task::spawn_blocking(answer).await.unwrap_or_else(|error| {
            error!(%error, "Working out verdicts ended badly");
            Err(Refusal::our_fault())
        })
    }
}
