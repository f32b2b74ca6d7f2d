//! The options of policies.

mod read;

use super::word::Word;
use super::{Filter, KindName, Pattern};
use crate::reference::Platform;

/// Options of a policy, each with its default filled in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Options {
    pub(crate) filter: Option<Filter>,
    pub(crate) deny: Vec<Pattern>,
    pub(crate) suffix: Suffix,
    pub(crate) precision: Precision,
    pub(crate) prerelease: bool,
    pub(crate) platforms: Vec<Platform>,
    pub(crate) pin: Pin,
    pub(crate) allow_downgrade: bool,
}

/// Which suffixes a candidate may have: what stands from the first `-` on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Suffix {
    /// Any; the kind reads the whole tag.
    Any,
    /// The current tag's.
    Keep,
    /// None.
    None,
    /// This one.
    Exactly(String),
}

/// How many numbers a candidate may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Any.
    Any,
    /// As many as the current tag.
    Keep,
}

/// Whether the value that is written carries a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pin {
    /// It does iff the current value does.
    IfPresent,
    /// It always does.
    Digest,
    /// It never does.
    Never,
}

impl Pin {
    /// What a kind does when nothing is said.
    pub(super) fn default_of(kind: KindName) -> Self {
        if kind == KindName::Digest {
            Self::Digest
        } else {
            Self::IfPresent
        }
    }

    /// The name that it is written with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|&&(_, pin)| pin == self)
            .map_or("", |&(name, _)| name)
    }
}

impl Options {
    pub(super) fn default_of(kind: KindName) -> Self {
        Self {
            filter: None,
            deny: Vec::new(),
            suffix: Suffix::Any,
            precision: Precision::Any,
            prerelease: false,
            platforms: Vec::new(),
            pin: Pin::default_of(kind),
            allow_downgrade: false,
        }
    }
}

impl Word for Precision {
    const SUBJECT: &'static str = "a precision";
    const WORDS: &'static [(&'static str, Self)] = &[("any", Self::Any), ("keep", Self::Keep)];
    const MEANT: &'static [(&'static str, &'static str)] = &[("same", "keep"), ("true", "keep"), ("false", "any")];
}

impl Word for Pin {
    const SUBJECT: &'static str = "a way to pin";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("ifPresent", Self::IfPresent),
        ("digest", Self::Digest),
        ("never", Self::Never),
    ];
    const MEANT: &'static [(&'static str, &'static str)] = &[
        ("true", "digest"),
        ("always", "digest"),
        ("sha256", "digest"),
        ("false", "never"),
        ("none", "never"),
        ("tag", "never"),
        ("keep", "ifPresent"),
    ];
}
