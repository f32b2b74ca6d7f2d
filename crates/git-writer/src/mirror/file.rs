//! `file://`: objects go from one folder to the other.
//!
//! libgit2's own local transport moves a branch without looking where it is, and copies all branches. Here the branch is
//! moved under its lock, from the value that was expected, and one branch is copied.

mod lock;

use std::{collections::HashSet, io::Write, path::Path};

use git2::{ErrorCode, OdbLookupFlags, Oid, Repository, RepositoryOpenFlags};
use tokio_util::sync::CancellationToken;

use crate::{
    Commit, Failure, Head, PushOutcome, Remote,
    fault::Fault,
    tree::{self, EntryKind, MalformedTree},
};

/// From so many objects on they go as one pack, as with git's own `receive.unpackLimit`.
const UNPACK_LIMIT: usize = 100;

/// Copies what the mirror lacks of the branch, and gives the commit it is at.
pub(crate) fn fetch(
    mirror: &Repository,
    path: &Path,
    remote: &Remote,
    have: Option<Oid>,
    cancel: &CancellationToken,
) -> Result<Oid, Fault> {
    let source = open(path)?;
    let tip = tip(&source, remote)?.ok_or_else(|| no_branch(remote))?;
    if have != Some(tip) {
        copy(&source, mirror, tip, have, remote, cancel).map_err(|error| refine(&error, cancel))?;
    }
    Ok(tip)
}

/// Moves the branch from `head` to `commit`, if it is still at `head`.
pub(crate) fn push(
    mirror: &Repository,
    path: &Path,
    remote: &Remote,
    head: &Head,
    commit: &Commit,
) -> Result<PushOutcome, Fault> {
    let target = open(path)?;
    if !target.is_bare() {
        let words =
            "the repository has a work tree, which a push would leave behind; name a bare one (`git clone --bare`)";
        return Err(Fault::new(Failure::Local, words));
    }
    match tip(&target, remote)? {
        Some(tip) if tip == commit.id.0 => return Ok(PushOutcome::Landed),
        Some(tip) if tip == head.commit.0 => {}
        _ => return Ok(PushOutcome::Moved),
    }
    give(mirror, &target, commit).map_err(|error| Fault::of_disk(&error))?;
    let reference = remote.branch.reference();
    let moved = move_branch(&target, &reference, head, commit);
    let moved = match moved {
        Err(error) if error.code() == ErrorCode::Locked && lock::is_cleared(mirror, &target, &reference, head)? => {
            move_branch(&target, &reference, head, commit)
        }
        moved => moved,
    };
    match moved {
        Ok(()) => Ok(PushOutcome::Landed),
        // Somebody moved it after all, or is about to.
        Err(error)
            if matches!(
                error.code(),
                ErrorCode::Modified | ErrorCode::NotFound | ErrorCode::Locked
            ) =>
        {
            Ok(PushOutcome::Moved)
        }
        Err(error) => Err(Fault::of_disk(&error)),
    }
}

fn move_branch(target: &Repository, reference: &str, head: &Head, commit: &Commit) -> Result<(), git2::Error> {
    let moved = target.reference_matching(reference, commit.id.0, true, head.commit.0, "push");
    moved.map(|_| ())
}

fn open(path: &Path) -> Result<Repository, Fault> {
    Repository::open_ext(path, RepositoryOpenFlags::NO_SEARCH, std::iter::empty::<&Path>()).map_err(|error| match error
        .code()
    {
        ErrorCode::NotFound => Fault::new(
            Failure::NoRepository,
            format!("there is no git repository in `{}`", path.display()),
        ),
        _ => Fault::new(Failure::Local, Fault::of_disk(&error).to_string()),
    })
}

fn tip(repository: &Repository, remote: &Remote) -> Result<Option<Oid>, Fault> {
    match repository.refname_to_id(&remote.branch.reference()) {
        Ok(tip) => Ok(Some(tip)),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(Fault::new(Failure::Local, Fault::of_disk(&error).to_string())),
    }
}

/// The branch is not on the server.
pub(crate) fn no_branch(remote: &Remote) -> Fault {
    let words = format!(
        "the repository has no branch `{}`; it is never created here, push a first commit to it",
        remote.branch
    );
    Fault::new(Failure::NoBranch, words)
}

enum CopyError {
    Git(git2::Error),
    Malformed(MalformedTree),
    Write(std::io::Error),
    TooLarge(String),
}

