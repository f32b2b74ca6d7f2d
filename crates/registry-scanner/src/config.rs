//! What the scanner is told: checked values, composed by the controller.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use domain::reference::Registry;
use transport::{Authority, Proxy};

use crate::clouds::CloudsConfig;
use crate::helper::HelperConfig;
use crate::well_known::within;

/// Everything the scanner is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScannerConfig {
    /// For hosts without an entry of their own.
    pub defaults: Limits,
    /// Hosts with an entry of their own, each once.
    pub hosts: Vec<HostConfig>,
    /// Where credentials come from beside those of `hosts`.
    pub docker_config: Option<DockerConfigFile>,
    /// The credential helpers that the Docker config may name.
    pub helpers: HelperConfig,
    /// Credentials that clouds give to whoever runs on them.
    pub clouds: CloudsConfig,
    /// The forward proxy, if any.
    pub proxy: Option<Proxy>,
}

impl ScannerConfig {
    /// How much of a registry may be asked: what its entry says, else the defaults, within what well-known registries take.
    pub fn limits_of(&self, registry: &Registry) -> Limits {
        let entry = self.hosts.iter().find(|entry| entry.host == *registry);
        entry.map_or_else(|| self.defaults.within(registry), |entry| entry.limits)
    }
}

/// The Docker config file and what it means if it is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DockerConfigFile {
    /// Someone named it: without it no credential is known, and nothing is asked anonymously instead.
    Named(PathBuf),
    /// The place where one usually is: without it there are no credentials in it.
    Usual(PathBuf),
}

/// One entry of `registries.hosts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostConfig {
    /// The registry, as image names spell it.
    pub host: Registry,
    /// Speak HTTP without TLS.
    pub plain_http: bool,
    /// Send credentials without TLS as well.
    pub plain_http_credentials: bool,
    /// PEM certificates that are trusted instead of the system's; read again when it changes.
    pub ca_file: Option<PathBuf>,
    /// Realms beside the host itself that may get its credentials.
    pub token_hosts: Vec<Authority>,
    /// Goes before those of the Docker config.
    pub credentials: Option<ConfiguredCredentials>,
    /// How much may be asked.
    pub limits: Limits,
}

impl HostConfig {
    /// An entry that says nothing but the name.
    pub fn new(host: Registry, limits: Limits) -> Self {
        Self {
            host,
            plain_http: false,
            plain_http_credentials: false,
            ca_file: None,
            token_hosts: Vec::new(),
            credentials: None,
            limits,
        }
    }
}

/// User and password of a host, from the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredCredentials {
    /// The user.
    pub username: String,
    /// Holds the password, with at most one line end after it; read each time it is used.
    pub password_file: PathBuf,
}

/// How much of one host may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests in a second, in the long run. Where it leads to another host for tokens or blobs, that one is counted by itself.
    pub requests_per_second: NonZeroU32,
    /// Requests that may go at once after a rest.
    pub burst: NonZeroU32,
    /// Requests under way at once.
    pub concurrency: NonZeroUsize,
    /// Longest time for one request, its answer included.
    pub timeout: Duration,
}

impl Limits {
    /// The same for a registry that has no limits of its own in the configuration: never more than it is known to take.
    #[must_use]
    pub fn within(self, registry: &Registry) -> Self {
        within(self, registry)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_second: NonZeroU32::new(20).expect("20 is not zero"),
            burst: NonZeroU32::new(10).expect("10 is not zero"),
            concurrency: NonZeroUsize::new(8).expect("8 is not zero"),
            timeout: Duration::from_secs(30),
        }
    }
}
