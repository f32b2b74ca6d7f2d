//! Who we are for a repository: the credentials to try, in order, read anew each time they are used.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use domain::codes::CredentialSource;
use domain::reference::Repository;
use transport::Secret;

use crate::clouds::{CloudError, Clouds};
use crate::config::{ConfiguredCredentials, DockerConfigFile};
use crate::credential::Credential;
use crate::docker_config::{Candidate, DockerConfig, DockerConfigError, Offer};

/// No password is longer.
const MAX_PASSWORD_BYTES: u64 = 64 * 1024;

/// One of the identities to try for a repository.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) source: CredentialSource,
    /// `None` for nobody.
    pub(crate) credential: Option<Credential>,
}

/// A credential is configured but cannot be read; nothing is asked without it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CredentialUnavailable {
    #[error("the password file {} cannot be read", path.display())]
    Password {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the password file {} {reason}", path.display())]
    NoPassword { path: PathBuf, reason: &'static str },
    #[error("its credentials are not known")]
    DockerConfig(#[source] DockerConfigError),
    #[error(transparent)]
    Cloud(#[from] CloudError),
}

/// What the files say.
struct Found {
    identities: Vec<Identity>,
    /// The Docker config cannot be read.
    trouble: Option<DockerConfigError>,
}

/// The identities for `repository`, the first to be tried first; never empty.
///
/// Nobody is among them only where there is no credential at all. A cloud is asked here only where there is no other; else it is the
/// last, once the others were refused.
pub(crate) async fn identities(
    repository: &Repository,
    configured: Option<&ConfiguredCredentials>,
    docker_config: Option<&DockerConfigFile>,
    clouds: &Clouds,
) -> Result<Vec<Identity>, CredentialUnavailable> {
    let (owned, configured) = (repository.clone(), configured.cloned());
    let docker_config = docker_config.cloned();
    let read = move || read(&owned, configured.as_ref(), docker_config.as_ref());
    // Files may lie on a network file system.
    let found = tokio::task::spawn_blocking(read)
        .await
        .expect("reading files does not panic")?;
    if !found.identities.is_empty() {
        if let Some(error) = &found.trouble {
            tracing::warn!(error = %transport::chain(error), "Only the configured credential of {repository} is tried");
        }
        return Ok(found.identities);
    }
    match (clouds.identity(repository.registry()).await, found.trouble) {
        (Some(Ok(identity)), None) => Ok(vec![identity]),
        (Some(Ok(identity)), Some(error)) => {
            tracing::warn!(error = %transport::chain(&error), "Only the cloud's credential of {repository} is tried");
            Ok(vec![identity])
        }
        (_, Some(error)) => Err(CredentialUnavailable::DockerConfig(error)),
        (Some(Err(error)), None) => Err(error.into()),
        (None, None) => Ok(vec![Identity::nobody()]),
    }
}

impl Identity {
    pub(crate) fn nobody() -> Self {
        Self {
            source: CredentialSource::Anonymous,
            credential: None,
        }
    }

    /// Whether a cloud gave it.
    pub(crate) fn is_of_cloud(&self) -> bool {
        matches!(self.source, CredentialSource::Ecr { .. })
    }
}

fn read(
    repository: &Repository,
    configured: Option<&ConfiguredCredentials>,
    docker_config: Option<&DockerConfigFile>,
) -> Result<Found, CredentialUnavailable> {
    let mut identities = Vec::new();
    if let Some(configured) = configured {
        identities.push(Identity {
            source: CredentialSource::Configured {
                host: repository.registry().clone(),
            },
            credential: Some(Credential::Basic {
                username: configured.username.clone(),
                password: read_password(&configured.password_file)?,
            }),
        });
    }
    let trouble = match of_docker_config(repository, docker_config) {
        Ok(found) => {
            identities.extend(found);
            None
        }
        Err(error) => Some(error),
    };
    Ok(Found { identities, trouble })
}

fn of_docker_config(
    repository: &Repository,
    file: Option<&DockerConfigFile>,
) -> Result<Vec<Identity>, DockerConfigError> {
    let config = match file {
        None => return Ok(Vec::new()),
        Some(DockerConfigFile::Named(path)) => DockerConfig::read(path)?,
        Some(DockerConfigFile::Usual(path)) => match DockerConfig::read(path) {
            Err(error) if error.is_missing() => return Ok(Vec::new()),
            other => other?,
        },
    };
    let found = config.find(repository);
    Ok(found.candidates.into_iter().filter_map(identity).collect())
}

/// Helpers are programs; none is run, for the configuration cannot yet allow one by name.
fn identity(candidate: Candidate) -> Option<Identity> {
    match candidate.offer {
        Offer::Credential(credential) => Some(Identity {
            source: CredentialSource::DockerConfig { key: candidate.key },
            credential: Some(credential),
        }),
        Offer::Helper(name) => {
            tracing::debug!("The credential helper {name} of {} is not run", candidate.key);
            None
        }
    }
}

fn read_password(path: &Path) -> Result<Secret, CredentialUnavailable> {
    let unreadable = |source| CredentialUnavailable::Password {
        path: path.to_owned(),
        source,
    };
    let unusable = |reason| CredentialUnavailable::NoPassword {
        path: path.to_owned(),
        reason,
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_PASSWORD_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MAX_PASSWORD_BYTES {
        return Err(unusable("is larger than 64 KiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| unusable("is no UTF-8 text"))?;
    // Editors and `echo` leave one line end.
    let password = text.strip_suffix('\n').unwrap_or(&text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password.is_empty() {
        return Err(unusable("is empty"));
    }
    Ok(Secret::new(password))
}

#[cfg(test)]
mod tests;
