//! Other hosts that a registry leads to: token servers, and where its blobs lie.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::reference::Timestamp;
use tokio::time::Instant;
use transport::Origin;

use crate::client::RegistryClient;
use crate::pace::Pace;

/// So many are remembered of one registry; those that were used last.
const MOST: usize = 16;

/// A host that a registry leads to, while nothing is asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherHost {
    /// The host.
    pub origin: Origin,
    /// Until when nothing is asked of it.
    pub paused_until: Timestamp,
    /// Why; a sentence, safe to show.
    pub reason: String,
}

/// Which hosts a registry led to; the last one is the one that was used last.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere(Mutex<Vec<Origin>>);

impl Elsewhere {
    /// The registry led to `origin`.
    pub(crate) fn note(&self, origin: &Origin) {
        let mut known = self.lock();
        if known.last() == Some(origin) {
            return;
        }
        known.retain(|other| other != origin);
        if known.len() == MOST {
            known.remove(0);
        }
        known.push(origin.clone());
    }

    /// Remembers what was known under an earlier configuration.
    pub(crate) fn inherit(&self, earlier: &Self) {
        let known = earlier.lock().clone();
        *self.lock() = known;
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Origin>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RegistryClient {
    /// Leaves a host alone that the registry led to, as if it had just done so.
    pub(crate) fn pause_elsewhere(&self, origin: &Origin, wait: Duration, reason: &str) {
        self.pace_elsewhere(origin).pause(wait, reason.to_owned());
    }

    /// The pace of another host that the registry leads to.
    pub(crate) fn pace_elsewhere(&self, origin: &Origin) -> Arc<Pace> {
        self.elsewhere.note(origin);
        let limits = || self.hosts.limits_elsewhere(origin, &self.config.limits);
        self.connections.paces.elsewhere(origin, limits)
    }

    /// The hosts that the registry led to and that are left alone at `now`, by their names.
    pub(crate) fn paused_elsewhere(&self, now: Timestamp) -> Vec<OtherHost> {
        let known = self.elsewhere.lock().clone();
        let paused = |origin: &Origin| {
            let pause = self.connections.paces.get(origin)?.paused()?;
            Some(OtherHost {
                origin: origin.clone(),
                paused_until: now + pause.until.saturating_duration_since(Instant::now()),
                reason: pause.why.words,
            })
        };
        let mut paused: Vec<OtherHost> = known.iter().filter_map(paused).collect();
        paused.sort_by(|a, b| a.origin.cmp(&b.origin));
        paused
    }
}
