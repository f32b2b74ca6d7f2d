//! Where tags and what is known of them come from.

use super::{Lens, Readings};
use crate::reference::{Digest, Platform, Tag};
use crate::scan::{Created, Fact, Scan};

/// Tags in byte order, each once, with what is known of them.
///
/// A scan is one; the candidates given to `select` are the other.
pub(crate) trait Source {
    /// How many tags there are.
    fn len(&self) -> usize;

    /// The tag at `index`; it may be no valid one.
    fn tag(&self, index: usize) -> &str;

    /// Where a tag stands.
    fn find(&self, tag: &str) -> Option<usize>;

    /// The digest of the tag at `index`, if it is known.
    fn digest(&self, index: usize) -> Option<&Digest>;

    /// The platforms of the tag at `index`, if they are known.
    fn platforms(&self, index: usize) -> Option<&[Platform]>;

    /// When the tag at `index` was built, as far as that is known.
    fn created(&self, index: usize) -> Created;

    /// Whether the tag at `index` is listed but known to be gone.
    fn is_gone(&self, index: usize) -> bool;

    /// What a lens lets through, if that is kept.
    fn readings(&self, lens: &Lens<'_>) -> Option<&Readings>;
}

impl Scan {
    fn fact(&self, index: usize) -> Option<&Fact> {
        if self.facts.is_empty() {
            None
        } else {
            self.facts.get(self.tags.get(index))
        }
    }

    /// The tag at `index` as a value of its own.
    pub(crate) fn tag_at(&self, index: usize) -> Option<Tag> {
        Tag::parse(self.tags.get(index)).ok()
    }
}

impl Source for Scan {
    fn len(&self) -> usize {
        self.tags.len()
    }

    fn tag(&self, index: usize) -> &str {
        self.tags.get(index)
    }

    fn find(&self, tag: &str) -> Option<usize> {
        self.tags.find(tag)
    }

    fn digest(&self, index: usize) -> Option<&Digest> {
        self.fact(index)?.digest.as_ref()
    }

    fn platforms(&self, index: usize) -> Option<&[Platform]> {
        self.fact(index)?.platforms.as_deref()
    }

    fn created(&self, index: usize) -> Created {
        self.fact(index).map_or(Created::Unknown, |fact| fact.created)
    }

    fn is_gone(&self, index: usize) -> bool {
        self.fact(index).is_some_and(|fact| fact.gone)
    }

    fn readings(&self, lens: &Lens<'_>) -> Option<&Readings> {
        self.tags.readings(lens)
    }
}
