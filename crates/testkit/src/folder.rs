//! Folders of servers.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::Context;
use tempfile::TempDir;

/// The longest path of a temporary folder that leaves room for a socket's name:
/// 107 bytes are all that such a path may have.
const LONGEST: usize = 60;

/// A temporary folder with a short path, gone when dropped.
#[derive(Debug)]
pub(crate) struct Folder(TempDir);

impl Folder {
    /// Makes an empty one that nobody else may read.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let usual = env::temp_dir();
        let parent = if usual.as_os_str().len() > LONGEST {
            Path::new("/tmp")
        } else {
            &usual
        };
        let made = tempfile::Builder::new().prefix("tk").tempdir_in(parent);
        Ok(Self(made.with_context(|| {
            format!("making a temporary folder in {}", parent.display())
        })?))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The path of `name` in this folder.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file into this folder; says its path.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> anyhow::Result<PathBuf> {
        let path = self.join(name);
        fs::write(&path, content).with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }
}
