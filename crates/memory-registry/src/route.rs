//! Paths of the distribution API, taken apart.

use http::Method;

use crate::{Action, RequestKind};

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Ping,
    Token,
    Catalog,
    Tags { repository: String },
    Manifest { repository: String, reference: String },
    Blob { repository: String, digest: String },
    Uploads { repository: String },
    Upload { repository: String, id: String },
    Unknown,
}

/// What a request needs the right to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing: the token service itself, and what does not exist.
    Nothing,
    /// To be somebody.
    Identity,
    /// The list of all repositories.
    Catalog,
    /// An action in one repository.
    Repository { name: String, action: Action },
}

impl Route {
    /// Takes `path` apart; names that no registry may have are unknown.
    pub(crate) fn parse(path: &str) -> Self {
        match path {
            "/v2" | "/v2/" => return Self::Ping,
            "/token" => return Self::Token,
            "/v2/_catalog" => return Self::Catalog,
            _ => {}
        }
        path.strip_prefix("/v2/")
            .and_then(Self::in_repository)
            .unwrap_or(Self::Unknown)
    }

    /// `rest` is NAME/KIND/REST; names have slashes, so it is read from its end.
    fn in_repository(rest: &str) -> Option<Self> {
        if let Some(name) = rest.strip_suffix("/tags/list") {
            return Some(Self::Tags {
                repository: name_of(name)?,
            });
        }
        if let Some(name) = rest
            .strip_suffix("/blobs/uploads/")
            .or(rest.strip_suffix("/blobs/uploads"))
        {
            return Some(Self::Uploads {
                repository: name_of(name)?,
            });
        }
        let (head, last) = rest.rsplit_once('/')?;
        if let Some(name) = head.strip_suffix("/blobs/uploads") {
            return Some(Self::Upload {
                repository: name_of(name)?,
                id: last.to_owned(),
            });
        }
        if let Some(name) = head.strip_suffix("/manifests") {
            return Some(Self::Manifest {
                repository: name_of(name)?,
                reference: last.to_owned(),
            });
        }
        let name = head.strip_suffix("/blobs")?;
        Some(Self::Blob {
            repository: name_of(name)?,
            digest: last.to_owned(),
        })
    }

    /// How a request by `method` to this path is counted.
    pub(crate) fn kind(&self, method: &Method) -> RequestKind {
        match (self, method) {
            (Self::Ping, _) => RequestKind::Ping,
            (Self::Token, _) => RequestKind::Token,
            (Self::Catalog, _) => RequestKind::Catalog,
            (Self::Tags { .. }, _) => RequestKind::TagList,
            (Self::Manifest { .. }, &Method::HEAD) => RequestKind::ManifestHead,
            (Self::Manifest { .. }, &Method::PUT) => RequestKind::ManifestPush,
            (Self::Manifest { .. }, &Method::DELETE) => RequestKind::ManifestDelete,
            (Self::Manifest { .. }, _) => RequestKind::Manifest,
            (Self::Blob { .. }, &Method::DELETE) => RequestKind::BlobDelete,
            (Self::Blob { .. }, _) => RequestKind::Blob,
            (Self::Uploads { .. } | Self::Upload { .. }, _) => RequestKind::BlobPush,
            (Self::Unknown, _) => RequestKind::Other,
        }
    }

    /// What a request by `method` to this path needs the right to.
    pub(crate) fn need(&self, method: &Method) -> Need {
        let name = match self {
            Self::Token | Self::Unknown => return Need::Nothing,
            Self::Ping => return Need::Identity,
            Self::Catalog => return Need::Catalog,
            Self::Tags { repository }
            | Self::Manifest { repository, .. }
            | Self::Blob { repository, .. }
            | Self::Uploads { repository }
            | Self::Upload { repository, .. } => repository.clone(),
        };
        let upload = matches!(self, Self::Uploads { .. } | Self::Upload { .. });
        let action = match *method {
            _ if upload => Action::Push,
            Method::DELETE => Action::Delete,
            Method::GET | Method::HEAD => Action::Pull,
            _ => Action::Push,
        };
        Need::Repository { name, action }
    }
}

/// `name` if it is one: lower-case components joined by slashes.
fn name_of(name: &str) -> Option<String> {
    let component = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
    };
    (name.len() <= 255 && name.split('/').all(component)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests;
