//! What a [`super::VersionKey`] has no room for, packed into one more number.

use super::{Version, is_number};

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
    pub(super) const NONE: Self = Self(0);

    /// Of a version that may have large numbers.
    pub(super) fn of_all(version: &Version<'_>) -> Self {
        let mut packed = Packed::default();
        for number in version.numbers {
            packed.number(number);
        }
        packed.prerelease(version.prerelease);
        packed.detail()
    }

    /// Of a version whose numbers are in its key.
    pub(super) fn of_prerelease(prerelease: &str) -> Self {
        let mut packed = Packed::default();
        packed.prerelease(prerelease);
        packed.detail()
    }
}

/// Bytes as long as there is room.
#[derive(Default)]
struct Packed {
    bytes: [u8; 16],
    length: usize,
}

impl Packed {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    /// A number without leading zeros: longer ones are larger; two digits a byte.
    fn number(&mut self, digits: &str) {
        let Ok(length) = u8::try_from(digits.len()) else {
            self.push(u8::MAX);
            // Nothing behind it may count before its own digits.
            self.length = self.bytes.len();
            return;
        };
        self.push(length);
        for pair in digits.as_bytes().chunks(2) {
            let low = pair.get(1).map_or(0, |digit| digit - b'0');
            self.push((pair[0] - b'0') << 4 | low);
        }
    }

    fn prerelease(&mut self, text: &str) {
        if text.is_empty() {
            return self.push(RELEASE);
        }
        for part in text.split('.') {
            if self.length == self.bytes.len() {
                return;
            }
            if is_number(part) {
                self.push(NUMBER);
                self.number(part);
            } else {
                self.push(WORD);
                part.bytes().for_each(|byte| self.push(byte));
                self.push(0);
            }
        }
    }

    fn detail(self) -> Detail {
        Detail(u128::from_be_bytes(self.bytes))
    }
}
