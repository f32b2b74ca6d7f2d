//! The kinds of policies.

mod direction;
mod name;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{FieldValue, Glob, Pattern, PolicyError};
use crate::fault::Fault;
use crate::order::{Comparators, Layout, Range};
use crate::reference::Tag;

pub(crate) use direction::Direction;
pub use name::KindName;
pub(super) use name::{ALL, names};

/// A kind with its argument, checked.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Semantic versions in a range.
    Semver(Range),
    /// Versions of up to eight numbers, for which comparators hold.
    Version(Comparators),
    /// Calendar versions of a layout.
    Calver(Layout),
    /// Decimal numbers.
    Numeric(Direction),
    /// Every tag, by bytes.
    Alphabetical(Direction),
    /// The tags that match a glob, by build time; written `newest` or `glob`.
    Newest(Glob, KindName),
    /// The tags that match an expression, by build time.
    Regexp(Pattern),
    /// One moving tag.
    Digest(Tag),
}

impl Kind {
    /// Checks the argument of a kind; `part` is what an error names.
    pub(super) fn read(name: KindName, part: &str, argument: &FieldValue) -> Result<Self, PolicyError> {
        let text = || match (argument.argument(part)?, missing_argument(name)) {
            ("", Some(missing)) => Err(PolicyError::new(part, missing)),
            (text, _) => Ok(text),
        };
        let refused = |fault: Fault| PolicyError::of(part, fault);
        match name {
            KindName::Semver => Range::parse(text()?).map(Self::Semver).map_err(refused),
            KindName::Version => Comparators::parse(text()?).map(Self::Version).map_err(refused),
            KindName::Calver => Layout::parse(text()?).map(Self::Calver).map_err(refused),
            KindName::Numeric => Direction::read(part, argument).map(Self::Numeric),
            KindName::Alphabetical => Direction::read(part, argument).map(Self::Alphabetical),
            KindName::Newest if text()?.is_empty() => Ok(Self::Newest(Glob::new("*"), name)),
            KindName::Newest | KindName::Glob => Ok(Self::Newest(Glob::new(text()?), name)),
            KindName::Regexp => Pattern::parse(text()?, part).map(Self::Regexp),
            KindName::Digest => tag(text()?).map(Self::Digest).map_err(refused),
        }
    }

    pub(super) fn name(&self) -> KindName {
        match self {
            Self::Semver(_) => KindName::Semver,
            Self::Version(_) => KindName::Version,
            Self::Calver(_) => KindName::Calver,
            Self::Numeric(_) => KindName::Numeric,
            Self::Alphabetical(_) => KindName::Alphabetical,
            Self::Newest(_, name) => *name,
            Self::Regexp(_) => KindName::Regexp,
            Self::Digest(_) => KindName::Digest,
        }
    }

    /// The argument as written, or the default it stands for.
    pub(crate) fn argument(&self) -> &str {
        match self {
            Self::Semver(range) => range.as_str(),
            Self::Version(comparators) => comparators.as_str(),
            Self::Calver(layout) => layout.as_str(),
            Self::Numeric(direction) | Self::Alphabetical(direction) => direction.as_str(),
            Self::Newest(glob, _) => glob.as_str(),
            Self::Regexp(pattern) => pattern.as_str(),
            Self::Digest(tag) => tag.as_str(),
        }
    }

    /// Whether build times order the candidates.
    pub(crate) fn is_by_time(&self) -> bool {
        matches!(self, Self::Newest(..) | Self::Regexp(_))
    }

    /// Whether the argument itself speaks of `latest`, which is left alone otherwise.
    pub(crate) fn mentions_latest(&self) -> bool {
        match self {
            Self::Newest(glob, _) => glob.mentions_latest(),
            Self::Regexp(pattern) => pattern.mentions_latest(),
            _ => false,
        }
    }

    /// What two kinds are compared by.
    fn identity(&self) -> (KindName, &str) {
        (self.name(), self.argument())
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for Kind {}

impl PartialOrd for Kind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Kind {
    fn cmp(&self, other: &Self) -> Ordering {
        self.identity().cmp(&other.identity())
    }
}

impl Hash for Kind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

/// What a kind that has no default needs.
fn missing_argument(name: KindName) -> Option<&'static str> {
    match name {
        KindName::Glob => Some("the glob is missing, as in `glob:main-*`"),
        KindName::Regexp => Some("the expression is missing, as in `regexp:^main-[0-9a-f]{7}$`"),
        KindName::Digest => Some("the tag to follow is missing, as in `digest:stable`"),
        _ => None,
    }
}

/// Reads the tag to follow.
fn tag(text: &str) -> Result<Tag, Fault> {
    let meant = |advice: String| Fault::new("a tag", text, 0..text.len(), advice);
    Tag::parse(text).map_err(|error| {
        if text.contains("sha256:") {
            return meant("a digest itself never moves; name the tag to follow, as in `digest:stable`".to_owned());
        }
        if text.contains('*') {
            return meant(
                "`digest` follows one tag; the newest of several is `newest`, as in `newest:main-*`".to_owned(),
            );
        }
        match text.rsplit_once(':') {
            Some((_, tag)) if Tag::is_valid(tag) => meant(format!("write the tag alone: `digest:{tag}`")),
            _ => error.0,
        }
    })
}
