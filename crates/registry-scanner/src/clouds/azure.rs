//! Azure: the registries `NAME.azurecr.io` and those of the sovereign clouds, opened by the identity of the machine or the pod.
//!
//! Entra ID gives a token for container registries at large. It is shown to the registry alone, which gives a refresh token of its own
//! in exchange; with that, its token server is asked as with any identity token.

mod entra;
mod exchange;
mod metadata;

use std::path::PathBuf;

use domain::codes::{AzureWay, CredentialSource};
use domain::reference::Registry;
use transport::Proxy;

use super::keep::{Fresh, Kept, Trouble};
use super::wires::Wires;
use super::{CloudError, Enabled};
use crate::client::RegistryClient;
use crate::credential::Credential;
use crate::credentials::Identity;
use metadata::Metadata;

/// The user that Azure's registries know refresh tokens by.
const USER: &str = "00000000-0000-0000-0000-000000000000";

/// Whom tokens of Entra ID are for: all container registries, of all of Azure's clouds.
const AUDIENCE: &str = "https://containerregistry.azure.net";

/// The zones of Azure's registries, with the login servers of their clouds.
const ZONES: [(&str, &str); 4] = [
    (".azurecr.io", "https://login.microsoftonline.com/"),
    (".azurecr.cn", "https://login.chinacloudapi.cn/"),
    (".azurecr.us", "https://login.microsoftonline.us/"),
    (".azurecr.de", "https://login.microsoftonline.de/"),
];

/// `registries.azure`, and what Azure's workload identity puts into the environment of a pod.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AzureConfig {
    /// Whether Azure's registries are asked in the name of this machine.
    pub enabled: Enabled,
    /// The client id of a user-assigned managed identity, or of a workload identity (`AZURE_CLIENT_ID`).
    pub client_id: Option<String>,
    /// `AZURE_TENANT_ID`.
    pub tenant_id: Option<String>,
    /// `AZURE_FEDERATED_TOKEN_FILE`: where it is set, the workload identity is used; read each time a token is fetched.
    pub federated_token_file: Option<PathBuf>,
    /// `AZURE_AUTHORITY_HOST`, an `https://` URL; the login server of the registry's cloud without it.
    pub authority_host: Option<String>,
}

/// Where Azure's credentials come from.
#[derive(Debug)]
pub(super) struct Azure {
    config: AzureConfig,
    wires: Wires,
    metadata: Metadata,
    /// Refresh tokens, each of one registry.
    kept: Kept<Registry>,
}

/// The login server of the cloud that `registry` belongs to, if it is one of Azure's: by its name alone.
pub(super) fn login_server(registry: &Registry) -> Option<&'static str> {
    let host = registry.as_str().to_ascii_lowercase();
    let zone = ZONES.iter().find(|(zone, _)| super::is_label_of(&host, zone));
    zone.map(|(_, login_server)| *login_server)
}

impl Azure {
    pub(super) fn new(config: &AzureConfig, proxy: Option<Proxy>) -> Self {
        Self {
            config: config.clone(),
            wires: Wires::new(proxy, metadata::BESIDE),
            metadata: Metadata::at(metadata::ADDRESS),
            kept: Kept::new("Azure"),
        }
    }

    /// See [`super::Clouds::identity`].
    pub(super) async fn identity(&self, client: &RegistryClient) -> Option<Result<Identity, CloudError>> {
        let registry = &client.config.host;
        if self.config.enabled == Enabled::Never || client.config.plain_http {
            return None;
        }
        let login_server = login_server(registry)?;
        let way = match self.config.federated_token_file {
            Some(_) => AzureWay::WorkloadIdentity,
            None => AzureWay::ManagedIdentity,
        };
        let seeking = self.config.enabled == Enabled::Auto && way == AzureWay::ManagedIdentity;
        if seeking && !self.metadata.is_there(&self.wires).await {
            return None;
        }
        match self.kept.get(registry, self.fetch(client, login_server)).await {
            // The machine has no managed identity: nobody meant to use one.
            Err(_) if seeking && self.metadata.has_no_identity() => None,
            answer => Some(answer.map(|credential| Identity {
                source: CredentialSource::Azure { way },
                credential: Some(credential),
            })),
        }
    }

    /// See [`super::Clouds::refused`].
    pub(super) fn refused(&self, registry: &Registry, credential: &Credential) {
        self.kept.refused(registry, credential);
    }

    /// See [`super::Clouds::trouble`].
    pub(super) fn trouble(&self, registry: &Registry) -> Option<CloudError> {
        self.kept.trouble(registry)
    }

    async fn fetch(&self, client: &RegistryClient, login_server: &str) -> Result<Fresh, Trouble> {
        let token = match &self.config.federated_token_file {
            Some(file) => entra::token(&self.config, file, login_server, &self.wires).await?,
            None => {
                self.metadata
                    .token(self.config.client_id.as_deref(), &self.wires)
                    .await?
            }
        };
        let (refresh_token, life) = exchange::exchange(client, &token, self.config.tenant_id.as_deref()).await?;
        Ok(Fresh {
            credential: Credential::IdentityToken {
                username: Some(USER.to_owned()),
                token: refresh_token,
            },
            life,
        })
    }
}

#[cfg(test)]
mod tests;
