//! A bare copy of one branch, kept between passes.

mod blobs;
mod file;
mod folder;
mod packs;

use std::{fmt, path::Path};

use git2::{ErrorCode, Oid, Repository};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use transport::Redactor;

pub(crate) use self::file::no_branch;
use self::folder::Folder;
use crate::{
    Change, Commit, CommitError, Draft, Failure, Files, ObjectId, ReadError, Remote,
    commit::{self, CommitProblem},
    fault::Fault,
    files::{TreeCache, read_blob},
    heights::Heights,
    libgit2,
    smart::Network,
    url::Location,
};

/// A bare mirror of one branch of one repository, in a folder of its own that no other process uses meanwhile.
///
/// It is a cache: a damaged one is thrown away and fetched anew, and so is one of another repository. Commits that were
/// never pushed may stay in it as garbage; they are harmless, since making one again gives the same.
///
/// All methods block.
pub struct Mirror {
    remote: Remote,
    redactor: Redactor,
    network: Network,
    repository: Repository,
    trees: TreeCache,
    heights: Heights,
    is_damaged: bool,
    // Last, so that the lock outlives everything that uses the folder.
    folder: Folder,
}

/// What a branch pointed to when it was fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The newest commit.
    pub commit: ObjectId,
    /// Its tree. Equal trees have equal files.
    pub tree: ObjectId,
    /// When it was committed, in seconds since 1970, as its author's clock said.
    pub time: i64,
}

/// What became of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushOutcome {
    /// The branch points to the commit now.
    Landed,
    /// The branch was no longer where the commit stands on; nothing was written. Fetch and decide again.
    Moved,
    /// The server refused: a protected branch, a hook. Trying the same again does not help soon.
    Refused {
        /// The server's own words on one line, made safe to show.
        message: String,
    },
    /// The connection broke after the commit was sent. Fetch: the head says what happened.
    Unknown {
        /// What broke.
        reason: String,
    },
}

/// A mirror could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("failed to open the mirror of {url} in `{folder}`")]
pub struct OpenError {
    url: String,
    folder: String,
    #[source]
    fault: Fault,
}

/// A branch could not be fetched. The mirror is as it was, and trying again may help.
#[derive(Debug, thiserror::Error)]
#[error("failed to fetch {branch} of {url}")]
pub struct FetchError {
    url: String,
    branch: String,
    #[source]
    fault: Fault,
}

/// A commit could not be pushed; the server has certainly not taken it.
#[derive(Debug, thiserror::Error)]
#[error("failed to push to {branch} of {url}")]
pub struct PushError {
    url: String,
    branch: String,
    #[source]
    fault: Fault,
}

impl OpenError {
    /// What kind of trouble it was.
    pub fn failure(&self) -> Failure {
        self.fault.failure
    }
}

impl FetchError {
    /// What kind of trouble it was.
    pub fn failure(&self) -> Failure {
        self.fault.failure
    }
}

impl PushError {
    /// What kind of trouble it was.
    pub fn failure(&self) -> Failure {
        self.fault.failure
    }
}

impl Mirror {
    /// Opens the mirror in `folder`, or makes an empty one; asks nobody over the network.
    ///
    /// The folder must be empty, missing or a mirror made here; a mirror of another repository or branch is thrown away.
    /// Network calls run on `runtime`, so the methods must not be called from one of its own asynchronous tasks.
    ///
    /// # Errors
    ///
    /// The folder holds something else, is in use by another process or cannot be written; the certificate, key or
    /// `known_hosts` of `remote` cannot be read.
    pub fn open(folder: &Path, remote: Remote, runtime: Handle) -> Result<Self, OpenError> {
        let failed = |fault| OpenError {
            url: remote.url.to_string(),
            folder: folder.display().to_string(),
            fault,
        };
        libgit2::prepare().map_err(|words| failed(Fault::new(Failure::Local, words)))?;
        let network = Network::new(&remote, runtime).map_err(failed)?;
        let owner = format!("{}\n{}\n", remote.url, remote.branch);
        let (folder, repository) = Folder::open(folder, &owner).map_err(failed)?;
        let redactor = remote.auth.redactor();
        Ok(Self {
            remote,
            redactor,
            network,
            repository,
            trees: TreeCache::default(),
            heights: Heights::default(),
            is_damaged: false,
            folder,
        })
    }

