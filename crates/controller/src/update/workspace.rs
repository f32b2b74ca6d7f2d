//! The blocking side of an update: the mirror, and what is found in its files.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use domain::reference::Timestamp;
use git_writer::{Auth, Change, Commit, Files, Head, Limits, Mirror, ObjectId, PushOutcome, Remote, SkipReason};
use status_api::report::FileProblem;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use transport::{Secret, Trust};

use super::index::{Found, Index, IndexedFile, LARGEST_FILE, Readings, is_looked_at};
use super::write::{Edited, FileChange, Plan};
use crate::config::{Config, RepositoryAuth, RepositoryConfig};
use crate::inventory::{ImageFile, Inventory};
use crate::parts::Parts;

/// The mirror of one branch, and what has been read of its files.
#[derive(Debug)]
pub(super) struct Workspace {
    parts: Arc<Parts>,
    mirror: Option<Mirror>,
    index: Index,
}

/// The branch as it was found.
#[derive(Debug)]
pub(crate) struct Look {
    pub(super) config: Arc<Config>,
    pub(super) name: String,
    pub(super) head: Head,
    pub(super) inventory: Inventory,
    /// The content that each path has at the head.
    pub(super) blobs: HashMap<Arc<str>, ObjectId>,
    pub(super) fetched: Timestamp,
}

/// A commit in the mirror that is still to be pushed, and what became of the files that could not be edited.
#[derive(Debug)]
pub(super) struct Committed {
    /// `None` if not one file could be edited.
    pub(super) commit: Option<Commit>,
    /// The moves of the plan that are in it.
    pub(super) done: Vec<usize>,
    pub(super) refused: Vec<FileProblem>,
}

impl Look {
    /// The configuration of the repository that was looked at.
    pub(super) fn repository(&self) -> anyhow::Result<&RepositoryConfig> {
        repository_of(&self.config, &self.name)
    }
}

fn repository_of<'a>(config: &'a Config, name: &str) -> anyhow::Result<&'a RepositoryConfig> {
    let found = config
        .repositories
        .iter()
        .find(|repository| repository.name.as_str() == name);
    found.context("the configuration names this repository no more")
}

impl Workspace {
    pub(super) fn new(parts: Arc<Parts>) -> Self {
        Self {
            parts,
            mirror: None,
            index: Index::default(),
        }
    }

    /// Fetches the branch and finds its targets.
    pub(super) fn look(
        &mut self,
        config: &Arc<Config>,
        name: &str,
        cancel: &CancellationToken,
    ) -> anyhow::Result<Look> {
        let repository = repository_of(config, name)?;
        let prefixes: Vec<String> = repository
            .paths
            .iter()
            .map(|prefix| prefix.as_str().to_owned())
            .collect();
        self.open(config, repository)?;
        let mirror = self.mirror.as_mut().context("the mirror is not open")?;
        let head = mirror.fetch(cancel)?;
        let fetched = crate::clock::now();
        let found = mirror.files(&head, &prefixes)?;
        let readings = Readings::new(config, name);
        let (files, told) = sorted(self.index.update(mirror, &found.files, &readings)?);
        let mut problems = skipped(&found);
        problems.extend(told);
        let inventory = Inventory::of(name, &files, config);
        self.parts
            .uses
            .put(name, config, inventory.used.clone(), &self.parts.board);
        problems.extend(inventory.problems);
        let blobs = found
            .files
            .into_iter()
            .map(|file| (Arc::from(file.path), file.blob))
            .collect();
        let inventory = Inventory {
            targets: inventory.targets,
            used: inventory.used,
            problems,
        };
        Ok(Look {
            config: config.clone(),
            name: name.to_owned(),
            head,
            inventory,
            blobs,
            fetched,
        })
    }

    /// The mirror under the credentials as they stand in their files now.
    fn open(&mut self, config: &Config, repository: &RepositoryConfig) -> anyhow::Result<()> {
        let remote = remote(config, repository)?;
        let kept = self.mirror.take().filter(|mirror| *mirror.remote() == remote);
        let mirror = match kept {
            Some(mirror) => mirror,
            None => Mirror::open(&self.parts.mirror_folder(&remote), remote, Handle::current())?,
        };
        self.mirror = Some(mirror);
        Ok(())
    }

    /// Edits the files of a plan, in memory.
    pub(super) fn edit(&mut self, look: &Look, plan: &Plan) -> anyhow::Result<Edited> {
        let mirror = self.mirror.as_mut().context("the mirror is not open")?;
        plan.edit(look, |blob| Ok(mirror.blob(blob, LARGEST_FILE)?))
    }

