//! The facts of one scan: what decisions lack is found out, each thing once, until they lack nothing.
//!
//! The digest of a fact is always the registry's answer of this scan, so that nothing is ever written from an older one. What is
//! carried over from earlier scans (see [`Memory`]) is what a tag's digest was found to be; its fact has no digest until the tag
//! is resolved again.

mod carried;
mod resolving;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use domain::accept::Standing;
use domain::decide::{Decision, Question, decide};
use domain::reference::{Digest, Repository, Tag, Timestamp};
use domain::scan::{Created, Fact, Need, Scan};
use metadata_cache::{Image, MetadataCache};
use registry_scanner::{ImageFacts, Listing, ScanError, Scanner, Wanted};
use tokio::task;
use tracing::{debug, info};

use super::gather::{Topic, Trouble, gather};
use crate::scan::known::Knowledge;
use crate::scan::memory::Memory;
use crate::scan::wanted::Ask;

/// What is told of a tag whose manifest was not there for the first time.
const ABSENT: &str = "the registry lists the tag but has no manifest of it; the next scan asks again";
/// What is asked, of whom, and what was known before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brief<'a> {
    pub(super) scanner: &'a Scanner,
    pub(super) cache: &'a MetadataCache,
    pub(super) asks: &'a [Ask],
    pub(super) standing: &'a Standing,
    pub(super) memory: &'a Memory,
    /// Tags whose manifest was not there in the scan before.
    pub(super) absent_before: &'a BTreeSet<Tag>,
    /// The list of this scan, which on some registries says digests; `None` where it is an earlier one.
    pub(super) listing: Option<&'a Listing>,
    /// How long the repository waits for its next scan at most.
    pub(super) interval: Duration,
}

/// How far a scan is when the asking begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It has its list, and nothing else.
    Begun,
    /// It is there, and more is asked of it.
    Resumed,
}

/// What more may be wanted of a tag than its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Aspect {
    Platforms,
    BuildTime,
}

impl Aspect {
    const ALL: [Self; 2] = [Self::Platforms, Self::BuildTime];

    fn is_wanted(self, wanted: Wanted) -> bool {
        match self {
            Self::Platforms => wanted.platforms,
            Self::BuildTime => wanted.build_time,
        }
    }

    fn add_to(self, wanted: &mut Wanted) {
        match self {
            Self::Platforms => wanted.platforms = true,
            Self::BuildTime => wanted.build_time = true,
        }
    }

    /// Whether it is known of an image.
    fn is_in(self, image: &Image) -> bool {
        match self {
            Self::Platforms => image.platforms.is_some(),
            Self::BuildTime => image.created != Created::Unknown,
        }
    }
}

fn aspect(need: &Need) -> Option<Aspect> {
    match need {
        Need::Digest(_) => None,
        Need::Platforms(_) => Some(Aspect::Platforms),
        Need::BuildTime(_) => Some(Aspect::BuildTime),
    }
}

/// An attempt to answer all asks about one repository.
pub(super) struct Inquiry<'a> {
    brief: Brief<'a>,
    stage: Stage,
    scan: Scan,
    /// What was asked for, whether or not it could be had: it is not asked for again.
    asked: HashSet<Need>,
    /// What tags were resolved to in this scan.
    heads: BTreeMap<Tag, Result<Digest, Trouble>>,
    /// What is known of digests.
    images: HashMap<Digest, Arc<Image>>,
    /// What could not be found out about digests.
    troubles: HashMap<(Digest, Aspect), Trouble>,
    /// Tags whose fact is what an earlier scan knew, and when that was.
    carried: BTreeMap<Tag, Timestamp>,
    /// Those of them that were taken over in this attempt.
    recalled: BTreeSet<Tag>,
    /// The asks, by their place, that would move the value in git.
    moving: BTreeSet<usize>,
    /// When a step of the sweep was last made.
    swept: Option<Timestamp>,
    /// How many more tags are resolved again because git holds the digest that they had.
    bearers: usize,
    absent: BTreeSet<Tag>,
    unanswered: BTreeMap<Need, String>,
}

impl<'a> Inquiry<'a> {
    /// A scan that has its list and nothing else.
    pub(super) fn begin(brief: Brief<'a>, scan: Scan) -> Self {
        Self {
            brief,
            stage: Stage::Begun,
            scan,
            asked: HashSet::new(),
            heads: BTreeMap::new(),
            images: HashMap::new(),
            troubles: HashMap::new(),
            carried: BTreeMap::new(),
            recalled: BTreeSet::new(),
            moving: BTreeSet::new(),
            swept: brief.memory.swept,
            bearers: carried::MOST_BEARERS,
            absent: BTreeSet::new(),
            unanswered: BTreeMap::new(),
        }
    }

