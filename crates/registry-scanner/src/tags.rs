//! The tags of a repository, page by page.

use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

use domain::reference::Tag;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use url::Url;

use crate::json::{JsonError, check_depth};
use crate::link::LinkError;

/// The largest page.
pub(crate) const MAX_PAGE_BYTES: usize = 8 * 1024 * 1024;

/// More tags than these are not a list anymore.
const MAX_TAGS: usize = 1_000_000;

/// More pages than these are not followed.
const MAX_PAGES: usize = 1_100;

/// Artifact Registry cuts lists here without a word.
const SILENT_CUT: usize = 10_000;

/// Why a list is not the whole list. Nothing may be decided from what there is of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Incomplete {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("page {0} brings no tag that an earlier one did not have")]
    NothingNew(usize),
    #[error("page {0} names as the next one a page that was read before")]
    Circle(usize),
    #[error("it has more than {MAX_PAGES} pages")]
    TooManyPages,
    #[error("it has more than 1,000,000 tags")]
    TooManyTags,
    #[error("this registry cuts lists silently at 10,000 tags, and this one has {0}")]
    SilentCut(usize),
}

/// A page is no list of tags.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PageError {
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error(transparent)]
    Incomplete(#[from] Incomplete),
}

/// Collects pages until the list is complete, or known never to be.
pub(crate) struct Collector {
    names: Vec<Box<str>>,
    invalid: usize,
    seen: HashSet<u64>,
    hashes: RandomState,
    asked: Vec<Url>,
}

/// What a page added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Added {
    names: usize,
    new: usize,
}

impl Collector {
    pub(crate) fn new(first: Url) -> Self {
        Self {
            names: Vec::new(),
            invalid: 0,
            seen: HashSet::new(),
            hashes: RandomState::new(),
            asked: vec![first],
        }
    }

    /// Takes in a page and the address of the next one that it names; returns the address to ask next.
    ///
    /// The list is complete when a page is empty or names no next one.
    pub(crate) fn page(&mut self, body: &[u8], next: Result<Option<Url>, LinkError>) -> Result<Option<Url>, PageError> {
        let added = self.read(body)?;
        if self.seen.len() > MAX_TAGS {
            return Err(Incomplete::TooManyTags.into());
        }
        if added.names == 0 {
            return Ok(None);
        }
        if added.new == 0 {
            return Err(Incomplete::NothingNew(self.asked.len()).into());
        }
        let Some(next) = next.map_err(Incomplete::from)? else {
            return Ok(None);
        };
        if self.asked.contains(&next) {
            return Err(Incomplete::Circle(self.asked.len()).into());
        }
        if self.asked.len() == MAX_PAGES {
            return Err(Incomplete::TooManyPages.into());
        }
        self.asked.push(next.clone());
        Ok(Some(next))
    }

    /// The names of all valid tags, in the order in which they came, and how many others there were.
    ///
    /// `cuts_silently` says that the host is known to leave away what is beyond a size.
    pub(crate) fn finish(self, cuts_silently: bool) -> Result<(Vec<Box<str>>, usize), Incomplete> {
        let size = self.seen.len();
        if cuts_silently && size >= SILENT_CUT {
            return Err(Incomplete::SilentCut(size));
        }
        Ok((self.names, self.invalid))
    }

    pub(crate) fn pages(&self) -> usize {
        self.asked.len()
    }

    fn read(&mut self, body: &[u8]) -> Result<Added, JsonError> {
        check_depth(body)?;
        let mut added = Added { names: 0, new: 0 };
        let mut json = serde_json::Deserializer::from_slice(body);
        let page = PageSeed(|name: &str| {
            added.names += 1;
            self.add(name, &mut added.new);
        });
        page.deserialize(&mut json)?;
        json.end()?;
        Ok(added)
    }

    fn add(&mut self, name: &str, new: &mut usize) {
        // A chance equality of two hashes would only matter if it hid the one new tag of a page.
        if !self.seen.insert(self.hashes.hash_one(name)) {
            return;
        }
        *new += 1;
        if Tag::is_valid(name) {
            self.names.push(name.into());
        } else {
            self.invalid += 1;
        }
    }
}

/// Reads `{"tags": [NAME…]}` and hands each name on as it is met; other keys are passed over.
struct PageSeed<F>(F);

impl<'de, F: FnMut(&str)> DeserializeSeed<'de> for PageSeed<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(&str)> Visitor<'de> for PageSeed<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `tags`")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut found = false;
        while let Some(key) = map.next_key::<String>()? {
            if key != "tags" {
                map.next_value::<IgnoredAny>()?;
            } else if found {
                return Err(A::Error::custom("`tags` is there twice"));
            } else {
                found = true;
                map.next_value_seed(NamesSeed(&mut self.0))?;
            }
        }
        if found {
            Ok(())
        } else {
            Err(A::Error::custom("there are no `tags`"))
        }
    }
}

/// Reads the list, or `null`, which some registries send for an empty one.
struct NamesSeed<'a, F>(&'a mut F);

impl<'de, F: FnMut(&str)> DeserializeSeed<'de> for NamesSeed<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(&str)> Visitor<'de> for NamesSeed<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of names, or null")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<(), A::Error> {
        while let Some(name) = names.next_element::<Name<'_>>()? {
            (self.0)(&name.0);
        }
        Ok(())
    }
}

/// Borrowed from the page unless it holds escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] std::borrow::Cow<'a, str>);

#[cfg(test)]
mod tests;
