//! What the scans have found: the latest whole state per repository, read by the update loops.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::accept::{Missing, Standing};
use domain::reach::Reach;
use domain::reference::{Registry, Repository, Tag, Timestamp, Value};
use domain::scan::{Fact, Need, Scan, TagList};
use registry_scanner::{ErrorCode, Listing};
use tokio::sync::watch;

use super::attempt::wanted;
use super::memory::Memory;
use super::schedule::Cadence;
use super::wanted::Ask;

/// What is known of one repository.
#[derive(Debug, Clone)]
pub(crate) struct Knowledge {
    /// The last complete list with the facts that were wanted of it.
    pub(crate) scan: Option<Arc<Scan>>,
    /// How that list was read; `None` where there is none.
    pub(crate) listed: Option<Listed>,
    /// Whether that list may be decided from.
    pub(crate) standing: Standing,
    /// The asks whose facts were fetched, or tried.
    pub(crate) answered: Vec<Ask>,
    /// Facts that could not be fetched, and why, in words that may be shown.
    pub(crate) unanswered: BTreeMap<Need, String>,
    /// Tags of the list whose manifest was not there when it was asked for.
    pub(crate) absent: BTreeSet<Tag>,
    /// The same, of the scan before.
    pub(crate) absent_before: BTreeSet<Tag>,
    /// What the next scan starts from.
    pub(crate) memory: Arc<Memory>,
    /// How often it is scanned while all is well.
    pub(crate) cadence: Cadence,
    /// Why the last attempt failed; `None` after a success.
    pub(crate) failure: Option<Failure>,
    /// When the last attempt ended.
    pub(crate) last_attempt: Option<Timestamp>,
}

/// A list as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) listing: Arc<Listing>,
    /// When it was last read from its start to its end.
    pub(crate) whole_at: Timestamp,
    /// What the last reading of it told about.
    pub(crate) reach: Reach,
}

/// An attempt that brought no list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What went wrong, safe to show.
    pub(crate) words: String,
    /// Its kind.
    pub(crate) code: ErrorCode,
    /// How long the host wants to be left alone.
    pub(crate) retry_after: Option<Duration>,
    /// Attempts that failed in a row.
    pub(crate) in_a_row: u32,
}

impl Default for Knowledge {
    fn default() -> Self {
        Self {
            scan: None,
            listed: None,
            standing: Standing::plausible(),
            answered: Vec::new(),
            unanswered: BTreeMap::new(),
            absent: BTreeSet::new(),
            absent_before: BTreeSet::new(),
            memory: Arc::default(),
            cadence: Cadence::default(),
            failure: None,
            last_attempt: None,
        }
    }
}

impl Knowledge {
    /// Whether an attempt was made that answers, or failed to answer, `ask`.
    pub(crate) fn has_tried(&self, ask: &Ask) -> bool {
        self.answered.contains(ask)
    }

    /// Whether the last list tells all that can matter to `asks`; of what was not read, it tells what was there some hours ago.
    pub(crate) fn can_answer(&self, asks: &[Ask]) -> bool {
        let is_read = |listed: &Listed| listed.reach.covers(&wanted(asks));
        self.scan.is_some() && self.listed.as_ref().is_none_or(is_read)
    }

    /// The standing for a target whose value is `current`.
    ///
    /// The list was judged for the tags that git held then; one that has come since may be missing from it as well, and
    /// nothing is written from such a list.
    pub(crate) fn standing_of(&self, current: &Value) -> Standing {
        let mut standing = self.standing.clone();
        let tag = current.tag.as_ref();
        if let (Some(tag), Some(scan)) = (tag, &self.scan)
            && !scan.tags.contains(tag.as_str())
        {
            standing.missing.entry(tag.clone()).or_insert(Missing::Doubted);
        }
        standing
    }

    /// Whether a decision could come out otherwise than before.
    pub(crate) fn differs_from(&self, earlier: &Self) -> bool {
        self.standing != earlier.standing || self.answered != earlier.answered || self.has_news_since(earlier)
    }

    /// Whether the registry says something else than before.
    pub(crate) fn has_news_since(&self, earlier: &Self) -> bool {
        self.list() != earlier.list() || !self.facts().eq(earlier.facts())
    }

    fn list(&self) -> Option<(&Arc<TagList>, &BTreeSet<Need>)> {
        let scan = self.scan.as_ref()?;
        Some((&scan.tags, &scan.failed))
    }

    /// What is known of tags, their digests out of memory where they were not resolved in the last scan: to have been resolved
    /// again is no news.
    fn facts(&self) -> impl Iterator<Item = (&Tag, Fact)> {
        let facts = self.scan.iter().flat_map(|scan| &scan.facts);
        facts.map(|(tag, fact)| {
            let digest = fact.digest.as_ref().or_else(|| self.memory.digest(tag)).cloned();
            (tag, Fact { digest, ..fact.clone() })
        })
    }
}

/// The knowledge of all repositories. Cheap to clone; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Known(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    repositories: Mutex<HashMap<Repository, Arc<Knowledge>>>,
    changed: watch::Sender<u64>,
}

impl Known {
    /// Nothing is known yet.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared {
            repositories: Mutex::default(),
            changed: watch::Sender::new(0),
        }))
    }

    /// What is known of a repository.
    pub(crate) fn get(&self, repository: &Repository) -> Option<Arc<Knowledge>> {
        self.lock().get(repository).cloned()
    }

    /// Replaces what is known of a repository; those who decide from it are nudged if it is news.
    pub(crate) fn put(&self, repository: &Repository, knowledge: Knowledge) {
        let knowledge = Arc::new(knowledge);
        let previous = self.lock().insert(repository.clone(), knowledge.clone());
        if previous.is_none_or(|previous| knowledge.differs_from(&previous)) {
            self.0.changed.send_modify(|count| *count += 1);
        }
    }

    /// Somebody has set the clock back to `now`: no attempt at a repository of `registry` was made after that.
    pub(crate) fn set_back(&self, registry: &Registry, now: Timestamp) {
        for (repository, knowledge) in self.lock().iter_mut() {
            if repository.registry() == registry && knowledge.last_attempt.is_some_and(|last| last > now) {
                Arc::make_mut(knowledge).last_attempt = Some(now);
            }
        }
    }

    /// Forgets repositories that nobody wants any more.
    pub(crate) fn retain(&self, wanted: impl Fn(&Repository) -> bool) {
        self.lock().retain(|repository, _| wanted(repository));
    }

    /// A receiver that sees each change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Repository, Arc<Knowledge>>> {
        self.0.repositories.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
