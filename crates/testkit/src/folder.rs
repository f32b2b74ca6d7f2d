//! Folders of servers.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::Context;
use rustix::fs::statvfs;
use tempfile::TempDir;

/// The longest path of a temporary folder that leaves room for a socket's name:
/// 107 bytes are all that such a path may have.
const LONGEST: usize = 60;

/// What must be free in memory for a folder to be made there, in bytes.
const ROOM: u64 = 1 << 30;

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
        Self::within(parent)
    }

    /// Makes one in memory, if there is room: to make and above all to delete ten thousand
    /// small files takes a disk half a minute. No program can be started from it.
    pub(crate) fn in_memory() -> anyhow::Result<Self> {
        let memory = Path::new("/dev/shm");
        let room = statvfs(memory).is_ok_and(|found| found.f_bavail.saturating_mul(found.f_frsize) > ROOM);
        if room {
            Self::within(memory).or_else(|_| Self::new())
        } else {
            Self::new()
        }
    }

    fn within(parent: &Path) -> anyhow::Result<Self> {
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
