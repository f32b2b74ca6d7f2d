//! Names of branches.

use std::{fmt, str::FromStr};

/// Longest name of a branch, in bytes.
const LONGEST_BRANCH: usize = 240;

/// The name of a branch, without `refs/heads/`, by the rules of `git check-ref-format --branch`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BranchName(String);

/// The text cannot be the name of a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name of a branch {0}")]
pub struct BranchError(&'static str);

impl BranchName {
    /// Checks a name.
    ///
    /// # Errors
    ///
    /// The rule of git that the name breaks.
    pub fn parse(text: &str) -> Result<Self, BranchError> {
        match broken_rule(text) {
            Some(rule) => Err(BranchError(rule)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The name as people write it, like `main`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The full name of the reference, like `refs/heads/main`.
    pub(crate) fn reference(&self) -> String {
        format!("refs/heads/{}", self.0)
    }
}

impl fmt::Display for BranchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for BranchName {
    type Err = BranchError;

    fn from_str(text: &str) -> Result<Self, BranchError> {
        Self::parse(text)
    }
}

fn broken_rule(text: &str) -> Option<&'static str> {
    let forbidden = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    let bad_component = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
    let rules = [
        (text.is_empty(), "is empty"),
        (text.len() > LONGEST_BRANCH, "is longer than 240 bytes"),
        (text.starts_with('-'), "begins with `-`"),
        (
            text == "@" || text == "HEAD",
            "is `HEAD` or `@`; name the branch itself",
        ),
        (
            text.starts_with("refs/"),
            "begins with `refs/`; leave out `refs/heads/`",
        ),
        (
            text.contains(forbidden),
            "holds a space, a control character or one of `~^:?*[\\`",
        ),
        (text.contains("..") || text.contains("@{"), "holds `..` or `@{`"),
        (text.ends_with('.'), "ends with `.`"),
        (
            text.split('/').any(bad_component),
            "has a part between slashes that is empty, begins with `.` or ends with `.lock`",
        ),
    ];
    rules.into_iter().find_map(|(broken, rule)| broken.then_some(rule))
}

#[cfg(test)]
mod tests;
