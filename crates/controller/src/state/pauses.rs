//! Until when registries, and the hosts that they lead to, want to be left alone.

use std::collections::BTreeMap;

use domain::reference::{Registry, Timestamp};
use transport::Origin;

use super::State;

/// Until when a host is left alone, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HostPause {
    pub(crate) until: Timestamp,
    /// Safe to show.
    pub(crate) reason: String,
}

/// The pauses that there are at a registry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Pauses {
    /// Of the registry itself.
    pub(crate) own: Option<HostPause>,
    /// Of hosts that it leads to, for tokens or blobs; as many as the scanner remembers of one registry.
    pub(crate) elsewhere: BTreeMap<Origin, HostPause>,
}

impl HostPause {
    /// Whether it is the same but for the second that counting from another moment makes.
    fn is_about(&self, other: &Self) -> bool {
        let apart = self.until.as_unix_seconds().abs_diff(other.until.as_unix_seconds());
        self.reason == other.reason && apart <= 2
    }
}

impl Pauses {
    fn is_none(&self) -> bool {
        self.own.is_none() && self.elsewhere.is_empty()
    }

    fn is_about(&self, other: &Self) -> bool {
        let own = match (&self.own, &other.own) {
            (Some(one), Some(other)) => one.is_about(other),
            (one, other) => one == other,
        };
        let mut elsewhere = self.elsewhere.iter().zip(&other.elsewhere);
        own && self.elsewhere.len() == other.elsewhere.len()
            && elsewhere.all(|((here, one), (there, other))| here == there && one.is_about(other))
    }

    /// Forgets what is over at `now`; `false` if nothing is left.
    pub(super) fn forget_over(&mut self, now: Timestamp) -> bool {
        self.own.take_if(|pause| pause.until <= now);
        self.elsewhere.retain(|_, pause| pause.until > now);
        !self.is_none()
    }
}

impl State {
    /// The pauses that were not over when they were noted.
    pub(crate) fn pauses(&self) -> BTreeMap<Registry, Pauses> {
        self.content().0.pauses.clone()
    }

    /// Notes the pauses that there are at a registry; kept in the file at the next [`State::save`].
    pub(crate) fn set_pauses(&self, registry: &Registry, pauses: Pauses) {
        let known = self.content().0.pauses.get(registry).cloned().unwrap_or_default();
        if known.is_about(&pauses) {
            return;
        }
        self.change(|content| {
            if pauses.is_none() {
                content.pauses.remove(registry);
            } else {
                content.pauses.insert(registry.clone(), pauses);
            }
        });
    }
}
