//! One loop per registry host: looks what is wanted of it, scans what is due.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::codes::HostState;
use domain::reference::{Registry, Repository, Timestamp};
use futures::{StreamExt, stream};
use status_api::report::{Loop, PassOutcome};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info_span, warn};

use super::schedule::{due, spread};
use super::wanted::{Ask, Asks};
use crate::clock;
use crate::config::Config;
use crate::contain::{contained, outcome_of};
use crate::pace::{Pace, Wake};
use crate::parts::Parts;
use crate::state::HostPause;

/// The longest that a loop sleeps when nothing is wanted of its host.
const IDLE: Duration = Duration::from_secs(3600);
/// The longest that a loop sleeps when a round of it failed as a whole.
const AFTER_FAILURE: Duration = Duration::from_secs(15 * 60);

/// What is to be done for one repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// List its tags and find the facts.
    Scan,
    /// Only find facts that are newly asked for.
    Complete,
}

/// Which repositories a round looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Round {
    /// Those whose time has come, and those of which something new is asked.
    Due,
    /// Only those of which something is asked that was never tried.
    Untried,
}

/// Starts a loop for each host as it comes to be wanted, and owns them.
pub(crate) async fn run_host_loops(
    parts: Arc<Parts>,
    config: watch::Receiver<Arc<Config>>,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let mut changed = parts.wanted.subscribe();
    let mut running = BTreeSet::new();
    let mut loops = JoinSet::new();
    loop {
        for registry in parts.wanted.registries() {
            if running.insert(registry.clone()) {
                let span = info_span!("scans", registry.host = %registry);
                loops.spawn(host_loop(parts.clone(), registry, config.clone(), shutdown.clone()).instrument(span));
            }
        }
        tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            Some(ended) = loops.join_next() => ended?,
            Ok(()) = changed.changed() => {}
        }
    }
    while let Some(ended) = loops.join_next().await {
        ended?;
    }
    Ok(())
}

async fn host_loop(
    parts: Arc<Parts>,
    registry: Registry,
    config: watch::Receiver<Arc<Config>>,
    shutdown: CancellationToken,
) {
    let mut pace = Pace::new(parts.wanted.subscribe(), config.clone(), shutdown.clone());
    while pace.next().await != Wake::Stop {
        let config = config.borrow().clone();
        let started = clock::now();
        parts.post_pass(Loop::Scan, &registry.to_string(), started, PassOutcome::Running);
        // Reading can be left at any point, so a stop need not wait for slow registries.
        let ended = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            ended = contained(async { Ok(round(&parts, &registry, &config, Round::Due).await) }) => ended,
        };
        let next = match ended {
            Ok(next) => {
                parts.post_pass(Loop::Scan, &registry.to_string(), started, PassOutcome::Done);
                next
            }
            Err(error) => {
                warn!(error = %format!("{error:#}"), "Scanning {registry} failed");
                parts.post_pass(Loop::Scan, &registry.to_string(), started, outcome_of(&error));
                Some(clock::now() + config.schedules.of(&registry).interval.min(AFTER_FAILURE))
            }
        };
        let now = clock::now();
        pace.again_in(next.map_or(IDLE, |next| next.since(now)));
    }
}

/// Scans what has to be scanned at one host; says when it is to be looked at again.
pub(crate) async fn round(parts: &Parts, registry: &Registry, config: &Config, which: Round) -> Option<Timestamp> {
    let asks = parts.wanted.of(registry);
    let now = clock::now();
    let mut attempts = Vec::new();
    for (repository, asks) in &asks {
        let work = match which {
            Round::Due => parts.work(repository, asks, config, now),
            Round::Untried => parts.untried(repository, asks),
        };
        attempts.extend(work.map(|work| parts.attempt(repository, asks, work, config)));
    }
    let at_once = config.scanner.limits_of(registry).concurrency.get();
    stream::iter(attempts).buffer_unordered(at_once).collect::<()>().await;
    let next = asks.keys().map(|repository| parts.due(repository, config)).min();
    parts.forget_unwanted(registry, &asks);
    parts.board.scan_attempted();
    parts.post_registry(registry, config, next);
    parts.note_pause(registry);
    if let Err(error) = parts.scanning.state.save(clock::now()) {
        warn!(error = %format!("{error:#}"), "The state could not be written; it is tried again after the next round");
    }
    next
}

impl Parts {
    /// What a repository needs now.
    fn work(&self, repository: &Repository, asks: &[Ask], config: &Config, now: Timestamp) -> Option<Work> {
        if now >= self.due(repository, config) {
            return Some(Work::Scan);
        }
        // A list that failed is asked for again in its own time, whoever wants it.
        self.untried(repository, asks).filter(|&work| work == Work::Complete)
    }

    fn untried(&self, repository: &Repository, asks: &[Ask]) -> Option<Work> {
        let Some(known) = self.scanning.known.get(repository) else {
            return Some(Work::Scan);
        };
        if asks.iter().all(|ask| known.has_tried(ask)) {
            return None;
        }
        let work = known.scan.as_ref().map_or(Work::Scan, |_| Work::Complete);
        Some(work)
    }

    /// When a repository is scanned next.
    fn due(&self, repository: &Repository, config: &Config) -> Timestamp {
        let known = self.scanning.known.get(repository);
        let Some((known, last)) = known.as_ref().and_then(|known| Some((known, known.last_attempt?))) else {
            return Timestamp::from_unix_seconds(0);
        };
        let schedule = config.schedules.of(repository.registry());
        let failures = known.failure.as_ref().map_or(0, |failure| failure.in_a_row);
        let scheduled = due(schedule, known.cadence, last, failures, spread(&repository.to_string()));
        let asked_for = known
            .failure
            .as_ref()
            .and_then(|failure| failure.retry_after)
            .map(|wait| last + wait);
        asked_for.map_or(scheduled, |asked_for| scheduled.max(asked_for))
    }

    /// Keeps a pause of the host for the next start.
    fn note_pause(&self, registry: &Registry) {
        let report = self.scanner().host(registry, clock::now());
        let pause = match report.state {
            HostState::Paused { until } => Some(HostPause {
                until,
                reason: report.reason.unwrap_or_default(),
            }),
            _ => None,
        };
        self.scanning.state.set_pause(registry, pause);
    }

    /// Forgets images of this registry that nobody asks for any more.
    fn forget_unwanted(&self, registry: &Registry, asks: &Asks) {
        let wanted = |repository: &Repository| repository.registry() != registry || asks.contains_key(repository);
        self.scanning.known.retain(wanted);
        let shown = self.board.snapshot();
        let kept = shown
            .images
            .keys()
            .filter(|repository| wanted(repository))
            .cloned()
            .collect();
        self.board.retain_images(&kept);
    }

    async fn attempt(&self, repository: &Repository, asks: &[Ask], work: Work, config: &Config) {
        let span = info_span!("scan", image.repository = %repository);
        let attempt = async {
            match work {
                Work::Scan => {
                    let schedule = config.schedules.of(repository.registry());
                    self.scanning.scan(&self.scanner(), repository, asks, schedule).await;
                }
                Work::Complete => self.scanning.complete(&self.scanner(), repository, asks).await,
            }
            Ok(())
        };
        // A bug that one repository's answers bring to light must not stop the others of its host.
        async {
            if let Err(error) = contained(attempt).await {
                self.scanning.broke(repository, asks, &format!("{error:#}"));
            }
        }
        .instrument(span)
        .await;
        self.post_image(repository, self.due(repository, config));
    }
}
