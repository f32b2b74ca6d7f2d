//! Why a text is no layout, worded for the person who wrote it.

use thiserror::Error;

use super::{TOKENS, Token, Unit};
use crate::near;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Problem {
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    #[error("it has no token{}", near::question(.0.as_deref()))]
    NoToken(Option<String>),
    #[error("it has no token; there are {}", names())]
    Unlike,
    #[error("`{0}` and `{1}` are one unit, and a layout has each unit once{2}")]
    Twice(&'static str, &'static str, &'static str),
    #[error("`{0}`, a month, needs a year beside it{1}")]
    MonthWithoutYear(&'static str, &'static str),
    #[error("`{0}`, a day, needs a month beside it")]
    DayWithoutMonth(&'static str),
    #[error("`{0}`, a week, cannot stand beside a month or a day")]
    WeekBesideMonth(&'static str),
    #[error("`{0}` has no fixed width, so that something else than a token must follow it{1}")]
    Varying(&'static str, &'static str),
}

/// What stands for minutes, where months were written twice or beside hours.
pub(super) const MINUTES: &str = "; minutes are `mm`";

fn names() -> String {
    TOKENS.map(|token| token.name).join(", ")
}

impl Problem {
    /// A text without any token: perhaps a layout of another language, or a date.
    pub(super) fn no_token(text: &str) -> Self {
        match date(text).or_else(|| translated(text)) {
            Some(meant) => Self::NoToken(Some(meant)),
            None => Self::Unlike,
        }
    }

    /// A token of varying width directly before another.
    pub(super) fn varying(token: &Token) -> Self {
        let advice = match token.unit {
            Unit::Year => "; `0Y` and `YYYY` have a fixed one",
            Unit::Month => "; `0M` has two digits",
            Unit::Week => "; `0W` has two digits",
            Unit::Day => "; `0D` has two digits",
            _ => "",
        };
        Self::Varying(token.name, advice)
    }
}

/// The layout of a date such as `2024.01.31` that stands there as an example.
fn date(text: &str) -> Option<String> {
    let (year, rest) = text.split_at_checked(4)?;
    let separator = rest.chars().next()?;
    let (month, day) = rest[separator.len_utf8()..].split_once(separator)?;
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(year, 4) && digits(month, 2) && digits(day, 2)).then(|| format!("YYYY{separator}0M{separator}0D"))
}

/// Spellings of other languages for what the tokens here mean, longer ones first.
const FOREIGN: [(&str, &str); 16] = [
    ("%Y", "YYYY"),
    ("%y", "0Y"),
    ("%m", "0M"),
    ("%d", "0D"),
    ("%H", "HH"),
    ("%M", "mm"),
    ("%S", "ss"),
    ("%V", "0W"),
    ("yyyy", "YYYY"),
    ("yy", "0Y"),
    ("dd", "0D"),
    ("hh", "HH"),
    ("major", "MAJOR"),
    ("minor", "MINOR"),
    ("micro", "MICRO"),
    ("patch", "MICRO"),
];

/// A layout of another language in ours; `None` if nothing of it is known.
fn translated(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let known = FOREIGN.iter().find(|(foreign, _)| {
            let start = rest.get(..foreign.len());
            start.is_some_and(|start| {
                start == *foreign || !start.starts_with('%') && start.eq_ignore_ascii_case(foreign)
            })
        });
        let (token, used) = known.map_or((&rest[..letter.len_utf8()], letter.len_utf8()), |(foreign, token)| {
            (*token, foreign.len())
        });
        out.push_str(token);
        rest = &rest[used..];
    }
    (out != text && super::Layout::parse(&out).is_ok()).then_some(out)
}
