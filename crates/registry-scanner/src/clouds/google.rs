//! Google: the registries `gcr.io` and `*.pkg.dev`, opened by a token of the machine's service account or of a key file.
//!
//! A pod of GKE gets the token of its own service account from the metadata server ("workload identity"), so that is the same thing
//! here. `gcp_auth` reads key files and signs with them. It does not talk to anybody: its HTTP client reads answers of any size, logs
//! what servers say, and knows nothing of our proxy.

mod key_file;
mod metadata;

use std::path::PathBuf;
use std::time::Duration;

use domain::codes::{CredentialSource, GoogleWay};
use domain::reference::Registry;
use transport::{Proxy, Secret};

use super::keep::{Fresh, Kept, Trouble};
use super::wires::Wires;
use super::{CloudError, Enabled};
use crate::credential::Credential;
use crate::credentials::Identity;
use metadata::Metadata;

/// The user that Google's registries know token bearers by.
const USER: &str = "oauth2accesstoken";

/// How long a token lives whose server does not say.
const DEFAULT_LIFE: Duration = Duration::from_secs(5 * 60);

/// Google's documents name no token that lives longer than this, but for one that an organisation allows to.
const LONGEST_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// `registries.google`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GoogleConfig {
    /// Whether Google's registries are asked in the name of this machine.
    pub enabled: Enabled,
    /// The key of a service account, as JSON; read each time a token is fetched. Goes before the metadata server.
    pub key_file: Option<PathBuf>,
}

/// Where Google's credentials come from.
#[derive(Debug)]
pub(super) struct Google {
    config: GoogleConfig,
    wires: Wires,
    metadata: Metadata,
    kept: Kept<()>,
}

/// Whether images of `registry` are Google's to serve: by its name alone, for anybody can call a host `evilgcr.io`.
pub(super) fn is_googles(registry: &Registry) -> bool {
    let host = registry.as_str().to_ascii_lowercase();
    host == "gcr.io"
        || [".gcr.io", ".pkg.dev"]
            .iter()
            .any(|zone| super::is_label_of(&host, zone))
}

impl Google {
    pub(super) fn new(config: &GoogleConfig, proxy: Option<Proxy>) -> Self {
        Self {
            config: config.clone(),
            wires: Wires::new(proxy, metadata::BESIDE),
            metadata: Metadata::at(metadata::ADDRESS),
            kept: Kept::new("Google"),
        }
    }

    /// See [`super::Clouds::identity`].
    pub(super) async fn identity(&self, registry: &Registry) -> Option<Result<Identity, CloudError>> {
        if self.config.enabled == Enabled::Never || !is_googles(registry) {
            return None;
        }
        let seeking = self.config.enabled == Enabled::Auto && self.config.key_file.is_none();
        if seeking && !self.metadata.is_there(&self.wires).await {
            return None;
        }
        let way = match &self.config.key_file {
            Some(_) => GoogleWay::KeyFile,
            None => GoogleWay::MetadataServer,
        };
        match self.kept.get(&(), self.fetch()).await {
            // The machine has no service account: nobody meant to use one.
            Err(_) if seeking && self.metadata.has_no_account() => None,
            answer => Some(answer.map(|credential| Identity {
                source: CredentialSource::Google { way },
                credential: Some(credential),
            })),
        }
    }

    /// See [`super::Clouds::refused`].
    pub(super) fn refused(&self, credential: &Credential) {
        self.kept.refused(&(), credential);
    }

    /// See [`super::Clouds::trouble`].
    pub(super) fn trouble(&self) -> Option<CloudError> {
        self.kept.trouble(&())
    }

    async fn fetch(&self) -> Result<Fresh, Trouble> {
        let (token, life) = match &self.config.key_file {
            Some(path) => key_file::token(path, &self.wires).await?,
            None => self.metadata.token(&self.wires).await?,
        };
        Ok(Fresh {
            credential: Credential::Basic {
                username: USER.to_owned(),
                password: token,
            },
            life: life.unwrap_or(DEFAULT_LIFE).min(LONGEST_LIFE),
        })
    }
}

/// A token, and how long it says to live.
type Token = (Secret, Option<Duration>);

#[cfg(test)]
mod tests;
