//! What the loops post to the Board: plain values, each posted whole.
//!
//! Texts that come from servers must be safe to show already: cut, without control characters and
//! without credentials. [`transport`] makes them so.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    accept::ListStanding,
    codes::{CredentialSource, HostState, PushState},
    policy::Policy,
    reference::{Repository, Tag, Timestamp, Value},
    review::HoldReason,
    scan::{Need, Scan},
};

pub use self::credentials::{ImageCredentials, PassedCredential};
pub use self::target::{OptedInBy, Outcome, TargetReport, Workload};

mod credentials;
mod target;

/// What is known of one registry host.
#[derive(Debug, Clone)]
pub struct RegistryReport {
    /// `HOST[:PORT]`; the key of this report.
    pub host: String,
    /// How it stands with the host.
    pub state: HostState,
    /// The last failure in plain words, safe to show.
    pub last_error: Option<String>,
    /// Hosts that it leads to, for tokens or blobs, and that are left alone.
    pub paused_elsewhere: Vec<PausedHost>,
    /// The credential in use; `None` before the first request.
    pub credential: Option<CredentialSource>,
    /// Requests made since the start, by kind (`list`, `head`, `manifest`, `config`, `token`, …).
    pub requests: BTreeMap<&'static str, u64>,
    /// Requests under way at once, at most.
    pub concurrency: u32,
    /// Requests per second, at most.
    pub requests_per_second: f64,
    /// What the host says is left of its quota.
    pub quota: Option<Quota>,
    /// How it was found to list tags.
    pub lists: Lists,
    /// When the next of its images is due.
    pub next_scan: Option<Timestamp>,
}

/// A host that a registry leads to, while nothing is asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PausedHost {
    /// `https://HOST[:PORT]`.
    pub origin: String,
    /// Until when nothing is asked of it.
    pub until: Timestamp,
    /// Why; safe to show.
    pub reason: String,
}

/// How a registry was found to list tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lists {
    /// The order of its lists: `unknown`, `lexical` or `append`.
    pub order: &'static str,
    /// Behind what a list can be begun: `unknown`, `anyLast`, `existingLast` or `none`.
    pub seek: &'static str,
    /// The most tags that it lets be asked for at once, if it refused to give more.
    pub largest_page: Option<u32>,
    /// Whether its lists say the digest of each tag.
    pub bulk: bool,
    /// When `seek` was tested.
    pub tested: Option<Timestamp>,
}

/// A registry's own count of what may still be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Requests in the registry's window.
    pub limit: u64,
    /// Requests left in it.
    pub remaining: u64,
}

/// What is known of one image: a repository of a registry.
#[derive(Debug, Clone)]
pub struct ImageReport {
    /// Its name; the key of this report.
    pub repository: Repository,
    /// The last complete scan, shared with the scan loop.
    pub scan: Option<Arc<Scan>>,
    /// When a scan was last tried, complete or not.
    pub last_attempt: Option<Timestamp>,
    /// When it is due again.
    pub next_scan: Option<Timestamp>,
    /// Whether the last list may be decided from; `None` before the first.
    pub standing: Option<ListStanding>,
    /// Why the last attempt failed, safe to show; `None` when it did not.
    pub last_error: Option<String>,
    /// What kind of failure that was, as a stable word in lower camel case.
    pub last_error_code: Option<&'static str>,
    /// Which credential opens it, and which do not; `None` before it was asked for.
    pub credentials: Option<ImageCredentials>,
}

/// What is known of one git repository of the configuration.
#[derive(Debug, Clone)]
pub struct GitReport {
    /// Its name in the configuration; the key of this report.
    pub name: String,
    /// Its URL without user, password and query.
    pub url: String,
    /// The branch that is read and written.
    pub branch: String,
    /// The commit at the head of the branch.
    pub head: Option<String>,
    /// The last fetch that succeeded.
    pub last_fetch: Option<Timestamp>,
    /// Why the last fetch failed, safe to show; `None` when it did not.
    pub fetch_error: Option<String>,
    /// How the last push went.
    pub push: PushState,
    /// The server's own words about it, safe to show.
    pub push_message: Option<String>,
    /// Files, places and markers that could not be used.
    pub problems: Arc<[FileProblem]>,
}

/// Something in a git repository, or in the configuration, that could not be used or is of no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The file; of the configuration the key, `rules[2]`.
    pub path: String,
    /// The line, from 1, where one is known.
    pub line: Option<u32>,
    /// What is wrong and what to do.
    pub message: String,
}

/// A commit that landed.
#[derive(Debug, Clone)]
pub struct CommitReport {
    /// Its full id.
    pub commit: String,
    /// The git repository's name in the configuration.
    pub repository: String,
    /// When it landed.
    pub time: Timestamp,
    /// How many values it changed, also where not all are named.
    pub changes_total: usize,
    /// What it changed; the Board keeps the first hundred.
    pub changes: Vec<ChangeReport>,
}

/// One value that a commit changed.
#[derive(Debug, Clone)]
pub struct ChangeReport {
    /// The target's id.
    pub target: String,
    /// Whose image it is, as people call it.
    pub workload: String,
    /// The image.
    pub image: Repository,
    /// What stood there.
    pub from: Value,
    /// What stands there now.
    pub to: Value,
}

/// The kinds of loop that make passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loop {
    /// One per registry host.
    Scan,
    /// One per git repository and branch.
    Update,
}

impl Loop {
    /// The word for it in JSON and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Update => "update",
        }
    }
}

/// The last pass of one loop.
#[derive(Debug, Clone)]
pub struct PassReport {
    /// The kind of loop.
    pub of: Loop,
    /// The registry host or the git repository's name.
    pub subject: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; `None` while it runs.
    pub ended: Option<Timestamp>,
    /// How it ended.
    pub outcome: PassOutcome,
}

/// How a pass ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassOutcome {
    /// It runs.
    Running,
    /// All went well.
    Done,
    /// Something failed; in plain words, safe to show.
    Failed(String),
    /// It panicked and was caught.
    Panicked,
}

impl PassOutcome {
    /// The word for it in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Panicked => "panicked",
        }
    }

    /// What went wrong, if something did.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Failed(message) => Some(message),
            Self::Running | Self::Done | Self::Panicked => None,
        }
    }
}

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct ConfigReport {
    /// When it was read.
    pub loaded: Timestamp,
    /// Counts up with every configuration taken into force, from 1.
    pub generation: u64,
    /// Why a newer file was refused, one problem a line; empty when the newest is in force.
    pub problems: Vec<String>,
    /// Keys whose new values wait for a restart.
    pub restart_needed: Vec<String>,
}

impl ImageReport {
    /// What is known of an image before its first scan.
    pub(crate) fn unscanned(repository: Repository) -> Self {
        Self {
            repository,
            scan: None,
            last_attempt: None,
            next_scan: None,
            standing: None,
            last_error: None,
            last_error_code: None,
            credentials: None,
        }
    }
}

impl RegistryReport {
    /// Until when nothing is asked of the host.
    pub(crate) fn paused_until(&self) -> Option<Timestamp> {
        match self.state {
            HostState::Paused { until, .. } => Some(until),
            _ => None,
        }
    }
}
