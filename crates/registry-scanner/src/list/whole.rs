//! A list from its start to its end; what is the same as last time is not taken apart again.

use std::sync::Arc;

use bytes::Bytes;
use domain::scan::TagList;
use url::Url;

use super::{Listing, Reading, Trail};
use crate::error::Failure;
use crate::link::LinkError;
use crate::names::{Names, Pages};
use crate::tags::{Collector, PageError};

/// Bytes of pages that are kept: the list of a registry that sends more is taken apart page by page, as if it were new.
const MOST_KEPT: usize = 32 * 1024 * 1024;

/// Reads pages.
pub(super) struct Whole<'e> {
    earlier: Option<&'e Listing>,
    /// The pages so far.
    pages: Pages,
    asked: Vec<Url>,
    /// The names on pages that are what they were, which were not taken apart.
    same: usize,
    /// These pages, where the earlier list alone does not tell what was on them.
    kept: Vec<Bytes>,
    /// `None` while every page is what it was.
    collector: Option<Collector>,
}

/// A list that was read to its end.
pub(super) struct Ended {
    pub(super) listing: Listing,
    /// Whether all that is new since the earlier list stands at the end; `None` if nothing is new, or the names are in the order of
    /// their bytes anyway.
    pub(super) appended: Option<bool>,
    /// Three names that came one after the other, in the middle of the list.
    pub(super) middle: Option<[String; 3]>,
}

impl<'e> Whole<'e> {
    pub(super) fn new(first: Url, earlier: Option<&'e Listing>) -> Self {
        Self {
            earlier,
            pages: earlier.map(|earlier| earlier.trail.pages.anew()).unwrap_or_default(),
            asked: vec![first],
            same: 0,
            kept: Vec::new(),
            collector: None,
        }
    }

    /// Takes in a page; returns the address to ask next.
    pub(super) fn page(&mut self, body: Bytes, next: Result<Option<Url>, LinkError>) -> Result<Option<Url>, Failure> {
        let address = next.as_ref().ok().and_then(Option::as_ref).map(Url::as_str);
        let hash = self.pages.hash(&body, address);
        if self.collector.is_none()
            && let Some(earlier) = self.earlier
            && let Some(mark) = earlier.trail.pages.same(self.pages.len(), hash)
            && let Ok(next) = &next
            && (earlier.stands_for_its_pages() || self.kept() + body.len() <= MOST_KEPT)
        {
            self.pages.push(hash, mark.names);
            self.same += mark.names;
            if !earlier.stands_for_its_pages() {
                self.kept.push(body);
            }
            let next = next.clone().filter(|_| mark.names > 0);
            self.asked.extend(next.clone());
            return Ok(next);
        }
        let collector = self.collector()?;
        let (next, added) = collector.page(&body, next)?;
        self.pages.push(hash, added.names);
        Ok(next)
    }

    /// Bytes of pages that are kept.
    pub(super) fn kept(&self) -> usize {
        self.kept.iter().map(Bytes::len).sum()
    }

    /// The one that takes pages apart, behind those that were not.
    fn collector(&mut self) -> Result<&mut Collector, Failure> {
        if self.collector.is_none() {
            let taken = self.earlier.filter(|earlier| earlier.stands_for_its_pages());
            let collector = match taken {
                Some(earlier) => Collector::resumed(earlier.tags.iter().take(self.same), self.asked.clone()),
                None => {
                    let mut collector = Collector::new(self.asked[0].clone());
                    for (body, next) in self.kept.drain(..).zip(&self.asked[1..]) {
                        collector.page(&body, Ok(Some(next.clone())))?;
                    }
                    collector
                }
            };
            self.collector = Some(collector);
        }
        Ok(self.collector.as_mut().expect("it was just made"))
    }

    pub(super) fn finish(mut self, cuts_silently: bool) -> Result<Ended, Failure> {
        // A list may end sooner than it did, behind pages that are what they were.
        let earlier = self
            .earlier
            .filter(|earlier| earlier.trail.pages.len() == self.pages.len());
        if let (None, Some(earlier)) = (&self.collector, earlier) {
            return Ok(Ended::unchanged(Listing {
                pages: self.pages.len(),
                reading: Reading::Unchanged,
                ..earlier.clone()
            }));
        }
        self.collector()?;
        let collector = self.collector.take().expect("it was just made");
        let found = collector.finish(cuts_silently)?;
        let trail = Trail {
            reader: None,
            pages: self.pages,
            in_order: found.in_order,
            last: found.names.last().map(Into::into),
        };
        let earlier = self.earlier.filter(|_| !found.in_order);
        let appended = earlier.and_then(|earlier| appended(&found.names, &earlier.tags));
        let middle = middle(found.names.len(), found.names.iter());
        let (text, ends) = found.names.into_parts();
        let listing = Listing {
            tags: Arc::new(TagList::from_joined(text, ends)),
            invalid: found.invalid,
            pages: found.pages,
            reading: Reading::Whole,
            trail,
            claims: Arc::new(found.claims),
        };
        Ok(Ended {
            listing,
            appended,
            middle,
        })
    }
}

/// Whether all names that are new stand at the end; `None` if none is.
fn appended(names: &Names, earlier: &TagList) -> Option<bool> {
    let mut is_new = names
        .iter()
        .map(|name| !earlier.contains(name))
        .skip_while(|is_new| !is_new);
    is_new.next()?;
    Some(is_new.all(|is_new| is_new))
}

/// Three names in the middle of so many.
fn middle<'n>(count: usize, names: impl Iterator<Item = &'n str>) -> Option<[String; 3]> {
    let mut names = names.skip((count / 2).saturating_sub(1)).map(str::to_owned);
    Some([names.next()?, names.next()?, names.next()?])
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Incomplete(incomplete) => incomplete.into(),
            PageError::Json(error) => Self::bad("the list of tags", error),
        }
    }
}

impl Listing {
    /// Whether its tags are what stood on its pages, one after the other.
    fn stands_for_its_pages(&self) -> bool {
        let says_no_more = self.trail.in_order && self.invalid == 0 && self.claims.is_empty();
        says_no_more && self.trail.pages.names() == self.tags.len()
    }
}

impl Ended {
    fn unchanged(listing: Listing) -> Self {
        let in_order = listing.trail.in_order;
        Self {
            middle: in_order
                .then(|| middle(listing.tags.len(), listing.tags.iter()))
                .flatten(),
            appended: None,
            listing,
        }
    }

    /// Whether the list says digests, too.
    pub(super) fn says_digests(&self) -> bool {
        !self.listing.claims.is_empty()
    }

    pub(super) fn in_order(&self) -> bool {
        self.listing.trail.in_order
    }
}
