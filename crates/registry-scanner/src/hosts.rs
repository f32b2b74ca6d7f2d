//! What the configuration says of each host, also when it is met as a token server or at the end of a redirect.

use std::path::Path;

use domain::reference::Registry;
use transport::{Authority, Origin, Scheme};

use crate::config::{DockerConfigFile, HostConfig, Limits, ScannerConfig};
use crate::realm::{Manner, TokenServers};
use crate::well_known::within_host;

/// The entries of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hosts {
    entries: Vec<HostConfig>,
    defaults: Limits,
    docker_config: Option<DockerConfigFile>,
}

impl Hosts {
    pub(crate) fn new(config: &ScannerConfig) -> Self {
        Self {
            entries: config.hosts.clone(),
            defaults: config.defaults,
            docker_config: config.docker_config.clone(),
        }
    }

    /// Where credentials come from beside those of the entries.
    pub(crate) fn docker_config(&self) -> Option<&DockerConfigFile> {
        self.docker_config.as_ref()
    }

    /// The entry of a registry, or what holds for one without.
    pub(crate) fn entry(&self, registry: &Registry) -> HostConfig {
        let known = self.entries.iter().find(|entry| entry.host == *registry);
        known
            .cloned()
            .unwrap_or_else(|| HostConfig::new(registry.clone(), self.defaults.within(registry)))
    }

    /// Whether the operator named a host that is spoken to in this way.
    pub(crate) fn names(&self, origin: &Origin) -> bool {
        self.of_origin(origin).is_some()
    }

    /// The CA file for requests to `origin`, or `default` where it has no entry.
    pub(crate) fn ca_file<'a>(&'a self, origin: &Origin, default: Option<&'a Path>) -> Option<&'a Path> {
        let own = self
            .entries
            .iter()
            .find(|entry| authority(entry).is_some_and(|authority| authority.origin(Scheme::Https) == *origin));
        own.map_or(default, |entry| entry.ca_file.as_deref())
    }

    /// How much a host may be asked that a registry leads to: what its own entry says, else as much as the registry and no less than
    /// any other.
    pub(crate) fn limits_elsewhere(&self, origin: &Origin, registry: &Limits) -> Limits {
        if let Some(entry) = self.of_origin(origin) {
            return entry.limits;
        }
        let limits = Limits {
            requests_per_second: self.defaults.requests_per_second.max(registry.requests_per_second),
            burst: self.defaults.burst.max(registry.burst),
            concurrency: self.defaults.concurrency.max(registry.concurrency),
            timeout: registry.timeout,
        };
        within_host(limits, origin.host())
    }

    pub(crate) fn token_servers(&self, config: &HostConfig, origin: &Origin) -> TokenServers {
        let named: Vec<_> = config
            .token_hosts
            .iter()
            .map(|host| (host.clone(), self.manner_of(host)))
            .collect();
        TokenServers::new(origin, manner(config), &named)
    }

    fn manner_of(&self, host: &Authority) -> Option<Manner> {
        let own = self
            .entries
            .iter()
            .find(|entry| authority(entry).as_ref() == Some(host));
        own.map(manner)
    }

    fn of_origin(&self, origin: &Origin) -> Option<&HostConfig> {
        self.entries.iter().find(|entry| {
            let scheme = if entry.plain_http { Scheme::Http } else { Scheme::Https };
            authority(entry).is_some_and(|authority| authority.origin(scheme) == *origin)
        })
    }
}

fn manner(config: &HostConfig) -> Manner {
    Manner {
        plain_http: config.plain_http,
        plain_http_credentials: config.plain_http_credentials,
    }
}

/// `None` for a spelling that images may use but URLs may not, which then matches nothing.
fn authority(entry: &HostConfig) -> Option<Authority> {
    let host = if entry.host.is_docker_hub() {
        "registry-1.docker.io"
    } else {
        entry.host.as_str()
    };
    Authority::parse(host).ok()
}