impl From<MalformedTree> for CopyError {
    fn from(error: MalformedTree) -> Self {
        Self::Malformed(error)
    }
}

impl From<git2::Error> for CopyError {
    fn from(error: git2::Error) -> Self {
        Self::Git(error)
    }
}

fn refine(error: &CopyError, cancel: &CancellationToken) -> Fault {
    match error {
        _ if cancel.is_cancelled() => Fault::cancelled(),
        CopyError::Git(error) => Fault::new(Failure::Local, Fault::of_disk(error).to_string()),
        CopyError::Malformed(error) => Fault::new(Failure::Local, error.to_string()),
        CopyError::Write(error) => Fault::new(Failure::Local, error.to_string()),
        CopyError::TooLarge(words) => Fault::new(Failure::TooLarge, words),
    }
}

fn copy(
    source: &Repository,
    mirror: &Repository,
    tip: Oid,
    have: Option<Oid>,
    remote: &Remote,
    cancel: &CancellationToken,
) -> Result<(), CopyError> {
    let missing = missing(source, mirror, tip, have, remote.limits.objects)?;
    if missing.is_empty() {
        return Ok(());
    }
    let mut pack = source.packbuilder()?;
    pack.set_progress_callback(|_, _, _| !cancel.is_cancelled())?;
    for object in missing {
        pack.insert_object(object, None)?;
    }
    let odb = mirror.odb()?;
    let mut writer = odb.packwriter()?;
    let (mut written, mut failed) = (0, None);
    let sent = pack.foreach(|bytes| {
        written += bytes.len() as u64;
        if written > remote.limits.pack_bytes {
            failed = Some(CopyError::TooLarge(format!(
                "the fetch would bring more than {} bytes",
                remote.limits.pack_bytes
            )));
        } else if let Err(error) = writer.write_all(bytes) {
            failed = Some(CopyError::Write(error));
        }
        failed.is_none() && !cancel.is_cancelled()
    });
    if let Some(error) = failed {
        return Err(error);
    }
    sent?;
    writer.commit()?;
    Ok(())
}

/// The objects that `tip` needs and the mirror lacks. What the mirror has of a tree or commit, it has whole.
fn missing(
    source: &Repository,
    mirror: &Repository,
    tip: Oid,
    have: Option<Oid>,
    most: u64,
) -> Result<Vec<Oid>, CopyError> {
    let mut walk = source.revwalk()?;
    walk.push(tip)?;
    // What the branch pointed to before may be gone there, after a rewrite and a `git gc`.
    if let Some(have) = have.filter(|&have| source.find_commit(have).is_ok()) {
        walk.hide(have)?;
    }
    let (theirs, ours) = (source.odb()?, mirror.odb()?);
    let is_here = |id| have.is_some() && ours.exists_ext(id, OdbLookupFlags::NO_REFRESH);
    let mut missing = Vec::new();
    let mut seen = HashSet::new();
    for commit in walk {
        let commit = commit?;
        missing.push(commit);
        let mut trees = vec![source.find_commit(commit)?.tree_id()];
        while let Some(tree) = trees.pop() {
            if is_here(tree) || !seen.insert(tree) {
                continue;
            }
            missing.push(tree);
            let object = theirs.read(tree)?;
            for entry in tree::entries(object.data())? {
                match entry.kind {
                    EntryKind::Submodule => {}
                    EntryKind::Tree => trees.push(entry.id),
                    _ if is_here(entry.id) || !seen.insert(entry.id) => {}
                    EntryKind::File | EntryKind::Symlink | EntryKind::Other => missing.push(entry.id),
                }
            }
        }
        if missing.len() as u64 > most {
            let words = format!("the fetch would bring more than {most} objects");
            return Err(CopyError::TooLarge(words));
        }
    }
    Ok(missing)
}

/// Writes a commit's objects into the other repository.
fn give(mirror: &Repository, target: &Repository, commit: &Commit) -> Result<(), git2::Error> {
    if commit.objects.len() >= UNPACK_LIMIT {
        let mut pack = mirror.packbuilder()?;
        for &object in &commit.objects {
            pack.insert_object(object, None)?;
        }
        return pack.write(&target.path().join("objects/pack"), 0o444);
    }
    let (ours, theirs) = (mirror.odb()?, target.odb()?);
    for &id in &commit.objects {
        let object = ours.read(id)?;
        theirs.write(object.kind(), object.data())?;
    }
    Ok(())
}
