//! What becomes of a tag, as data.

use std::sync::Arc;

use super::SelectReason;
pub use crate::choose::{Lacks, Side};
use crate::policy::Policy;
use crate::reference::{Platform, Timestamp};

/// The verdict on one tag. Displays as a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagVerdict<'a> {
    /// The tag, as it was given.
    pub tag: &'a str,
    /// What became of it.
    pub verdict: Verdict,
}

/// The first thing that applies to a tag under a policy.
///
/// Has what a sentence about it needs beside the tag. There may be a million: what many have in common, they share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is no tag by the distribution project's grammar.
    InvalidTag,
    /// The policy denies it.
    Denied {
        /// The expression that matches.
        pattern: Arc<str>,
    },
    /// The policy does not look at it.
    Filtered {
        /// What keeps it out.
        by: Sieve,
    },
    /// Its suffix is another.
    SuffixDiffers {
        /// The wanted one; empty for none.
        wanted: Arc<str>,
        /// Why that is wanted.
        rule: SuffixRule,
    },
    /// The policy's kind cannot read it.
    Unreadable {
        /// The policy.
        policy: Policy,
        /// The text that its `extract` made of the tag.
        extract: Option<Box<str>>,
    },
    /// It has more or fewer numbers.
    PrecisionDiffers {
        /// How many it has.
        had: u8,
        /// How many the current tag has.
        wanted: u8,
        /// The current tag.
        current: Arc<str>,
    },
    /// It is a pre-release, and the policy does not ask for any.
    Prerelease {
        /// The text that the policy's `extract` made of the tag.
        extract: Option<Box<str>>,
        /// How to follow it, if it looks like a variant of a release.
        variant: Option<Variant>,
    },
    /// It is outside the range.
    OutOfRange {
        /// The range.
        range: Arc<str>,
        /// On which side, if that is clear.
        side: Option<Side>,
        /// How to follow it, if it looks like a variant of a release that is inside.
        variant: Option<Variant>,
    },
    /// A wanted platform is missing.
    WrongPlatform {
        /// Which, and which there are.
        platforms: Arc<WrongPlatform>,
    },
    /// Nobody knows its platforms.
    UnknownPlatform {
        /// Those that are wanted.
        wanted: Arc<[Platform]>,
    },
    /// It has no rank, as its build time is not known.
    UnknownBuildTime {
        /// Whether somebody has looked: there is none, or one that cannot be true.
        looked: bool,
    },
    /// It is the pick.
    Picked {
        /// Why.
        why: Why,
        /// Its place.
        place: Place,
    },
    /// It would be the pick, if more were known.
    Best {
        /// What is not known.
        unknown: Unknown,
        /// Its place.
        place: Place,
    },
    /// It is the current tag.
    Current {
        /// Its place.
        place: Place,
    },
    /// It ranks below the current value.
    Older {
        /// Its place.
        place: Place,
    },
    /// It ranks like the current value.
    Equal {
        /// Its place.
        place: Place,
    },
    /// It ranks above the current value.
    Newer {
        /// Whether it ranks like the one that is preferred to all others.
        ties: bool,
        /// Its place.
        place: Place,
    },
}

/// What a tag would have to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sieve {
    /// The filter's pattern.
    Pattern(Arc<str>),
    /// The glob of the kind.
    Glob(Arc<str>),
    /// The expression of the kind.
    Expression(Arc<str>),
    /// The rule that `latest` is left alone unless the policy names it.
    Latest,
    /// The one tag that the policy follows.
    Followed(Arc<str>),
}

/// Why one suffix is wanted and no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuffixRule {
    /// `suffix: keep`: it is the current tag's.
    Keep,
    /// `suffix: keep`, but there is no current tag.
    KeepOfNothing,
    /// `suffix: none`.
    None,
    /// The policy names it.
    Exactly,
}

/// How to follow variants such as `-alpine`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// By `suffix: keep`, for the current tag is one.
    Keep,
    /// By the suffix itself.
    Exactly,
}

/// A platform that a policy wants is not among a tag's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongPlatform {
    /// The first that is missing.
    pub missing: Platform,
    /// Some of those that there are.
    pub some: Vec<Platform>,
    /// How many there are.
    pub all: usize,
}

/// Where a candidate stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Beside what.
    pub standing: Arc<Standing>,
    /// When it was built, if candidates are ranked by that.
    pub built: Option<Timestamp>,
}

/// What all candidates of a selection are ranked beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// By what.
    pub ranked: Ranked,
    /// The current value; `None` if there is none.
    pub current: Option<Current>,
    /// The candidate that is preferred to all others.
    pub best: Option<Box<str>>,
    /// When it was built, if candidates are ranked by that.
    pub best_built: Option<Timestamp>,
    /// The tag of which too little is known, if that holds the pick back.
    pub blocked_by: Option<Box<str>>,
    /// How many candidates there are.
    pub candidates: usize,
    /// What comes of it all.
    pub reason: SelectReason,
}

/// What gives candidates their rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ranked {
    /// What the policy's kind reads.
    ByText,
    /// When they were built.
    ByBuildTime,
    /// Nothing: there is one, which the policy names.
    ByName,
}

/// The current value as candidates are ranked beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// The tag, or the start of a bare digest.
    pub value: Box<str>,
    /// Whether it has a rank.
    pub is_ranked: bool,
    /// What it is ranked as, if it does not read as it stands.
    pub counts_as: Option<Box<str>>,
    /// When it was built, if candidates are ranked by that.
    pub built: Option<Timestamp>,
}

/// Why a tag is the pick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It is the best, and the current value has no rank.
    Best,
    /// It is the best, and ranks above the current value.
    Newer,
    /// It ranks like the current value, which the policy does not look at.
    Instead,
    /// It is the best, and the policy allows it to rank below the current value.
    Downgrade,
    /// It is the tag that the policy follows.
    Followed,
    /// It is the current tag, and its digest is another.
    Moved,
    /// It is the current tag, and its digest is to be written.
    Pinned,
}

/// What is not known, so that nothing is picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unknown {
    /// The digest to write.
    Digest,
    /// Something of another tag, which could rank above.
    Other(Lacks),
}

impl Verdict {
    /// All codes, in the order in which verdicts apply.
    pub const CODES: [&'static str; 17] = [
        "invalidTag",
        "denied",
        "filtered",
        "suffixDiffers",
        "unreadable",
        "precisionDiffers",
        "prerelease",
        "outOfRange",
        "wrongPlatform",
        "unknownPlatform",
        "unknownBuildTime",
        "picked",
        "best",
        "current",
        "older",
        "equal",
        "newer",
    ];

    /// The code that is shown to machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidTag => "invalidTag",
            Self::Denied { .. } => "denied",
            Self::Filtered { .. } => "filtered",
            Self::SuffixDiffers { .. } => "suffixDiffers",
            Self::Unreadable { .. } => "unreadable",
            Self::PrecisionDiffers { .. } => "precisionDiffers",
            Self::Prerelease { .. } => "prerelease",
            Self::OutOfRange { .. } => "outOfRange",
            Self::WrongPlatform { .. } => "wrongPlatform",
            Self::UnknownPlatform { .. } => "unknownPlatform",
            Self::UnknownBuildTime { .. } => "unknownBuildTime",
            Self::Picked { .. } => "picked",
            Self::Best { .. } => "best",
            Self::Current { .. } => "current",
            Self::Older { .. } => "older",
            Self::Equal { .. } => "equal",
            Self::Newer { .. } => "newer",
        }
    }
}
