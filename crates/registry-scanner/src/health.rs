//! How a host is doing, for the Board.

use std::sync::{Mutex, PoisonError};

use domain::codes::{CredentialSource, HostState};
use domain::reference::{Registry, Timestamp};
use tokio::time::Instant;
use transport::chain;

use crate::client::RegistryClient;
use crate::counters::Requests;
use crate::elsewhere::OtherHost;
use crate::error::Failure;
use crate::quota::Quota;

/// What there is to say of a registry host.
#[derive(Debug, Clone, PartialEq)]
pub struct HostReport {
    /// The registry, as image names spell it.
    pub host: Registry,
    /// How it is doing.
    pub state: HostState,
    /// Why it is not well; a sentence, safe to show.
    pub reason: Option<String>,
    /// What the last answer was given to.
    pub credential: Option<CredentialSource>,
    /// There are credentials for it that are not sent, because it is spoken to without TLS.
    pub credentials_withheld: bool,
    /// Requests a second that are made at most just now: fewer than configured for a while after it asked for fewer.
    pub requests_per_second: f64,
    /// Hosts that it leads to, for tokens or blobs, and that are left alone.
    pub paused_elsewhere: Vec<OtherHost>,
    /// What it says is left of its quota of pulls.
    pub quota: Option<Quota>,
    /// What it was asked since the start.
    pub requests: Requests,
}

impl HostReport {
    /// Of a name that is no host.
    pub(crate) fn unusable(host: Registry, reason: String) -> Self {
        Self {
            host,
            state: HostState::Failing,
            reason: Some(reason),
            credential: None,
            credentials_withheld: false,
            requests_per_second: 0.0,
            paused_elsewhere: Vec::new(),
            quota: None,
            requests: Requests::default(),
        }
    }
}

/// The last outcome of a verb, and who asked.
#[derive(Default)]
pub(crate) struct Health(Mutex<State>);

#[derive(Default, Clone)]
struct State {
    asked: bool,
    trouble: Option<(HostState, String)>,
    credential: Option<CredentialSource>,
    withheld: bool,
}

impl Health {
    /// An answer was given to this credential.
    pub(crate) fn used(&self, source: &CredentialSource, withheld: bool) {
        let mut state = self.lock();
        state.credential = Some(source.clone());
        state.withheld = withheld;
    }

    /// A verb ended so.
    pub(crate) fn note<T>(&self, outcome: &Result<T, Failure>) {
        let trouble = match outcome {
            Err(failure) => failure.host_state().map(|state| (state, chain(failure).to_string())),
            Ok(_) => None,
        };
        let mut state = self.lock();
        state.asked = true;
        state.trouble = trouble;
    }

    /// Remembers what was known under an earlier configuration.
    pub(crate) fn inherit(&self, earlier: &Self) {
        let known = earlier.lock().clone();
        *self.lock() = known;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RegistryClient {
    /// What there is to say of the host at `now`.
    pub(crate) fn report(&self, now: Timestamp) -> HostReport {
        let known = self.health.lock();
        let (state, reason) = match (self.pace.paused(), &known.trouble) {
            (Some(pause), _) => {
                let until = now + pause.until.saturating_duration_since(Instant::now());
                (HostState::Paused { until }, Some(pause.why.words))
            }
            (None, Some((state, reason))) => (state.clone(), Some(reason.clone())),
            (None, None) if known.asked => (HostState::Healthy, None),
            (None, None) => (HostState::Unknown, None),
        };
        let clouds = self.clouds_words(now).filter(|_| {
            matches!(
                state,
                HostState::Unknown | HostState::Healthy | HostState::CredentialUnavailable
            )
        });
        HostReport {
            host: self.config.host.clone(),
            state,
            reason: clouds.or(reason),
            credential: known.credential.clone(),
            credentials_withheld: known.withheld,
            // A tenth is exact enough for people.
            requests_per_second: (self.pace.rate() * 10.0).round() / 10.0,
            paused_elsewhere: self.paused_elsewhere(now),
            quota: self.pulls.left(Instant::now()),
            requests: self.counters.read(),
        }
    }

    /// Why its cloud has nothing new to give, and when it is asked again; said also while an older credential is still good.
    fn clouds_words(&self, now: Timestamp) -> Option<String> {
        let trouble = self.clouds.trouble(&self.config.host)?;
        let wait = trouble.until.saturating_duration_since(Instant::now());
        if wait.is_zero() {
            return Some(trouble.to_string());
        }
        Some(format!("{trouble}; {} is asked again at {}", trouble.cloud, now + wait))
    }
}
