//! A new bare repository with a first commit, for the demo and for whoever wants to try things out.

use std::path::Path;

use git2::{IndexEntry, IndexTime, Oid, Repository, RepositoryInitOptions, Time};

use crate::commit::Signature;
use crate::fault::Fault;
use crate::{BranchName, Failure, libgit2};

/// A repository could not be made.
#[derive(Debug, thiserror::Error)]
#[error("failed to make a repository in `{folder}`")]
pub struct SeedError {
    folder: String,
    #[source]
    fault: Fault,
}

/// Makes a bare repository in an empty or absent folder, with one commit that holds `files`.
///
/// # Errors
///
/// The folder cannot be made, or holds a repository already.
pub fn seed(
    folder: &Path,
    branch: &BranchName,
    files: &[(&str, &[u8])],
    author: &Signature,
    message: &str,
    time: i64,
) -> Result<(), SeedError> {
    let failed = |fault| SeedError {
        folder: folder.display().to_string(),
        fault,
    };
    libgit2::prepare().map_err(|words| failed(Fault::new(Failure::Local, words)))?;
    make(folder, branch, files, author, message, time).map_err(|error| failed(Fault::of_disk(&error)))
}

fn make(
    folder: &Path,
    branch: &BranchName,
    files: &[(&str, &[u8])],
    author: &Signature,
    message: &str,
    time: i64,
) -> Result<(), git2::Error> {
    let mut options = RepositoryInitOptions::new();
    options
        .bare(true)
        .no_reinit(true)
        .external_template(false)
        .initial_head(branch.as_str());
    let repository = Repository::init_opts(folder, &options)?;
    let mut index = git2::Index::new()?;
    for (path, content) in files {
        let blob = repository.blob(content)?;
        index.add(&entry(path, blob))?;
    }
    let tree = repository.find_tree(index.write_tree_to(&repository)?)?;
    let signature = git2::Signature::new(author.name(), author.email(), &Time::new(time, 0))?;
    let reference = format!("refs/heads/{}", branch.as_str());
    repository.commit(Some(&reference), &signature, &signature, message, &tree, &[])?;
    Ok(())
}

/// A regular file as an index has it.
fn entry(path: &str, blob: Oid) -> IndexEntry {
    const REGULAR: u32 = 0o100_644;
    let never = IndexTime::new(0, 0);
    IndexEntry {
        ctime: never,
        mtime: never,
        dev: 0,
        ino: 0,
        mode: REGULAR,
        uid: 0,
        gid: 0,
        file_size: 0,
        id: blob,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests;
