//! The kinds of policies.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::error::shown;
use super::options::one_of;
use super::{FieldValue, Glob, Pattern, PolicyError, near};
use crate::order::{Comparators, Layout};
use crate::reference::Tag;
use crate::version::Range;

/// How tags are read and ordered, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KindName {
    /// Semantic versions in a range.
    Semver,
    /// Versions of up to eight numbers.
    Version,
    /// Calendar versions.
    Calver,
    /// Decimal numbers.
    Numeric,
    /// By bytes.
    Alphabetical,
    /// By build time, the tags that match a glob.
    Newest,
    /// The same as `newest`.
    Glob,
    /// By build time, the tags that match an expression.
    Regexp,
    /// One moving tag.
    Digest,
}

/// Every kind with its spellings; the first is the one that is shown.
const NAMES: [(&str, KindName); 10] = [
    ("semver", KindName::Semver),
    ("version", KindName::Version),
    ("calver", KindName::Calver),
    ("numeric", KindName::Numeric),
    ("alphabetical", KindName::Alphabetical),
    ("newest", KindName::Newest),
    ("glob", KindName::Glob),
    ("regexp", KindName::Regexp),
    ("regex", KindName::Regexp),
    ("digest", KindName::Digest),
];

impl KindName {
    /// Reads a kind's name, exactly as it is written in a policy.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        NAMES.iter().find(|(name, _)| *name == text).map(|&(_, kind)| kind)
    }

    /// The name that a policy is written with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        NAMES
            .iter()
            .find(|&&(_, kind)| kind == self)
            .map_or("", |&(name, _)| name)
    }
}

impl fmt::Display for KindName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// All names that a kind can have.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|&(name, _)| name)
}

/// The kind of that name, or an error that lists them.
pub(super) fn named(name: &str) -> Result<KindName, PolicyError> {
    let all = "semver, version, calver, numeric, alphabetical, newest, glob, regexp, digest";
    KindName::parse(name).ok_or_else(|| match name {
        "" => PolicyError::new(
            "",
            format!("the policy names no kind; write KIND or KIND:ARGUMENT, the kind being one of {all}"),
        ),
        _ => {
            let hint = near::hint(name, names());
            PolicyError::new(
                shown(name),
                format!("there is no such kind of policy{hint}; kinds are {all}"),
            )
        }
    })
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

fn direction(part: &str, argument: &str) -> Result<Direction, PolicyError> {
    if argument.is_empty() {
        return Ok(Direction::Ascending);
    }
    one_of(part, argument, Direction::NAMES)
}

/// Which end of an order is the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Direction {
    /// The largest.
    Ascending,
    /// The smallest.
    Descending,
}

impl Direction {
    const NAMES: [(&'static str, Self); 2] = [("asc", Self::Ascending), ("desc", Self::Descending)];

    fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}

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
    /// Checks the argument of a kind.
    pub(super) fn read(name: KindName, part: &str, argument: &FieldValue) -> Result<Self, PolicyError> {
        let argument = argument.text(part)?.unwrap_or_default();
        if argument.is_empty()
            && let Some(missing) = missing_argument(name)
        {
            return Err(PolicyError::new(part, missing));
        }
        let refused = |error: &dyn fmt::Display| PolicyError::new(part, error.to_string());
        match name {
            KindName::Semver => Range::parse(argument)
                .map(Self::Semver)
                .map_err(|error| refused(&error)),
            KindName::Version => Comparators::parse(argument)
                .map(Self::Version)
                .map_err(|error| refused(&error)),
            KindName::Calver => Layout::parse(argument)
                .map(Self::Calver)
                .map_err(|error| refused(&error)),
            KindName::Numeric => direction(part, argument).map(Self::Numeric),
            KindName::Alphabetical => direction(part, argument).map(Self::Alphabetical),
            KindName::Newest | KindName::Glob => {
                let glob = if argument.is_empty() { "*" } else { argument };
                Ok(Self::Newest(Glob::new(glob), name))
            }
            KindName::Regexp => Pattern::parse(argument, part).map(Self::Regexp),
            KindName::Digest => Tag::parse(argument).map(Self::Digest).map_err(|error| refused(&error)),
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
    pub(super) fn argument(&self) -> &str {
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
