//! What must survive a restart and cannot be read from git or a registry: sizes of lists, high-water marks, until when
//! registries, and the hosts that they lead to, want to be left alone, and how registries list tags.
//!
//! One JSON file, replaced as a whole. Everything else that the daemon knows is found again.

mod file;
mod pauses;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use domain::accept::ListRecord;
use domain::decide::Height;
use domain::reference::{Registry, Repository, Tag, Timestamp};
use registry_scanner::Profile;
use tracing::warn;

pub(crate) use self::pauses::{HostPause, Pauses};

/// Targets that no pass has seen for this long are forgotten, with their marks; so are lists that nobody has wanted.
const FORGET_AFTER_SECONDS: i64 = 90 * 24 * 3600;
/// What is only about the day is written once a day.
const DAY_SECONDS: u64 = 24 * 3600;

/// A target with its policy: what a high-water mark belongs to.
///
/// A person who lowers a value and changes the policy starts anew under the new one, because the mark is found no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MarkKey {
    /// The target's opaque id.
    pub(crate) target: String,
    /// The policy as it prints.
    pub(crate) policy: String,
}

/// What is kept of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The policy that the rest belongs to.
    pub(crate) policy: String,
    /// The last tag that was about to be written; it counts once it has been seen at the head.
    pub(crate) intended: Option<Height>,
    /// The highest tag that was written and seen at the head.
    pub(crate) high_water: Option<Height>,
    /// When a pass last saw the target.
    pub(crate) seen: Timestamp,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Content {
    lists: BTreeMap<Repository, ListRecord>,
    /// When each of them was last wanted, to the day.
    wanted: BTreeMap<Repository, Timestamp>,
    pauses: BTreeMap<Registry, Pauses>,
    profiles: BTreeMap<Registry, Profile>,
    marks: BTreeMap<String, Mark>,
}

/// The state, in memory and in its file.
#[derive(Debug)]
pub(crate) struct State {
    /// `None`: nothing is ever written (`--dry-run`).
    path: Option<PathBuf>,
    /// Beside the file.
    images: PathBuf,
    content: Mutex<(Content, Dirty)>,
    /// Held while the process lives, so that two daemons never share a state.
    _lock: Option<File>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dirty {
    No,
    Yes,
}

impl State {
    /// Reads the state file, or begins anew where there is none.
    ///
    /// # Errors
    ///
    /// The folder cannot be made or locked, another process holds it, or the file was written by a newer release. A
    /// damaged file is no error: it is set aside with a warning.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let folder = path.parent().context("the state file has no folder")?;
        file::make_folder(folder)?;
        let lock = file::lock(&path.with_extension("lock"))?;
        let content = file::read_or_set_aside(path)?;
        Ok(Self {
            path: Some(path.to_owned()),
            images: path.with_extension("images"),
            content: Mutex::new((content, Dirty::No)),
            _lock: Some(lock),
        })
    }

    /// Reads the state file and never writes it, for a dry run.
    ///
    /// # Errors
    ///
    /// As [`State::open`], but nothing is locked.
    pub(crate) fn open_read_only(path: &Path) -> anyhow::Result<Self> {
        let content = file::read(path)?.unwrap_or_default();
        Ok(Self {
            path: None,
            images: path.with_extension("images"),
            content: Mutex::new((content, Dirty::No)),
            _lock: None,
        })
    }

    /// The folder for what is found again without it, at the cost of many requests.
    pub(crate) fn images(&self) -> &Path {
        &self.images
    }

    /// Whether anything is ever written.
    pub(crate) fn is_written(&self) -> bool {
        self.path.is_some()
    }

    /// What is known of a repository's earlier lists.
    pub(crate) fn list(&self, repository: &Repository) -> ListRecord {
        self.content().0.lists.get(repository).cloned().unwrap_or_default()
    }

    /// Remembers a list; kept in the file at the next [`State::save`].
    pub(crate) fn set_list(&self, repository: &Repository, record: ListRecord) {
        if self.content().0.lists.get(repository) != Some(&record) {
            self.change(|content| content.lists.insert(repository.clone(), record));
        }
    }

    /// Notes that somebody wants to know a repository's tags.
    pub(crate) fn wanted(&self, repository: &Repository, now: Timestamp) {
        let known = self.content().0.wanted.get(repository).copied();
        if known.is_none_or(|known| now.since(known).as_secs() >= DAY_SECONDS) {
            self.change(|content| content.wanted.insert(repository.clone(), now));
        }
    }

    /// How registries were found to list tags.
    pub(crate) fn profiles(&self) -> BTreeMap<Registry, Profile> {
        self.content().0.profiles.clone()
    }

