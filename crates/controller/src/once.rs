//! One full pass: look, scan what is wanted, look again, until nothing is wanted; then write, once per branch.

use std::sync::Arc;

use futures::future::join_all;
use status_api::Board;
use status_api::report::FileProblem;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::clock;
use crate::config::Config;
use crate::contain::contained;
use crate::parts::Parts;
use crate::scan::ask_untried;
use crate::state::State;
use crate::update::{FileChange, Mode, Passed, Updater};

/// Each alternation answers what a head asked; only a branch that keeps moving asks again.
const MOST_ALTERNATIONS: usize = 30;

/// Facts of one image that could not be had and are told of one by one.
const TOLD: usize = 10;

/// What a single pass came to.
#[derive(Debug, Default)]
pub struct OnceReport {
    /// What failed, in words that may be shown; the rest has still landed.
    pub failures: Vec<String>,
    /// What could not be used or is of no use, with the repository that it is found in (none: the configuration). No failures:
    /// everything else has landed.
    pub problems: Vec<(Option<String>, FileProblem)>,
    /// What would have been committed, by repository; only of a dry run.
    pub would_write: Vec<(String, Vec<FileChange>)>,
    /// How many images are opted in.
    pub targets: usize,
    /// How many commits landed.
    pub commits: u64,
}

/// Makes one full pass over all repositories.
///
/// It waits for every scan, so it makes one commit per repository and branch.
///
/// # Errors
///
/// The state cannot be opened, or something is missing that the configuration requires before the start. What fails later is in
/// the report.
pub async fn run_once(config: Config) -> anyhow::Result<OnceReport> {
    let state = State::open(&config.state_file)?;
    let mirrors = config.mirrors.clone();
    alternate(config, state, mirrors, Mode::Once).await
}

/// Tells what one full pass would commit, and writes nothing: no commit, no state, and the mirrors are thrown away.
///
/// # Errors
///
/// The state cannot be read, there is no room for mirrors, or something is missing that the configuration requires before the
/// start.
pub async fn dry_run(config: Config) -> anyhow::Result<OnceReport> {
    let state = State::open_read_only(&config.state_file)?;
    let mirrors = tempfile::Builder::new().prefix("tidemark-dry-run-").tempdir()?;
    alternate(config, state, mirrors.path().to_owned(), Mode::DryRun).await
}

async fn alternate(
    config: Config,
    state: State,
    mirrors: std::path::PathBuf,
    mode: Mode,
) -> anyhow::Result<OnceReport> {
    let board = Board::new(env!("CARGO_PKG_VERSION"), clock::now());
    let parts = Arc::new(Parts::new(&config, state, mirrors, board));
    parts.preflight().await?;
    let config = Arc::new(config);
    let cancel = CancellationToken::new();
    let names = config.repositories.iter().map(|repository| repository.name.as_str());
    let mut open: Vec<(String, Updater)> = names
        .map(|name| (name.to_owned(), Updater::new(name, parts.clone(), cancel.clone())))
        .collect();
    let mut report = OnceReport::default();
    for _ in 0..MOST_ALTERNATIONS {
        open = look(open, &config, mode, &mut report).await;
        if open.is_empty() {
            break;
        }
        scan(&parts, &config).await;
    }
    report.failures.extend(
        open.iter()
            .map(|(name, _)| format!("{name}: the branch kept moving; run again")),
    );
    report.failures.extend(scan_failures(&parts, &config));
    if let Err(error) = parts.scanning.state.save(clock::now()) {
        report.failures.push(format!("{error:#}"));
    }
    let snapshot = parts.board.snapshot();
    let problems = snapshot.problems();
    report.problems = problems
        .map(|(repository, problem)| (repository.map(str::to_owned), problem.clone()))
        .collect();
    report.targets = snapshot.all_targets().count();
    report.commits = snapshot.commits_total;
    Ok(report)
}

/// One pass over each open branch; those that want to know more stay open.
async fn look(
    open: Vec<(String, Updater)>,
    config: &Arc<Config>,
    mode: Mode,
    report: &mut OnceReport,
) -> Vec<(String, Updater)> {
    let passes = open.into_iter().map(|(name, mut updater)| async move {
        let passed = contained(updater.pass(config, mode)).await;
        (name, updater, passed)
    });
    let mut wanting = Vec::new();
    for (name, updater, passed) in join_all(passes).await {
        match passed {
            Ok(Passed::Settled) => {}
            Ok(Passed::Wanting) => wanting.push((name, updater)),
            Ok(Passed::WouldWrite(changes)) => report.would_write.push((name, changes)),
            Err(error) => {
                let words = format!("{name}: {error:#}");
                warn!(error = %words, "The update of {name} failed");
                report.failures.push(words);
            }
        }
    }
    wanting
}

/// Asks all registries, side by side, what was never asked before. Each has a task, as in the daemon: what the runtime waits for itself
/// is woken through the kernel, for every frame of an answer.
async fn scan(parts: &Arc<Parts>, config: &Arc<Config>) {
    let mut scans = JoinSet::new();
    for registry in parts.wanted.registries() {
        let (parts, config) = (parts.clone(), config.clone());
        scans.spawn(async move { ask_untried(&parts, &registry, &config).await });
    }
    scans.join_all().await;
}

fn scan_failures(parts: &Parts, config: &Config) -> Vec<String> {
    let mut failures = Vec::new();
    let wanted = config
        .repositories
        .iter()
        .flat_map(|repository| parts.wanted.by(repository.name.as_str()));
    let wanted: std::collections::BTreeSet<_> = wanted.collect();
    for repository in wanted {
        let Some(known) = parts.scanning.known.get(&repository) else {
            continue;
        };
        failures.extend(known.failure.as_ref().map(|failure| failure.words.clone()));
        // A digest that cannot be fetched fails each of its tags, in the same words.
        let words: std::collections::BTreeSet<_> = known.unanswered.values().collect();
        failures.extend(words.iter().take(TOLD).copied().cloned());
        let more = words.len().saturating_sub(TOLD);
        failures.extend((more > 0).then(|| format!("{repository}: {more} more facts could not be had")));
    }
    failures
}

#[cfg(test)]
mod tests;
