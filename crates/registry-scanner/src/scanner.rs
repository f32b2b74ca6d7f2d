//! The way in: all registries, each behind its own client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::reference::{Registry, Repository, Timestamp};
use tokio::time::Instant;
use transport::{AuthorityError, Origin};

use crate::client::RegistryClient;
use crate::clouds::{Clouds, Unprepared};
use crate::config::ScannerConfig;
use crate::connections::Connections;
use crate::credentials::CredentialReport;
use crate::error::Failure;
use crate::health::HostReport;
use crate::helper::Helpers;
use crate::hosts::Hosts;
use crate::profile::Profile;

/// Asks registries. Cheap to clone; clones share connections, tokens, limits and pauses.
#[derive(Clone)]
pub struct Scanner {
    shared: Arc<Shared>,
}

struct Shared {
    config: ScannerConfig,
    hosts: Arc<Hosts>,
    connections: Arc<Connections>,
    clouds: Arc<Clouds>,
    helpers: Arc<Helpers>,
    clients: Mutex<HashMap<Registry, Arc<RegistryClient>>>,
}

impl Scanner {
    /// Makes a scanner; nothing is read or connected to before the first question.
    pub fn new(config: ScannerConfig) -> Self {
        let clouds = Arc::new(Clouds::new(&config));
        Self::with(config, clouds)
    }

    fn with(config: ScannerConfig, clouds: Arc<Clouds>) -> Self {
        Self {
            shared: Arc::new(Shared {
                hosts: Arc::new(Hosts::new(&config)),
                connections: Arc::new(Connections::new(config.proxy.clone())),
                clouds,
                helpers: Arc::new(Helpers::new(config.helpers.clone())),
                clients: Mutex::default(),
                config,
            }),
        }
    }

    /// A scanner for a new configuration.
    ///
    /// What is known of a host lives on: the pause that it asked for, how it is doing, what it was asked, what its cloud gave.
    /// Tokens and challenges are learned anew, for the new configuration may say otherwise who may have them.
    pub fn reconfigured(&self, config: ScannerConfig) -> Self {
        if self.shared.config == config {
            return self.clone();
        }
        let clouds = self.shared.clouds.reconfigured(&self.shared.config, &config);
        let next = Self::with(config, clouds);
        next.shared.connections.paces.inherit(&self.shared.connections.paces);
        for client in self.clients() {
            let registry = client.config.host.clone();
            if let Ok(next) = next.client_of(&registry) {
                next.inherit(&client);
            }
        }
        next
    }

    /// Looks whether everything is there that the configuration requires before the start.
    ///
    /// # Errors
    ///
    /// What is missing, and what to do about it.
    pub async fn preflight(&self) -> Result<(), Unprepared> {
        self.shared.clouds.preflight().await
    }

    /// What there is to say of each host that was asked, or paused, so far; sorted by name.
    pub fn hosts(&self, now: Timestamp) -> Vec<HostReport> {
        let mut reports: Vec<HostReport> = self.clients().iter().map(|client| client.report(now)).collect();
        reports.sort_by(|a, b| a.host.cmp(&b.host));
        reports
    }

    /// What there is to say of one host.
    pub fn host(&self, registry: &Registry, now: Timestamp) -> HostReport {
        match self.client_of(registry) {
            Ok(client) => client.report(now),
            Err(error) => HostReport::unusable(registry.clone(), error.to_string()),
        }
    }

    /// Which credential opens a repository, and which do not; `None` before it was asked for.
    pub fn credentials(&self, repository: &Repository) -> Option<CredentialReport> {
        self.client(repository).ok()?.credentials(repository)
    }

    /// Whether a registry is known to count each manifest that is fetched as a pull, and what it is only asked about for nothing.
    pub fn counts_pulls(&self, registry: &Registry) -> bool {
        let says_so = |client: Arc<RegistryClient>| client.pulls.left(Instant::now()).is_some();
        registry.is_docker_hub() || self.client_of(registry).is_ok_and(says_so)
    }

    /// Leaves a host alone for `wait`, for instance because it was in a pause when the daemon stopped.
    pub fn pause(&self, registry: &Registry, wait: Duration, reason: &str) {
        if let Ok(client) = self.client_of(registry) {
            client.pace.pause(wait, reason.to_owned());
        }
    }

    /// The same for a host that `registry` led to, for tokens or blobs.
    pub fn pause_elsewhere(&self, registry: &Registry, origin: &Origin, wait: Duration, reason: &str) {
        if let Ok(client) = self.client_of(registry) {
            client.pause_elsewhere(origin, wait, reason);
        }
    }

    /// What is known of how a registry lists tags.
    pub fn profile(&self, registry: &Registry) -> Profile {
        let client = self.client_of(registry);
        client
            .map(|client| client.profile(|profile| *profile))
            .unwrap_or_default()
    }

    /// Takes over what was known of how a registry lists tags, for instance when the daemon stopped.
    pub fn learned(&self, registry: &Registry, profile: Profile) {
        if let Ok(client) = self.client_of(registry) {
            client.profile(|known| *known = profile);
        }
    }

    fn clients(&self) -> Vec<Arc<RegistryClient>> {
        let clients = self.shared.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.values().cloned().collect()
    }

    /// The client of the registry that holds `repository`.
    pub(crate) fn client(&self, repository: &Repository) -> Result<Arc<RegistryClient>, Failure> {
        Ok(self.client_of(repository.registry())?)
    }

    /// Remembers how a verb about `repository` ended.
    pub(crate) fn noted<T>(&self, repository: &Repository, outcome: Result<T, Failure>) -> Result<T, Failure> {
        if let Ok(client) = self.client(repository) {
            client.health.note(&outcome);
        }
        outcome
    }

    fn client_of(&self, registry: &Registry) -> Result<Arc<RegistryClient>, AuthorityError> {
        let mut clients = self.shared.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(registry) {
            return Ok(client.clone());
        }
        let entry = self.shared.hosts.entry(registry);
        let client = RegistryClient::new(
            entry,
            self.shared.hosts.clone(),
            self.shared.connections.clone(),
            self.shared.clouds.clone(),
            self.shared.helpers.clone(),
        )?;
        let client = Arc::new(client);
        clients.insert(registry.clone(), client.clone());
        Ok(client)
    }
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanner").field("config", &self.shared.config).finish()
    }
}
