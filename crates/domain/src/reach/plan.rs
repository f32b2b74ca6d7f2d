//! How to read only a part of a list again, given what it held before.

use super::TagRange;
use crate::scan::TagList;

/// So many known tags between two ranges are read again rather than asked around.
const SMALL_GAP: usize = 100;

/// So many tags may be new in a stretch before it takes one more request.
const ROOM: usize = 20;

/// So many tags fewer make a part worth it that takes as many requests as the whole, which is better evidence.
const LEAST_SAVED: usize = 100;

/// A part of a list that is read in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The tag behind which it begins, one that the list held; `None` for the start of the list.
    pub after: Option<String>,
    /// The first text that need not be read; `None` if it goes to the end.
    pub until: Option<String>,
    /// How many tags to ask for at once.
    pub page: usize,
}

/// The stretches to read of a list that held `known`, so that all of `ranges` is read; `None` if that costs no less than the whole.
///
/// `largest_page` is the most tags that the registry puts into a page.
#[must_use]
pub fn stretches(known: &TagList, ranges: &[TagRange], largest_page: usize) -> Option<Vec<Stretch>> {
    let mut places: Vec<(usize, usize, Option<&str>)> = Vec::new();
    for range in ranges {
        let from = known.before(&range.from);
        let until = range.until.as_deref();
        let end = until.map_or(known.len(), |until| known.before(until));
        match places.last_mut() {
            Some((_, last_end, last_until)) if from - *last_end <= SMALL_GAP => (*last_end, *last_until) = (end, until),
            _ => places.push((from, end, until)),
        }
    }
    let largest_page = largest_page.max(1);
    let pages = |tags: usize| tags.div_ceil(largest_page).max(1);
    let sizes = || places.iter().map(|(from, end, _)| end - from + ROOM);
    let (requests, tags) = (sizes().map(pages).sum::<usize>(), sizes().sum::<usize>());
    let whole = pages(known.len());
    let is_worth_it = requests < whole || (requests == whole && tags + LEAST_SAVED < known.len());
    is_worth_it.then(|| {
        let stretch = |&(from, end, until): &(usize, usize, Option<&str>)| Stretch {
            after: from.checked_sub(1).map(|place| known.get(place).to_owned()),
            until: until.map(str::to_owned),
            page: (end - from + ROOM).min(largest_page),
        };
        places.iter().map(stretch).collect()
    })
}
