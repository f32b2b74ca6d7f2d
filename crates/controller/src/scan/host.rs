//! One loop per registry host: whatever of it is due is scanned, several images side by side; who is done makes room.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::reference::{Registry, Repository, Timestamp};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use status_api::report::{Loop, PassOutcome};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{self, Instant};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info_span, warn};

use super::queue::{Queue, Urgency};
use super::wanted::Asks;
use crate::clock;
use crate::config::Config;
use crate::contain::{contained, outcome_of};
use crate::parts::Parts;

/// The longest that a loop sleeps: also the wall clock may be set.
const IDLE: Duration = Duration::from_secs(60);
/// How long a loop rests after a panic of its own.
const AFTER_PANIC: Duration = Duration::from_secs(60);
/// How often the state is written while scans follow each other without a pause.
const SAVES: Duration = Duration::from_secs(10);

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
        parts
            .board
            .retain_registries(&running.iter().map(ToString::to_string).collect());
        tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            Some(ended) = loops.join_next() => {
                running.remove(&ended?);
            }
            Ok(()) = changed.changed() => {}
        }
    }
    while let Some(ended) = loops.join_next().await {
        ended?;
    }
    Ok(())
}

/// Scans one host until nothing of it is wanted any more, or until `shutdown`; gives its name back.
async fn host_loop(
    parts: Arc<Parts>,
    registry: Registry,
    config: watch::Receiver<Arc<Config>>,
    shutdown: CancellationToken,
) -> Registry {
    loop {
        let started = clock::now();
        let scans = HostScans::new(parts.clone(), registry.clone(), config.clone()).run();
        // Reading can be left at any point, so a stop need not wait for slow registries.
        let ended = tokio::select! {
            biased;
            () = shutdown.cancelled() => return registry,
            ended = contained(async {
                scans.await;
                Ok(())
            }) => ended,
        };
        let Err(error) = ended else { return registry };
        warn!(error = %format!("{error:#}"), "Scanning {registry} failed");
        parts.post_pass(Loop::Scan, &registry.to_string(), started, outcome_of(&error));
        tokio::select! {
            biased;
            () = shutdown.cancelled() => return registry,
            () = time::sleep(AFTER_PANIC) => {}
        }
    }
}

/// A clock that is corrected by less than this was not set.
const SLACK: Duration = Duration::from_secs(5);

/// The scans of one host.
struct HostScans {
    parts: Arc<Parts>,
    registry: Registry,
    config: watch::Receiver<Arc<Config>>,
    asks: Asks,
    queue: Queue,
    saved: Instant,
    /// What the clock said last.
    seen: Timestamp,
}

/// A scan that has ended.
struct Ended {
    repository: Repository,
    started: Timestamp,
    outcome: PassOutcome,
}

impl HostScans {
    fn new(parts: Arc<Parts>, registry: Registry, config: watch::Receiver<Arc<Config>>) -> Self {
        Self {
            parts,
            registry,
            config,
            asks: Asks::new(),
            queue: Queue::default(),
            saved: Instant::now(),
            seen: clock::now(),
        }
    }

    /// Scans for as long as anything is wanted.
    async fn run(mut self) {
        let mut wanted = self.parts.wanted.subscribe();
        let mut config = self.config.clone();
        let mut scans = FuturesUnordered::new();
        // What an earlier run of this loop did not come to, because it panicked.
        self.parts.wanted.nudge(self.parts.asked.at(&self.registry));
        self.plan();
        while !self.asks.is_empty() {
            self.look_at_the_clock();
            while let Some(scan) = self.start() {
                scans.push(scan);
            }
            tokio::select! {
                biased;
                Some(ended) = scans.next() => self.end(&ended),
                Ok(()) = wanted.changed() => self.plan(),
                Ok(()) = config.changed() => self.plan(),
                () = time::sleep(self.idle()) => {}
            }
        }
    }

    /// Where the clock was set back, nobody waits for times that have been once already.
    fn look_at_the_clock(&mut self) {
        let now = clock::now();
        let back = self.seen.since(now);
        self.seen = now;
        if back >= SLACK {
            warn!(
                "The clock was set back by {} s; the scans of {} go on as planned",
                back.as_secs(),
                self.registry
            );
            self.parts.scanning.known.set_back(&self.registry, now);
            self.queue.set_back(back);
        }
    }

    /// Looks at what is wanted now, by whom it is asked for, and when it is due under the configuration of now.
    fn plan(&mut self) {
        let now = clock::now();
        let config = self.config.borrow().clone();
        self.asks = self.parts.wanted.of(&self.registry);
        for (repository, asks) in &self.asks {
            let turn = self.parts.turn(repository, asks, &config, now);
            self.queue.plan(repository, turn);
        }
        for repository in self.parts.wanted.take_nudged(&self.registry) {
            if self.asks.contains_key(&repository) {
                self.queue.ask(&repository, self.parts.earliest(&repository, now));
            }
        }
        self.queue.retain(|repository| self.asks.contains_key(repository));
        self.parts
            .forget_unwanted(&self.registry, |repository| self.asks.contains_key(repository));
        self.parts.note_host(&self.registry, &config, self.queue.next_due());
    }

    /// The next scan that there is room for.
    fn start(&mut self) -> Option<impl Future<Output = Ended> + Send + use<>> {
        let (config, now) = (self.config.borrow().clone(), clock::now());
        let (repository, urgency) = self.queue.start(now, self.places(&config))?;
        // Who is waiting is wanted.
        let asks = self.asks.get(&repository)?.clone();
        let work = self.parts.work(&repository, &asks, urgency, (&config, now));
        let (parts, host) = (self.parts.clone(), self.registry.to_string());
        if urgency == Urgency::Asked {
            parts.asked.begin(&repository);
        }
        parts.post_pass(Loop::Scan, &host, now, PassOutcome::Running);
        Some(async move {
            let outcome = parts.attempt(&repository, &asks, work, &config).await;
            Ended {
                repository,
                started: now,
                outcome,
            }
        })
    }

    fn end(&mut self, ended: &Ended) {
        let Ended {
            repository, started, ..
        } = ended;
        let (config, now) = (self.config.borrow().clone(), clock::now());
        if let Some(asks) = self.asks.get(repository) {
            let turn = self.parts.turn(repository, asks, &config, now);
            self.queue.ended(repository, turn);
        } else {
            self.queue.forget(repository);
            self.parts
                .forget_unwanted(&self.registry, |repository| self.asks.contains_key(repository));
        }
        self.parts.asked.end(repository);
        let host = self.registry.to_string();
        self.parts.post_pass(Loop::Scan, &host, *started, ended.outcome.clone());
        self.parts.board.scan_attempted();
        self.parts.note_host(&self.registry, &config, self.queue.next_due());
        self.save(now);
    }

    /// Writes the state once scans come to a rest, and now and then while they do not.
    fn save(&mut self, now: Timestamp) {
        if self.queue.is_busy() && self.saved.elapsed() < SAVES {
            return;
        }
        self.saved = Instant::now();
        self.parts.save_state(now);
    }

    /// How long nothing can be started unless something happens.
    fn idle(&self) -> Duration {
        let now = clock::now();
        let places = self.places(&self.config.borrow());
        let wakes = self.queue.wakes_at(now, places);
        wakes.map_or(IDLE, |at| at.since(now).min(IDLE))
    }

    /// How many scans are begun side by side.
    fn places(&self, config: &Config) -> usize {
        config.scanner.limits_of(&self.registry).concurrency.get()
    }
}

#[cfg(test)]
mod tests;