    /// The repository and branch that this is a mirror of.
    pub fn remote(&self) -> &Remote {
        &self.remote
    }

    /// Asks the server where the branch is, and fetches what is missing here.
    ///
    /// One short question when nothing has changed. A branch that was rewritten is followed.
    ///
    /// # Errors
    ///
    /// Any [`Failure`]; the mirror is still good for the head before.
    pub fn fetch(&mut self, cancel: &CancellationToken) -> Result<Head, FetchError> {
        let mut fetched = self.refresh(cancel);
        if let Err(Fault {
            failure: Failure::Damaged,
            ..
        }) = fetched
        {
            tracing::warn!(git.url = %self.remote.url, "The mirror of {} is damaged; fetching it anew", self.remote.url);
            self.is_damaged = true;
            fetched = self.refresh(cancel);
        }
        fetched.map_err(|fault| FetchError {
            url: self.remote.url.to_string(),
            branch: self.remote.branch.to_string(),
            fault,
        })
    }

    fn refresh(&mut self, cancel: &CancellationToken) -> Result<Head, Fault> {
        if self.is_damaged {
            self.repository = self.folder.start_over()?;
            self.trees = TreeCache::default();
            self.is_damaged = false;
        }
        let have = self.tip()?;
        let tip = match self.remote.url.location() {
            Location::File(path) => file::fetch(&self.repository, path, &self.remote, have, cancel)?,
            Location::Http(_) | Location::Ssh(_) => {
                self.network
                    .fetch(&self.repository, &self.remote, &self.redactor, have, cancel)?
            }
        };
        let head = self.head(tip)?;
        if have != Some(tip) {
            self.move_tip(tip)?;
            self.tidy()?;
        }
        Ok(head)
    }

    fn tidy(&mut self) -> Result<(), Fault> {
        match packs::tidy(&self.repository) {
            Ok(true) => self.repository = self.folder.reopen()?,
            Ok(false) => {}
            Err(fault) if fault.failure == Failure::Damaged => return Err(fault),
            // A mirror with many packs is slow and good.
            Err(fault) => {
                tracing::warn!(git.url = %self.remote.url, error = %transport::chain(&fault), "The mirror of {} stays untidy", self.remote.url);
            }
        }
        Ok(())
    }

    /// All regular files below the `prefixes`, or all there are if there are none. Folders of a prefix count whole.
    ///
    /// Trees that have not changed since the last call are not read again.
    ///
    /// # Errors
    ///
    /// There are more entries than [`crate::Limits::entries`], or the mirror is damaged.
    pub fn files(&mut self, head: &Head, prefixes: &[String]) -> Result<Files, ReadError> {
        let prefixes: Vec<String> = prefixes
            .iter()
            .map(|prefix| prefix.trim_matches('/').to_owned())
            .collect();
        let limit = self.remote.limits.entries;
        let walked = match self.repository.odb() {
            Ok(odb) => self.trees.walk(&odb, head.tree.0, &prefixes, limit),
            Err(error) => Err(Fault::of_disk(&error)),
        };
        walked.map_err(|fault| self.read_error(format!("the files of commit {}", head.commit), fault))
    }

    /// The content of a file, if it has at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// The file is larger, or the mirror is damaged.
    pub fn blob(&mut self, blob: ObjectId, limit: u64) -> Result<Vec<u8>, ReadError> {
        let read = match self.repository.odb() {
            Ok(odb) => read_blob(&odb, blob.0, limit),
            Err(error) => Err(Fault::of_disk(&error)),
        };
        read.map_err(|fault| self.read_error(format!("file content {blob}"), fault))
    }

