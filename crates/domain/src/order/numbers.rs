//! Versions of one to eight numbers, and comparators over them (the kind `version` of `contracts/policies.md` §1).

mod comparators;
mod natural;

use std::cmp::Ordering;

use super::packed::Packed;

pub(crate) use comparators::Comparators;

/// The most numbers that a tag may have.
pub(crate) const MOST: usize = 8;

/// What stands before a number when packed, so that smaller bytes are left for the end of the numbers.
const NUMBER: u8 = 2;

/// The numbers end here. Sorts before one more number.
const END: u8 = 1;

/// A version of numbers joined by dots, perhaps with a text behind: `9.9.0.65466-community`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers<'a> {
    /// As written, without the `v`.
    core: &'a str,
    /// What stands behind the first `-`; empty for none.
    text: &'a str,
}

impl<'a> Numbers<'a> {
    /// Reads `v?N(.N){0,7}(-TEXT)?`; `None` for everything else.
    pub(crate) fn read(tag: &'a str) -> Option<Self> {
        let rest = tag.strip_prefix('v').unwrap_or(tag);
        let (core, text) = match rest.split_once('-') {
            Some((core, text)) => (core, is_printable(text).then_some(text)?),
            None => (rest, ""),
        };
        let numbers = Self { core, text };
        (are_numbers(core) && numbers.count() <= MOST).then_some(numbers)
    }

    /// How many numbers were written.
    pub(crate) fn count(&self) -> usize {
        self.core.split('.').count()
    }

    /// The numbers without leading zeros; 0 is empty.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.core.split('.').map(|number| number.trim_start_matches('0'))
    }

    /// As much of the version as fits, packed.
    pub(crate) fn key(&self) -> u128 {
        let mut packed = Packed::default();
        let mut zeros = 0;
        for number in self.numbers() {
            if number.is_empty() {
                zeros += 1;
                continue;
            }
            (0..zeros).for_each(|_| packed.number("", NUMBER));
            zeros = 0;
            packed.number(number, NUMBER);
        }
        packed.push(END);
        natural::pack(self.text, &mut packed);
        packed.into_number()
    }
}

fn are_numbers(core: &str) -> bool {
    core.split('.')
        .all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a text may stand behind the `-`.
fn is_printable(text: &str) -> bool {
    !text.is_empty() && !text.bytes().any(|byte| byte.is_ascii_control())
}

/// Compares two rows of numbers without leading zeros; a missing one is 0.
fn compare_rows<'a>(one: impl Iterator<Item = &'a str>, other: impl Iterator<Item = &'a str>) -> Ordering {
    let (mut one, mut other) = (one.fuse(), other.fuse());
    loop {
        match (one.next(), other.next()) {
            (None, None) => return Ordering::Equal,
            (one, other) => {
                let order = super::compare_digits(one.unwrap_or_default(), other.unwrap_or_default());
                if order.is_ne() {
                    return order;
                }
            }
        }
    }
}

/// Number by number; then no text before any text, and texts in natural order.
impl Ord for Numbers<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_rows(self.numbers(), other.numbers()).then_with(|| natural::compare(self.text, other.text))
    }
}

impl PartialOrd for Numbers<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By rank: `1.4`, `v1.4.0` and `1.04.0.0` are one.
impl PartialEq for Numbers<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Numbers<'_> {}
