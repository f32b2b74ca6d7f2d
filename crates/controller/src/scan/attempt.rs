//! One scan of one repository: its list, whether that may be believed, and the facts that decisions lack.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{Decision, Fact, Need, Question, Repository, Scan, Standing, SuspectLimits, Timestamp, accept, decide};
use futures::{StreamExt, stream};
use metadata_cache::MetadataCache;
use registry_scanner::{ScanError, Scanner};
use tracing::{debug, info, warn};
use transport::chain;

use super::known::{Failure, Knowledge, Known};
use super::wanted::{Ask, currents};
use crate::clock;
use crate::state::State;

/// Facts of one repository that are fetched at the same time; the host's own limits stand above this.
const FACTS_AT_ONCE: usize = 4;
/// A need leads to another at most this often: one fact per tag is asked for, best tags first.
const MOST_ROUNDS: usize = 1_000;

/// What a scan needs; shared by the loops of all hosts.
#[derive(Debug)]
pub(crate) struct Scanning {
    pub(crate) scanner: Arc<Scanner>,
    pub(crate) state: Arc<State>,
    pub(crate) cache: MetadataCache,
    pub(crate) known: Known,
}

impl Scanning {
    /// Lists the tags, judges the list, and fetches the facts that the asks lack.
    pub(crate) async fn scan(&self, repository: &Repository, asks: &[Ask], suspect: SuspectLimits) {
        let previous = self.known.get(repository);
        let listed = self.scanner.tags(repository).await;
        let now = clock::now();
        let knowledge = match listed {
            Ok(tags) => {
                let (standing, record) = accept(&self.state.list(repository), &tags, &currents(asks), suspect, now);
                self.state.set_list(repository, record);
                let scan = Scan { repository: repository.clone(), tags: Arc::new(tags), facts: BTreeMap::new(), completed: now };
                self.answer(scan, standing, asks, now).await
            }
            Err(error) => failed(previous.as_deref(), repository, &error, now),
        };
        self.known.put(repository, knowledge);
    }

    /// Fetches the facts that new asks lack, without listing again.
    pub(crate) async fn complete(&self, repository: &Repository, asks: &[Ask]) {
        let Some(known) = self.known.get(repository) else { return };
        let Some(scan) = &known.scan else { return };
        let knowledge = self.answer(Scan::clone(scan), known.standing.clone(), asks, clock::now()).await;
        let kept = Knowledge { last_attempt: known.last_attempt, failure: known.failure.clone(), ..knowledge };
        self.known.put(repository, kept);
    }

    /// Asks `domain` what is lacking until nothing is, or nothing more can be had.
    async fn answer(&self, mut scan: Scan, standing: Standing, asks: &[Ask], now: Timestamp) -> Knowledge {
        let mut unanswered = BTreeMap::new();
        for _ in 0..MOST_ROUNDS {
            let needs = needs(&scan, &standing, asks, now, &unanswered);
            if needs.is_empty() {
                break;
            }
            let fetched: Vec<_> = stream::iter(needs)
                .map(|need| async { (need.clone(), self.fact(&scan.repository, &need).await) })
                .buffer_unordered(FACTS_AT_ONCE)
                .collect()
                .await;
            for (need, fact) in fetched {
                match fact {
                    Ok(fact) if scan.learn(&need, fact) => {}
                    Ok(_) => drop(unanswered.insert(need, "the registry's answer does not say".to_owned())),
                    Err(error) => drop(unanswered.insert(need, chain(&error).to_string())),
                }
            }
        }
        Knowledge {
            scan: Some(Arc::new(scan)),
            standing,
            answered: asks.to_vec(),
            unanswered,
            failure: None,
            last_attempt: Some(now),
        }
    }
}
