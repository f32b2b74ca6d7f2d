//! Which of the candidates opened a repository: it goes first the next time, so that a bad one before it costs its refusal once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::codes::CredentialSource;
use sha2::{Digest as _, Sha256};

use super::{Candidate, CredentialReport, Passed};
use crate::credential::CredentialId;

/// All is learned anew when more repositories of one host than these were asked for.
const MANY: usize = 16 * 1024;

/// What was said in the log already is remembered up to this.
const SAID: usize = 1024;

/// Stands for a list of candidates. A secret that changed makes another list.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ListId([u8; 32]);

impl ListId {
    pub(crate) fn of(candidates: &[Candidate]) -> Self {
        let mut hash = Sha256::new();
        let mut add = |part: &[u8]| {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        };
        for candidate in candidates {
            match candidate {
                Candidate::Known(identity) => {
                    add(identity.source.to_string().as_bytes());
                    let id = identity.credential.as_ref().map(|credential| credential.id());
                    add(id.as_ref().map_or(&[], CredentialId::as_bytes));
                }
                Candidate::Helper(name) => {
                    add(b"helper");
                    add(name.as_bytes());
                }
                Candidate::Cloud => add(b"cloud"),
            }
        }
        Self(hash.finalize().into())
    }
}

/// What is known of the candidates of one repository, as long as they stay the same.
#[derive(Clone, Default)]
pub(crate) struct Known {
    list: ListId,
    /// The place, in the order of the list, of the one that opened the repository.
    pub(crate) opener: Option<usize>,
    /// What the last answer was given to.
    pub(crate) used: Option<CredentialSource>,
    /// Those that did not, by their places.
    pub(crate) refused: BTreeMap<usize, Passed>,
    /// Those that could not be tried, by their places.
    pub(crate) broken: BTreeMap<usize, Passed>,
    /// Those that are no candidates at all.
    pub(crate) skipped: Vec<Passed>,
}

impl Known {
    fn report(&self) -> CredentialReport {
        CredentialReport {
            used: self.used.clone(),
            refused: self.refused.values().cloned().collect(),
            skipped: self.broken.values().chain(&self.skipped).cloned().collect(),
        }
    }
}

/// What is known of the repositories of one host, by their paths.
#[derive(Default)]
pub(crate) struct Openers(Mutex<State>);

#[derive(Default, Clone)]
struct State {
    repositories: HashMap<Box<str>, Known>,
    said: HashSet<(String, String)>,
}

impl Openers {
    /// What is known of a repository with these candidates; nothing, if they have changed.
    pub(crate) fn known(&self, path: &str, candidates: &[Candidate], skipped: &[Passed]) -> Known {
        let list = ListId::of(candidates);
        let known = self.lock().repositories.get(path).cloned();
        Known {
            skipped: skipped.to_vec(),
            list,
            ..known.filter(|known| known.list == list).unwrap_or_default()
        }
    }

    /// Remembers how the candidates of a repository fared, and says in the log what is new about the bad ones.
    pub(crate) fn note(&self, path: &str, known: &Known) {
        let mut state = self.lock();
        for passed in known.broken.values().chain(&known.skipped) {
            state.say(passed);
        }
        if state.repositories.len() >= MANY && !state.repositories.contains_key(path) {
            state.repositories.clear();
        }
        state.repositories.insert(path.into(), known.clone());
    }

    /// What there is to say of the credentials of a repository that was asked for.
    pub(crate) fn report(&self, path: &str) -> Option<CredentialReport> {
        self.lock().repositories.get(path).map(Known::report)
    }

    /// Remembers what was known under an earlier configuration; candidates that changed are seen by their id.
    pub(crate) fn inherit(&self, earlier: &Self) {
        let known = earlier.lock().clone();
        *self.lock() = known;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Once for each host: a bad entry is bad for each of its repositories.
    fn say(&mut self, passed: &Passed) {
        if self.said.len() >= SAID {
            self.said.clear();
        }
        if self.said.insert((passed.name.clone(), passed.reason.clone())) {
            tracing::warn!("A credential is passed by: {}: {}", passed.name, passed.reason);
        }
    }
}
