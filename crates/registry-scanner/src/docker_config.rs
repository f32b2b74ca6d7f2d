//! The Docker config file: which of its credentials would be tried for an image, and in which order.
//!
//! The rules are those of `contracts/references.md` §2. Nothing here runs a credential helper or reads the environment.

mod entry;
mod find;
mod key;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::json::{Json, JsonError};

pub use find::is_helper_name;
pub(crate) use find::same_server;
pub use find::{Candidate, Found, Offer, Skipped};

/// The largest file that is read.
const MAX_BYTES: usize = 1024 * 1024;

/// A Docker config (`config.json`, or the older `.dockercfg`) that was read.
///
/// It prints nothing of its entries.
pub struct DockerConfig {
    /// `credHelpers`, in file order.
    helpers: Vec<(String, Json)>,
    /// `auths`, in file order.
    entries: Vec<(String, Json)>,
    /// `credsStore`.
    store: Option<Json>,
}

/// A Docker config cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("failed to read the Docker config {name}")]
pub struct DockerConfigError {
    /// The path of the file, or what else its document is called.
    name: String,
    #[source]
    kind: DockerConfigErrorKind,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum DockerConfigErrorKind {
    #[error(transparent)]
    Io(io::Error),
    #[error("it is larger than 1 MiB")]
    TooLarge,
    #[error(transparent)]
    Json(JsonError),
    #[error("its top level is {0}, where an object is wanted")]
    Top(&'static str),
    #[error("`{section}` is {kind}, where an object is wanted")]
    Section { section: &'static str, kind: &'static str },
}

impl DockerConfigError {
    /// Whether there is no such file at all, nor a directory that it could be in (a home may be `/dev/null`).
    pub fn is_missing(&self) -> bool {
        const NOWHERE: [io::ErrorKind; 2] = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
        matches!(&self.kind, DockerConfigErrorKind::Io(error) if NOWHERE.contains(&error.kind()))
    }
}

impl std::fmt::Debug for DockerConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DockerConfig({} entries)", self.entries.len())
    }
}

impl Drop for DockerConfig {
    fn drop(&mut self) {
        let values = self.helpers.iter_mut().chain(&mut self.entries).map(|(_, value)| value);
        values.chain(&mut self.store).for_each(Json::wipe);
    }
}

impl DockerConfig {
    /// Reads the file at `path`, as it is now.
    ///
    /// # Errors
    ///
    /// The file is missing, unreadable, larger than 1 MiB, or no Docker config.
    pub fn read(path: &Path) -> Result<Self, DockerConfigError> {
        let wrap = |kind| DockerConfigError {
            name: path.display().to_string(),
            kind,
        };
        let bytes = read_bounded(path).map_err(|error| wrap(DockerConfigErrorKind::Io(error)))?;
        Self::from_bytes(&bytes).map_err(wrap)
    }

    /// Reads a document that is called `name`: the `.dockerconfigjson` or `.dockercfg` of an image pull secret, or the `auth.json`
    /// of Podman. All have the shapes of the file.
    ///
    /// # Errors
    ///
    /// It is larger than 1 MiB, or no Docker config.
    pub fn parse(bytes: &[u8], name: &str) -> Result<Self, DockerConfigError> {
        Self::from_bytes(bytes).map_err(|kind| DockerConfigError {
            name: name.to_owned(),
            kind,
        })
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, DockerConfigErrorKind> {
        if bytes.len() > MAX_BYTES {
            return Err(DockerConfigErrorKind::TooLarge);
        }
        let top = match Json::parse(bytes).map_err(DockerConfigErrorKind::Json)? {
            Json::Map(pairs) => pairs,
            other => return Err(DockerConfigErrorKind::Top(other.kind())),
        };
        if is_legacy(&top) {
            return Ok(Self {
                helpers: Vec::new(),
                entries: top,
                store: None,
            });
        }
        let mut config = Self {
            helpers: Vec::new(),
            entries: Vec::new(),
            store: None,
        };
        for (name, value) in top {
            match name.as_str() {
                "auths" => config.entries.extend(section("auths", value)?),
                "credHelpers" => config.helpers.extend(section("credHelpers", value)?),
                "credsStore" => config.store = Some(value),
                _ => {}
            }
        }
        Ok(config)
    }
}

/// `.dockercfg` is the map of `auths` without anything around it.
fn is_legacy(top: &[(String, Json)]) -> bool {
    const MODERN: [&str; 4] = ["auths", "credHelpers", "credsStore", "credStore"];
    top.iter()
        .all(|(key, value)| !MODERN.contains(&key.as_str()) && matches!(value, Json::Map(_)))
}

fn section(section: &'static str, value: Json) -> Result<Vec<(String, Json)>, DockerConfigErrorKind> {
    match value {
        Json::Map(pairs) => Ok(pairs),
        Json::Null => Ok(Vec::new()),
        other => Err(DockerConfigErrorKind::Section {
            section,
            kind: other.kind(),
        }),
    }
}

/// One byte more than allowed, so that the caller sees that there was more.
fn read_bounded(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let file = File::open(path)?;
    let size = usize::try_from(file.metadata()?.len())
        .unwrap_or(MAX_BYTES)
        .min(MAX_BYTES);
    // With its whole size from the start, for a vector that grows leaves what it held behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(size + 1));
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
