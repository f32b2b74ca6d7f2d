//! Whether a proposal may be written. Only what passes here is.

use std::cmp::Ordering;
use std::fmt;

use crate::decide::{Height, Proposal};
use crate::reference::{Digest, Repository, Tag, Value};

#[cfg(test)]
mod tests;

/// What is known about a target that could hold a proposal back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checks {
    /// The text of `tidemark.dev/hold`, if the target has one.
    pub hold: Option<String>,
    /// The highest tag that was written here under this policy and seen at the head.
    pub high_water: Option<Height>,
}

/// A proposal that may be written. Only [`Proposal::review`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved(Proposal);

/// A proposal that is held back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What is held.
    pub proposal: Proposal,
    /// Why.
    pub reason: HoldReason,
}

/// Why a proposal is held back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HoldReason {
    /// A person asked for it.
    Hold {
        /// Their words; they may be none.
        text: String,
    },
    /// It ranks below what was already here.
    BelowHighWater {
        /// The highest tag that was written here.
        mark: Tag,
    },
    /// A person went back, and there is nothing newer than what they left.
    HumanOverride {
        /// The highest tag that was written here.
        mark: Tag,
    },
}

impl HoldReason {
    /// The code that is shown to machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Hold { .. } => "hold",
            Self::BelowHighWater { .. } => "belowHighWater",
            Self::HumanOverride { .. } => "humanOverride",
        }
    }
}

impl fmt::Display for HoldReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hold { text } if text.is_empty() => f.write_str("held by hand"),
            Self::Hold { text } => write!(f, "held by hand: {text}"),
            Self::BelowHighWater { mark } => {
                write!(f, "it ranks below `{mark}`, which was here before")
            }
            Self::HumanOverride { mark } => {
                write!(
                    f,
                    "somebody went back from `{mark}`; held until something newer than that appears"
                )
            }
        }
    }
}

impl Proposal {
    /// Approves the proposal, or says what holds it back.
    ///
    /// # Errors
    ///
    /// The proposal, with the first reason that holds it.
    #[expect(
        clippy::result_large_err,
        reason = "a held proposal is an everyday answer, and is moved once"
    )]
    pub fn review(self, checks: Checks) -> Result<Approved, Held> {
        let Checks { hold, high_water } = checks;
        let held = hold
            .map(|text| HoldReason::Hold { text })
            .or_else(|| self.under_the_mark(high_water?));
        match held {
            Some(reason) => Err(Held { proposal: self, reason }),
            None => Ok(Approved(self)),
        }
    }

    /// Whether the high-water mark holds it; `allowDowngrade` is the one exception.
    fn under_the_mark(&self, mark: Height) -> Option<HoldReason> {
        let policy = self.policy();
        if policy.allows_downgrade() {
            return None;
        }
        let proposed = policy.compare(&self.height, &mark)?;
        let from = self.from_height.as_ref();
        let lowered = from
            .and_then(|height| policy.compare(height, &mark))
            .is_some_and(Ordering::is_lt);
        let mark = mark.tag;
        match proposed {
            Ordering::Less => Some(HoldReason::BelowHighWater { mark }),
            Ordering::Equal if lowered => Some(HoldReason::HumanOverride { mark }),
            _ => None,
        }
    }
}

impl Approved {
    /// The image's name.
    #[must_use]
    pub fn repository(&self) -> &Repository {
        self.0.repository()
    }

    /// The value that is replaced.
    #[must_use]
    pub fn from(&self) -> &Value {
        self.0.from()
    }

    /// The value to write.
    #[must_use]
    pub fn to(&self) -> &Value {
        self.0.to()
    }

    /// What the tag resolved to, whether or not it is written.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        self.0.digest()
    }

    /// The proposal that was approved.
    #[must_use]
    pub fn proposal(&self) -> &Proposal {
        &self.0
    }
}
