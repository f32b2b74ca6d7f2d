//! `GET /api/v1/status`

use std::collections::BTreeMap;

use domain::reference::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    problem::{FileProblemView, NAMED},
    time::{rfc3339, seconds_between},
};
use crate::{
    board::Snapshot,
    report::{ChangeReport, CommitReport, ConfigReport, GitReport, PassReport},
};

/// How it goes, at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// The version of the program.
    pub version: String,
    /// The server's time of this answer.
    #[schema(format = DateTime)]
    pub now: String,
    /// When the program started.
    #[schema(format = DateTime)]
    pub started_at: String,
    /// Seconds since then.
    pub uptime_seconds: u64,
    /// Whether a first scan pass and a first fetch have been attempted.
    pub ready: bool,
    /// What there is, counted.
    pub summary: SummaryView,
    /// The configuration in force.
    pub config: Option<ConfigView>,
    /// The git repositories, by name.
    pub repositories: Vec<RepositoryView>,
    /// The commits that landed last, the latest first.
    pub commits: Vec<CommitView>,
    /// The last pass of each loop.
    pub passes: Vec<PassView>,
}

/// What there is, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryView {
    /// Registry hosts.
    pub registries: BTreeMap<String, usize>,
    /// Images that are scanned.
    pub images: usize,
    /// Targets, by the state of their decision.
    pub targets: BTreeMap<String, usize>,
    /// Git repositories, by the state of their last push.
    pub repositories: BTreeMap<String, usize>,
    /// Commits landed since the start.
    pub commits: u64,
    /// Files, places and markers that could not be used, and rules and policies that are of use to no image.
    pub problems: usize,
}

/// The configuration in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConfigView {
    /// When it was read.
    #[schema(format = DateTime)]
    pub loaded_at: String,
    /// Counts up with every configuration taken into force.
    pub generation: u64,
    /// Why a newer file was refused; empty when the newest is in force.
    pub problems: Vec<String>,
    /// Keys whose new values wait for a restart.
    pub restart_needed: Vec<String>,
    /// How many rules and policies of it are of use to no image; none before all git repositories have been looked at.
    pub unused_total: usize,
    /// The first hundred of them.
    pub unused: Vec<FileProblemView>,
}

/// A git repository of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryView {
    /// Its name in the configuration.
    pub name: String,
    /// Its URL without user, password and query.
    pub url: String,
    /// The branch that is read and written.
    pub branch: String,
    /// The commit at the head of the branch.
    pub head: Option<String>,
    /// The last fetch that succeeded.
    #[schema(format = DateTime)]
    pub last_fetch: Option<String>,
    /// Why the last fetch failed; absent when it did not.
    pub fetch_error: Option<String>,
    /// How the last push went.
    pub push: PushView,
    /// Targets in it.
    pub targets: usize,
    /// How many files, places and markers of it could not be used.
    pub problems_total: usize,
    /// The first hundred of them.
    pub problems: Vec<FileProblemView>,
}

/// How the last push went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PushView {
    /// As a code.
    #[schema(example = "landed")]
    pub state: String,
    /// In words.
    pub text: String,
    /// The git server's own words.
    pub message: Option<String>,
}

/// A commit that landed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommitView {
    /// Its full id.
    pub commit: String,
    /// The git repository's name in the configuration.
    pub repository: String,
    /// When it landed.
    #[schema(format = DateTime)]
    pub time: String,
    /// How many values it changed.
    pub changes_total: usize,
    /// The first hundred of them.
    pub changes: Vec<ChangeView>,
}

/// One value that a commit changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    /// The target's id.
    pub target: String,
    /// `NAMESPACE/KIND/NAME[/CONTAINER]`.
    pub workload: String,
    /// The image's canonical name.
    pub image: String,
    /// What stood there.
    pub from: String,
    /// What was written.
    pub to: String,
}

