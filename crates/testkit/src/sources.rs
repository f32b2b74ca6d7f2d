//! Programs of `tests/` in Go, which `make servers` builds.

use std::path::PathBuf;

use crate::process::built;

/// What a program of `tests/` is built of.
pub(crate) struct Sources {
    /// The folder below `tests/`.
    pub(crate) name: &'static str,
    /// `main.go`, `go.mod` and `go.sum`, in the order of `.ci/install-servers`.
    pub(crate) texts: [&'static str; 3],
}

impl Sources {
    /// The program.
    ///
    /// # Errors
    ///
    /// It is not built of the sources that are there now.
    pub(crate) fn built(&self) -> anyhow::Result<PathBuf> {
        // The name that `.ci/install-servers` builds it under: it changes with the sources.
        let digest = memory_registry::digest(self.texts.concat().as_bytes());
        let (_, sum) = digest.split_once(':').expect("a digest names its algorithm");
        built(&format!("{}-{}", self.name, &sum[..12]))
    }
}
