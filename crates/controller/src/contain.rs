//! A pass that panics is one failed pass, not the end of the daemon.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use status_api::report::PassOutcome;
use tokio::task::JoinError;

/// A pass ended in a panic, which was caught.
#[derive(Debug, thiserror::Error)]
#[error("the pass panicked: {0}; this is a bug, please report it")]
struct PassPanicked(String);

/// Runs a pass; a panic in it becomes an error.
///
/// What the pass shares with others is behind locks whose every change is complete in itself, so nothing half-done is
/// left behind.
///
/// # Errors
///
/// What the pass failed with, or the words of its panic.
pub(crate) async fn contained<T>(pass: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    match AssertUnwindSafe(pass).catch_unwind().await {
        Ok(ended) => ended,
        Err(panic) => Err(PassPanicked(words(panic.as_ref()).to_owned()).into()),
    }
}

/// What the Board says of a failed pass. A panic on the blocking thread that the pass waited for is its own.
pub(crate) fn outcome_of(error: &anyhow::Error) -> PassOutcome {
    let panicked = error.chain().any(|cause| {
        let blocking = cause.downcast_ref::<JoinError>().is_some_and(JoinError::is_panic);
        blocking || cause.is::<PassPanicked>()
    });
    if panicked {
        PassOutcome::Panicked
    } else {
        PassOutcome::Failed(format!("{error:#}"))
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests;
