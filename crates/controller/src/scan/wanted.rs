//! What the update loops want to know of the registries: published as a whole, read by the scan loops.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::policy::Policy;
use domain::reference::{Registry, Repository, Tag, Value};
use tokio::sync::watch;

/// A decision that someone wants to make of a repository's tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    /// The policy that decides.
    pub(crate) policy: Arc<Policy>,
    /// The value that git holds now.
    pub(crate) current: Value,
}

/// The asks for each repository.
pub(crate) type Asks = BTreeMap<Repository, Vec<Ask>>;

/// The wants of all update loops.
#[derive(Debug)]
pub(crate) struct Wanted {
    by_branch: Mutex<BTreeMap<String, Asks>>,
    /// What somebody asked to be scanned now. Only what is wanted comes in ([`Wanted::unwanted`]), so it is hardly ever more than that.
    nudged: Mutex<BTreeSet<Repository>>,
    changed: watch::Sender<u64>,
}

impl Wanted {
    /// Nobody wants anything yet.
    pub(crate) fn new() -> Self {
        Self {
            by_branch: Mutex::default(),
            nudged: Mutex::default(),
            changed: watch::Sender::new(0),
        }
    }

    /// Replaces what one update loop wants. Scan loops are nudged only if that is something else than before.
    pub(crate) fn publish(&self, branch: &str, asks: &Asks) {
        if self.lock().get(branch) == Some(asks) {
            return;
        }
        self.lock().insert(branch.to_owned(), asks.clone());
        self.changed.send_modify(|count| *count += 1);
    }

    /// Forgets an update loop that has ended.
    pub(crate) fn withdraw(&self, branch: &str) {
        self.lock().remove(branch);
        self.changed.send_modify(|count| *count += 1);
    }

    /// Those of `repositories` that nobody wants anything of. They are never scanned.
    pub(crate) fn unwanted(&self, repositories: &BTreeSet<Repository>) -> BTreeSet<Repository> {
        let by_branch = self.lock();
        let is_wanted = |repository: &&Repository| by_branch.values().any(|asks| asks.contains_key(*repository));
        let unwanted = repositories.iter().filter(|repository| !is_wanted(repository));
        unwanted.cloned().collect()
    }

    /// Asks for a scan of each of `repositories` now. Those that nobody wants are not scanned all the same.
    pub(crate) fn nudge(&self, repositories: impl IntoIterator<Item = Repository>) {
        self.nudged().extend(repositories);
        self.changed.send_modify(|count| *count += 1);
    }

    /// What was asked for of one registry since this was last taken.
    pub(crate) fn take_nudged(&self, registry: &Registry) -> BTreeSet<Repository> {
        self.nudged()
            .extract_if(.., |repository| repository.registry() == registry)
            .collect()
    }

    /// The registries from which anything is wanted.
    pub(crate) fn registries(&self) -> BTreeSet<Registry> {
        self.lock()
            .values()
            .flat_map(BTreeMap::keys)
            .map(|repository| repository.registry().clone())
            .collect()
    }

    /// What is wanted from one registry, equal asks of several update loops once.
    pub(crate) fn of(&self, registry: &Registry) -> Asks {
        let mut asks = Asks::new();
        for (repository, wanted) in self
            .lock()
            .values()
            .flatten()
            .filter(|(repository, _)| repository.registry() == registry)
        {
            let known = asks.entry(repository.clone()).or_default();
            for ask in wanted {
                if !known.contains(ask) {
                    known.push(ask.clone());
                }
            }
        }
        asks
    }

    /// The repositories that one update loop asks for.
    pub(crate) fn by(&self, branch: &str) -> Vec<Repository> {
        self.lock()
            .get(branch)
            .map(|asks| asks.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// A receiver that sees each change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn nudged(&self) -> MutexGuard<'_, BTreeSet<Repository>> {
        self.nudged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Asks>> {
        self.by_branch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The tags that git holds now.
pub(crate) fn currents(asks: &[Ask]) -> BTreeSet<Tag> {
    asks.iter().filter_map(|ask| ask.current.tag.clone()).collect()
}

#[cfg(test)]
mod tests;
