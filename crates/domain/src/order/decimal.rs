//! Decimal numbers of any length (the kind `numeric` of `contracts/policies.md` §1).

use std::cmp::Ordering;

use super::packed::Packed;

/// A decimal number, `[0-9]+(\.[0-9]+)?`, compared exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal<'a> {
    /// Without leading zeros; 0 is empty.
    whole: &'a str,
    /// Without trailing zeros; none is empty.
    fraction: &'a str,
}

impl<'a> Decimal<'a> {
    /// Reads a number; `None` for everything else.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, is_number(fraction).then_some(fraction)?),
            None => (text, ""),
        };
        is_number(whole).then(|| Self {
            whole: whole.trim_start_matches('0'),
            fraction: fraction.trim_end_matches('0'),
        })
    }

    /// The start of the number, packed: the length of the whole part, its digits, then those of the fraction.
    pub(crate) fn key(&self) -> u128 {
        let mut packed = Packed::default();
        packed.number(self.whole, 0);
        // Each digit is one more, so that a fraction's end sorts before a zero.
        packed.digits(self.fraction, 1);
        packed.into_number()
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let whole = self.whole.len().cmp(&other.whole.len());
        whole
            .then_with(|| self.whole.cmp(other.whole))
            .then_with(|| self.fraction.cmp(other.fraction))
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
