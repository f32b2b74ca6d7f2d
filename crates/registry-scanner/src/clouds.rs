//! Credentials that clouds give to whoever runs on them: one module for each cloud, all behind one door.
//!
//! A cloud's credential is for the registries of that cloud alone, told by the name of the host as images spell it, never by what a
//! server says.

mod error;
mod keep;

use std::sync::Arc;

use domain::reference::Registry;

pub(crate) use error::CloudError;

use crate::client::RegistryClient;
use crate::config::ScannerConfig;
use crate::credential::Credential;
use crate::credentials::Identity;

/// What the configuration says of the clouds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CloudsConfig {}

/// All clouds. Cheap to keep: nothing is read or connected to before the first registry of a cloud is asked.
#[derive(Debug, Default)]
pub(crate) struct Clouds {}

impl Clouds {
    pub(crate) fn new(_config: &ScannerConfig) -> Self {
        Self {}
    }

    /// For a new configuration. A cloud of which it says the same keeps its tokens and its embargoes.
    pub(crate) fn reconfigured(self: &Arc<Self>, _old: &ScannerConfig, _new: &ScannerConfig) -> Arc<Self> {
        self.clone()
    }

    /// The identity that the cloud of a registry gives us there.
    ///
    /// `None` where the registry is no cloud's, or that cloud is off for it. An error: the cloud is on and has no credential now.
    pub(crate) async fn identity(&self, _client: &RegistryClient) -> Option<Result<Identity, CloudError>> {
        None
    }

    /// The registry said 401 or 403 to a credential that came from here: the next question fetches a fresh one, unless one was
    /// fetched for that reason just now.
    pub(crate) fn refused(&self, _registry: &Registry, _credential: &Credential) {}

    /// Why the cloud of `registry` has nothing new to give, if it has not: also while an older credential is still used.
    pub(crate) fn trouble(&self, _registry: &Registry) -> Option<CloudError> {
        None
    }
}
