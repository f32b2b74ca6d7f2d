//! How each kind of policy reads a text, and the order of what it has read (`contracts/policies.md` §1 to §3).

mod calver;
mod decimal;
mod numbers;
mod packed;
mod rows;
mod semver;

use std::cmp::Ordering;

pub(crate) use calver::{Layout, Misread};
pub(crate) use numbers::{Comparators, Numbers};
pub(crate) use packed::Packed;
pub(crate) use rows::{Bytes, Rows};
pub(crate) use semver::{Detail, Membership, Range, Version, VersionKey};

use crate::policy::Direction;
use crate::reference::Timestamp;
use crate::scan::first_bytes;
use decimal::Decimal;

#[cfg(test)]
mod tests;

/// How a kind reads a text and orders what it has read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Order<'p> {
    /// Semantic versions, by precedence.
    Semver,
    /// Versions of up to eight numbers.
    Numbers,
    /// Calendar versions of a layout.
    Calver(&'p Layout),
    /// Decimal numbers.
    Decimal(Direction),
    /// Any text, by bytes.
    Bytes(Direction),
    /// Any text, by a build time that comes from elsewhere.
    Time,
}

/// A place in the order of one kind, as a number: what has a smaller one ranks lower; of equal ones the texts decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(u128);

impl Key {
    /// What is not known to rank anywhere.
    pub(crate) const NONE: Self = Self(0);

    /// What nothing ranks above.
    pub(crate) const LARGEST: Self = Self(u128::MAX);

    /// The key of a build time.
    pub(crate) fn of_time(time: Timestamp) -> Self {
        Self((i128::from(time.as_unix_nanoseconds()) - i128::from(i64::MIN)).unsigned_abs())
    }

    /// The build time that the key is of, which it must be.
    pub(crate) fn time(self) -> Timestamp {
        let nanoseconds = i128::try_from(self.0).unwrap_or(i128::MAX) + i128::from(i64::MIN);
        Timestamp::from_unix_nanoseconds(i64::try_from(nanoseconds).unwrap_or(i64::MAX))
    }

    /// The key as one of a semantic version, which it must be.
    pub(crate) fn version(self) -> VersionKey {
        VersionKey::from_number(self.0)
    }
}

impl From<VersionKey> for Key {
    fn from(version: VersionKey) -> Self {
        Self(version.into_number())
    }
}

impl Order<'_> {
    /// Reads a text in one pass; `None` if this is nothing that the kind knows.
    pub(crate) fn read(self, text: &str) -> Option<Key> {
        match self {
            Self::Semver => {
                let key = VersionKey::read(text);
                key.is_readable().then(|| key.into())
            }
            Self::Numbers => Numbers::read(text).map(|numbers| Key(numbers.key())),
            Self::Calver(layout) => layout.read(text).map(|date| Key(date.key())),
            Self::Decimal(direction) => Decimal::read(text).map(|decimal| Key(direction.of(decimal.key()))),
            Self::Bytes(direction) => Some(Key(direction.of(first_bytes(text)))),
            Self::Time => Some(Key::NONE),
        }
    }

    /// What orders texts of equal keys, mostly without looking at them again.
    pub(crate) fn detail(self, key: Key, text: &str) -> Detail {
        match self {
            Self::Semver => key.version().detail(text),
            _ => Detail::NONE,
        }
    }

    /// The order of two texts of equal keys, which the kind can read.
    pub(crate) fn compare_texts(self, key: Key, one: &str, other: &str) -> Ordering {
        match self {
            Self::Semver => key.version().compare(one, key.version(), other),
            Self::Numbers => Numbers::read(one).cmp(&Numbers::read(other)),
            Self::Calver(layout) => match (layout.read(one), layout.read(other)) {
                (Some(one), Some(other)) => one.compare(&other),
                (one, other) => one.is_some().cmp(&other.is_some()),
            },
            Self::Decimal(direction) => direction.turn(Decimal::read(one).cmp(&Decimal::read(other))),
            Self::Bytes(direction) => direction.turn(one.cmp(other)),
            Self::Time => Ordering::Equal,
        }
    }

    /// The text that the first run of dotted numbers in a tag makes, for kinds that rank by it what they cannot read.
    pub(crate) fn first_run(self, tag: &str) -> Option<String> {
        match self {
            Self::Semver => Version::read_first_run(tag).map(|version| version.to_string()),
            Self::Numbers => first_run(tag).map(first_numbers),
            _ => None,
        }
    }

    /// How many numbers a text that the kind can read has, where precision counts them.
    pub(crate) fn count(self, text: &str) -> Option<usize> {
        match self {
            Self::Semver => Version::read(text).map(|version| version.count()),
            Self::Numbers => Numbers::read(text).map(|numbers| numbers.count()),
            _ => None,
        }
    }
}

impl Direction {
    /// The key as it counts in this direction.
    fn of(self, key: u128) -> u128 {
        match self {
            Self::Ascending => key,
            Self::Descending => !key,
        }
    }

    fn turn(self, order: Ordering) -> Ordering {
        match self {
            Self::Ascending => order,
            Self::Descending => order.reverse(),
        }
    }
}

/// Compares decimal numbers without leading zeros, whatever their length.
pub(crate) fn compare_digits(one: &str, other: &str) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

/// The first run of at least two numbers joined by single dots: `3.21.0` of `3.21.0_rc1`, nothing of `main-4f2`.
pub(crate) fn first_run(text: &str) -> Option<&str> {
    text.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'))
        .find_map(|run| {
            run.split("..")
                .map(|run| run.trim_matches('.'))
                .find(|run| run.contains('.'))
        })
}

/// As many numbers as a version may have.
fn first_numbers(run: &str) -> String {
    let numbers: Vec<&str> = run.split('.').take(numbers::MOST).collect();
    numbers.join(".")
}
