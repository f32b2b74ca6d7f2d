//! What an update loop posts to the Board.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::codes::PushState;
use domain::reference::Timestamp;
use git_writer::Commit;
use status_api::report::{ChangeReport, CommitReport, FileProblem, GitReport, Outcome, TargetReport};
use tracing::{info, warn};

use super::Updater;
use super::judge::Judged;
use super::workspace::Look;
use crate::config::{Config, RepositoryConfig};
use crate::inventory::Target;

/// Problems of one repository that are kept: they are told again after every pass.
const MOST_PROBLEMS: usize = 5_000;

/// What the Board remembers of a branch between passes.
#[derive(Debug, Default)]
pub(super) struct History {
    push: Option<(PushState, Option<String>)>,
    head: Option<String>,
    fetched: Option<Timestamp>,
    problems: Vec<FileProblem>,
    /// Files of the last write that could not be edited.
    refused: Vec<FileProblem>,
    changed: BTreeMap<String, Timestamp>,
}

impl Updater {
    /// What was found at the head, and what was decided.
    pub(super) fn post_look(&mut self, look: &Look, judged: &[Judged]) {
        self.history.head = Some(look.head.commit.to_string());
        self.history.fetched = Some(look.fetched);
        self.history.problems = problems(look, judged);
        let ids: BTreeSet<&str> = look.inventory.targets.iter().map(|target| target.id.as_str()).collect();
        self.history.changed.retain(|id, _| ids.contains(id.as_str()));
        let reports = look.inventory.targets.iter().zip(judged);
        let reports = reports
            .map(|(target, judged)| self.target_report(target, judged))
            .collect();
        self.parts.board.post_targets(&self.name, reports);
        self.post_repository(&look.config, None);
    }

    /// The branch could not be fetched, or not be written.
    pub(super) fn post_failure(&self, config: &Config, words: &str) {
        self.post_repository(config, Some(words.to_owned()));
    }

    /// How the last push went.
    pub(super) fn post_push(&mut self, look: &Look, state: PushState, words: Option<String>) {
        self.history.push = Some((state, words));
        self.post_repository(&look.config, None);
    }

    /// Nothing is left to write: what was refused before matters no more.
    pub(super) fn post_settled(&mut self, look: &Look) {
        let is_over = |state: PushState| matches!(state, PushState::Refused | PushState::Failing);
        let before = self.history.push.take_if(|(state, _)| is_over(*state));
        if before.is_some() || !self.history.refused.is_empty() {
            self.history.refused.clear();
            self.post_repository(&look.config, None);
        }
    }

    /// Files of a write that could not be edited; the others are written.
    pub(super) fn post_refused(&mut self, look: &Look, refused: &[FileProblem]) {
        for problem in refused {
            warn!("{} of {} was left alone: {}", problem.path, self.name, problem.message);
        }
        self.history.refused = refused.to_vec();
        self.post_repository(&look.config, None);
    }

    /// A commit that the server has.
    pub(super) fn post_landed(&mut self, look: &Look, commit: &Commit, changes: Vec<ChangeReport>, now: Timestamp) {
        let commit = commit.id.to_string();
        for change in &changes {
            self.history.changed.insert(change.target.clone(), now);
            info!(
                git.commit = %commit, workload = %change.workload,
                "Moved {} from {} to {}", change.image, change.from, change.to
            );
        }
        let changes_total = changes.len();
        let repository = self.name.clone();
        self.parts.board.post_commit(CommitReport {
            commit,
            repository,
            time: now,
            changes_total,
            changes,
        });
        self.post_push(look, PushState::Landed, None);
    }

    fn post_repository(&self, config: &Config, fetch_error: Option<String>) {
        let Some(repository) = repository_named(config, &self.name) else {
            return;
        };
        let (push, push_message) = self.history.push.clone().unwrap_or((PushState::Idle, None));
        let problems: Vec<FileProblem> = self
            .history
            .problems
            .iter()
            .chain(&self.history.refused)
            .cloned()
            .collect();
        self.parts.board.post_repository(GitReport {
            name: self.name.clone(),
            url: repository.url.to_string(),
            branch: repository.branch.to_string(),
            head: self.history.head.clone(),
            last_fetch: self.history.fetched,
            fetch_error,
            push,
            push_message,
            problems: Arc::from(problems),
        });
    }

    fn target_report(&self, target: &Target, judged: &Judged) -> TargetReport {
        let chosen = target.policy.as_ref().ok();
        TargetReport {
            id: target.id.clone(),
            repository: self.name.clone(),
            path: target.path.to_string(),
            line: u32::try_from(target.place.location.line).unwrap_or(u32::MAX),
            column: u32::try_from(target.place.location.column).unwrap_or(u32::MAX),
            workload: target.workload(),
            field: target.place.path.to_string(),
            opted_in_by: target.by.clone(),
            image: target.image.clone(),
            policy: chosen.map(|chosen| chosen.policy.clone()),
            policy_name: chosen.and_then(|chosen| chosen.name.clone()),
            current: target.current.clone(),
            outcome: outcome(judged),
            high_water: judged.high_water.as_ref().map(|height| height.tag.clone()),
            last_change: self.history.changed.get(&target.id).copied(),
        }
    }
}

/// What is wrong in the files: what no image could be found by, and what cannot be decided as it is written; by path and line.
fn problems(look: &Look, judged: &[Judged]) -> Vec<FileProblem> {
    let decided = look.inventory.targets.iter().zip(judged);
    let invalid = decided.filter_map(|(target, judged)| match &judged.outcome {
        Outcome::Invalid { message } => Some(invalid(target, message)),
        _ => None,
    });
    let mut problems: Vec<FileProblem> = look.inventory.problems.iter().cloned().chain(invalid).collect();
    problems.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    let left_out = problems.len().saturating_sub(MOST_PROBLEMS);
    problems.truncate(MOST_PROBLEMS);
    problems.extend((left_out > 0).then(|| FileProblem {
        path: "…".to_owned(),
        line: None,
        message: format!("{left_out} more problems are not told"),
    }));
    problems
}

fn invalid(target: &Target, message: &str) -> FileProblem {
    let workload = target.workload();
    // What belongs to no object is called by the path, which is said already.
    let name = match workload.container {
        Some(name) if workload.kind.is_empty() => name,
        _ => workload.to_string(),
    };
    FileProblem {
        path: target.path.to_string(),
        line: u32::try_from(target.place.location.line).ok(),
        message: format!("{name}: {message}"),
    }
}

fn outcome(judged: &Judged) -> Outcome {
    judged.outcome.clone()
}

fn repository_named<'a>(config: &'a Config, name: &str) -> Option<&'a RepositoryConfig> {
    config
        .repositories
        .iter()
        .find(|repository| repository.name.as_str() == name)
}