    /// Edits and commits.
    pub(super) fn commit(&mut self, look: &Look, plan: &Plan) -> anyhow::Result<Committed> {
        let edited = self.edit(look, plan)?;
        let Edited { changes, done, refused } = edited;
        if changes.is_empty() {
            return Ok(Committed {
                commit: None,
                done,
                refused,
            });
        }
        let draft = plan.draft(look, look.repository()?, &done)?;
        let changes: Vec<Change> = changes.into_iter().map(FileChange::into_git).collect();
        let mirror = self.mirror.as_mut().context("the mirror is not open")?;
        let commit = Some(mirror.commit(&look.head, &changes, &draft)?);
        Ok(Committed { commit, done, refused })
    }

    /// Pushes a commit that was made on `head`.
    pub(super) fn push(
        &mut self,
        head: &Head,
        commit: &Commit,
        cancel: &CancellationToken,
    ) -> anyhow::Result<PushOutcome> {
        let mirror = self.mirror.as_mut().context("the mirror is not open")?;
        Ok(mirror.push(head, commit, cancel)?)
    }
}

/// The files with images in them, and those that cannot be read.
fn sorted(indexed: Vec<IndexedFile>) -> (Vec<ImageFile>, Vec<FileProblem>) {
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for IndexedFile { path, fields, found } in indexed {
        match found {
            Found::Places { places, notes } => {
                problems.extend(notes.iter().map(|note| FileProblem {
                    path: path.to_string(),
                    line: u32::try_from(note.location.line).ok(),
                    message: note.message.clone(),
                }));
                files.push(ImageFile { path, places, fields });
            }
            Found::Unreadable { line, message } => problems.push(FileProblem {
                path: path.to_string(),
                line,
                message: message.to_string(),
            }),
        }
    }
    (files, problems)
}

/// Entries of the tree that would be looked at if they were files.
fn skipped(found: &Files) -> Vec<FileProblem> {
    let told = found.skipped.iter().filter(|skipped| is_looked_at(&skipped.path));
    told.map(|skipped| FileProblem {
        path: skipped.path.clone(),
        line: None,
        message: why(skipped.reason).to_owned(),
    })
    .collect()
}

fn why(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Symlink => "a symbolic link; it is not followed, name the file itself",
        SkipReason::Submodule => "a submodule; it is not fetched, configure it as a repository of its own",
        SkipReason::NotUtf8 => "its name is not UTF-8",
        SkipReason::Hostile => "its name could be taken for something else",
        SkipReason::Duplicate => "its folder has two entries of this name",
        SkipReason::TooDeep => "its path is too long or too deep",
        SkipReason::Mode => "its mode is none that git writes",
    }
}

/// The remote with its secrets, read from their files each time, so that a rotation needs no restart.
fn remote(config: &Config, repository: &RepositoryConfig) -> anyhow::Result<Remote> {
    let trust = match &repository.ca_file {
        Some(path) => Trust::Only(read(path, "CA file")?),
        None => Trust::System,
    };
    let auth = match &repository.auth {
        RepositoryAuth::None => Auth::None,
        RepositoryAuth::Password {
            username,
            password_file,
        } => Auth::Basic {
            username: username.clone(),
            password: secret(password_file, "password")?,
        },
        RepositoryAuth::Token { token_file } => Auth::Token(secret(token_file, "token")?),
        RepositoryAuth::SshKey {
            key_file,
            known_hosts_file,
        } => Auth::SshKey {
            private_key_pem: Secret::new(text(key_file, "SSH key")?),
            known_hosts: text(known_hosts_file, "known_hosts file")?,
        },
    };
    Ok(Remote {
        url: repository.url.clone(),
        branch: repository.branch.clone(),
        auth,
        trust,
        proxy: config.proxy.clone(),
        limits: Limits::default(),
    })
}

/// A credential is one line; the line end that editors add is not part of it.
fn secret(path: &Path, what: &str) -> anyhow::Result<Secret> {
    let text = text(path, what)?;
    let secret = Secret::new(text.trim_end_matches(['\r', '\n']));
    anyhow::ensure!(!secret.is_empty(), "the {what} in {} is empty", path.display());
    Ok(secret)
}

fn text(path: &Path, what: &str) -> anyhow::Result<String> {
    String::from_utf8(read(path, what)?).map_err(|_| anyhow::anyhow!("the {what} in {} is not UTF-8", path.display()))
}

/// Files of the configuration are small; anything larger is a mistake.
fn read(path: &Path, what: &str) -> anyhow::Result<Vec<u8>> {
    const LARGEST: u64 = 1 << 20;
    let context = || format!("reading the {what} {}", path.display());
    let length = fs::metadata(path).with_context(context)?.len();
    anyhow::ensure!(length <= LARGEST, "the {what} {} is larger than 1 MiB", path.display());
    fs::read(path).with_context(context)
}
