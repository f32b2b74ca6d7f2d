//! Versions, read from tags without copying, and their order (`contracts/policies.md` §2).

mod detail;
mod key;
mod range;

pub(crate) use detail::Detail;
pub(crate) use key::VersionKey;
pub(crate) use range::{Membership, Range};

use std::cmp::Ordering;
use std::fmt;

use crate::order::{compare_digits, first_run};

#[cfg(test)]
mod tests;

/// A semantic version with one to three numbers, each of any length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version<'a> {
    /// Major, minor and patch without leading zeros; a missing one and 0 are empty.
    numbers: [&'a str; 3],
    /// How many numbers were written.
    count: usize,
    /// What follows the first `-`; empty for a release.
    prerelease: &'a str,
}

impl<'a> Version<'a> {
    /// Reads `v?N[.N[.N]][-PRE]`; `None` for everything else.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (core, prerelease) = match text.split_once('-') {
            Some((core, prerelease)) if is_prerelease(prerelease) => (core, prerelease),
            Some(_) => return None,
            None => (text, ""),
        };
        let mut numbers = [""; 3];
        let mut count = 0;
        for number in core.split('.') {
            if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            *numbers.get_mut(count)? = number.trim_start_matches('0');
            count += 1;
        }
        Some(Self {
            numbers,
            count,
            prerelease,
        })
    }

    /// The version that the first run of dotted numbers in `text` makes, at most three of them.
    ///
    /// `3.21.0_rc1` gives 3.21.0, `main-4f2` nothing: a number alone is no run.
    pub(crate) fn read_first_run(text: &'a str) -> Option<Self> {
        let run = first_run(text)?;
        let end = run.match_indices('.').nth(2).map_or(run.len(), |(at, _)| at);
        Self::read(&run[..end])
    }

    /// Major, minor and patch without leading zeros; 0 is empty.
    pub(crate) fn numbers(&self) -> &[&'a str; 3] {
        &self.numbers
    }

    /// How many numbers were written, 1 to 3.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// What follows the first `-`; empty for a release.
    pub(crate) fn prerelease(&self) -> &'a str {
        self.prerelease
    }

    /// The release that it is one before.
    pub(crate) fn release(self) -> Self {
        Self { prerelease: "", ..self }
    }

    pub(crate) fn is_prerelease(&self) -> bool {
        !self.prerelease.is_empty()
    }
}

/// Whether `text` is dot-separated identifiers as semver.org 2.0.0 §9 wants them.
pub(crate) fn is_prerelease(text: &str) -> bool {
    text.split('.').all(|part| {
        let letters = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let zero_first = part.len() > 1 && part.starts_with('0') && is_number(part);
        !part.is_empty() && letters && !zero_first
    })
}

fn is_number(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Compares what follows the `-`, by semver.org 2.0.0 §11; a release is above all its pre-releases.
fn compare_prereleases(one: &str, other: &str) -> Ordering {
    match (one.is_empty(), other.is_empty()) {
        (false, false) => {}
        (one, other) => return one.cmp(&other),
    }
    let mut others = other.split('.');
    for part in one.split('.') {
        let Some(other) = others.next() else {
            return Ordering::Greater;
        };
        let order = match (is_number(part), is_number(other)) {
            (true, true) => compare_digits(part, other),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => part.cmp(other),
        };
        if order.is_ne() {
            return order;
        }
    }
    if others.next().is_some() {
        Ordering::Less
    } else {
        Ordering::Equal
    }
}

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = self.numbers.iter().zip(&other.numbers);
        numbers
            .map(|(one, other)| compare_digits(one, other))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| compare_prereleases(self.prerelease, other.prerelease))
    }
}

impl PartialOrd for Version<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By precedence: `1.4`, `v1.4.0` and `1.04.0` are one.
impl PartialEq for Version<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version<'_> {}

impl fmt::Display for Version<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers.map(|number| if number.is_empty() { "0" } else { number });
        write!(f, "{major}.{minor}.{patch}")?;
        if self.is_prerelease() {
            write!(f, "-{}", self.prerelease)
        } else {
            Ok(())
        }
    }
}
