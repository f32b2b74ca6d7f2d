//! How tasks may end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

const GRACE: Duration = Duration::from_secs(5);

/// A task that takes a while after it was asked to stop, as a push does, and says when it got there.
async fn slow_to_stop(shutdown: CancellationToken, finished: Arc<AtomicBool>) -> anyhow::Result<()> {
    shutdown.cancelled().await;
    time::sleep(Duration::from_secs(2)).await;
    finished.store(true, Ordering::SeqCst);
    Ok(())
}

async fn check(other: impl Future<Output = anyhow::Result<()>> + Send + 'static) -> (String, bool) {
    let shutdown = CancellationToken::new();
    let finished = Arc::new(AtomicBool::new(false));
    let mut supervisor = Supervisor::new(shutdown.clone());
    supervisor.spawn("slow", slow_to_stop(shutdown.clone(), finished.clone()));
    supervisor.spawn("other", other);
    let ended = supervisor.run(GRACE).await;
    let text = ended
        .err()
        .map_or_else(|| "ok".to_owned(), |error| format!("{error:#}"));
    (text, finished.load(Ordering::SeqCst))
}

#[tokio::test(start_paused = true)]
async fn a_task_that_fails_stops_the_others_in_order() {
    let (error, finished) = check(async { anyhow::bail!("the disk is full") }).await;
    assert_eq!((error.as_str(), finished), ("running other: the disk is full", true));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_panics_stops_the_others_in_order() {
    let (error, finished) = check(async { panic!("a bug") }).await;
    assert!(error.contains("panicked") && finished, "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_task_that_ends_unasked_is_an_error() {
    let (error, finished) = check(async { Ok(()) }).await;
    assert_eq!((error.as_str(), finished), ("other ended without being asked to", true));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_outstays_the_grace_is_an_error() {
    let shutdown = CancellationToken::new();
    let mut supervisor = Supervisor::new(shutdown.clone());
    supervisor.spawn("stuck", std::future::pending());
    shutdown.cancel();
    let error = format!("{:#}", supervisor.run(GRACE).await.unwrap_err());
    assert!(error.starts_with("a task outstayed the shutdown grace"), "{error}");
}
