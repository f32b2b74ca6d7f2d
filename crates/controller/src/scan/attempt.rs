//! One scan of one repository: its list, whether that may be believed, and the facts that decisions lack.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use domain::accept::{Standing, SuspectLimits, accept};
use domain::decide::{Decision, Question, decide};
use domain::reference::{Reference, Repository, Tag, Timestamp};
use domain::scan::{Fact, Need, Scan, TagList};
use futures::{StreamExt, stream};
use metadata_cache::{Image, MetadataCache};
use registry_scanner::{ErrorCode, ScanError, Scanner};
use tracing::{debug, warn};
use transport::chain;

use super::known::{Failure, Knowledge, Known};
use super::wanted::{Ask, currents};
use crate::clock;
use crate::state::State;

/// Facts of one repository that are fetched at the same time; the host's own limits stand above this.
const FACTS_AT_ONCE: usize = 4;
/// What is told of a tag whose manifest was not there for the first time.
const ABSENT: &str = "the registry lists the tag but has no manifest of it; the next scan asks again";

/// What a scan needs; shared by the loops of all hosts.
#[derive(Debug)]
pub(crate) struct Scanning {
    pub(crate) state: Arc<State>,
    pub(crate) cache: MetadataCache,
    pub(crate) known: Known,
}

impl Scanning {
    /// Lists the tags, judges the list, and fetches the facts that the asks lack.
    pub(crate) async fn scan(&self, scanner: &Scanner, repository: &Repository, asks: &[Ask], suspect: SuspectLimits) {
        let listed = scanner.tags(repository).await;
        let now = clock::now();
        let knowledge = match listed {
            Ok(listing) => {
                let tags = TagList::from_names(&listing.names);
                let (standing, record) = accept(&self.state.list(repository), &tags, &currents(asks), suspect, now);
                self.state.set_list(repository, record);
                let scan = Scan::of_tags(repository.clone(), Arc::new(tags), now);
                let before = self.known.get(repository).map(|known| known.absent.clone());
                let answered = self
                    .answer(scanner, scan, standing, asks, before.unwrap_or_default())
                    .await;
                Knowledge {
                    last_attempt: Some(now),
                    ..answered
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
        let answered = self
            .answer(scanner, Scan::clone(scan), standing, asks, known.absent_before.clone())
            .await;
        let Knowledge { unanswered, absent, .. } = Knowledge::clone(&known);
        let knowledge = Knowledge {
            last_attempt: known.last_attempt,
            failure: known.failure.clone(),
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

    /// Asks `domain` what is lacking until nothing is; what cannot be had is marked as failed, so this ends.
    ///
    /// A manifest that is not there in two scans, this one and the one `before`, is a known absence and blocks nothing; in one
    /// alone it may be a registry that is behind its own list.
    async fn answer(
        &self,
        scanner: &Scanner,
        mut scan: Scan,
        standing: Standing,
        asks: &[Ask],
        before: BTreeSet<Tag>,
    ) -> Knowledge {
        let mut unanswered = BTreeMap::new();
        let mut absent = BTreeSet::new();
        let mut asked = BTreeSet::new();
        loop {
            let mut needs = needs(&scan, &standing, asks);
            // What was answered and is asked for again all the same would be asked for without end.
            needs.retain(|need| asked.insert(need.clone()));
            if needs.is_empty() {
                break;
            }
            let repository = scan.repository.clone();
            let fetched: Vec<_> = stream::iter(needs)
                .map(|need| self.fetch(scanner, &repository, need))
                .buffer_unordered(FACTS_AT_ONCE)
                .collect()
                .await;
            for (need, fact) in fetched {
                let fact = fact.and_then(|fact| {
                    let is_first_absence = fact.gone && !before.contains(need.tag());
                    absent.extend(fact.gone.then(|| need.tag().clone()));
                    if is_first_absence {
                        Err(ABSENT.to_owned())
                    } else {
                        Ok(fact)
                    }
                });
                if let Err(words) = fact.and_then(|fact| learn(&mut scan, &need, fact)) {
                    unanswered.insert(need.clone(), words);
                    scan.failed.insert(need);
                }
            }
        }
        let scan = Some(Arc::new(scan));
        Knowledge {
            scan,
            standing,
            answered: asks.to_vec(),
            unanswered,
            absent,
            absent_before: before,
            ..Knowledge::default()
        }
    }

    async fn fetch(&self, scanner: &Scanner, repository: &Repository, need: Need) -> (Need, Result<Fact, String>) {
        let fact = self.fact(scanner, repository, &need).await;
        let fact = fact.map_err(|error| {
            let words = chain(&error).to_string();
            warn!(image.repository = %repository, error = %words, "Failed to find out {need} of {repository}");
            words
        });
        (need, fact)
    }

    /// One fact: the digest by HEAD; what a digest stands for out of the cache, or by fetching it.
    async fn fact(&self, scanner: &Scanner, repository: &Repository, need: &Need) -> Result<Fact, ScanError> {
        let tag = Some(need.tag().clone());
        let reference = Reference {
            repository: repository.clone(),
            tag,
            digest: None,
        };
        let head = match scanner.head(&reference).await {
            Ok(head) => head,
            Err(error) if error.is_gone() => {
                return Ok(Fact {
                    gone: true,
                    ..Fact::default()
                });
            }
            Err(error) => return Err(error),
        };
        let digest = head.digest;
        if let Need::Digest(_) = need {
            return Ok(Fact {
                digest: Some(digest),
                ..Fact::default()
            });
        }
        let image = match self.cache.get(repository, &digest) {
            Some(image) => image,
            None => {
                debug!(image.repository = %repository, "Fetching what {digest} is");
                let found = scanner.image(repository, &digest).await?;
                let image = Image {
                    platforms: found.platforms,
                    created: found.created,
                };
                self.cache.put(repository, &digest, image.clone());
                image
            }
        };
        Ok(Fact {
            digest: Some(digest),
            created: image.created,
            platforms: Some(image.platforms),
            gone: false,
        })
    }
}

/// What all asks lack, each once.
fn needs(scan: &Scan, standing: &Standing, asks: &[Ask]) -> Vec<Need> {
    let mut needs = Vec::new();
    for ask in asks {
        let question = Question {
            policy: &ask.policy,
            current: &ask.current,
            scan,
            standing,
            high_water: None,
            now: scan.completed,
        };
        let Decision::Undecided(lacking) = decide(&question) else {
            continue;
        };
        for need in lacking {
            if !needs.contains(&need) && !scan.failed.contains(&need) {
                needs.push(need);
            }
        }
    }
    needs
}

/// Adds a fact to a scan; an error if it does not answer the need after all.
fn learn(scan: &mut Scan, need: &Need, new: Fact) -> Result<(), String> {
    let answers = new.gone
        || match need {
            Need::Digest(_) => new.digest.is_some(),
            Need::Platforms(_) => new.platforms.is_some(),
            Need::BuildTime(_) => new.created != domain::scan::Created::Unknown,
        };
    if !answers {
        return Err("the registry's answer does not say".to_owned());
    }
    let fact = scan.facts.entry(need.tag().clone()).or_default();
    let created = if new.created == domain::scan::Created::Unknown {
        fact.created
    } else {
        new.created
    };
    *fact = Fact {
        digest: new.digest.or_else(|| fact.digest.clone()),
        created,
        platforms: new.platforms.or_else(|| fact.platforms.clone()),
        gone: new.gone,
    };
    Ok(())
}

#[cfg(test)]
mod tests;
