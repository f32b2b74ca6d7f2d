//! Versions packed into one number that sorts like them.

use std::cmp::Ordering;

use super::{Detail, Version, is_prerelease};

/// Bits for each of the three numbers.
const BITS: u32 = 40;

/// The first number that has no room; it and all above share one key.
const FULL: u64 = (1 << BITS) - 1;

/// Numbers of so many digits fit 64 bits.
const MOST_DIGITS: usize = 19;

/// Lowest byte: a pre-release. Its text decides among equals.
const PRERELEASE: u128 = 1;

/// Lowest byte: a release, which the numbers describe wholly.
const RELEASE: u128 = 2;

/// A version's place in the order, as one number.
///
/// Whatever has a smaller key ranks lower. Two equal keys of releases rank
/// equal; of pre-releases, and of numbers too large to pack, the texts decide
/// (see [`VersionKey::compare`]). The smallest key is "no version".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VersionKey(u128);

impl VersionKey {
    /// What does not read as a version.
    pub(crate) const UNREADABLE: Self = Self(0);

    /// Below or at every version.
    pub(super) const SMALLEST: Self = Self(1);

    /// Above or at every version.
    pub(super) const LARGEST: Self = Self(u128::MAX);

    /// The key that [`VersionKey::into_number`] gave.
    pub(crate) fn from_number(number: u128) -> Self {
        Self(number)
    }

    /// The key as a number that sorts like it.
    pub(crate) fn into_number(self) -> u128 {
        self.0
    }

    /// Reads a version in one pass, without copying; the same grammar as [`Version::read`].
    pub(crate) fn read(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut at = usize::from(bytes.first() == Some(&b'v'));
        let mut numbers = [0_u64; 3];
        let mut count = 0;
        loop {
            let start = at;
            let mut number = 0_u64;
            while let Some(&byte) = bytes.get(at)
                && byte.is_ascii_digit()
            {
                number = number.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                at += 1;
            }
            if at - start > MOST_DIGITS {
                // It may have wrapped, or begin with zeros.
                let digits = text[start..at].trim_start_matches('0');
                number = if digits.is_empty() {
                    0
                } else {
                    digits.parse().unwrap_or(u64::MAX)
                };
            }
            if at == start || count == 3 {
                return Self::UNREADABLE;
            }
            numbers[count] = number;
            count += 1;
            match bytes.get(at) {
                None => return Self::pack(numbers, RELEASE),
                Some(b'.') => at += 1,
                Some(b'-') if is_prerelease(&text[at + 1..]) => {
                    return Self::pack(numbers, PRERELEASE);
                }
                Some(_) => return Self::UNREADABLE,
            }
        }
    }

    fn pack(numbers: [u64; 3], lowest: u128) -> Self {
        let mut key = 0;
        for (place, &number) in numbers.iter().enumerate() {
            let shift = 8 + BITS * (2 - place as u32);
            if number >= FULL {
                // All that share what stands before get one key, below whatever is larger there.
                return Self(key | (u128::MAX >> (u128::BITS - shift - BITS)));
            }
            key |= u128::from(number) << shift;
        }
        Self(key | lowest)
    }

    pub(crate) fn is_readable(self) -> bool {
        self != Self::UNREADABLE
    }

    /// Whether it is a pre-release whose numbers are not too large.
    pub(crate) fn is_plain_prerelease(self) -> bool {
        self.0 & 0xff == PRERELEASE
    }

    /// Whether equal keys mean equal versions.
    pub(super) fn is_whole(self) -> bool {
        self.0 & 0xff == RELEASE
    }

    /// What orders versions of equal keys, mostly without looking at their texts again.
    pub(crate) fn detail(self, text: &str) -> Detail {
        match self.0 & 0xff {
            RELEASE => Detail::NONE,
            PRERELEASE => Detail::of_prerelease(text.split_once('-').map_or("", |(_, prerelease)| prerelease)),
            _ => Version::read(text).map_or(Detail::NONE, |version| Detail::of_all(&version)),
        }
    }

    /// The order of two versions, given the texts that their keys were read from.
    pub(crate) fn compare(self, text: &str, other: Self, other_text: &str) -> Ordering {
        self.0.cmp(&other.0).then_with(|| {
            if self.is_whole() {
                Ordering::Equal
            } else {
                Version::read(text).cmp(&Version::read(other_text))
            }
        })
    }
}