    /// Notes how a registry lists tags; kept in the file at the next [`State::save`].
    pub(crate) fn set_profile(&self, registry: &Registry, profile: Profile) {
        let known = self.content().0.profiles.get(registry).copied();
        if known.unwrap_or_default() != profile {
            self.change(|content| content.profiles.insert(registry.clone(), profile));
        }
    }

    /// The high-water mark of a target under a policy.
    pub(crate) fn high_water(&self, key: &MarkKey) -> Option<Height> {
        let content = self.content();
        let mark = content
            .0
            .marks
            .get(&key.target)
            .filter(|mark| mark.policy == key.policy)?;
        mark.high_water.clone()
    }

    /// Notes what the head says of a target: an intended tag that stands there has been written.
    ///
    /// `outranks(new, old)` is the policy's order.
    pub(crate) fn saw(
        &self,
        key: &MarkKey,
        at_head: Option<&Tag>,
        now: Timestamp,
        outranks: impl Fn(&Height, &Height) -> bool,
    ) {
        let Some(mark) = self.content().0.marks.get(&key.target).cloned() else {
            return;
        };
        let mut updated = mark.clone();
        updated.seen = now;
        if mark.policy != key.policy {
            updated = Mark {
                policy: key.policy.clone(),
                intended: None,
                high_water: None,
                seen: now,
            };
        } else if let Some(written) = mark.intended.as_ref().filter(|intended| at_head == Some(&intended.tag)) {
            updated.intended = None;
            if mark.high_water.as_ref().is_none_or(|old| outranks(written, old)) {
                updated.high_water = Some(written.clone());
            }
        }
        let day_passed = now.since(mark.seen).as_secs() >= DAY_SECONDS;
        let changed = Mark {
            seen: mark.seen,
            ..updated.clone()
        } != mark;
        if changed || day_passed {
            self.change(|content| content.marks.insert(key.target.clone(), updated));
        }
    }

    /// Notes tags that are about to be pushed, and writes the file before it returns: a push whose answer is lost is
    /// recognised at the next start.
    ///
    /// # Errors
    ///
    /// The file cannot be written. The push must then not be made.
    pub(crate) fn intend(&self, writes: Vec<(MarkKey, Height)>, now: Timestamp) -> anyhow::Result<()> {
        self.change(|content| {
            for (key, height) in writes {
                let mark = content
                    .marks
                    .entry(key.target)
                    .or_insert_with(|| Mark::new(&key.policy, now));
                if mark.policy != key.policy {
                    *mark = Mark::new(&key.policy, now);
                }
                mark.intended = Some(height);
                mark.seen = now;
            }
        });
        self.save(now)
    }

    /// Writes the file if anything changed since.
    ///
    /// # Errors
    ///
    /// The file cannot be replaced; what is in memory stays to be written.
    pub(crate) fn save(&self, now: Timestamp) -> anyhow::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let mut guard = self.content();
        if guard.1 == Dirty::No {
            return Ok(());
        }
        guard
            .0
            .marks
            .retain(|_, mark| now.since(mark.seen).as_secs() < FORGET_AFTER_SECONDS.unsigned_abs());
        guard.0.pauses.retain(|_, pauses| pauses.forget_over(now));
        guard.0.forget_lists(now);
        file::replace(path, &guard.0).with_context(|| format!("writing the state file {}", path.display()))?;
        guard.1 = Dirty::No;
        Ok(())
    }

    fn change<T>(&self, change: impl FnOnce(&mut Content) -> T) {
        let mut guard = self.content();
        change(&mut guard.0);
        guard.1 = Dirty::Yes;
    }

    /// A panic while the lock was held cannot have left half a change: each is one assignment.
    fn content(&self) -> MutexGuard<'_, (Content, Dirty)> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Content {
    /// Forgets lists that nobody wants; one that was written by an earlier release counts as wanted now.
    fn forget_lists(&mut self, now: Timestamp) {
        let Self { lists, wanted, .. } = self;
        lists.retain(|repository, _| {
            let last = *wanted.entry(repository.clone()).or_insert(now);
            now.since(last).as_secs() < FORGET_AFTER_SECONDS.unsigned_abs()
        });
        wanted.retain(|repository, _| lists.contains_key(repository));
    }
}

impl Mark {
    fn new(policy: &str, now: Timestamp) -> Self {
        Self {
            policy: policy.to_owned(),
            intended: None,
            high_water: None,
            seen: now,
        }
    }
}

/// Says that a damaged file was set aside.
fn warn_damaged(path: &Path, aside: &Path, error: &anyhow::Error) {
    warn!(
        error = %format!("{error:#}"),
        "The state file {} is damaged; it was set aside as {} and a new one is begun", path.display(), aside.display()
    );
}

#[cfg(test)]
mod tests;
