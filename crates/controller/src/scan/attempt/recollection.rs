//! What a scan starts from and leaves behind: in memory, and in a file for the next start.

use std::sync::Arc;

use domain::reference::{Repository, Timestamp};
use tokio::task::spawn_blocking;
use tracing::warn;

use super::Scanning;
use crate::scan::known::Knowledge;
use crate::scan::memory::{Memory, kept};

impl Scanning {
    /// Takes away what was kept of images that nobody has wanted for long.
    pub(crate) fn forget_unwanted(&self) {
        if self.state.is_written() {
            kept::forget_old(self.state.images());
        }
    }

    /// What is known of a repository; before its first scan, what was known of its tags when the daemon stopped.
    pub(super) async fn recollected(&self, repository: &Repository) -> Arc<Knowledge> {
        let known = self.known.get(repository).unwrap_or_default();
        if known.scan.is_some() {
            return known;
        }
        let (folder, name) = (self.state.images().to_owned(), repository.clone());
        let memory = spawn_blocking(move || kept::read(&folder, &name))
            .await
            .unwrap_or_default();
        Arc::new(Knowledge {
            memory: Arc::new(memory),
            ..Knowledge::clone(&known)
        })
    }

    /// Keeps what was found out of tags for the next start, where that is worth it.
    pub(super) async fn keeping(
        &self,
        repository: &Repository,
        before: &Memory,
        found: Knowledge,
        now: Timestamp,
    ) -> Knowledge {
        if !self.state.is_written() || !kept::is_worth_writing(before, &found.memory, now) {
            return found;
        }
        let (folder, name) = (self.state.images().to_owned(), repository.clone());
        let memory = found.memory.clone();
        let written = spawn_blocking(move || kept::write(&folder, &name, &memory)).await;
        let failure = match written {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(format!("{error:#}")),
            Err(error) => Some(error.to_string()),
        };
        if let Some(error) = failure {
            warn!(image.repository = %repository, error, "What was found out of {repository} is not kept for the next start");
        }
        Knowledge {
            memory: Arc::new(Memory {
                kept: Some(now),
                ..Arc::unwrap_or_clone(found.memory)
            }),
            ..found
        }
    }
}
