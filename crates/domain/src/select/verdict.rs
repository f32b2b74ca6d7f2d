//! What becomes of a tag.

use std::fmt;
use std::sync::Arc;

use crate::reference::Platform;

/// The first thing that applies to a tag under a policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
        /// What it would have to match; `None` for the rule that `latest` is left alone.
        pattern: Option<Arc<str>>,
    },
    /// Its suffix is another.
    SuffixDiffers {
        /// The wanted one; empty for none.
        wanted: Arc<str>,
    },
    /// The policy's kind cannot read it.
    Unreadable,
    /// It has more or fewer numbers.
    PrecisionDiffers {
        /// How many are wanted.
        wanted: usize,
    },
    /// It is a pre-release, and the policy does not ask for any.
    Prerelease,
    /// It is outside the range.
    OutOfRange {
        /// The range.
        range: Arc<str>,
    },
    /// A wanted platform is missing.
    WrongPlatform {
        /// The first that is.
        missing: Platform,
    },
    /// Nobody knows its platforms.
    UnknownPlatform,
    /// Nobody knows when it was built.
    UnknownBuildTime,
    /// It is the pick.
    Picked,
    /// It would be the pick, if more were known.
    Best,
    /// It is the current tag.
    Current,
    /// It ranks below the current value.
    Older,
    /// It ranks like the current value.
    Equal,
    /// It ranks above the current value.
    Newer,
}

impl Verdict {
    /// The code that is shown to machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidTag => "invalidTag",
            Self::Denied { .. } => "denied",
            Self::Filtered { .. } => "filtered",
            Self::SuffixDiffers { .. } => "suffixDiffers",
            Self::Unreadable => "unreadable",
            Self::PrecisionDiffers { .. } => "precisionDiffers",
            Self::Prerelease => "prerelease",
            Self::OutOfRange { .. } => "outOfRange",
            Self::WrongPlatform { .. } => "wrongPlatform",
            Self::UnknownPlatform => "unknownPlatform",
            Self::UnknownBuildTime => "unknownBuildTime",
            Self::Picked => "picked",
            Self::Best => "best",
            Self::Current => "current",
            Self::Older => "older",
            Self::Equal => "equal",
            Self::Newer => "newer",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidTag => f.write_str("this is no valid tag"),
            Self::Denied { pattern } => write!(f, "denied by `{pattern}`"),
            Self::Filtered { pattern: Some(pattern) } => write!(f, "does not match `{pattern}`"),
            Self::Filtered { pattern: None } => f.write_str("`latest` is left alone unless the policy names it"),
            Self::SuffixDiffers { wanted } if wanted.is_empty() => f.write_str("has a suffix, and none is wanted"),
            Self::SuffixDiffers { wanted } => write!(f, "does not have the suffix `{wanted}`"),
            Self::Unreadable => f.write_str("cannot be read as a version"),
            Self::PrecisionDiffers { wanted: 1 } => f.write_str("does not have just one number, as the current tag"),
            Self::PrecisionDiffers { wanted } => {
                write!(f, "does not have {wanted} numbers, as the current tag")
            }
            Self::Prerelease => f.write_str("is a pre-release, and the policy asks for none"),
            Self::OutOfRange { range } => write!(f, "is outside the range `{range}`"),
            Self::WrongPlatform { missing } => write!(f, "does not run on {missing}"),
            Self::UnknownPlatform => f.write_str("its platforms are not known"),
            Self::UnknownBuildTime => f.write_str("its build time is not known"),
            Self::Picked => f.write_str("is the pick"),
            Self::Best => f.write_str("would be the pick if more were known"),
            Self::Current => f.write_str("is the current tag"),
            Self::Older => f.write_str("ranks below the current value"),
            Self::Equal => f.write_str("ranks like the current value"),
            Self::Newer => f.write_str("ranks above the current value"),
        }
    }
}
