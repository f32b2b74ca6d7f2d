//! One scan of one repository: its list, whether that may be believed, and the facts that decisions lack.

mod gather;
mod inquiry;
mod progress;

use std::sync::Arc;
use std::time::Duration;

use domain::accept::accept;
use domain::reference::{Repository, Timestamp};
use domain::scan::{Scan, TagList};
use metadata_cache::MetadataCache;
use registry_scanner::{ErrorCode, Scanner};
use tracing::{debug, warn};
use transport::chain;

use self::inquiry::{Brief, Inquiry};
use super::known::{Failure, Knowledge, Known};
use super::schedule::spread;
use super::wanted::{Ask, currents};
use crate::clock;
use crate::config::Schedule;
use crate::state::State;

/// What a scan needs; shared by the loops of all hosts.
#[derive(Debug)]
pub(crate) struct Scanning {
    pub(crate) state: Arc<State>,
    pub(crate) cache: MetadataCache,
    pub(crate) known: Known,
}

impl Scanning {
    /// Lists the tags, judges the list, and fetches the facts that the asks lack.
    pub(crate) async fn scan(&self, scanner: &Scanner, repository: &Repository, asks: &[Ask], schedule: Schedule) {
        let listed = scanner.tags(repository).await;
        let now = clock::now();
        let knowledge = match listed {
            Ok(listing) => {
                let before = self.known.get(repository).unwrap_or_default();
                let tags = following(TagList::from_names(&listing.names), before.scan.as_deref());
                let (standing, record) = accept(
                    &self.state.list(repository),
                    &tags,
                    &currents(asks),
                    schedule.suspect,
                    now,
                );
                self.state.set_list(repository, record);
                let scan = Scan::of_tags(repository.clone(), Arc::new(tags), now);
                let brief = Brief {
                    scanner,
                    cache: &self.cache,
                    asks,
                    standing: &standing,
                    memory: &before.memory,
                    absent_before: &before.absent,
                };
                let found = Inquiry::begin(brief, scan).run().await;
                let has_news = found.has_news_since(&before);
                Knowledge {
                    last_attempt: Some(now),
                    cadence: before
                        .cadence
                        .after(has_news, schedule, spread(&repository.to_string())),
                    ..found
                }
            }
            Err(error) => {
                let kind = (error.code(), error.retry_after());
                self.failed(repository, asks, &chain(&error).to_string(), kind, now)
            }
        };
        self.known.put(repository, knowledge);
    }

    /// Fetches the facts that new asks lack, without listing again.
    ///
    /// The list is judged again, for it may lack the tags that git holds now.
    pub(crate) async fn complete(&self, scanner: &Scanner, repository: &Repository, asks: &[Ask]) {
        let Some(known) = self.known.get(repository) else {
            return;
        };
        let Some(scan) = &known.scan else { return };
        // The same list is no further evidence, so nothing is counted; but it may lack a tag that nobody asked about before.
        let mut standing = known.standing.clone();
        for ask in asks {
            standing.missing.extend(known.standing_of(&ask.current).missing);
        }
        let brief = Brief {
            scanner,
            cache: &self.cache,
            asks,
            standing: &standing,
            memory: &known.memory,
            absent_before: &known.absent_before,
        };
        let answered = Inquiry::resume(brief, Scan::clone(scan)).run().await;
        let Knowledge { unanswered, absent, .. } = Knowledge::clone(&known);
        let knowledge = Knowledge {
            last_attempt: known.last_attempt,
            failure: known.failure.clone(),
            cadence: known.cadence,
            // What the scan itself could not find out is not asked again here, so it is not told again either.
            unanswered: unanswered.into_iter().chain(answered.unanswered).collect(),
            absent: absent.into_iter().chain(answered.absent).collect(),
            ..answered
        };
        self.known.put(repository, knowledge);
    }

    /// Notes an attempt that panicked: it failed like any other, so that it is tried again later and not at once.
    pub(crate) fn broke(&self, repository: &Repository, asks: &[Ask], words: &str) {
        let knowledge = self.failed(repository, asks, words, (ErrorCode::BadAnswer, None), clock::now());
        self.known.put(repository, knowledge);
    }

    /// An attempt that failed keeps what was known before: decisions stand on the last accepted scan.
    fn failed(
        &self,
        repository: &Repository,
        asks: &[Ask],
        words: &str,
        (code, retry_after): (ErrorCode, Option<Duration>),
        now: Timestamp,
    ) -> Knowledge {
        let previous = self
            .known
            .get(repository)
            .map(|known| Knowledge::clone(&known))
            .unwrap_or_default();
        let in_a_row = previous.failure.as_ref().map_or(1, |failure| failure.in_a_row + 1);
        // Once is enough: a host that is paused for hours fails each of its repositories in the same words.
        if previous.failure.as_ref().is_some_and(|failure| failure.words == words) {
            debug!(image.repository = %repository, error = %words, "Scan of {repository} failed again");
        } else {
            warn!(image.repository = %repository, error = %words, "Scan of {repository} failed");
        }
        let failure = Failure {
            words: words.to_owned(),
            code,
            retry_after,
            in_a_row,
        };
        Knowledge {
            failure: Some(failure),
            last_attempt: Some(now),
            answered: asks.to_vec(),
            ..previous
        }
    }
}

/// The list, with what was found out of the one before: only new names have to be read.
fn following(tags: TagList, before: Option<&Scan>) -> TagList {
    match before {
        Some(before) => tags.following(&before.tags),
        None => tags,
    }
}

#[cfg(test)]
mod tests;
