//! What tags stand for, and with the same request what is wanted of that.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::reference::{Digest, Reference, Repository, Tag};
use metadata_cache::Image;
use registry_scanner::{ScanError, Scanner, Wanted};
use tracing::debug;

use super::super::gather::{Topic, Trouble, gather};
use super::{Aspect, Inquiry, image_of};

/// What was found out on the way, side by side.
#[derive(Default)]
struct Findings(Mutex<Found>);

#[derive(Default)]
struct Found {
    digests: HashMap<Tag, Digest>,
    /// Digests that somebody is looking into, and what is wanted of them.
    claims: HashMap<Digest, (Tag, Wanted)>,
}

impl Findings {
    fn lock(&self) -> MutexGuard<'_, Found> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what a tag stands for. Who is the first to come upon a digest finds out what is lacking of it, for all its tags.
    fn note(&self, tag: &Tag, digest: &Digest, lacking: Wanted) -> Option<Wanted> {
        let mut found = self.lock();
        found.digests.insert(tag.clone(), digest.clone());
        if lacking == Wanted::default() || found.claims.contains_key(digest) {
            return None;
        }
        found.claims.insert(digest.clone(), (tag.clone(), lacking));
        Some(lacking)
    }
}

impl Inquiry<'_> {
    /// Resolves tags that were not resolved in this scan. Those of which more is wanted than the digest are looked into at once.
    pub(super) async fn resolve(&mut self, wants: impl IntoIterator<Item = (Tag, Option<Aspect>)>) {
        let (tags, wanted) = self.unresolved(wants);
        let findings = Findings::default();
        let topic = Topic {
            repository: &self.scan.repository,
            done: "Resolved",
            things: "tags",
        };
        let (inquiry, findings_ref) = (&*self, &findings);
        let answers = gather(topic, tags, |tag| inquiry.look_at(wanted[&tag], tag, findings_ref)).await;
        let found = findings.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (tag, answer) in answers {
            self.take_in(tag, answer, &found);
        }
    }

    /// The tags that have to be asked about, in their order, and what is wanted of each. Some lists say digests.
    fn unresolved(
        &mut self,
        wants: impl IntoIterator<Item = (Tag, Option<Aspect>)>,
    ) -> (Vec<Tag>, HashMap<Tag, Wanted>) {
        let mut tags = Vec::new();
        let mut wanted: HashMap<Tag, Wanted> = HashMap::new();
        for (tag, aspect) in wants {
            if self.heads.contains_key(&tag) {
                continue;
            }
            if let Some(digest) = self.brief.listing.and_then(|listing| listing.digest(&tag)) {
                self.heads.insert(tag, Ok(digest.clone()));
                continue;
            }
            let of_tag = wanted.entry(tag.clone()).or_insert_with(|| {
                tags.push(tag);
                Wanted::default()
            });
            if let Some(aspect) = aspect {
                aspect.add_to(of_tag);
            }
        }
        (tags, wanted)
    }

    /// Asks about one tag. Where manifests are counted as pulls the tags are resolved first, for many may share one.
    async fn look_at(&self, wanted: Wanted, tag: Tag, findings: &Findings) -> Result<Option<Image>, ScanError> {
        let (scanner, repository) = (self.brief.scanner, &self.scan.repository);
        if wanted == Wanted::default() || scanner.counts_pulls(repository.registry()) {
            let digest = head(scanner, repository, &tag, self.brief.memory.digest(&tag)).await?;
            findings.note(&tag, &digest, Wanted::default());
            return Ok(None);
        }
        debug!(image.repository = %repository, image.tag = %tag, "Fetching what `{tag}` is");
        let resolved = |digest: &Digest| findings.note(&tag, digest, self.lacking_of(digest, wanted));
        let facts = scanner.image_of_tag(repository, &tag, resolved).await?;
        Ok(facts.map(image_of))
    }

    /// What of it is neither known of a digest nor known not to be had.
    fn lacking_of(&self, digest: &Digest, wanted: Wanted) -> Wanted {
        let known = self.image(digest);
        let mut lacking = Wanted::default();
        for aspect in Aspect::ALL {
            let is_known = known.as_ref().is_some_and(|image| aspect.is_in(image));
            if aspect.is_wanted(wanted) && !is_known && !self.troubles.contains_key(&(digest.clone(), aspect)) {
                aspect.add_to(&mut lacking);
            }
        }
        lacking
    }

    /// Takes in what came of a tag. What failed once its digest was known is a trouble of the digest.
    fn take_in(&mut self, tag: Tag, answer: Result<Option<Image>, Trouble>, found: &Found) {
        let Some(digest) = found.digests.get(&tag) else {
            let lost = || Trouble::Failed("it was not answered; this is a bug, please report it".to_owned());
            self.heads.insert(tag, Err(answer.err().unwrap_or_else(lost)));
            return;
        };
        match answer {
            Ok(Some(image)) => self.know(digest.clone(), image),
            Ok(None) => {}
            Err(trouble) => {
                let claim = found.claims.get(digest).filter(|(claimant, _)| *claimant == tag);
                let wanted = claim.map(|(_, wanted)| *wanted).unwrap_or_default();
                self.cannot_know(digest, wanted, &trouble);
            }
        }
        self.heads.insert(tag, Ok(digest.clone()));
    }
}

async fn head(
    scanner: &Scanner,
    repository: &Repository,
    tag: &Tag,
    known: Option<&Digest>,
) -> Result<Digest, ScanError> {
    let reference = Reference {
        repository: repository.clone(),
        tag: Some(tag.clone()),
        digest: None,
    };
    let head = match known {
        Some(known) => scanner.head_again(&reference, known).await,
        None => scanner.head(&reference).await,
    };
    Ok(head?.digest)
}
