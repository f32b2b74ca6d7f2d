//! The natural order of texts: `ls9` before `ls24`.
//!
//! A text is runs of digits and runs of other bytes. Digits compare as numbers,
//! a run of digits ranks below another run, and the end below everything.

use std::cmp::Ordering;

use super::super::compare_digits;
use super::super::packed::Packed;

/// A run of digits follows. Below every printable byte, above the end.
const DIGITS: u8 = 1;

/// Compares two texts.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    loop {
        let order = match (one.first(), other.first()) {
            (None, None) => return Ordering::Equal,
            (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => {
                compare_digits(take_number(&mut one), take_number(&mut other))
            }
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => {
                let order = (!a.is_ascii_digit(), a).cmp(&(!b.is_ascii_digit(), b));
                (one, other) = (&one[1..], &other[1..]);
                order
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// The digits that a text begins with, without leading zeros; the text goes on behind them.
fn take_number<'a>(text: &mut &'a [u8]) -> &'a str {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    *text = rest;
    std::str::from_utf8(digits)
        .expect("digits are ASCII")
        .trim_start_matches('0')
}

/// Appends as much of a text as fits, in an order that is the same.
pub(super) fn pack(text: &str, packed: &mut Packed) {
    let mut rest = text.as_bytes();
    while let Some(&byte) = rest.first()
        && !packed.is_full()
    {
        if byte.is_ascii_digit() {
            packed.push(DIGITS);
            packed.number(take_number(&mut rest), 0);
        } else {
            packed.push(byte);
            rest = &rest[1..];
        }
    }
}
