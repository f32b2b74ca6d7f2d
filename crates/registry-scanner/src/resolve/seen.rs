//! What manifests were when they were last fetched for their digest alone, from hosts that answer no `HEAD` with one.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::reference::{Repository, Tag};
use http::HeaderValue;

use super::Head;

/// More manifests than these are not remembered; those of before are then forgotten.
const MOST: usize = 10_000;

/// The memory of one host.
#[derive(Default)]
pub(crate) struct Seen(Mutex<Manifests>);

type Manifests = HashMap<(Repository, Option<Tag>), (HeaderValue, Head)>;

impl Seen {
    /// What a tag stood for, and the mark by which the registry knows it.
    pub(super) fn get(&self, repository: &Repository, tag: Option<&Tag>) -> Option<(HeaderValue, Head)> {
        self.lock().get(&(repository.clone(), tag.cloned())).cloned()
    }

    /// Remembers what a tag stands for, if the registry has a mark for it.
    pub(super) fn put(&self, repository: &Repository, tag: Option<&Tag>, mark: Option<&HeaderValue>, head: &Head) {
        let key = (repository.clone(), tag.cloned());
        let mut manifests = self.lock();
        let Some(mark) = mark.filter(|mark| mark.len() <= 200) else {
            manifests.remove(&key);
            return;
        };
        if manifests.len() >= MOST && !manifests.contains_key(&key) {
            manifests.clear();
        }
        manifests.insert(key, (mark.clone(), head.clone()));
    }

    fn lock(&self) -> MutexGuard<'_, Manifests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
