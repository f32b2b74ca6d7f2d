//! The small registries in Go of `tests/registry-in-memory`.

use std::fs;
use std::net::SocketAddr;

use anyhow::Context;

use crate::folder::Folder;
use crate::port::on_free_port;
use crate::process::{Process, command};
use crate::sources::Sources;
use crate::{RegistryRequest, ask};

const PROGRAM: Sources = Sources {
    name: "registry-in-memory",
    texts: [
        include_str!("../../../tests/registry-in-memory/main.go"),
        include_str!("../../../tests/registry-in-memory/go.mod"),
        include_str!("../../../tests/registry-in-memory/go.sum"),
    ],
};

/// Which library answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `cuelabs.dev/go/oci/ociregistry`: pages with a `Link` without a space, as `text/plain`, and seeks by any `last`.
    Ocimem,
    /// `github.com/google/go-containerregistry`, as `crane registry serve`: pages without a `Link`.
    GoContainerRegistry,
}

impl Kind {
    /// As the program calls it.
    fn as_str(self) -> &'static str {
        match self {
            Self::Ocimem => "ocimem",
            Self::GoContainerRegistry => "go-containerregistry",
        }
    }
}

/// A registry in Go on a port of 127.0.0.1, open and over plain HTTP; stopped when dropped.
#[derive(Debug)]
pub struct GoRegistry {
    _process: Process,
    address: SocketAddr,
    folder: Folder,
}

impl GoRegistry {
    /// Starts one in which each of these repositories has all of these tags, all of one tiny image.
    ///
    /// # Errors
    ///
    /// It is not built, or does not start; with its own words.
    pub fn start<R: AsRef<str>, T: AsRef<str>>(kind: Kind, repositories: &[R], tags: &[T]) -> anyhow::Result<Self> {
        let lines = |names: Vec<&str>| names.join("\n");
        let repositories = lines(repositories.iter().map(AsRef::as_ref).collect());
        let tags = lines(tags.iter().map(AsRef::as_ref).collect());
        on_free_port(|port| Self::start_on(kind, &repositories, &tags, port))
    }

    fn start_on(kind: Kind, repositories: &str, tags: &str, port: u16) -> anyhow::Result<Self> {
        let folder = Folder::in_memory()?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut serve = command(&PROGRAM.built()?, folder.path());
        serve
            .args([kind.as_str(), &address.to_string()])
            .arg(folder.write("repositories", repositories)?)
            .arg(folder.write("tags", tags)?);
        let mut process = Process::start(serve, folder.path(), "registry")?;
        // It listens once it is filled.
        process.wait_until(|| ask::get(address, None, "/", &[]).ok())?;
        Ok(Self {
            _process: process,
            address,
            folder,
        })
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests to the registry that were answered so far; each is logged before its answer is sent.
    ///
    /// # Errors
    ///
    /// The log cannot be read.
    pub fn requests(&self) -> anyhow::Result<Vec<RegistryRequest>> {
        let log = fs::read_to_string(self.folder.join("registry.out")).context("reading the log of a registry")?;
        Ok(log.lines().filter_map(RegistryRequest::read).collect())
    }
}

#[cfg(test)]
mod tests;
