//! Who we may be for a repository: the candidates to try, in order, read anew each time they are used.

mod openers;
mod report;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use domain::codes::CredentialSource;
use domain::reference::Repository;
use transport::{Secret, chain};
use zeroize::Zeroizing;

use crate::clouds::CloudError;
use crate::config::{ConfiguredCredentials, DockerConfigFile};
use crate::credential::Credential;
use crate::docker_config::{self, DockerConfig, DockerConfigError, Offer};
use crate::helper::{HelperError, Helpers};

pub(crate) use openers::{Known, Openers};
pub use report::{CredentialReport, Passed};

/// No password is longer.
const MAX_PASSWORD_BYTES: usize = 64 * 1024;

/// Entries of a Docker config that are named because they cannot be used. All that is wrong with it is known of each repository.
const MOST_SKIPPED: usize = 20;

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) source: CredentialSource,
    /// `None` for nobody.
    pub(crate) credential: Option<Credential>,
}

impl Identity {
    pub(crate) fn nobody() -> Self {
        Self {
            source: CredentialSource::Anonymous,
            credential: None,
        }
    }
}

/// Someone that we may be, or somebody who may know.
#[derive(Debug, Clone)]
pub(crate) enum Candidate {
    /// A credential that was read.
    Known(Identity),
    /// The credential helper of this name; it is run when its turn comes.
    Helper(String),
    /// The cloud that the registry is of, if it is of one.
    Cloud,
}

/// A credential is configured but cannot be had; nothing is asked anonymously in its place.
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
    #[error("the credential helper `{name}` does not work")]
    Helper {
        name: String,
        #[source]
        source: HelperError,
    },
    #[error(transparent)]
    Cloud(#[from] CloudError),
    #[error("no credential of it can be used: {0}")]
    Several(String),
}

/// All that is to be tried for a repository.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    /// The first is tried first.
    pub(crate) list: Vec<Candidate>,
    /// What would be tried but cannot be.
    pub(crate) skipped: Vec<Passed>,
    /// Files that someone named and that cannot be read.
    pub(crate) broken: Vec<CredentialUnavailable>,
    /// Secrets for other repositories of the registry, which are sent to nobody and must be seen by nobody either.
    pub(crate) neighbours: Vec<Secret>,
}

/// Reads the candidates for `repository`: the configuration of its host, the Docker config, its cloud.
pub(crate) async fn candidates(
    repository: &Repository,
    configured: Option<&ConfiguredCredentials>,
    docker_config: Option<&DockerConfigFile>,
    helpers: &Helpers,
) -> Candidates {
    let (owned, configured, docker_config) = (repository.clone(), configured.cloned(), docker_config.cloned());
    let read = move || read(&owned, configured.as_ref(), docker_config.as_ref());
    // Files may lie on a network file system.
    let mut found = tokio::task::spawn_blocking(read)
        .await
        .expect("reading files does not panic");
    found.leave_out_helpers_but(helpers);
    found.list.push(Candidate::Cloud);
    found
}

fn read(
    repository: &Repository,
    configured: Option<&ConfiguredCredentials>,
    docker_config: Option<&DockerConfigFile>,
) -> Candidates {
    let mut found = Candidates::default();
    if let Some(configured) = configured {
        found.add_configured(repository, configured);
    }
    if let Some(file) = docker_config {
        found.add_docker_config(repository, file);
    }
    found
}

impl Candidates {
    /// Whether there is one that could be sent.
    pub(crate) fn has_credentials(&self) -> bool {
        self.list.iter().any(|candidate| !matches!(candidate, Candidate::Cloud))
    }

    /// What is left of them where none may be sent, because the host is spoken to without TLS.
    pub(crate) fn withheld(self) -> Self {
        let reason =
            "it is not sent, for the host is spoken to without TLS; `plainHttpCredentials: true` would allow it";
        let sources = self.list.into_iter().filter_map(|candidate| match candidate {
            Candidate::Known(identity) => Some(identity.source),
            Candidate::Helper(name) => Some(CredentialSource::Helper { name }),
            Candidate::Cloud => None,
        });
        let withheld = sources.map(|source| Passed::new(&source, reason));
        Self {
            list: Vec::new(),
            skipped: withheld.chain(self.skipped).collect(),
            broken: self.broken,
            neighbours: self.neighbours,
        }
    }

    fn add_configured(&mut self, repository: &Repository, configured: &ConfiguredCredentials) {
        let source = CredentialSource::Configured {
            host: repository.registry().clone(),
        };
        match read_password(&configured.password_file) {
            Ok(password) => self.list.push(Candidate::Known(Identity {
                source,
                credential: Some(Credential::Basic {
                    username: configured.username.clone(),
                    password,
                }),
            })),
            Err(error) => {
                self.skipped.push(Passed::new(&source, chain(&error).to_string()));
                self.broken.push(error);
            }
        }
    }

    fn add_docker_config(&mut self, repository: &Repository, file: &DockerConfigFile) {
        let (DockerConfigFile::Named(path) | DockerConfigFile::Usual(path)) = file;
        let config = match DockerConfig::read(path) {
            Ok(config) => config,
            Err(error) if error.is_missing() && matches!(file, DockerConfigFile::Usual(_)) => return,
            Err(error) => {
                self.skipped.push(Passed {
                    code: "dockerConfig",
                    name: format!("the Docker config {}", path.display()),
                    reason: chain(&error).to_string(),
                });
                self.broken.push(CredentialUnavailable::DockerConfig(error));
                return;
            }
        };
        let found = config.find(repository);
        self.list.extend(found.candidates.into_iter().map(candidate));
        self.neighbours = found.neighbours;
        let skipped = |docker_config::Skipped { key, reason }| {
            let reason = format!("{reason}; correct it in {}, or log in again", path.display());
            Passed::new(&CredentialSource::DockerConfig { key }, reason)
        };
        let more = found.skipped.len().saturating_sub(MOST_SKIPPED);
        self.skipped
            .extend(found.skipped.into_iter().take(MOST_SKIPPED).map(skipped));
        if more > 0 {
            self.skipped.push(Passed {
                code: "dockerConfig",
                name: format!("the Docker config {}", path.display()),
                reason: format!("{more} more of its entries cannot be used"),
            });
        }
    }

    /// Helpers are programs: only those are run that the configuration names.
    fn leave_out_helpers_but(&mut self, allowed: &Helpers) {
        let list = std::mem::take(&mut self.list);
        for candidate in list {
            match candidate {
                Candidate::Helper(name) if !allowed.allows(&name) => {
                    let reason = format!("it is not run; add `{name}` to `registries.credentialHelpers` to allow it");
                    self.skipped
                        .push(Passed::new(&CredentialSource::Helper { name }, reason));
                }
                candidate => self.list.push(candidate),
            }
        }
    }
}

fn candidate(candidate: docker_config::Candidate) -> Candidate {
    match candidate.offer {
        Offer::Credential(credential) => Candidate::Known(Identity {
            source: CredentialSource::DockerConfig { key: candidate.key },
            credential: Some(credential),
        }),
        Offer::Helper(name) => Candidate::Helper(name),
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
    // With its whole size from the start, for a vector that grows leaves what it held behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_PASSWORD_BYTES + 1));
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_PASSWORD_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() > MAX_PASSWORD_BYTES {
        return Err(unusable("is larger than 64 KiB"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| unusable("is no UTF-8 text"))?;
    // Editors and `echo` leave one line end.
    let password = text.strip_suffix('\n').unwrap_or(text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password.is_empty() {
        return Err(unusable("is empty"));
    }
    Ok(Secret::new(password))
}

#[cfg(test)]
mod tests;
