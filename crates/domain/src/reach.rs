//! Which part of a list of tags can still matter to a policy.
//!
//! Registries that list tags by their bytes can be asked for a part of the list. A part is enough where nothing outside of it can
//! be picked, nor keep something from being picked: under `~1.4` what begins with `1.4`, under `alphabetical:asc` what comes
//! behind the current tag. What is given here is never too narrow; where nothing certain can be said, it is the whole list.

mod kinds;
mod plan;

pub use plan::{Stretch, stretches};

use crate::order::Bytes;
use crate::policy::{Kind, Policy};
use crate::reference::Value;

#[cfg(test)]
mod tests;

/// The tags that can matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    Whole,
    /// Those in these ranges, which are in order and do not touch.
    Within(Vec<TagRange>),
}

/// Tags from one text to another, by bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TagRange {
    /// The first text that is in it.
    pub from: String,
    /// The first text behind it; `None` if it goes to the end.
    pub until: Option<String>,
}

impl TagRange {
    /// Whether a tag is in it.
    #[must_use]
    pub fn holds(&self, tag: &str) -> bool {
        self.from.as_str() <= tag && self.ends_behind(tag)
    }

    fn ends_behind(&self, tag: &str) -> bool {
        self.until.as_deref().is_none_or(|until| tag < until)
    }

    /// What is in both.
    fn and(&self, other: &Self) -> Option<Self> {
        let from = self.from.clone().max(other.from.clone());
        let until = match (&self.until, &other.until) {
            (Some(one), Some(other)) => Some(one.min(other).clone()),
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        let range = Self { from, until };
        (!range.is_empty()).then_some(range)
    }

    fn is_empty(&self) -> bool {
        !self.ends_behind(&self.from)
    }
}

impl From<Bytes> for TagRange {
    fn from((from, until): Bytes) -> Self {
        Self { from, until }
    }
}

impl Reach {
    /// The tags in `ranges`, which may touch and come in any order.
    fn of(mut ranges: Vec<TagRange>) -> Self {
        ranges.retain(|range| !range.is_empty());
        ranges.sort_unstable();
        let mut apart: Vec<TagRange> = Vec::new();
        for range in ranges {
            match apart.last_mut() {
                Some(last) if last.until.as_ref().is_none_or(|until| range.from <= *until) => {
                    last.until = match (last.until.take(), range.until) {
                        (Some(one), Some(other)) => Some(one.max(other)),
                        _ => None,
                    };
                }
                _ => apart.push(range),
            }
        }
        match apart.as_slice() {
            [range] if range.from.is_empty() && range.until.is_none() => Self::Whole,
            _ => Self::Within(apart),
        }
    }

    /// Whether a tag can matter.
    #[must_use]
    pub fn holds(&self, tag: &str) -> bool {
        match self {
            Self::Whole => true,
            Self::Within(ranges) => ranges.iter().any(|range| range.holds(tag)),
        }
    }

    /// Whether all that can matter by `other` can matter by this one.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole, _) => true,
            (Self::Within(_), Self::Whole) => false,
            // Ranges do not touch, so that what is covered is covered by one.
            (Self::Within(ours), Self::Within(theirs)) => theirs
                .iter()
                .all(|range| ours.iter().any(|our| our.and(range).as_ref() == Some(range))),
        }
    }

    /// What is in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Within(mut one), Self::Within(other)) => {
                one.extend(other);
                Self::of(one)
            }
            _ => Self::Whole,
        }
    }

    /// What is in both.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Whole, reach) | (reach, Self::Whole) => reach,
            (Self::Within(one), Self::Within(other)) => {
                let both = one
                    .iter()
                    .flat_map(|one| other.iter().filter_map(|other| one.and(other)));
                Self::of(both.collect())
            }
        }
    }

    /// Tags that begin with one of these.
    fn starting(starts: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self::of(starts.into_iter().map(|start| starting(start.as_ref())).collect())
    }

    /// One tag.
    fn tag(tag: &str) -> Self {
        // Nothing that a tag can hold comes before `-`.
        let range = TagRange {
            from: tag.to_owned(),
            until: Some(format!("{tag}-")),
        };
        Self::of(vec![range])
    }
}

/// Tags that begin with `start`.
fn starting(start: &str) -> TagRange {
    let mut until = start.to_owned();
    // Behind the last letter comes another, unless it is the last of all: then what stands before it decides.
    let next = loop {
        match until.pop() {
            Some(letter) if letter < '\x7f' => {
                until.push(char::from(letter as u8 + 1));
                break Some(until);
            }
            Some(_) => {}
            None => break None,
        }
    };
    TagRange {
        from: start.to_owned(),
        until: next,
    }
}

/// The tags that can matter to a target that holds `current` and follows `policy`: of any two lists that hold the same of these,
/// the same is decided. (But for the words of it: that nothing newer is there may be said in other words.)
///
/// The current tag is always among them, for nothing is decided from a list that lacks it.
#[must_use]
pub fn reach(policy: &Policy, current: &Value) -> Reach {
    let by_digest = current.tag.is_none() && current.digest.is_some();
    if policy.kind().is_by_time() && by_digest {
        // Any tag may have had that digest, and so tell when it was built.
        return Reach::Whole;
    }
    let kind = match policy.kind() {
        Kind::Digest(tag) => Reach::tag(tag.as_str()),
        _ => kinds::of(policy, current).and(filtered(policy)),
    };
    match &current.tag {
        Some(tag) => kind.or(Reach::tag(tag.as_str())),
        None => kind,
    }
}

/// What a filter lets through.
fn filtered(policy: &Policy) -> Reach {
    let filter = policy.options().filter.as_ref();
    let starts = filter.and_then(|filter| filter.pattern.starts());
    starts.map_or(Reach::Whole, Reach::starting)
}
