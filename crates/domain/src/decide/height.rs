//! How high a written tag stands, for marks that outlive the list it came from.

use std::cmp::Ordering;

use crate::choose::Lens;
use crate::policy::{Kind, Policy};
use crate::reference::{Tag, Timestamp};

/// A tag that was written, with what its rank depends on beside its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Height {
    /// The tag.
    pub tag: Tag,
    /// When it was built, under a policy that orders by that.
    pub built: Option<Timestamp>,
}

impl Height {
    /// That of a tag whose rank is in its name.
    #[must_use]
    pub fn of_name(tag: Tag) -> Self {
        Self { tag, built: None }
    }
}

impl Policy {
    /// The order of two written tags by rank; `None` if either has no rank, as under `digest:`.
    #[must_use]
    pub fn compare(&self, one: &Height, other: &Height) -> Option<Ordering> {
        match self.kind() {
            Kind::Digest(_) => None,
            kind if kind.is_by_time() => Some(one.built?.cmp(&other.built?)),
            _ => {
                let lens = Lens::new(self, None);
                Some(lens.rank_of(&one.tag)?.compare(&lens.rank_of(&other.tag)?))
            }
        }
    }
}
