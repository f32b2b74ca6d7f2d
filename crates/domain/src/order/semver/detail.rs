//! What a [`super::VersionKey`] has no room for, packed into one more number.

use super::{Version, is_number};
use crate::order::Packed;

/// The start of what a key leaves out: of a pre-release its identifiers, of large numbers everything.
///
/// Sorts like it. Two that are equal may still differ further on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Detail(u128);

/// An identifier that is a number follows; below [`WORD`].
const NUMBER: u8 = 1;

/// An identifier that is none follows. Zero, the end, is below both, so that fewer identifiers rank lower.
const WORD: u8 = 2;

/// There is no pre-release, which ranks above all.
const RELEASE: u8 = 3;

impl Detail {
    /// Of a version that its key describes wholly.
    pub(crate) const NONE: Self = Self(0);

    /// Of a version that may have large numbers.
    pub(super) fn of_all(version: &Version<'_>) -> Self {
        let mut packed = Packed::default();
        for number in version.numbers {
            packed.number(number, 0);
        }
        packed.prerelease(version.prerelease);
        Self(packed.into_number())
    }

    /// Of a version whose numbers are in its key.
    pub(super) fn of_prerelease(prerelease: &str) -> Self {
        let mut packed = Packed::default();
        packed.prerelease(prerelease);
        Self(packed.into_number())
    }
}

impl Packed {
    fn prerelease(&mut self, text: &str) {
        if text.is_empty() {
            return self.push(RELEASE);
        }
        for part in text.split('.') {
            if self.is_full() {
                return;
            }
            if is_number(part) {
                self.push(NUMBER);
                self.number(part, 0);
            } else {
                self.push(WORD);
                self.push_all(part.as_bytes());
                self.push(0);
            }
        }
    }
}
