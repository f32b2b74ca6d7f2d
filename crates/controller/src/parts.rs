//! What the loops share: built before any of them runs.

mod reports;
mod uses;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use arc_swap::ArcSwap;
use git_writer::Remote;
use metadata_cache::MetadataCache;
use registry_scanner::Scanner;
use sha2::{Digest, Sha256};
use status_api::Board;

use self::uses::AllUses;
pub(crate) use self::uses::Uses;
use crate::clock;
use crate::config::Config;
use crate::scan::{Asked, Known, Scanning, Wanted};
use crate::state::State;

/// The parts of the daemon.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) board: Board,
    pub(crate) scanning: Scanning,
    pub(crate) wanted: Wanted,
    pub(crate) asked: Asked,
    pub(crate) uses: AllUses,
    scanner: ArcSwap<Scanner>,
    mirrors: PathBuf,
}

impl Parts {
    /// Puts the parts together. Nothing is connected to.
    pub(crate) fn new(config: &Config, state: State, mirrors: PathBuf, board: Board) -> Self {
        let scanning = Scanning {
            state: Arc::new(state),
            cache: MetadataCache::embedded(config.cache_max_bytes),
            known: Known::new(),
        };
        let scanner = Scanner::new(config.scanner.clone());
        resume_pauses(&scanner, &scanning.state);
        resume_profiles(&scanner, &scanning.state);
        scanning.forget_unwanted();
        let scanner = ArcSwap::from_pointee(scanner);
        Self {
            asked: Asked::new(board.clone()),
            board,
            scanning,
            wanted: Wanted::new(),
            uses: AllUses::default(),
            scanner,
            mirrors,
        }
    }

    /// Looks whether everything is there that the configuration requires before the start. Nothing else is asked.
    ///
    /// # Errors
    ///
    /// What is missing.
    pub(crate) async fn preflight(&self) -> anyhow::Result<()> {
        self.scanner().preflight().await.context("preparing the start")
    }

    /// The scanner under the configuration in force.
    pub(crate) fn scanner(&self) -> Arc<Scanner> {
        self.scanner.load_full()
    }

    /// Puts another configuration in force; what is known of a host lives on where its entry is the same.
    pub(crate) fn reconfigure(&self, config: &Config) {
        self.scanner
            .store(Arc::new(self.scanner().reconfigured(config.scanner.clone())));
        self.uses.forget(&self.board);
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

/// What was found out of how registries list tags is so after a restart, too.
fn resume_profiles(scanner: &Scanner, state: &State) {
    for (registry, profile) in state.profiles() {
        scanner.learned(&registry, profile);
    }
}

/// The state file and the clock know whole seconds; a pause must not end before its time.
const SECOND: Duration = Duration::from_secs(1);

/// Leaves the hosts alone that were left alone when the daemon stopped: a restart is no reason to ask them.
fn resume_pauses(scanner: &Scanner, state: &State) {
    let now = clock::now();
    for (registry, pauses) in state.pauses() {
        if let Some(pause) = pauses.own.filter(|pause| pause.until > now) {
            scanner.pause(&registry, pause.until.since(now) + SECOND, &pause.reason);
        }
        for (origin, pause) in pauses.elsewhere {
            if pause.until > now {
                scanner.pause_elsewhere(&registry, &origin, pause.until.since(now) + SECOND, &pause.reason);
            }
        }
    }
}
