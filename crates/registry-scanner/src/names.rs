//! The names of a list in the order in which they came, and what a list says of them.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use domain::reference::{Digest, Tag};

/// The most tags whose digests are taken out of a list.
const MOST_CLAIMS: usize = 1_000_000;

/// The digests that tags are said to have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Claims {
    digests: HashMap<Box<str>, Option<Digest>>,
    /// The one that was read last: one digest may have any number of tags.
    last: Option<Digest>,
}

impl Claims {
    /// Takes in what is said of a tag; two different digests say nothing.
    pub(crate) fn add(&mut self, tag: &str, digest: &str) {
        if self.digests.len() >= MOST_CLAIMS || !Tag::is_valid(tag) {
            return;
        }
        if self.last.as_ref().is_none_or(|last| last.as_str() != digest) {
            self.last = Digest::parse(digest).ok();
        }
        let digest = self.last.clone();
        let known = self.digests.entry(tag.into()).or_insert_with(|| digest.clone());
        if *known != digest {
            *known = None;
        }
    }

    pub(crate) fn get(&self, tag: &str) -> Option<&Digest> {
        self.digests.get(tag)?.as_ref()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.digests.len()
    }

    /// Forgets what is said of names that are not listed, if there is so much of it: nobody asks for that, however much it is.
    pub(crate) fn keep_listed(&mut self, names: &Names) {
        if self.digests.len() <= names.len() {
            return;
        }
        let listed: HashSet<&str> = names.iter().collect();
        self.digests.retain(|tag, _| listed.contains(&**tag));
        self.digests.shrink_to_fit();
    }
}

/// Names behind each other in one text: a million are two allocations.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl Names {
    /// Adds a name. What is beyond 4 GiB of text is left out; no list gets near that.
    pub(crate) fn push(&mut self, name: &str) {
        if let Ok(end) = u32::try_from(self.text.len() + name.len()) {
            self.text.push_str(name);
            self.ends.push(end);
        }
    }

    /// Makes room for so many names, which may be as long as builds are called.
    pub(crate) fn make_room(&mut self, count: usize) {
        self.ends.reserve(count.saturating_sub(self.ends.len()));
        self.text.reserve((count * 32).saturating_sub(self.text.len()));
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start as usize..end as usize)
    }

    pub(crate) fn last(&self) -> Option<&str> {
        self.get(self.len().checked_sub(1)?)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|place| self.get(place))
    }

    /// The text, and where each name ends in it.
    pub(crate) fn into_parts(mut self) -> (String, Vec<u32>) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        (self.text, self.ends)
    }
}

/// Pages as they were last time: enough to see that one is the same.
///
/// The hashes mean something to this process alone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pages {
    hashes: RandomState,
    marks: Vec<Mark>,
}

/// A page that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Of its bytes and the address of the next page.
    hash: u64,
    /// How many names were on it.
    pub(crate) names: usize,
}

impl Pages {
    /// The same hashes, no pages.
    pub(crate) fn anew(&self) -> Self {
        Self {
            hashes: self.hashes.clone(),
            marks: Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }

    /// How many names are on all of them.
    pub(crate) fn names(&self) -> usize {
        self.marks.iter().map(|mark| mark.names).sum()
    }

    pub(crate) fn hash(&self, body: &[u8], next: Option<&str>) -> u64 {
        self.hashes.hash_one((body, next))
    }

    pub(crate) fn push(&mut self, hash: u64, names: usize) {
        self.marks.push(Mark { hash, names });
    }

    /// The page at `place`, if it is the one with this hash.
    pub(crate) fn same(&self, place: usize, hash: u64) -> Option<Mark> {
        self.marks.get(place).copied().filter(|mark| mark.hash == hash)
    }
}
