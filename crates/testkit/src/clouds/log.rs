//! What arrived at a server, and what it answers in place of the truth.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Answer, Seen};

/// Cheap to clone; clones are the same log.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    seen: Arc<Mutex<Vec<Seen>>>,
    instead: Arc<Mutex<Option<Answer>>>,
}

impl Log {
    /// Notes a request; says what is to be answered, where a test has said so.
    pub(super) fn note(&self, request: &Seen) -> Option<Answer> {
        lock(&self.seen).push(request.clone());
        lock(&self.instead).clone()
    }

    /// Everything is answered so, until `None` lets the truth be told again.
    pub(super) fn instead(&self, answer: Option<Answer>) {
        *lock(&self.instead) = answer;
    }

    /// The requests that arrived.
    pub(super) fn seen(&self) -> Vec<Seen> {
        lock(&self.seen).clone()
    }
}

/// Also after a test has failed with it.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
