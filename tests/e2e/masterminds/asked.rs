//! What both were asked, as the rows of differences look at it.

use std::fmt;
use std::rc::Rc;

use super::comparators::{Comparator, Version, comparators, is_number};

/// What both were asked.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    pub(super) constraint: &'a str,
    alternatives: Rc<Vec<Vec<Comparator>>>,
    pub(super) version: &'a str,
    pub(super) read: Version,
    prereleases: bool,
}

impl<'a> Asked<'a> {
    /// Whether there is such a constraint.
    pub(super) fn constraint(constraint: &'a str) -> Self {
        Self {
            constraint,
            alternatives: Rc::new(constraint.split("||").map(comparators).collect()),
            version: "",
            read: Version::read(""),
            prereleases: false,
        }
    }

    /// The same of a version.
    pub(super) fn about(&self, version: &'a str) -> Self {
        Self {
            version,
            read: Version::read(version),
            ..self.clone()
        }
    }

    /// The same with or without all pre-releases.
    pub(super) fn with_prereleases(&self, prereleases: bool) -> Self {
        Self {
            prereleases,
            ..self.clone()
        }
    }

    pub(super) fn any(&self, is: impl FnMut(&Comparator) -> bool) -> bool {
        self.alternatives.iter().flatten().any(is)
    }

    pub(super) fn has_long_identifier(&self) -> bool {
        has_long_identifier(&self.read.prerelease) || self.any(|one| has_long_identifier(&one.prerelease))
    }

    /// Whether the comparators of an alternative look at such a version at all.
    fn considers(&self, alternative: &[Comparator]) -> bool {
        self.prereleases || !self.read.is_prerelease() || alternative.iter().any(|one| !one.prerelease.is_empty())
    }

    pub(super) fn considered(&self) -> impl Iterator<Item = &Comparator> {
        let alternatives = self.alternatives.iter();
        alternatives.filter(|alternative| self.considers(alternative)).flatten()
    }

    /// The only comparator, if it looks at such a version.
    pub(super) fn only(&self) -> Option<&Comparator> {
        let [alternative] = self.alternatives.as_slice() else {
            return None;
        };
        match alternative.as_slice() {
            [one] if self.considers(alternative) => Some(one),
            _ => None,
        }
    }
}

impl fmt::Display for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.constraint)?;
        if !self.version.is_empty() {
            write!(f, " and {}", self.version)?;
        }
        if self.prereleases {
            f.write_str(" with pre-releases")?;
        }
        Ok(())
    }
}

fn has_long_identifier(prerelease: &str) -> bool {
    prerelease
        .split('.')
        .any(|part| is_number(part) && part.parse::<u64>().is_err())
}
