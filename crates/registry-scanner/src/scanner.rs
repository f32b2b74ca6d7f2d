//! The way in: all registries, each behind its own client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::reference::{Registry, Repository};

use crate::client::RegistryClient;
use crate::config::ScannerConfig;
use crate::connections::Connections;
use crate::hosts::Hosts;

/// Asks registries. Cheap to clone; clones share connections, tokens, limits and pauses.
#[derive(Clone)]
pub struct Scanner {
    shared: Arc<Shared>,
}

struct Shared {
    config: ScannerConfig,
    hosts: Arc<Hosts>,
    connections: Arc<Connections>,
    clients: Mutex<HashMap<Registry, Arc<RegistryClient>>>,
}

impl Scanner {
    /// Makes a scanner; nothing is read or connected to before the first question.
    pub fn new(config: ScannerConfig) -> Self {
        Self {
            shared: Arc::new(Shared {
                hosts: Arc::new(Hosts::new(&config)),
                connections: Arc::new(Connections::new(config.proxy.clone())),
                clients: Mutex::default(),
                config,
            }),
        }
    }

    /// The client of the registry that holds `repository`.
    pub(crate) fn client(&self, repository: &Repository) -> Arc<RegistryClient> {
        let registry = repository.registry();
        let mut clients = self.shared.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(registry) {
            return client.clone();
        }
        let entry = self.shared.hosts.entry(registry);
        let client = RegistryClient::new(entry, self.shared.hosts.clone(), self.shared.connections.clone());
        let client = Arc::new(client);
        clients.insert(registry.clone(), client.clone());
        client
    }
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanner").field("config", &self.shared.config).finish()
    }
}
