//! One loop per (repository URL, branch), for as long as the configuration names it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use status_api::report::{Loop, PassOutcome};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info_span, warn};

use super::{Mode, Seen, Updater};
use crate::clock;
use crate::config::Config;
use crate::contain::{contained, outcome_of};
use crate::pace::{Pace, Wake};
use crate::parts::Parts;

/// The longest wait after failures in a row.
const LONGEST_BACKOFF: Duration = Duration::from_secs(15 * 60);

/// Starts a loop for each repository as the configuration comes to name it, and stops those that it names no more.
///
/// `network` ends what waits for a server when the grace period is nearly over.
pub(crate) async fn run_update_loops(
    parts: Arc<Parts>,
    mut config: watch::Receiver<Arc<Config>>,
    shutdown: CancellationToken,
    network: CancellationToken,
) -> anyhow::Result<()> {
    let mut running: BTreeMap<String, CancellationToken> = BTreeMap::new();
    // Told to stop, and still in a pass: a name that comes back meanwhile waits, for both would work in one mirror.
    let mut stopping = BTreeSet::new();
    let mut loops = JoinSet::new();
    loop {
        let named: Vec<String> = {
            let config = config.borrow_and_update();
            config
                .repositories
                .iter()
                .map(|repository| repository.name.as_str().to_owned())
                .collect()
        };
        running.retain(|name, stop| {
            let stays = named.contains(name);
            if !stays {
                stop.cancel();
                stopping.insert(name.clone());
            }
            stays
        });
        if named.is_empty() {
            // There is nothing to wait for before the daemon is ready.
            parts.board.fetch_attempted();
            parts.board.scan_attempted();
        }
        parts.board.retain_repositories(&named.iter().cloned().collect());
        for name in named.into_iter().filter(|name| !stopping.contains(name)) {
            running.entry(name.clone()).or_insert_with(|| {
                let stop = shutdown.child_token();
                let updater = Updater::new(&name, parts.clone(), network.clone());
                let span = info_span!("updates", git.repository = %name);
                let ended_name = name.clone();
                let ended = updater.run(config.clone(), stop.clone()).map(move |()| ended_name);
                loops.spawn(ended.instrument(span));
                stop
            });
        }
        tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            Some(ended) = loops.join_next() => {
                let name = ended?;
                running.remove(&name);
                stopping.remove(&name);
            }
            Ok(()) = config.changed() => {}
        }
    }
    while let Some(ended) = loops.join_next().await {
        ended?;
    }
    Ok(())
}

impl Updater {
    /// Makes a pass when its time has come, or when a registry has news for it, until `stop`.
    async fn run(mut self, config: watch::Receiver<Arc<Config>>, stop: CancellationToken) {
        let mut pace = Pace::new(self.parts.scanning.known.subscribe(), config.clone(), stop);
        let mut failures = 0;
        loop {
            let wake = pace.next().await;
            let current = config.borrow().clone();
            match wake {
                Wake::Stop => break,
                Wake::Nudged if !self.is_news() => continue,
                Wake::Nudged | Wake::Due => {}
            }
            failures = if self.report_pass(&current).await {
                0
            } else {
                failures + 1
            };
            let interval = current
                .repositories
                .iter()
                .find(|repository| repository.name.as_str() == self.name);
            let interval = interval.map_or(LONGEST_BACKOFF, |repository| repository.interval);
            pace.again_in(wait(interval, failures).min(self.refusals.wait(clock::now())));
        }
        self.parts.wanted.withdraw(&self.name);
    }

    /// One pass, on the Board and in the log; whether it went well.
    async fn report_pass(&mut self, config: &Arc<Config>) -> bool {
        let (name, started) = (self.name.clone(), clock::now());
        self.parts.post_pass(Loop::Update, &name, started, PassOutcome::Running);
        let ended = contained(self.pass(config, Mode::Loop)).await;
        let outcome = match &ended {
            Ok(_) => PassOutcome::Done,
            Err(error) => {
                warn!(error = %format!("{error:#}"), "The update of {name} failed");
                outcome_of(error)
            }
        };
        self.parts.post_pass(Loop::Update, &name, started, outcome);
        ended.is_ok()
    }

    /// What is known now of the images that this branch asks for.
    pub(super) fn known(&self) -> Seen {
        let asked = self.parts.wanted.by(&self.name);
        asked
            .into_iter()
            .map(|repository| (repository.clone(), self.parts.scanning.known.get(&repository)))
            .collect()
    }

    /// Whether a registry has said something since that could change a decision of this branch.
    fn is_news(&self) -> bool {
        self.seen.iter().any(
            |(repository, before)| match (before, self.parts.scanning.known.get(repository)) {
                (Some(before), Some(now)) => now.differs_from(before),
                (before, now) => before.is_some() != now.is_some(),
            },
        )
    }
}

/// The interval while all is well; after failures it doubles, up to 15 minutes.
fn wait(interval: Duration, failures: u32) -> Duration {
    let doubled = interval.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(16)));
    if failures == 0 {
        interval
    } else {
        doubled.min(LONGEST_BACKOFF.max(interval))
    }
}
