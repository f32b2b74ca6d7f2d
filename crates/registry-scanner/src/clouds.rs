//! Credentials that clouds give to whoever runs on them: one module for each cloud, all behind one door.
//!
//! A cloud's credential is for the registries of that cloud alone, told by the name of the host as images spell it, never by what a
//! server says.

mod ask;
mod azure;
mod ecr;
mod enabled;
mod error;
mod google;
mod keep;
mod metadata;
mod secret_file;
mod wires;

use std::sync::Arc;

use domain::reference::Registry;

pub use azure::AzureConfig;
pub use ecr::{AccountId, AccountIdError, EcrConfig, EcrRole, Unprepared};
pub use enabled::Enabled;
pub(crate) use error::CloudError;
pub use google::GoogleConfig;

use azure::Azure;
use ecr::Ecr;
use google::Google;

use crate::client::RegistryClient;
use crate::config::ScannerConfig;
use crate::credential::Credential;
use crate::credentials::Identity;

/// What the configuration says of the clouds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CloudsConfig {
    /// `registries.ecr`.
    pub ecr: EcrConfig,
    /// `registries.google`.
    pub google: GoogleConfig,
    /// `registries.azure`.
    pub azure: AzureConfig,
}

/// All clouds. Cheap to keep: nothing is read or connected to before the first registry of a cloud is asked.
#[derive(Debug)]
pub(crate) struct Clouds {
    ecr: Arc<Ecr>,
    google: Arc<Google>,
    azure: Arc<Azure>,
}

impl Clouds {
    pub(crate) fn new(config: &ScannerConfig) -> Self {
        Self {
            ecr: Arc::new(Ecr::new(&config.clouds.ecr, config.proxy.clone())),
            google: Arc::new(Google::new(&config.clouds.google, config.proxy.clone())),
            azure: Arc::new(Azure::new(&config.clouds.azure, config.proxy.clone())),
        }
    }

    /// For a new configuration. A cloud of which it says the same keeps its tokens and its embargoes.
    pub(crate) fn reconfigured(self: &Arc<Self>, old: &ScannerConfig, new: &ScannerConfig) -> Arc<Self> {
        let mut next = Self::new(new);
        let same_way = old.proxy == new.proxy;
        if same_way && old.clouds.ecr == new.clouds.ecr {
            next.ecr = self.ecr.clone();
        }
        if same_way && old.clouds.google == new.clouds.google {
            next.google = self.google.clone();
        }
        // What Azure gives was asked of each registry, over its own TLS.
        if same_way && old.clouds.azure == new.clouds.azure && old.hosts == new.hosts {
            next.azure = self.azure.clone();
        }
        Arc::new(next)
    }

    /// Looks whether the clouds give what the configuration requires of them.
    pub(crate) async fn preflight(&self) -> Result<(), Unprepared> {
        self.ecr.preflight().await
    }

    /// The identity that the cloud of a registry gives us there.
    ///
    /// `None` where the registry is no cloud's, or that cloud is off for it. An error: the cloud is on and has no credential now.
    pub(crate) async fn identity(&self, client: &RegistryClient) -> Option<Result<Identity, CloudError>> {
        // The names of no two clouds meet.
        if let Some(answer) = self.ecr.identity(&client.config.host).await {
            return Some(answer);
        }
        if let Some(answer) = self.google.identity(&client.config.host).await {
            return Some(answer);
        }
        self.azure.identity(client).await
    }

    /// The registry said 401 or 403 to a credential that came from here: the next question fetches a fresh one, unless one was
    /// fetched for that reason just now.
    pub(crate) fn refused(&self, registry: &Registry, credential: &Credential) {
        if google::is_googles(registry) {
            self.google.refused(credential);
        } else if azure::login_server(registry).is_some() {
            self.azure.refused(registry, credential);
        } else {
            self.ecr.refused(registry, credential);
        }
    }

    /// Why the cloud of `registry` has nothing new to give, if it has not: also while an older credential is still used.
    pub(crate) fn trouble(&self, registry: &Registry) -> Option<CloudError> {
        if google::is_googles(registry) {
            self.google.trouble()
        } else {
            self.azure.trouble(registry).or_else(|| self.ecr.trouble(registry))
        }
    }
}

/// Whether `host`, in lower case, is one label before `zone`: `eu.gcr.io` is of `.gcr.io`, and `evilgcr.io` and `a.b.gcr.io` are not.
fn is_label_of(host: &str, zone: &str) -> bool {
    let label = host.strip_suffix(zone);
    label.is_some_and(|label| !label.is_empty() && !label.contains(['.', ':']))
}

#[cfg(test)]
mod tests;
