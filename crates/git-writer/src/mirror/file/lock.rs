//! A branch's lock that stands in the way of a push to a folder.

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use git2::{Oid, Repository};

use crate::{Failure, Head, fault::Fault};

/// git holds the lock of a branch for far less.
const LONGEST_HELD: Duration = Duration::from_secs(60);
/// The name of a commit and a line end.
const LOCK_BYTES: u64 = 41;

/// Whether the way is free again: a lock that a dead process of ours left is taken away, one of somebody at work is not.
///
/// # Errors
///
/// The lock has stood for so long that nobody can be at work; whose it is cannot be told, so a human has to look.
pub(super) fn is_cleared(
    mirror: &Repository,
    target: &Repository,
    reference: &str,
    head: &Head,
) -> Result<bool, Fault> {
    let path = target.path().join(format!("{reference}.lock"));
    if is_ours(mirror, &path, head) {
        let removed = fs::remove_file(&path);
        return removed.map(|()| true).map_err(|error| {
            Fault::caused_by(Failure::Local, format!("failed to remove `{}`", path.display()), &error)
        });
    }
    if has_stood_too_long(&path) {
        return Err(stale(&path));
    }
    Ok(false)
}

/// Whether the lock is about to move the branch from `head` to a commit that only the mirror has: those are made here, and
/// the mirror is ours alone, so whoever wrote it is dead.
fn is_ours(mirror: &Repository, lock: &Path, head: &Head) -> bool {
    let is_small = fs::symlink_metadata(lock).is_ok_and(|lock| lock.is_file() && lock.len() == LOCK_BYTES);
    let wanted = fs::read_to_string(lock).ok().filter(|_| is_small);
    let wanted = wanted.and_then(|text| Oid::from_str(text.trim_end()).ok());
    let commit = wanted.and_then(|id| mirror.find_commit(id).ok());
    commit.is_some_and(|commit| commit.parent_ids().eq([head.commit.0]))
}

fn has_stood_too_long(lock: &Path) -> bool {
    let since = fs::symlink_metadata(lock).and_then(|lock| lock.modified());
    since.is_ok_and(|since| {
        SystemTime::now()
            .duration_since(since)
            .is_ok_and(|stood| stood > LONGEST_HELD)
    })
}

fn stale(lock: &Path) -> Fault {
    let words = format!(
        "the branch is locked by `{}`, which a git that died has left; if none is at work there, delete that file",
        lock.display()
    );
    Fault::new(Failure::Local, words)
}
