//! The small enums that everyone shows: each has a code for machines and displays as a sentence for people.

use std::fmt;

use crate::reference::{Registry, Timestamp};

/// How a registry's host is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostState {
    /// Nothing has been asked of it yet.
    Unknown,
    /// The last request went well.
    Healthy,
    /// It asked for patience, or failed often: left alone for a while.
    Paused {
        /// Until when.
        until: Timestamp,
    },
    /// The last request failed.
    Failing,
    /// It did not accept the credentials, or wants some where there are none.
    Unauthorized,
    /// A file with credentials cannot be read, or a cloud gives none; no anonymous try is made instead.
    CredentialUnavailable,
    /// It sends people for tokens to a host that is not allowed to get its credentials.
    RealmNotAllowed {
        /// The line to add under the host's `tokenHosts`.
        realm: String,
    },
}

impl HostState {
    /// The code that is shown to machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Healthy => "healthy",
            Self::Paused { .. } => "paused",
            Self::Failing => "failing",
            Self::Unauthorized => "unauthorized",
            Self::CredentialUnavailable => "credentialUnavailable",
            Self::RealmNotAllowed { .. } => "realmNotAllowed",
        }
    }
}

impl fmt::Display for HostState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("nothing has been asked of it yet"),
            Self::Healthy => f.write_str("answers well"),
            Self::Paused { .. } => f.write_str("is left alone for a while"),
            Self::Failing => f.write_str("fails"),
            Self::Unauthorized => f.write_str("refuses the credentials"),
            Self::CredentialUnavailable => f.write_str("waits for credentials that cannot be had"),
            Self::RealmNotAllowed { realm } => {
                write!(f, "sends for tokens to `{realm}`, which is not among its tokenHosts")
            }
        }
    }
}

/// How the last push of a branch went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PushState {
    /// There was nothing to push yet.
    Idle,
    /// The last commit is at the head.
    Landed,
    /// The server refuses it; tried again later.
    Refused,
    /// It could not be delivered; tried again.
    Failing,
}

impl PushState {
    /// The code that is shown to machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Landed => "landed",
            Self::Refused => "refused",
            Self::Failing => "failing",
        }
    }
}

impl fmt::Display for PushState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idle => "nothing has been pushed yet",
            Self::Landed => "the last commit has landed",
            Self::Refused => "the server refuses the push",
            Self::Failing => "the push fails",
        })
    }
}

/// Where the credential that a registry is asked with comes from; never the credential.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CredentialSource {
    /// None is used.
    Anonymous,
    /// The configuration of the host.
    Configured {
        /// The host, as configured.
        host: Registry,
    },
    /// A Docker configuration file.
    DockerConfig {
        /// The key in it, as written.
        key: String,
    },
    /// A credential helper that the configuration allows.
    Helper {
        /// Its name, `ecr-login`.
        name: String,
    },
    /// AWS, for its registry ECR.
    Ecr {
        /// Whose registry it is, twelve digits.
        account: String,
        /// Where it is, `eu-west-1`.
        region: String,
    },
    /// Google, for `gcr.io` and Artifact Registry.
    Google {
        /// Which identity it is.
        way: GoogleWay,
    },
    /// Azure, for its Container Registry.
    Azure {
        /// Which identity it is.
        way: AzureWay,
    },
}

/// How Google knows us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GoogleWay {
    /// By the service account of the machine or the pod.
    MetadataServer,
    /// By the key of a service account.
    KeyFile,
}

/// How Azure knows us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AzureWay {
    /// By the managed identity of the machine.
    ManagedIdentity,
    /// By the workload identity of the pod.
    WorkloadIdentity,
}

impl CredentialSource {
    /// The code that is shown to machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Configured { .. } => "configured",
            Self::DockerConfig { .. } => "dockerConfig",
            Self::Helper { .. } => "helper",
            Self::Ecr { .. } => "ecr",
            Self::Google { .. } => "google",
            Self::Azure { .. } => "azure",
        }
    }
}

impl fmt::Display for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::Configured { host } => write!(f, "the configuration of `{host}`"),
            Self::DockerConfig { key } => write!(f, "the Docker configuration's entry `{key}`"),
            Self::Helper { name } => write!(f, "the credential helper `{name}`"),
            Self::Ecr { account, region } => write!(f, "AWS for ECR of account {account} in {region}"),
            Self::Google { way } => f.write_str(match way {
                GoogleWay::MetadataServer => "Google's service account of this machine",
                GoogleWay::KeyFile => "Google's service account of the key file",
            }),
            Self::Azure { way } => f.write_str(match way {
                AzureWay::ManagedIdentity => "Azure's managed identity of this machine",
                AzureWay::WorkloadIdentity => "Azure's workload identity of this pod",
            }),
        }
    }
}
