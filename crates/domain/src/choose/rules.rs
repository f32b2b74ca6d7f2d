//! How a policy looks at one tag.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::policy::{Filter, Options, Policy, Precision, Suffix};
use crate::reference::{Platform, Tag};
use crate::select::Verdict;
use crate::version::{Detail, Membership, Range, Version, VersionKey};

/// A version policy together with what it takes from the current tag.
pub(crate) struct Rules<'a> {
    range: &'a Range,
    options: &'a Options,
    /// The suffix that candidates must have; `None` if any will do.
    suffix: Option<&'a str>,
    /// How many numbers candidates must have.
    precision: Option<usize>,
    current: Option<&'a Tag>,
    /// The rank of the current value, if it has one.
    pub(crate) rank: Option<Read<'a>>,
}

/// A tag as a version: its place in the order, and the text that it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Read<'a> {
    key: VersionKey,
    detail: Detail,
    text: Cow<'a, str>,
}

impl<'a> Read<'a> {
    fn new(text: Cow<'a, str>) -> Option<Self> {
        let key = VersionKey::read(&text);
        key.is_readable().then(|| Self {
            key,
            detail: key.detail(&text),
            text,
        })
    }

    /// A text that was read before.
    pub(super) fn known(key: VersionKey, text: &'a str) -> Self {
        Self {
            key,
            detail: key.detail(text),
            text: Cow::Borrowed(text),
        }
    }

    pub(super) fn key(&self) -> VersionKey {
        self.key
    }

    /// The order of the two, by rank alone.
    pub(crate) fn compare(&self, other: &Read<'_>) -> Ordering {
        let packed = (self.key, self.detail).cmp(&(other.key, other.detail));
        packed.then_with(|| self.key.compare(&self.text, other.key, &other.text))
    }
}

impl<'a> Rules<'a> {
    pub(crate) fn new(policy: &'a Policy, range: &'a Range, current: Option<&'a Tag>) -> Self {
        let options = policy.options();
        let suffix = match &options.suffix {
            Suffix::Any => None,
            Suffix::Keep => Some(current.map_or("", |tag| split_suffix(tag.as_str()).1)),
            Suffix::None => Some(""),
            Suffix::Exactly(text) => Some(text.as_str()),
        };
        let mut rules = Self {
            range,
            options,
            suffix,
            precision: None,
            current,
            rank: None,
        };
        let read = current.and_then(|tag| rules.read_written(tag));
        if options.precision == Precision::Keep {
            rules.precision = read.as_ref().and_then(|read| numbers(&read.text));
        }
        rules.rank = current.and_then(|tag| rules.rank_of(tag));
        rules
    }

    /// Whether a tag's text alone decides, without filters, suffixes and precision.
    pub(super) fn are_plain(&self) -> bool {
        let Options { filter, deny, .. } = self.options;
        filter.is_none() && deny.is_empty() && self.suffix.is_none() && self.precision.is_none()
    }

