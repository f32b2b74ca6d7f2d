//! What a scan of a repository found, and what more a decision wants to know.

mod growth;
mod part;
mod tags;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use growth::Growth;
pub use part::{ListPart, Renewed};
pub use tags::TagList;
pub(crate) use tags::first_bytes;

use crate::reference::{Digest, Platform, Repository, Tag, Timestamp};

#[cfg(test)]
mod tests;

/// When an image was built, as far as is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Created {
    /// Nobody has looked yet.
    #[default]
    Unknown,
    /// Known to say nothing about it.
    Never,
    /// At this time.
    At(Timestamp),
}

/// The start of 1980, in seconds: what claims to be older has had its time removed.
const EARLIEST: i64 = 315_532_800;

/// How far ahead of ours a builder's clock may be.
const AHEAD: Duration = Duration::from_secs(24 * 60 * 60);

impl Created {
    /// The same, but a time that cannot be true is none.
    #[must_use]
    pub fn plausible(self, now: Timestamp) -> Self {
        match self {
            Self::At(time) if time < Timestamp::from_unix_seconds(EARLIEST) || time > now + AHEAD => Self::Never,
            created => created,
        }
    }
}

/// What is known of one tag beside its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    /// The digest that the tag resolved to; `None` if nobody has asked.
    pub digest: Option<Digest>,
    /// When the image was built.
    pub created: Created,
    /// The platforms it runs on; `None` if nobody has asked.
    pub platforms: Option<Vec<Platform>>,
    /// Why a part of what the digest stands for says nothing of its platforms and its time, and never will. Safe to show.
    pub flaw: Option<Arc<str>>,
    /// Whether the manifest is known to be gone although the tag is listed; it then is no candidate and blocks nothing.
    pub gone: bool,
}

/// What one scan of a repository found. Only a complete list of tags becomes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The repository that was scanned.
    pub repository: Repository,
    /// Its tags.
    pub tags: Arc<TagList>,
    /// What is known of some of them.
    pub facts: BTreeMap<Tag, Fact>,
    /// What was asked for and could not be had: decisions that need it are blocked, not undecided.
    pub failed: BTreeSet<Need>,
    /// When the last page had been read.
    pub completed: Timestamp,
}

impl Scan {
    /// A scan that knows nothing but the tags.
    #[must_use]
    pub fn of_tags(repository: Repository, tags: Arc<TagList>, completed: Timestamp) -> Self {
        Self {
            repository,
            tags,
            facts: BTreeMap::new(),
            failed: BTreeSet::new(),
            completed,
        }
    }
}

/// A fact that a decision lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// The digest that a tag resolves to.
    Digest(Tag),
    /// The platforms that a tag's image runs on.
    Platforms(Tag),
    /// When a tag's image was built.
    BuildTime(Tag),
}

impl Need {
    /// The tag that more must be known about.
    #[must_use]
    pub fn tag(&self) -> &Tag {
        match self {
            Self::Digest(tag) | Self::Platforms(tag) | Self::BuildTime(tag) => tag,
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digest(tag) => write!(f, "the digest of `{tag}`"),
            Self::Platforms(tag) => write!(f, "the platforms of `{tag}`"),
            Self::BuildTime(tag) => write!(f, "the build time of `{tag}`"),
        }
    }
}