    /// Finds out all that the asks want to know, and looks again at a part of what was known, if it is time for that.
    pub(super) async fn run(mut self) -> Knowledge {
        self.find_out().await;
        if self.sweep().await {
            self.find_out().await;
        }
        self.into_knowledge()
    }

    /// Finds out what is lacking until nothing is; what cannot be had is marked as failed, so this ends.
    ///
    /// A manifest that is not there in two scans, this one and the one before, is a known absence and blocks nothing; in one
    /// alone it may be a registry that is behind its own list.
    async fn find_out(&mut self) {
        loop {
            let needs = self.lacking().await;
            if needs.is_empty() {
                // What git holds now may have been pushed again.
                let held = self.take_held();
                if held.is_empty() {
                    break;
                }
                self.resolve_again(held).await;
            } else {
                self.meet(needs).await;
            }
        }
    }

    /// What is known now, and what to remember of it.
    fn into_knowledge(self) -> Knowledge {
        let memory = self.memory();
        Knowledge {
            scan: Some(Arc::new(self.scan)),
            standing: self.brief.standing.clone(),
            answered: self.brief.asks.to_vec(),
            unanswered: self.unanswered,
            absent: self.absent,
            absent_before: self.brief.absent_before.clone(),
            memory: Arc::new(memory),
            ..Knowledge::default()
        }
    }

    /// What all asks lack and was not asked for yet: each once, the most useful first.
    async fn lacking(&mut self) -> Vec<Need> {
        let mut needs = Vec::new();
        self.moving.clear();
        for (place, ask) in self.brief.asks.iter().enumerate() {
            // Many may ask about a list that is long: others have their turn between two of them.
            task::yield_now().await;
            let question = Question {
                policy: &ask.policy,
                current: &ask.current,
                scan: &self.scan,
                standing: self.brief.standing,
                high_water: None,
                now: self.scan.completed,
            };
            let lacking = match decide(&question) {
                Decision::Undecided(lacking) => lacking,
                Decision::Propose(_) => {
                    self.moving.insert(place);
                    continue;
                }
                Decision::Stay(_) => continue,
            };
            // What was answered and is asked for again all the same would be asked for without end.
            let new = lacking
                .into_iter()
                .filter(|need| !self.scan.failed.contains(need) && self.asked.insert(need.clone()));
            needs.extend(new);
        }
        needs
    }

    /// Answers needs: out of memory where that will do, else by asking.
    async fn meet(&mut self, mut needs: Vec<Need>) {
        needs.retain(|need| !self.recall(need));
        self.look_up_remembered(&mut needs).await;
        let wants = needs.iter().map(|need| (need.tag().clone(), aspect(need)));
        self.resolve(wants.collect::<Vec<_>>()).await;
        let wants = needs.iter().filter_map(|need| {
            let digest = self.heads.get(need.tag())?.as_ref().ok()?;
            Some((digest.clone(), aspect(need)?))
        });
        self.look_up(wants.collect()).await;
        for need in needs {
            self.answer(need);
        }
    }

    /// What is known of a digest without asking.
    fn image(&self, digest: &Digest) -> Option<Arc<Image>> {
        let found = self.images.get(digest);
        let remembered = found.or_else(|| self.brief.memory.images.get(digest));
        let cached = || self.brief.cache.get(&self.scan.repository, digest).map(Arc::new);
        remembered.cloned().or_else(cached)
    }

    /// Finds out what digests stand for: each is asked about at most once, unless more is wanted of it later.
    async fn look_up(&mut self, wants: Vec<(Digest, Aspect)>) {
        let (digests, lacking) = self.sort_out(wants);
        let (scanner, repository) = (self.brief.scanner, &self.scan.repository);
        let topic = Topic {
            repository,
            done: "Looked into",
            things: "images",
        };
        let answers = gather(topic, digests, |digest| {
            let wanted = lacking[&digest];
            image(scanner, repository, digest, wanted)
        })
        .await;
        for (digest, answer) in answers {
            match answer {
                Ok(found) => self.know(digest, found),
                Err(trouble) => self.cannot_know(&digest, lacking[&digest], &trouble),
            }
        }
    }