    /// Reads a tag, or says why it is no candidate; platforms are not looked at.
    pub(crate) fn judge<'t>(&self, tag: &'t str) -> Result<Read<'t>, Verdict> {
        if !Tag::is_valid(tag) {
            return Err(Verdict::InvalidTag);
        }
        if let Some(pattern) = self.options.deny.iter().find(|pattern| pattern.is_match(tag)) {
            return Err(Verdict::Denied {
                pattern: pattern.as_str().into(),
            });
        }
        self.check_filter(tag)?;
        let (stem, suffix) = split_suffix(tag);
        if let Some(wanted) = self.suffix.filter(|&wanted| wanted != suffix) {
            return Err(Verdict::SuffixDiffers { wanted: wanted.into() });
        }
        let text = self.extracted(tag).map_or(
            Cow::Borrowed(if self.suffix.is_some() { stem } else { tag }),
            Cow::Owned,
        );
        let read = Read::new(text).ok_or(Verdict::Unreadable)?;
        if let Some(wanted) = self.precision.filter(|&wanted| numbers(&read.text) != Some(wanted)) {
            return Err(Verdict::PrecisionDiffers { wanted });
        }
        self.check_range(&read)?;
        Ok(read)
    }

    fn check_filter(&self, tag: &str) -> Result<(), Verdict> {
        if is_latest(tag) && !self.options.filter.as_ref().is_some_and(Filter::mentions_latest) {
            return Err(Verdict::Filtered { pattern: None });
        }
        match &self.options.filter {
            Some(filter) if !filter.pattern.is_match(tag) => Err(Verdict::Filtered {
                pattern: Some(filter.pattern.as_str().into()),
            }),
            _ => Ok(()),
        }
    }

    /// Whether a tag with this key can be in the range; cheap, and never wrong about one that is.
    pub(super) fn may_hold(&self, key: VersionKey) -> bool {
        self.range.may_hold(key, self.options.prerelease)
    }

    /// Whether a version is in the range.
    pub(super) fn check_range(&self, read: &Read<'_>) -> Result<(), Verdict> {
        match self.range.membership(read.key, &read.text, self.options.prerelease) {
            Membership::Inside => Ok(()),
            Membership::Prerelease => Err(Verdict::Prerelease),
            Membership::Outside => Err(Verdict::OutOfRange {
                range: self.range.as_str().into(),
            }),
        }
    }

    /// The first wanted platform that is not among a tag's.
    pub(crate) fn lacking(&self, platforms: &[Platform]) -> Option<&'a Platform> {
        self.options.platforms.iter().find(|wanted| !platforms.contains(wanted))
    }

    /// Whether platforms matter.
    pub(crate) fn wants_platforms(&self) -> bool {
        !self.options.platforms.is_empty()
    }

    /// What the filter makes of a tag, if it makes anything.
    fn extracted(&self, tag: &str) -> Option<String> {
        let filter = self.options.filter.as_ref()?;
        filter.extracted(filter.extract.as_ref()?, tag)
    }

    /// Reads a tag that is written somewhere, for its rank alone: the range and the like do not matter.
    fn read_written<'t>(&self, tag: &'t Tag) -> Option<Read<'t>> {
        let tag = tag.as_str();
        self.check_filter(tag).ok()?;
        let stem = if self.suffix.is_some() {
            split_suffix(tag).0
        } else {
            tag
        };
        Read::new(self.extracted(tag).map_or(Cow::Borrowed(stem), Cow::Owned))
    }

    /// The rank of a tag that is written somewhere: by what it reads as, else by the dotted numbers in it.
    pub(crate) fn rank_of<'t>(&self, tag: &'t Tag) -> Option<Read<'t>> {
        self.read_written(tag).or_else(|| first_run(tag))
    }

    /// Of two candidates of one rank, the order in which they are preferred, the better one greater.
    pub(crate) fn preference(&self, one: &str, other: &str) -> Ordering {
        let is_current = |tag: &str| self.current.is_some_and(|current| current.as_str() == tag);
        let same_v = |tag: &str| {
            self.current
                .is_some_and(|current| has_v(current.as_str()) == has_v(tag))
        };
        is_current(one)
            .cmp(&is_current(other))
            .then_with(|| same_v(one).cmp(&same_v(other)))
            .then_with(|| dotted_numbers(one).cmp(&dotted_numbers(other)))
            .then_with(|| one.cmp(other))
    }
}

/// The rank of a tag that does not read but holds dotted numbers.
fn first_run(tag: &Tag) -> Option<Read<'static>> {
    let version = Version::read_first_run(tag.as_str())?;
    Read::new(Cow::Owned(version.to_string()))
}

/// A tag without its suffix, and the suffix: what stands from the first `-` on.
fn split_suffix(tag: &str) -> (&str, &str) {
    tag.split_at(tag.find('-').unwrap_or(tag.len()))
}

fn is_latest(tag: &str) -> bool {
    tag.eq_ignore_ascii_case("latest")
}

/// How many numbers a version has.
fn numbers(text: &str) -> Option<usize> {
    Version::read(text).map(|version| version.count())
}

/// Whether a tag begins with `v` before a digit.
fn has_v(tag: &str) -> bool {
    matches!(tag.as_bytes(), [b'v', b'0'..=b'9', ..])
}

/// How many numbers joined by dots a tag begins with, after the `v`.
fn dotted_numbers(tag: &str) -> usize {
    let tag = if has_v(tag) { &tag[1..] } else { tag };
    tag.split('.')
        .scan(false, |ended, part| {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let counts = !*ended && digits > 0;
            *ended |= digits < part.len();
            counts.then_some(())
        })
        .count()
}
