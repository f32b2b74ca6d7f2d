//! One scan of one repository: its list, whether that may be believed, and the facts that decisions lack.

mod gather;
mod inquiry;
mod listing;
mod progress;
mod recollection;

use std::sync::Arc;
use std::time::Duration;

use domain::reference::{Repository, Timestamp};
use domain::scan::Scan;
use metadata_cache::MetadataCache;
use registry_scanner::{ErrorCode, Scanner};
use tracing::{debug, warn};
use transport::chain;

use self::inquiry::{Brief, Inquiry};
pub(super) use self::listing::wanted;
use self::listing::{Earlier, Extent, Judged};
use super::known::{Failure, Knowledge, Known};
use super::schedule::spread;
use super::wanted::Ask;
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
    /// Lists the tags, judges the list, and fetches the facts that the asks lack. Of the list it reads what can matter, where the
    /// registry lets it.
    pub(crate) async fn scan(&self, scanner: &Scanner, repository: &Repository, asks: &[Ask], schedule: Schedule) {
        self.scan_extent(scanner, repository, asks, (schedule, Extent::Needed))
            .await;
    }

    /// The same, but reads the list from its start to its end.
    pub(crate) async fn scan_whole(
        &self,
        scanner: &Scanner,
        repository: &Repository,
        asks: &[Ask],
        schedule: Schedule,
    ) {
        self.scan_extent(scanner, repository, asks, (schedule, Extent::Whole))
            .await;
    }

    async fn scan_extent(
        &self,
        scanner: &Scanner,
        repository: &Repository,
        asks: &[Ask],
        (schedule, extent): (Schedule, Extent),
    ) {
        let before = self.recollected(repository).await;
        let earlier = Earlier {
            known: &before,
            record: self.state.list(repository),
        };
        let read = listing::read(scanner, repository, asks, (earlier, schedule.suspect, extent)).await;
        let now = clock::now();
        let knowledge = match read {
            Ok(Judged {
                listed,
                standing,
                record,
            }) => {
                self.state.set_list(repository, record);
                let scan = Scan::of_tags(repository.clone(), listed.listing.tags.clone(), now);
                let brief = Brief {
                    scanner,
                    cache: &self.cache,
                    asks,
                    standing: &standing,
                    memory: &before.memory,
                    absent_before: &before.absent,
                    listing: Some(&listed.listing),
                    interval: schedule.interval,
                };
                let found = Inquiry::begin(brief, scan).run().await;
                let found = self.keeping(repository, &before.memory, found, now).await;
                let has_news = found.has_news_since(&before);
                Knowledge {
                    listed: Some(listed),
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
    pub(crate) async fn complete(&self, scanner: &Scanner, repository: &Repository, asks: &[Ask], schedule: Schedule) {
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
            listing: None,
            interval: schedule.interval,
        };
        let answered = Inquiry::resume(brief, Scan::clone(scan)).run().await;
        let answered = self.keeping(repository, &known.memory, answered, clock::now()).await;
        let Knowledge { unanswered, absent, .. } = Knowledge::clone(&known);
        let knowledge = Knowledge {
            last_attempt: known.last_attempt,
            failure: known.failure.clone(),
            cadence: known.cadence,
            // What the scan itself could not find out is not asked again here, so it is not told again either.
            unanswered: unanswered.into_iter().chain(answered.unanswered).collect(),
            absent: absent.into_iter().chain(answered.absent).collect(),
            listed: known.listed.clone(),
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

#[cfg(test)]
mod tests;
