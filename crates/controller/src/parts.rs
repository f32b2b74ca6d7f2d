//! What the loops share: built before any of them runs.

mod reports;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use git_writer::Remote;
use metadata_cache::MetadataCache;
use registry_scanner::Scanner;
use sha2::{Digest, Sha256};
use status_api::Board;

use crate::config::Config;
use crate::scan::{Known, Scanning, Wanted};
use crate::state::State;

/// The parts of the daemon.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) board: Board,
    pub(crate) scanning: Scanning,
    pub(crate) wanted: Wanted,
    pub(crate) rule_uses: RuleUses,
    scanner: ArcSwap<Scanner>,
    mirrors: PathBuf,
}

impl Parts {
    /// Puts the parts together. Nothing is read or connected to.
    pub(crate) fn new(config: &Config, state: State, mirrors: PathBuf, board: Board) -> Self {
        let scanning = Scanning {
            state: Arc::new(state),
            cache: MetadataCache::embedded(config.cache_max_bytes),
            known: Known::new(),
        };
        let scanner = ArcSwap::from_pointee(Scanner::new(config.scanner.clone()));
        Self {
            board,
            scanning,
            wanted: Wanted::new(),
            rule_uses: RuleUses::default(),
            scanner,
            mirrors,
        }
    }

    /// The scanner under the configuration in force.
    pub(crate) fn scanner(&self) -> Arc<Scanner> {
        self.scanner.load_full()
    }

    /// Puts another configuration in force; what is known of a host lives on where its entry is the same.
    pub(crate) fn reconfigure(&self, config: &Config) {
        self.scanner
            .store(Arc::new(self.scanner().reconfigured(config.scanner.clone())));
        self.rule_uses.forget();
    }

    /// The folder of a mirror: one per repository and branch, whatever they are called in the configuration.
    pub(crate) fn mirror_folder(&self, remote: &Remote) -> PathBuf {
        let mut hash = Sha256::new();
        hash.update(remote.url.to_string());
        hash.update([0]);
        hash.update(remote.branch.as_str());
        self.mirrors.join(hex::encode(&hash.finalize()[..16]))
    }
}

/// Which rules of the configuration have applied in which repository.
#[derive(Debug, Default)]
pub(crate) struct RuleUses(Mutex<BTreeMap<String, BTreeSet<usize>>>);

impl RuleUses {
    /// Replaces what is known of one repository.
    pub(crate) fn put(&self, repository: &str, rules: BTreeSet<usize>) {
        self.lock().insert(repository.to_owned(), rules);
    }

    /// The rules that match nothing, once every repository has been looked at.
    pub(crate) fn unused(&self, config: &Config) -> Vec<usize> {
        let uses = self.lock();
        if config
            .repositories
            .iter()
            .any(|repository| !uses.contains_key(repository.name.as_str()))
        {
            return Vec::new();
        }
        (0..config.rules.iter().len())
            .filter(|rule| !uses.values().any(|used| used.contains(rule)))
            .collect()
    }

    fn forget(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, BTreeSet<usize>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
