//! Which end of an order is the newest.

use crate::policy::word::{Word, word};
use crate::policy::{FieldValue, PolicyError};

/// Which end of an order is the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Direction {
    /// The largest.
    Ascending,
    /// The smallest.
    Descending,
}

impl Direction {
    /// Reads the argument of a kind that takes one; an empty one is `asc`.
    pub(super) fn read(part: &str, argument: &FieldValue) -> Result<Self, PolicyError> {
        match argument {
            FieldValue::Text(text) if text.is_empty() => Ok(Self::Ascending),
            _ => Ok(word(part, argument)?.unwrap_or(Self::Ascending)),
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}

impl Word for Direction {
    const SUBJECT: &'static str = "a direction";
    const WORDS: &'static [(&'static str, Self)] = &[("asc", Self::Ascending), ("desc", Self::Descending)];
    const MEANT: &'static [(&'static str, &'static str)] = &[
        ("ascending", "asc"),
        ("up", "asc"),
        ("largest", "asc"),
        ("highest", "asc"),
        ("descending", "desc"),
        ("down", "desc"),
        ("smallest", "desc"),
        ("lowest", "desc"),
    ];
}
