//! A pass that panics is one failed pass, not the end of the daemon.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use anyhow::anyhow;
use futures::FutureExt;

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
        Err(panic) => Err(anyhow!(
            "the pass panicked: {}; this is a bug, please report it",
            words(panic.as_ref())
        )),
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
