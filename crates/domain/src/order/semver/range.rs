//! Ranges of versions.

mod parse;
mod problem;

use std::cmp::Ordering;

use super::{Version, VersionKey};
use crate::choose::Side;
use crate::fault::Fault;
use crate::order::Rows;

/// A range: alternatives, one of which must hold.
#[derive(Debug, Clone)]
pub(crate) struct Range {
    text: String,
    alternatives: Vec<Alternative>,
    /// No version with a smaller key is inside.
    floor: VersionKey,
    /// No version with a larger key is inside.
    ceiling: VersionKey,
    /// Whether an alternative asks for pre-releases.
    names_prerelease: bool,
}

/// How a version stands to a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Membership {
    /// Inside.
    Inside,
    /// Outside only because it is a pre-release and nothing asks for one.
    Prerelease,
    /// Outside.
    Outside,
}

/// Comparators that must all hold.
#[derive(Debug, Clone, Default)]
struct Alternative {
    lower: Option<Bound>,
    upper: Option<Bound>,
    except: Vec<(Bound, Bound)>,
    /// Whether a comparator carries a pre-release, so that pre-releases may match.
    names_prerelease: bool,
}

/// One end of an interval.
#[derive(Debug, Clone)]
struct Bound {
    text: String,
    key: VersionKey,
    inclusive: bool,
}

impl Range {
    /// Reads a range; an empty text is `*`.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        let text = if text.trim_matches(' ').is_empty() { "*" } else { text };
        let alternatives = parse::alternatives(text)?;
        let floor = |alternative: &Alternative| {
            alternative
                .lower
                .as_ref()
                .map_or(VersionKey::SMALLEST, |bound| bound.key)
        };
        let ceiling = |alternative: &Alternative| {
            alternative
                .upper
                .as_ref()
                .map_or(VersionKey::LARGEST, |bound| bound.key)
        };
        Ok(Self {
            text: text.trim_matches(' ').to_owned(),
            floor: alternatives.iter().map(floor).min().unwrap_or(VersionKey::SMALLEST),
            ceiling: alternatives.iter().map(ceiling).max().unwrap_or(VersionKey::LARGEST),
            names_prerelease: alternatives.iter().any(|alternative| alternative.names_prerelease),
            alternatives,
        })
    }

    /// The range as written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// No version with a smaller key is inside.
    pub(crate) fn floor(&self) -> VersionKey {
        self.floor
    }

    /// No version with a larger key is inside.
    pub(crate) fn ceiling(&self) -> VersionKey {
        self.ceiling
    }

    /// The numbers that versions inside have: one interval for each alternative.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Rows> + '_ {
        self.alternatives.iter().map(Alternative::rows)
    }

    /// Whether a comparator carries a pre-release, so that some may be inside.
    pub(crate) fn names_prerelease(&self) -> bool {
        self.names_prerelease
    }

    /// On which side of the whole range a version is that is outside, if it is on one.
    pub(crate) fn side(&self, key: VersionKey, text: &str) -> Option<Side> {
        let all = |is_beyond: &dyn Fn(&Alternative) -> bool| self.alternatives.iter().all(is_beyond);
        let beyond = |bound: &Option<Bound>, holds: fn(&Bound, VersionKey, &str) -> bool| {
            bound.as_ref().is_some_and(|bound| !holds(bound, key, text))
        };
        if all(&|alternative| beyond(&alternative.lower, Bound::is_below)) {
            Some(Side::Below)
        } else if all(&|alternative| beyond(&alternative.upper, Bound::is_above)) {
            Some(Side::Above)
        } else {
            None
        }
    }

    /// Where the version with this key, read from `text`, stands.
    pub(crate) fn membership(&self, key: VersionKey, text: &str, prereleases: bool) -> Membership {
        let is_prerelease = key.is_prerelease(text);
        let mut membership = Membership::Outside;
        for alternative in &self.alternatives {
            if alternative.holds(key, text) {
                if !is_prerelease || prereleases || alternative.names_prerelease {
                    return Membership::Inside;
                }
                membership = Membership::Prerelease;
            }
        }
        membership
    }
}

impl Alternative {
    fn rows(&self) -> Rows {
        let mut rows = Rows::ALL;
        if let Some(version) = self.lower.as_ref().and_then(|bound| Version::read(&bound.text)) {
            rows = rows.from(version.numbers());
        }
        if let Some(bound) = &self.upper
            && let Some(version) = Version::read(&bound.text)
        {
            // Below its first pre-release there is nothing of a version.
            let is_before_all = !bound.inclusive && version.prerelease() == "0";
            rows = if is_before_all {
                rows.before(version.numbers())
            } else {
                rows.upto(version.numbers())
            };
        }
        rows
    }

    /// Whether the bounds hold; whether pre-releases may match at all is asked elsewhere.
    fn holds(&self, key: VersionKey, text: &str) -> bool {
        self.lower.as_ref().is_none_or(|bound| bound.is_below(key, text))
            && self.upper.as_ref().is_none_or(|bound| bound.is_above(key, text))
            && !self
                .except
                .iter()
                .any(|(lower, upper)| lower.is_below(key, text) && upper.is_above(key, text))
    }

    /// Adds a lower bound; the higher one counts.
    fn raise(&mut self, bound: Bound) {
        let tighter = self.lower.as_ref().is_none_or(|held| match bound.order(held) {
            Ordering::Equal => !bound.inclusive,
            order => order.is_gt(),
        });
        if tighter {
            self.lower = Some(bound);
        }
    }

    /// Adds an upper bound; the lower one counts.
    fn lower(&mut self, bound: Bound) {
        let tighter = self.upper.as_ref().is_none_or(|held| match bound.order(held) {
            Ordering::Equal => !bound.inclusive,
            order => order.is_lt(),
        });
        if tighter {
            self.upper = Some(bound);
        }
    }
}

impl Bound {
    fn new(text: String, inclusive: bool) -> Self {
        let key = VersionKey::read(&text);
        Self { text, key, inclusive }
    }

    fn order(&self, other: &Self) -> Ordering {
        self.key.compare(&self.text, other.key, &other.text)
    }

    fn is_below(&self, key: VersionKey, text: &str) -> bool {
        match key.compare(text, self.key, &self.text) {
            Ordering::Equal => self.inclusive,
            order => order.is_gt(),
        }
    }

    fn is_above(&self, key: VersionKey, text: &str) -> bool {
        match key.compare(text, self.key, &self.text) {
            Ordering::Equal => self.inclusive,
            order => order.is_lt(),
        }
    }
}

impl VersionKey {
    /// Whether the version that was read from `text` is a pre-release.
    fn is_prerelease(self, text: &str) -> bool {
        let large = || Version::read(text).is_some_and(|version| version.is_prerelease());
        self.is_plain_prerelease() || (!self.is_whole() && large())
    }
}
