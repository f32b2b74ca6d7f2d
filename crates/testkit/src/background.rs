//! Threads with a runtime of their own.

use std::thread::{self, JoinHandle};

use tokio::runtime;
use tokio_util::sync::CancellationToken;

/// A task on a thread and a runtime of its own, ended when dropped.
///
/// So a server of ours answers also while its test blocks, waits for a child, or has
/// paused the time of its own runtime.
#[derive(Debug)]
pub(crate) struct Background {
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Runs `task` until it ends or this is dropped.
    pub(crate) fn run<F>(task: impl FnOnce() -> F + Send + 'static) -> anyhow::Result<Self>
    where
        F: Future<Output = ()>,
    {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let thread = thread::Builder::new().name("testkit".to_owned()).spawn(move || {
            runtime.block_on(async { stopped.run_until_cancelled(task()).await });
        })?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic of the task was printed by its own thread.
            let _ = thread.join();
        }
    }
}
