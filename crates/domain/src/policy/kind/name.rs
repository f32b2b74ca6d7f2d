//! The names of the kinds.

use std::fmt;

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

/// What a person is told who asks for a kind that is not there.
pub(in crate::policy) const ALL: &str = "semver, version, calver, numeric, alphabetical, newest, glob, regexp, digest";

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
pub(in crate::policy) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|&(name, _)| name)
}
