//! The tags that a selection is made from.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::choose::{Lens, Readings, Source};
use crate::reference::{Digest, Platform, Timestamp};
use crate::scan::{Created, first_bytes};

/// A tag with what is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidate {
    /// The tag; it may be no valid one.
    pub tag: String,
    /// When it was built.
    pub created: Created,
    /// What it resolves to, if that is known.
    pub digest: Option<Digest>,
    /// The platforms it runs on, if they are known.
    pub platforms: Option<Vec<Platform>>,
}

/// Two candidates of one tag say different things about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the tag `{tag}` is given twice, and not with the same {what}")]
pub struct ConflictingCandidates {
    /// The tag.
    pub tag: String,
    what: &'static str,
}

/// Candidates in byte order, each tag once.
pub(super) struct Merged<'a>(Vec<Known<'a>>);

/// What all candidates of one tag say together.
struct Known<'a> {
    /// Compared first: a look at the text itself costs a wait for memory.
    first: u128,
    tag: &'a str,
    created: Created,
    digest: Option<&'a Digest>,
    platforms: Option<&'a [Platform]>,
}

impl<'a> Merged<'a> {
    pub(super) fn new(candidates: &'a [Candidate], now: Timestamp) -> Result<Self, ConflictingCandidates> {
        let mut known: Vec<Known<'a>> = candidates.iter().map(|candidate| Known::new(candidate, now)).collect();
        // Those of one tag need no order among each other.
        known.sort_unstable_by(|one, other| (one.first, one.tag).cmp(&(other.first, other.tag)));
        let mut conflict = None;
        known.dedup_by(|next, kept| {
            let same = next.tag == kept.tag;
            if same && let Err(what) = kept.merge(next) {
                conflict.get_or_insert_with(|| ConflictingCandidates {
                    tag: kept.tag.to_owned(),
                    what,
                });
            }
            same
        });
        conflict.map_or(Ok(Self(known)), Err)
    }

    /// The tag at `index`, which lives as long as the candidates.
    pub(super) fn name(&self, index: usize) -> &'a str {
        self.0[index].tag
    }
}

impl<'a> Known<'a> {
    fn new(candidate: &'a Candidate, now: Timestamp) -> Self {
        Self {
            first: first_bytes(&candidate.tag),
            tag: &candidate.tag,
            created: candidate.created.plausible(now),
            digest: candidate.digest.as_ref(),
            platforms: candidate.platforms.as_deref(),
        }
    }

    /// Takes in what another says of the same tag; one may say less.
    ///
    /// # Errors
    ///
    /// What they disagree about.
    fn merge(&mut self, other: &Self) -> Result<(), &'static str> {
        match (self.created, other.created) {
            (Created::Unknown, created) => self.created = created,
            (_, Created::Unknown) => {}
            (one, other) if one == other => {}
            _ => return Err("build time"),
        }
        match (self.digest, other.digest) {
            (Some(one), Some(other)) if one != other => return Err("digest"),
            (one, other) => self.digest = one.or(other),
        }
        match (self.platforms, other.platforms) {
            (Some(one), Some(other)) if !same_set(one, other) => return Err("platforms"),
            (one, other) => self.platforms = one.or(other),
        }
        Ok(())
    }
}

fn same_set(one: &[Platform], other: &[Platform]) -> bool {
    one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
}

impl Source for Merged<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn tag(&self, index: usize) -> &str {
        self.0[index].tag
    }

    fn find(&self, tag: &str) -> Option<usize> {
        self.0.binary_search_by(|known| known.tag.cmp(tag)).ok()
    }

    fn digest(&self, index: usize) -> Option<&Digest> {
        self.0[index].digest
    }

    fn platforms(&self, index: usize) -> Option<&[Platform]> {
        self.0[index].platforms
    }

    fn created(&self, index: usize) -> Created {
        self.0[index].created
    }

    fn is_gone(&self, _index: usize) -> bool {
        false
    }

    fn readings(&self, _lens: &Lens<'_>) -> Option<&Readings> {
        None
    }
}