    /// Makes a commit on `head`; the branch stays where it is, here and on the server.
    ///
    /// # Errors
    ///
    /// A file is not what its change was made from, nothing would change, or what the caller gave cannot be written.
    pub fn commit(&mut self, head: &Head, changes: &[Change], draft: &Draft) -> Result<Commit, CommitError> {
        let made = commit::make(&self.repository, &self.remote.limits, head, changes, draft);
        if let Err(CommitError {
            problem: CommitProblem::Fault(fault),
            ..
        }) = &made
        {
            self.is_damaged |= fault.failure == Failure::Damaged;
        }
        made
    }

    /// Moves the branch on the server from `head` to `commit`, if it still is at `head`. Never by force.
    ///
    /// # Errors
    ///
    /// The server was not reached or did not let us in; it has not got the commit.
    pub fn push(&mut self, head: &Head, commit: &Commit, cancel: &CancellationToken) -> Result<PushOutcome, PushError> {
        let pushed = match self.remote.url.location() {
            Location::File(path) => file::push(&self.repository, path, &self.remote, head, commit),
            Location::Http(_) | Location::Ssh(_) => self.upload(head, commit, cancel),
        };
        match pushed {
            Ok(outcome) => {
                if outcome == PushOutcome::Landed {
                    // If this fails, the next fetch brings what the mirror has already.
                    let _ = self.move_tip(commit.id.0);
                }
                Ok(outcome)
            }
            Err(fault) => {
                self.is_damaged |= fault.failure == Failure::Damaged;
                Err(PushError {
                    url: self.remote.url.to_string(),
                    branch: self.remote.branch.to_string(),
                    fault,
                })
            }
        }
    }

    fn upload(&mut self, head: &Head, commit: &Commit, cancel: &CancellationToken) -> Result<PushOutcome, Fault> {
        let odb = self.repository.odb().map_err(|error| Fault::of_disk(&error))?;
        self.heights.check(&odb, head.tree.0)?;
        let (mirror, remote, redactor) = (&self.repository, &self.remote, &self.redactor);
        self.network.push(mirror, remote, redactor, head, commit, cancel)
    }

    fn read_error(&mut self, what: String, fault: Fault) -> ReadError {
        self.is_damaged |= fault.failure == Failure::Damaged;
        ReadError::new(what, fault)
    }

    /// Where the branch was when it was last fetched or pushed.
    fn tip(&self) -> Result<Option<Oid>, Fault> {
        match self.repository.refname_to_id(&self.remote.branch.reference()) {
            Ok(tip) => Ok(Some(tip)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(Fault::new(Failure::Damaged, Fault::of_disk(&error).to_string())),
        }
    }

    fn move_tip(&self, tip: Oid) -> Result<(), Fault> {
        let moved = self
            .repository
            .reference(&self.remote.branch.reference(), tip, true, "");
        moved.map(|_| ()).map_err(|error| Fault::of_disk(&error))
    }

    fn head(&self, tip: Oid) -> Result<Head, Fault> {
        let commit = self
            .repository
            .find_commit(tip)
            .map_err(|error| not_a_commit(tip, &error))?;
        self.repository
            .find_tree(commit.tree_id())
            .map_err(|error| not_a_commit(tip, &error))?;
        Ok(Head {
            commit: ObjectId(tip),
            tree: ObjectId(commit.tree_id()),
            time: commit.time().seconds(),
        })
    }
}

fn not_a_commit(tip: Oid, error: &git2::Error) -> Fault {
    Fault::new(
        Failure::Damaged,
        format!("{tip} is no readable commit: {}", Fault::of_disk(error)),
    )
}

impl fmt::Debug for Mirror {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mirror({} {})", self.remote.url, self.remote.branch)
    }
}

#[cfg(test)]
mod tests;
