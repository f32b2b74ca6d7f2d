//! The storage layout of distribution, versions 2 and 3, written directly.
//!
//! It may be written while the registry runs, and takes thousands of tags in the time
//! that tens take by HTTP.

use std::path::{Path, PathBuf};
use std::{fs, io};

use memory_registry::{ImageParts, digest};

/// One repository in the storage of a registry.
pub(crate) struct Storage {
    blobs: PathBuf,
    repository: PathBuf,
}

impl Storage {
    pub(crate) fn new(root: &Path, repository: &str) -> Self {
        let root = root.join("docker/registry/v2");
        Self {
            blobs: root.join("blobs"),
            repository: root.join("repositories").join(repository),
        }
    }

    /// Stores all parts of an image.
    pub(crate) fn fill(&self, parts: &ImageParts) -> io::Result<()> {
        fs::create_dir_all(self.repository.join("_uploads"))?;
        for blob in &parts.blobs {
            let digest = digest(blob);
            self.blob(&digest, blob)?;
            link(&self.repository.join("_layers").join(in_path(&digest)), &digest)?;
        }
        for manifest in &parts.manifests {
            self.blob(&manifest.digest, &manifest.bytes)?;
            link(
                &self
                    .repository
                    .join("_manifests/revisions")
                    .join(in_path(&manifest.digest)),
                &manifest.digest,
            )?;
        }
        Ok(())
    }

    /// Lets `tag` name `digest`.
    pub(crate) fn tag(&self, tag: &str, digest: &str) -> io::Result<()> {
        let folder = self.tag_folder(tag);
        link(&folder.join("index").join(in_path(digest)), digest)?;
        link(&folder.join("current"), digest)
    }

    /// Takes a tag away.
    pub(crate) fn untag(&self, tag: &str) -> io::Result<()> {
        fs::remove_dir_all(self.tag_folder(tag))
    }

    /// Makes `other` the same repository.
    pub(crate) fn share(&self, other: &Self) -> io::Result<()> {
        if let Some(parent) = other.repository.parent() {
            fs::create_dir_all(parent)?;
        }
        std::os::unix::fs::symlink(&self.repository, &other.repository)
    }

    fn tag_folder(&self, tag: &str) -> PathBuf {
        self.repository.join("_manifests/tags").join(tag)
    }

    fn blob(&self, digest: &str, bytes: &[u8]) -> io::Result<()> {
        let hex = digest.trim_start_matches("sha256:");
        let folder = self.blobs.join("sha256").join(&hex[..2]).join(hex);
        replace(&folder, "data", bytes)
    }
}

/// Writes `folder/link`.
fn link(folder: &Path, digest: &str) -> io::Result<()> {
    replace(folder, "link", digest.as_bytes())
}

/// Writes a file by a rename, so that the registry never reads half of it.
fn replace(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let new = folder.join("new");
    fs::write(&new, bytes)?;
    fs::rename(new, folder.join(name))
}

/// `sha256:…` as a path.
fn in_path(digest: &str) -> String {
    digest.replace(':', "/")
}
