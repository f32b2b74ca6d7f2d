//! Why a policy is refused.

use std::fmt;

use thiserror::Error;

/// A policy is invalid: which part, and what to do about it.
///
/// The part is a key, with what stands inside it: `semver`, `filter.extract`,
/// `deny[2]`; empty when the policy as a whole is meant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{reason}", Prefix(part))]
pub struct PolicyError {
    part: String,
    reason: String,
}

impl PolicyError {
    pub(crate) fn new(part: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            part: part.into(),
            reason: reason.into(),
        }
    }

    /// The part that is wrong; empty when it is the whole.
    #[must_use]
    pub fn part(&self) -> &str {
        &self.part
    }

    /// What is wrong with it and what to write instead.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

struct Prefix<'a>(&'a str);

impl fmt::Display for Prefix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, "{}: ", self.0)
        }
    }
}

/// As much of a stranger's text as a message shows, with what a terminal would act on escaped.
pub(crate) fn shown(text: &str) -> String {
    let shown: String = text.chars().take(80).flat_map(char::escape_debug).collect();
    if text.chars().nth(80).is_some() {
        shown + "…"
    } else {
        shown
    }
}
