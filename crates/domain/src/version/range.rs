//! Ranges of versions.

mod parse;

use std::cmp::Ordering;

use super::{Version, VersionKey};

use parse::RangeError;

/// A range: alternatives, one of which must hold.
#[derive(Debug, Clone)]
pub(crate) struct Range {
    text: String,
    alternatives: Vec<Alternative>,
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
    pub(crate) fn parse(text: &str) -> Result<Self, RangeError> {
        let text = match text.trim_matches(' ') {
            "" => "*",
            text => text,
        };
        Ok(Self {
            text: text.to_owned(),
            alternatives: parse::alternatives(text)?,
        })
    }

    /// The range as written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
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
        !self.is_whole() && Version::read(text).is_some_and(|version| version.is_prerelease())
    }
}