    /// The digests that have to be asked about, in their order, and what is lacking of them.
    fn sort_out(&mut self, wants: Vec<(Digest, Aspect)>) -> (Vec<Digest>, HashMap<Digest, Wanted>) {
        let mut digests = Vec::new();
        let mut lacking: HashMap<Digest, Wanted> = HashMap::new();
        for (digest, aspect) in wants {
            let known = self.image(&digest);
            if let Some(image) = &known {
                self.images.insert(digest.clone(), image.clone());
            }
            let key = (digest, aspect);
            if known.is_some_and(|image| aspect.is_in(&image)) || self.troubles.contains_key(&key) {
                continue;
            }
            let wanted = lacking.entry(key.0.clone()).or_insert_with(|| {
                digests.push(key.0);
                Wanted::default()
            });
            aspect.add_to(wanted);
        }
        (digests, lacking)
    }

    fn know(&mut self, digest: Digest, found: Image) {
        let repository = &self.scan.repository;
        if let Some(flaw) = &found.flaw {
            // Once: what is known of a digest is not asked for again.
            info!(image.repository = %repository, "{digest} of {repository} cannot be looked into as a whole: {flaw}");
        }
        let image = match self.image(&digest) {
            Some(known) => found.and(&known),
            None => found,
        };
        self.brief.cache.put(repository, &digest, image.clone());
        self.images.insert(digest, Arc::new(image));
    }

    fn cannot_know(&mut self, digest: &Digest, wanted: Wanted, trouble: &Trouble) {
        let aspects = Aspect::ALL.into_iter().filter(|aspect| aspect.is_wanted(wanted));
        let troubles = aspects.map(|aspect| ((digest.clone(), aspect), trouble.clone()));
        self.troubles.extend(troubles);
    }

    /// Answers a need whose tag has been asked about.
    fn answer(&mut self, need: Need) {
        let tag = need.tag().clone();
        match self.found(&need) {
            Ok(fact) => self.learn(tag, fact),
            Err(Trouble::Host(words) | Trouble::Failed(words)) => self.fail(need, words),
            Err(Trouble::Gone) => {
                self.absent.insert(tag.clone());
                if self.brief.absent_before.contains(&tag) {
                    self.learn(tag, gone());
                } else {
                    self.fail(need, ABSENT.to_owned());
                }
            }
        }
    }

    fn found(&self, need: &Need) -> Result<Fact, Trouble> {
        let lost = || Trouble::Failed("it was not asked about; this is a bug, please report it".to_owned());
        let digest = self.heads.get(need.tag()).ok_or_else(lost)?.clone()?;
        let Some(aspect) = aspect(need) else {
            return Ok(fact(Some(digest), &Image::default()));
        };
        let key = (digest, aspect);
        match (self.troubles.get(&key), self.images.get(&key.0)) {
            (Some(trouble), _) => Err(trouble.clone()),
            (None, Some(image)) if aspect.is_in(image) => Ok(fact(Some(key.0), image)),
            (None, _) => Err(lost()),
        }
    }

    /// Adds a fact of this scan. A digest alone leaves standing what is known of that very digest.
    fn learn(&mut self, tag: Tag, new: Fact) {
        let was_carried = self.carried.remove(&tag).is_some();
        if was_carried && self.brief.memory.digest(&tag) != new.digest.as_ref() {
            self.forget(&tag);
        }
        let says_digest_alone = new.created == Created::Unknown && new.platforms.is_none() && !new.gone;
        let fact = self.scan.facts.entry(tag).or_default();
        if says_digest_alone {
            fact.digest = new.digest;
        } else {
            *fact = new;
        }
    }

    fn fail(&mut self, need: Need, words: String) {
        self.unanswered.insert(need.clone(), words);
        self.scan.failed.insert(need);
    }
}

/// The fact of a tag whose manifest is known to be gone.
fn gone() -> Fact {
    Fact {
        gone: true,
        ..Fact::default()
    }
}

fn fact(digest: Option<Digest>, image: &Image) -> Fact {
    Fact {
        digest,
        created: image.created,
        platforms: image.platforms.clone(),
        flaw: image.flaw.clone(),
        gone: false,
    }
}

async fn image(scanner: &Scanner, repository: &Repository, digest: Digest, wanted: Wanted) -> Result<Image, ScanError> {
    debug!(image.repository = %repository, "Fetching what {digest} is");
    let found = scanner.image(repository, &digest, wanted).await?;
    Ok(image_of(found))
}

fn image_of(found: ImageFacts) -> Image {
    Image {
        platforms: found.platforms,
        created: found.created,
        flaw: found.flaw.map(Arc::from),
    }
}
