//! One attempt at one repository: whether it is due, what is to be done, and what is told of it.

use std::time::Duration;

use domain::codes::HostState;
use domain::reference::{Registry, Repository, Timestamp};
use status_api::report::PassOutcome;
use tracing::{Instrument, info_span, warn};

use super::queue::{Turn, Urgency};
use super::schedule::{due, spread};
use super::wanted::Ask;
use crate::clock;
use crate::config::Config;
use crate::contain::{contained, outcome_of};
use crate::parts::Parts;
use crate::state::{HostPause, Pauses};

/// How long an image rests between two scans that somebody asks for.
const REST: Duration = Duration::from_secs(1);

/// What is to be done for one repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// List its tags, as far as they can matter, and find the facts.
    Scan,
    /// The same, but list all of them.
    ScanWhole,
    /// Only find facts that are newly asked for.
    Complete,
}

impl Parts {
    /// When a repository has its next turn.
    pub(super) fn turn(&self, repository: &Repository, asks: &[Ask], config: &Config, now: Timestamp) -> Turn {
        let known = self.scanning.known.get(repository);
        let has_failed = known.as_ref().is_some_and(|known| known.failure.is_some());
        // A list that failed is asked for again in its own time, whoever wants it; one that was read in part, for others, soon.
        match self.untried(repository, asks) {
            Some(work) if work == Work::Complete || !has_failed => Turn {
                urgency: Urgency::New,
                at: if work == Work::Complete {
                    now
                } else {
                    self.soonest(repository, config, now)
                },
            },
            _ => Turn {
                urgency: Urgency::Due,
                at: self.due(repository, config),
            },
        }
    }

    /// From when on a repository may be scanned that is not due yet.
    fn soonest(&self, repository: &Repository, config: &Config, now: Timestamp) -> Timestamp {
        let known = self.scanning.known.get(repository);
        let Some(last) = known.and_then(|known| known.last_attempt) else {
            return now;
        };
        let schedule = config.schedules.of(repository.registry());
        now.max(last + schedule.min_interval).min(self.due(repository, config))
    }

    /// From when on a repository that somebody asks for may be scanned: not while its registry is left alone.
    pub(crate) fn earliest(&self, repository: &Repository, now: Timestamp) -> Timestamp {
        let paused = match self.scanner().host(repository.registry(), now).state {
            HostState::Paused { until } => until,
            _ => now,
        };
        let known = self.scanning.known.get(repository);
        let Some(last) = known.as_ref().and_then(|known| known.last_attempt) else {
            return now.max(paused);
        };
        let failure = known.as_ref().and_then(|known| known.failure.as_ref());
        let left_alone = failure.and_then(|failure| failure.retry_after).unwrap_or_default();
        now.max(paused).max(last + REST.max(left_alone))
    }

    /// What a repository needs that has its turn.
    pub(super) fn work(
        &self,
        repository: &Repository,
        asks: &[Ask],
        urgency: Urgency,
        (config, now): (&Config, Timestamp),
    ) -> Work {
        match urgency {
            Urgency::New if now < self.due(repository, config) => self.untried(repository, asks).unwrap_or(Work::Scan),
            // Who asks wants to see for themselves.
            Urgency::Asked => Work::ScanWhole,
            Urgency::New | Urgency::Due => Work::Scan,
        }
    }

    /// What it takes to answer what was never tried.
    pub(super) fn untried(&self, repository: &Repository, asks: &[Ask]) -> Option<Work> {
        let Some(known) = self.scanning.known.get(repository) else {
            return Some(Work::Scan);
        };
        if asks.iter().all(|ask| known.has_tried(ask)) {
            return None;
        }
        // What a part of a list told says nothing to those who ask about the rest.
        Some(if known.can_answer(asks) {
            Work::Complete
        } else {
            Work::Scan
        })
    }

    /// When a repository is scanned next while nobody asks for it.
    pub(super) fn due(&self, repository: &Repository, config: &Config) -> Timestamp {
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

    /// Scans, and tells on the Board what was found. An attempt that failed ended well; one that panicked did not.
    pub(super) async fn attempt(
        &self,
        repository: &Repository,
        asks: &[Ask],
        work: Work,
        config: &Config,
    ) -> PassOutcome {
        let span = info_span!("scan", image.repository = %repository);
        let schedule = config.schedules.of(repository.registry());
        let attempt = async {
            match work {
                Work::Scan => self.scanning.scan(&self.scanner(), repository, asks, schedule).await,
                Work::ScanWhole => {
                    self.scanning
                        .scan_whole(&self.scanner(), repository, asks, schedule)
                        .await;
                }
                Work::Complete => {
                    self.scanning
                        .complete(&self.scanner(), repository, asks, schedule)
                        .await;
                }
            }
            Ok(())
        };
        // A bug that one repository's answers bring to light must not stop the others of its host.
        let ended = async {
            let ended = contained(attempt).await;
            if let Err(error) = &ended {
                self.scanning.broke(repository, asks, &format!("{error:#}"));
            }
            ended
        };
        let ended = ended.instrument(span).await;
        self.scanning.state.wanted(repository, clock::now());
        self.post_image(repository, self.due(repository, config));
        ended.map_or_else(|error| outcome_of(&error), |()| PassOutcome::Done)
    }

    /// Tells how it stands with a host, and keeps the pauses there, and how it lists tags, for the next start.
    pub(super) fn note_host(&self, registry: &Registry, config: &Config, next_scan: Option<Timestamp>) {
        self.post_registry(registry, config, next_scan);
        self.scanning.state.set_pauses(registry, self.pauses(registry));
        self.scanning
            .state
            .set_profile(registry, self.scanner().profile(registry));
    }

    /// Until when a host, and those that it leads to, are left alone.
    fn pauses(&self, registry: &Registry) -> Pauses {
        let report = self.scanner().host(registry, clock::now());
        let own = match report.state {
            HostState::Paused { until } => Some(HostPause {
                until,
                reason: report.reason.unwrap_or_default(),
            }),
            _ => None,
        };
        let elsewhere = report.paused_elsewhere.into_iter().map(|other| {
            let pause = HostPause {
                until: other.paused_until,
                reason: other.reason,
            };
            (other.origin, pause)
        });
        Pauses {
            own,
            elsewhere: elsewhere.collect(),
        }
    }

    /// Writes what has to survive a restart. It stays to be written where that fails.
    pub(super) fn save_state(&self, now: Timestamp) {
        if let Err(error) = self.scanning.state.save(now) {
            warn!(error = %format!("{error:#}"), "The state could not be written; it is tried again after the next scan");
        }
    }

    /// Forgets images of this registry that nobody asks for any more.
    pub(super) fn forget_unwanted(&self, registry: &Registry, is_wanted: impl Fn(&Repository) -> bool) {
        let wanted = |repository: &Repository| repository.registry() != registry || is_wanted(repository);
        self.scanning.known.retain(wanted);
        self.asked.retain(wanted);
        let shown = self.board.snapshot();
        let kept = shown.images.keys().filter(|repository| wanted(repository));
        self.board.retain_images(&kept.cloned().collect());
    }
}