/// The last pass of one loop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PassView {
    /// `scan` or `update`.
    #[serde(rename = "loop")]
    pub of: String,
    /// The registry host or the git repository's name.
    pub subject: String,
    /// When it began.
    #[schema(format = DateTime)]
    pub started_at: String,
    /// When it ended; absent while it runs.
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
    /// `running`, `done`, `failed` or `panicked`.
    pub outcome: String,
    /// What went wrong.
    pub message: Option<String>,
    /// When a pass of this loop last went well.
    #[schema(format = DateTime)]
    pub last_success: Option<String>,
}

/// The Board at a glance.
pub(crate) fn status(board: &Snapshot, now: Timestamp) -> StatusView {
    StatusView {
        version: board.version.to_owned(),
        now: rfc3339(now),
        started_at: rfc3339(board.started),
        uptime_seconds: seconds_between(board.started, now),
        ready: board.ready(),
        summary: summary(board),
        config: board.config.as_deref().map(|report| config(report, board)),
        repositories: board
            .repositories
            .values()
            .map(|report| repository(report, board))
            .collect(),
        commits: board.commits.iter().map(|report| commit(report)).collect(),
        passes: board.passes.values().map(|report| pass(report, board)).collect(),
    }
}

/// Counts what there is.
pub(crate) fn summary(board: &Snapshot) -> SummaryView {
    SummaryView {
        registries: count(board.registries.values().map(|report| report.state.code())),
        images: board.images.len(),
        targets: count(board.all_targets().map(|target| target.outcome.state())),
        repositories: count(board.repositories.values().map(|report| report.push.code())),
        commits: board.commits_total,
        problems: board.problems().count(),
    }
}

fn count<'a>(codes: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for code in codes {
        *counts.entry(code.to_owned()).or_default() += 1;
    }
    counts
}

fn config(report: &ConfigReport, board: &Snapshot) -> ConfigView {
    ConfigView {
        loaded_at: rfc3339(report.loaded),
        generation: report.generation,
        problems: report.problems.iter().take(NAMED).cloned().collect(),
        restart_needed: report.restart_needed.clone(),
        unused_total: board.unused.len(),
        unused: board.unused.iter().take(NAMED).map(FileProblemView::from).collect(),
    }
}

fn repository(report: &GitReport, board: &Snapshot) -> RepositoryView {
    RepositoryView {
        name: report.name.clone(),
        url: report.url.clone(),
        branch: report.branch.clone(),
        head: report.head.clone(),
        last_fetch: report.last_fetch.map(rfc3339),
        fetch_error: report.fetch_error.clone(),
        push: PushView {
            state: report.push.code().to_owned(),
            text: report.push.to_string(),
            message: report.push_message.clone(),
        },
        targets: board.targets.get(&report.name).map_or(0, |targets| targets.len()),
        problems_total: report.problems.len(),
        problems: report.problems.iter().take(NAMED).map(FileProblemView::from).collect(),
    }
}

fn commit(report: &CommitReport) -> CommitView {
    CommitView {
        commit: report.commit.clone(),
        repository: report.repository.clone(),
        time: rfc3339(report.time),
        changes_total: report.changes_total,
        changes: report.changes.iter().map(change).collect(),
    }
}

fn change(change: &ChangeReport) -> ChangeView {
    ChangeView {
        target: change.target.clone(),
        workload: change.workload.clone(),
        image: change.image.to_string(),
        from: change.from.to_string(),
        to: change.to.to_string(),
    }
}

fn pass(report: &PassReport, board: &Snapshot) -> PassView {
    let key = (report.of, report.subject.clone());
    PassView {
        of: report.of.code().to_owned(),
        subject: report.subject.clone(),
        started_at: rfc3339(report.started),
        ended_at: report.ended.map(rfc3339),
        outcome: report.outcome.code().to_owned(),
        message: report.outcome.message().map(str::to_owned),
        last_success: board.last_success.get(&key).copied().map(rfc3339),
    }
}
