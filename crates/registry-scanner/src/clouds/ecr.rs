//! AWS: the private registries of ECR, opened by a token that its API gives to whoever we are there.
//!
//! Who we are is found by the AWS SDK, as by every other program there: the environment, the files of the AWS command line, a web
//! identity, a pod identity, the metadata of the machine. Which account and region a registry is in is told by its name alone, and a
//! token is shown to the registry that it was asked for: where the API says that its registry is, is not looked at.
//!
//! `public.ecr.aws` is open to everybody and gets no credential.

mod account;
mod config;
mod host;
mod sdk;
mod wire;

use domain::codes::CredentialSource;
use domain::reference::Registry;
use transport::Proxy;

pub use account::{AccountId, AccountIdError};
pub use config::{EcrConfig, EcrRole};

use super::CloudError;
use super::keep::Kept;
use crate::credential::Credential;
use crate::credentials::Identity;
use host::EcrHost;
use sdk::Sdk;

/// Where ECR's credentials come from.
#[derive(Debug)]
pub(super) struct Ecr {
    config: EcrConfig,
    sdk: Sdk,
    kept: Kept<Key>,
}

/// The configuration wants an identity of AWS, and there is none.
#[derive(Debug, Clone, thiserror::Error)]
#[error("AWS gives Tidemark no identity, which `registries.ecr.require` asks for: {reason}; {next_step}")]
pub struct Unprepared {
    reason: String,
    next_step: String,
}

/// What a token is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    host: EcrHost,
    role: Option<EcrRole>,
}

impl Ecr {
    pub(super) fn new(config: &EcrConfig, proxy: Option<Proxy>) -> Self {
        Self {
            config: config.clone(),
            sdk: Sdk::new(proxy),
            kept: Kept::new("AWS"),
        }
    }

    /// Who we are there, if the configuration asks for that to be known before anything starts.
    pub(super) async fn preflight(&self) -> Result<(), Unprepared> {
        if !self.config.require {
            return Ok(());
        }
        let caller = self.sdk.caller(&self.config.regions).await;
        let caller = caller.map_err(|trouble| Unprepared {
            reason: trouble.reason,
            next_step: trouble.next_step,
        })?;
        tracing::info!("AWS knows Tidemark as {}", transport::one_line(&caller, 200));
        Ok(())
    }

    /// See [`super::Clouds::identity`].
    pub(super) async fn identity(&self, registry: &Registry) -> Option<Result<Identity, CloudError>> {
        let key = self.key(registry)?;
        let token = self.kept.get(&key, self.sdk.token(&key.host, key.role.as_ref())).await;
        Some(token.map(|credential| Identity {
            source: CredentialSource::Ecr {
                account: key.host.account.as_str().to_owned(),
                region: key.host.region,
            },
            credential: Some(credential),
        }))
    }

    /// See [`super::Clouds::refused`].
    pub(super) fn refused(&self, registry: &Registry, credential: &Credential) {
        if let Some(key) = self.key(registry) {
            self.kept.refused(&key, credential);
        }
    }

    /// See [`super::Clouds::trouble`].
    pub(super) fn trouble(&self, registry: &Registry) -> Option<CloudError> {
        self.kept.trouble(&self.key(registry)?)
    }

    /// What a token for `registry` is kept under; `None` where AWS is not asked.
    fn key(&self, registry: &Registry) -> Option<Key> {
        let host = EcrHost::of(registry).filter(|host| self.config.includes(host))?;
        let role = self.config.role_for(&host).cloned();
        Some(Key { host, role })
    }
}

#[cfg(test)]
mod tests;
