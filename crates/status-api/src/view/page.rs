//! Which part of a long list is asked for.

use serde::Deserialize;
use utoipa::IntoParams;

/// Items in one answer at most, and when nothing is said.
pub(crate) const LONGEST: usize = 5_000;

/// Which part of a list to answer with.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// How many items to skip.
    pub(crate) offset: Option<usize>,
    /// How many items to answer with, at most 5000.
    pub(crate) limit: Option<usize>,
}

/// One part of a list.
#[derive(Debug)]
pub(crate) struct Part<T> {
    /// All items there are.
    pub(crate) total: usize,
    pub(crate) items: Vec<T>,
    /// Where the next part begins, if there is one.
    pub(crate) next_offset: Option<usize>,
}

impl Page {
    /// Takes this part of the items.
    pub(crate) fn of<T>(self, items: impl ExactSizeIterator<Item = T>) -> Part<T> {
        let total = items.len();
        let offset = self.offset.unwrap_or(0).min(total);
        let limit = self.limit.unwrap_or(LONGEST).clamp(1, LONGEST);
        let items: Vec<T> = items.skip(offset).take(limit).collect();
        let end = offset + items.len();
        Part {
            total,
            items,
            next_offset: (end < total).then_some(end),
        }
    }
}

impl<T> Part<T> {
    /// Shows each item.
    pub(crate) fn map<U>(self, show: impl FnMut(T) -> U) -> Part<U> {
        Part {
            total: self.total,
            items: self.items.into_iter().map(show).collect(),
            next_offset: self.next_offset,
        }
    }
}
