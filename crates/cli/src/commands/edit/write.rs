//! Replacing a file at once.

use std::{
    fs::{self, File, Metadata},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, fchown},
    path::Path,
};

use super::files::Problem;

/// Puts a file with the content `bytes`, and mode and owner as before, in the place of `path`.
///
/// Whoever opens it meanwhile reads either the old or the new text, whole.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    try_replace(path, bytes).map_err(Problem::Unwritable)
}

fn try_replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let before = fs::metadata(path)?;
    let mut temporary = tempfile::Builder::new().prefix(".tidemark-").tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    copy_owner_and_mode(temporary.as_file(), &before)?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|error| error.error)?;
    // The new name is on the disk only once its folder is.
    File::open(folder)?.sync_all()
}

fn copy_owner_and_mode(file: &File, before: &Metadata) -> io::Result<()> {
    let now = file.metadata()?;
    if (now.uid(), now.gid()) != (before.uid(), before.gid()) {
        fchown(file, Some(before.uid()), Some(before.gid()))?;
    }
    // After the owner: changing that clears bits of the mode.
    file.set_permissions(before.permissions())
}
