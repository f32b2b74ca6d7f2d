//! What somebody asked for and still waits for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::reference::{Registry, Repository, Timestamp};
use status_api::Board;

/// The scans that somebody waits for; told on the Board, so that they see when to stop.
///
/// A scan that was under way when it was asked for does not count: what it read may be older than what they have in mind.
#[derive(Debug)]
pub(crate) struct Asked {
    board: Board,
    waiting: Mutex<BTreeMap<Repository, Wait>>,
}

#[derive(Debug)]
struct Wait {
    since: Timestamp,
    /// How often it was asked for since then.
    asks: u64,
    /// How often it had been when the last scan that somebody asked for began.
    begun: u64,
}

impl Asked {
    /// Nobody has asked for anything yet.
    pub(crate) fn new(board: Board) -> Self {
        Self {
            board,
            waiting: Mutex::default(),
        }
    }

    /// Somebody asks for a scan of each of `repositories`.
    pub(crate) fn ask(&self, repositories: &BTreeSet<Repository>, now: Timestamp) {
        let mut waiting = self.lock();
        for repository in repositories {
            let wait = waiting.entry(repository.clone()).or_insert(Wait {
                since: now,
                asks: 0,
                begun: 0,
            });
            wait.asks += 1;
            // Under the lock, so that of two who tell of one image the later one has the last word.
            self.board.post_asked(repository, Some(wait.since));
        }
    }

    /// A scan that was asked for begins.
    pub(crate) fn begin(&self, repository: &Repository) {
        if let Some(wait) = self.lock().get_mut(repository) {
            wait.begun = wait.asks;
        }
    }

    /// A scan has ended. If all who ask had asked by its beginning, nobody waits any more.
    pub(crate) fn end(&self, repository: &Repository) {
        let mut waiting = self.lock();
        if waiting.get(repository).is_some_and(|wait| wait.begun == wait.asks) {
            waiting.remove(repository);
            self.board.post_asked(repository, None);
        }
    }

    /// What is waited for at a registry.
    pub(crate) fn at(&self, registry: &Registry) -> BTreeSet<Repository> {
        let waiting = self.lock();
        let there = waiting.keys().filter(|repository| repository.registry() == registry);
        there.cloned().collect()
    }

    /// Forgets what is scanned no more.
    pub(crate) fn retain(&self, is_scanned: impl Fn(&Repository) -> bool) {
        self.lock().retain(|repository, _| {
            let is_scanned = is_scanned(repository);
            if !is_scanned {
                self.board.post_asked(repository, None);
            }
            is_scanned
        });
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Repository, Wait>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
