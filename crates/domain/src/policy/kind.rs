//! The kinds of policies.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::error::shown;
use super::{FieldValue, PolicyError, near};
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

/// A kind with its argument, checked.
///
/// This release knows two; the others are refused by name.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Semantic versions in a range.
    Semver(Range),
    /// One moving tag.
    Digest(Tag),
}

impl Kind {
    /// Checks the argument of a kind.
    pub(super) fn read(name: KindName, part: &str, argument: &FieldValue) -> Result<Self, PolicyError> {
        let argument = argument.text(part)?.unwrap_or_default();
        match name {
            KindName::Semver => Range::parse(argument)
                .map(Self::Semver)
                .map_err(|error| PolicyError::new(part, error.to_string())),
            KindName::Digest if argument.is_empty() => Err(PolicyError::new(
                part,
                "the tag to follow is missing, as in `digest:stable`",
            )),
            KindName::Digest => Tag::parse(argument)
                .map(Self::Digest)
                .map_err(|error| PolicyError::new(part, error.to_string())),
            _ => Err(PolicyError::new(
                part,
                "this kind of policy is not supported by this release; `semver` and `digest` are",
            )),
        }
    }

    pub(super) fn name(&self) -> KindName {
        match self {
            Self::Semver(_) => KindName::Semver,
            Self::Digest(_) => KindName::Digest,
        }
    }

    /// The argument as written, or the default it stands for.
    pub(super) fn argument(&self) -> &str {
        match self {
            Self::Semver(range) => range.as_str(),
            Self::Digest(tag) => tag.as_str(),
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
