//! Who owns the tasks: all long-lived ones run here, and none outlives the others unnoticed.

use std::time::Duration;

use anyhow::Context;
use tokio::task::JoinSet;
use tokio::time;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info, info_span};

/// Runs the long-lived tasks; the first to end ends all.
#[derive(Debug)]
pub struct Supervisor {
    tasks: JoinSet<anyhow::Result<()>>,
    shutdown: CancellationToken,
}

impl Supervisor {
    /// Owns no task yet; `shutdown` is what its tasks watch and what stops them.
    pub fn new(shutdown: CancellationToken) -> Self {
        Self {
            tasks: JoinSet::new(),
            shutdown,
        }
    }

    /// Starts a task under a span of its name.
    ///
    /// A task ends when `shutdown` is cancelled and not before: ending unasked is an error.
    pub fn spawn(&mut self, name: &'static str, task: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        let shutdown = self.shutdown.clone();
        let watched = async move {
            task.await.with_context(|| format!("running {name}"))?;
            anyhow::ensure!(shutdown.is_cancelled(), "{name} ended without being asked to");
            info!("Stopped {name}");
            Ok(())
        };
        self.tasks.spawn(watched.instrument(info_span!("task", name)));
    }

    /// Waits for a task to end or for shutdown, then gives the rest `grace`.
    ///
    /// # Errors
    ///
    /// The first task that failed, panicked, ended early or outstayed `grace`.
    pub async fn run(mut self, grace: Duration) -> anyhow::Result<()> {
        let shutdown = self.shutdown.clone();
        let first = tokio::select! {
            Some(ended) = self.next_ended() => ended,
            () = shutdown.cancelled() => Ok(()),
        };
        shutdown.cancel();
        // No `?` before all have ended: returning early drops the `JoinSet`, which aborts a push halfway.
        let rest = async {
            let mut outcome = Ok(());
            while let Some(ended) = self.next_ended().await {
                outcome = outcome.and(ended);
            }
            outcome
        };
        let rest = time::timeout(grace, rest).await;
        first?;
        rest.context("a task outstayed the shutdown grace")?
    }

    /// How the next task to end did so; a panic counts as an error.
    async fn next_ended(&mut self) -> Option<anyhow::Result<()>> {
        let ended = self.tasks.join_next().await?;
        Some(ended.map_err(anyhow::Error::from).flatten())
    }
}

#[cfg(test)]
mod tests;
