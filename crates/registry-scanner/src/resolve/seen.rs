//! What manifests were when they were last fetched for their digest alone, from hosts that answer no `HEAD` with one.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::reference::{Repository, Tag};
use http::HeaderValue;
use tokio::time::Instant;

use super::Head;

/// How long a host is taken at its word that `HEAD` says nothing.
const LIFE: Duration = Duration::from_secs(24 * 3600);

/// More manifests than these are not remembered; those of before are then forgotten.
const MOST: usize = 10_000;

/// The memory of one host.
#[derive(Default)]
pub(crate) struct Seen(Mutex<State>);

#[derive(Default)]
struct State {
    /// Since when `HEAD` is known to say nothing.
    no_heads: Option<Instant>,
    manifests: HashMap<(Repository, Option<Tag>), (HeaderValue, Head)>,
}

impl Seen {
    /// Whether `HEAD` is worth a request.
    pub(super) fn heads_work(&self, now: Instant) -> bool {
        let since = self.lock().no_heads;
        since.is_none_or(|since| now.saturating_duration_since(since) >= LIFE)
    }

    /// Whether `HEAD` has said a digest.
    pub(super) fn note_heads(&self, work: bool, now: Instant) {
        self.lock().no_heads = (!work).then_some(now);
    }

    /// What a tag stood for, and the mark by which the registry knows it.
    pub(super) fn get(&self, repository: &Repository, tag: Option<&Tag>) -> Option<(HeaderValue, Head)> {
        self.lock().manifests.get(&(repository.clone(), tag.cloned())).cloned()
    }

    /// Remembers what a tag stands for, if the registry has a mark for it.
    pub(super) fn put(&self, repository: &Repository, tag: Option<&Tag>, mark: Option<&HeaderValue>, head: &Head) {
        let key = (repository.clone(), tag.cloned());
        let mut state = self.lock();
        let Some(mark) = mark.filter(|mark| mark.len() <= 200) else {
            state.manifests.remove(&key);
            return;
        };
        if state.manifests.len() >= MOST && !state.manifests.contains_key(&key) {
            state.manifests.clear();
        }
        state.manifests.insert(key, (mark.clone(), head.clone()));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
