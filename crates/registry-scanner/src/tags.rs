//! The tags of a repository, page by page.

mod page;
mod seen;

use domain::reference::Tag;
use url::Url;

use crate::json::JsonError;
use crate::link::LinkError;
use crate::names::{Claims, Names};

use seen::Seen;

pub(crate) use page::{Item, read_page};

/// The largest page.
pub(crate) const MAX_PAGE_BYTES: usize = 8 * 1024 * 1024;

/// More tags than these are not a list anymore.
pub(crate) const MAX_TAGS: usize = 1_000_000;

/// More pages than these are not followed.
const MAX_PAGES: usize = 1_100;

/// Artifact Registry cuts lists here without a word.
const SILENT_CUT: usize = 10_000;

/// A list of so many tags is given room for [`MANY`] at once. Growing bit by bit leaves holes in the heap, together as large as the
/// list; room that is not used takes no memory.
const LONG: usize = 8_192;

/// Few lists have more tags.
const MANY: usize = 200_000;

/// Why a list is not the whole list. Nothing may be decided from what there is of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Incomplete {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("page {0} brings no tag that an earlier one did not have")]
    NothingNew(usize),
    #[error("page {0} names as the next one a page that was read before")]
    Circle(usize),
    #[error(
        "it may have been cut after {0} tags: the registry names no next page, and cannot be asked what comes behind a tag"
    )]
    NoWayOn(usize),
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
    names: Names,
    claims: Claims,
    seen: Seen,
    asked: Vec<Url>,
}

/// A list that has been read to its end.
#[derive(Debug)]
pub(crate) struct Collected {
    /// The valid tags, in the order in which they came, each once.
    pub(crate) names: Names,
    /// The digests that the registry says the tags have.
    pub(crate) claims: Claims,
    /// How many others there were.
    pub(crate) invalid: usize,
    /// Whether all stood in the order of their bytes.
    pub(crate) in_order: bool,
    pub(crate) pages: usize,
}

/// What a page added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Added {
    /// Names on it.
    pub(crate) names: usize,
    new: usize,
}

impl Collector {
    pub(crate) fn new(first: Url) -> Self {
        Self {
            names: Names::default(),
            claims: Claims::default(),
            seen: Seen::default(),
            asked: vec![first],
        }
    }

    /// Goes on behind pages that are known to be what they were: with their names, and the addresses that they were read from.
    pub(crate) fn resumed<'n>(names: impl Iterator<Item = &'n str>, asked: Vec<Url>) -> Self {
        let mut collector = Self::new(asked[0].clone());
        collector.asked = asked;
        names.for_each(|name| collector.add(name, &mut 0));
        collector
    }

    /// Takes in a page and the address of the next one that it names; returns the address to ask next, and what was on it.
    ///
    /// The list is complete when a page is empty or names no next one.
    pub(crate) fn page(
        &mut self,
        body: &[u8],
        next: Result<Option<Url>, LinkError>,
    ) -> Result<(Option<Url>, Added), PageError> {
        let added = self.read(body)?;
        if self.len() > MAX_TAGS {
            return Err(Incomplete::TooManyTags.into());
        }
        if added.names == 0 {
            return Ok((None, added));
        }
        if added.new == 0 {
            return Err(Incomplete::NothingNew(self.asked.len()).into());
        }
        let Some(next) = next.map_err(Incomplete::from)? else {
            return Ok((None, added));
        };
        if self.asked.contains(&next) {
            return Err(Incomplete::Circle(self.asked.len()).into());
        }
        if self.asked.len() == MAX_PAGES {
            return Err(Incomplete::TooManyPages.into());
        }
        self.asked.push(next.clone());
        Ok((Some(next), added))
    }

    /// The whole list.
    ///
    /// `cuts_silently` says that the host is known to leave away what is beyond a size.
    pub(crate) fn finish(self, cuts_silently: bool) -> Result<Collected, Incomplete> {
        let size = self.len();
        if cuts_silently && size >= SILENT_CUT {
            return Err(Incomplete::SilentCut(size));
        }
        Ok(Collected {
            pages: self.asked.len(),
            in_order: self.seen.is_in_order(),
            invalid: self.seen.invalid(),
            names: self.names,
            claims: self.claims,
        })
    }

    /// How many names have been met, valid or not.
    fn len(&self) -> usize {
        self.names.len() + self.seen.invalid()
    }

    fn read(&mut self, body: &[u8]) -> Result<Added, JsonError> {
        let mut new = 0;
        let names = read_page(body, |item| match item {
            Item::Name(name) => self.add(name, &mut new),
            Item::Claim { digest, tag } => self.claims.add(tag, digest),
        })?;
        self.claims.keep_listed(&self.names);
        Ok(Added { names, new })
    }

    fn add(&mut self, name: &str, new: &mut usize) {
        let is_valid = Tag::is_valid(name);
        if !self.seen.is_new(name, is_valid, &self.names) {
            return;
        }
        *new += 1;
        if is_valid {
            self.names.push(name);
        }
        if self.names.len() == LONG {
            self.names.make_room(MANY);
            self.seen.make_room(MANY, &self.names);
        }
    }
}

#[cfg(test)]
mod tests;
