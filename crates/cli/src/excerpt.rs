//! A place in a text, drawn: its line, and what is meant underlined.

use std::fmt;
use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The most columns of the line that are shown.
const WIDTH: usize = 76;

/// What is shown before the place, where the line is cut, in columns.
const BEFORE: usize = 30;

/// What the lines are indented by.
const INDENT: &str = "  ";

/// Some bytes of a text. Displays as two lines, the second of which has a `^` under each column that is meant.
#[derive(Debug)]
pub(crate) struct Excerpt<'a> {
    text: &'a str,
    span: Range<usize>,
}

impl<'a> Excerpt<'a> {
    /// The part of `text` at `span`; of several lines the first.
    pub(crate) fn new(text: &'a str, span: Range<usize>) -> Self {
        Self { text, span }
    }

    /// The line of the place, cut into what stands before it, what is meant, and what follows.
    fn parts(&self) -> (&'a str, &'a str, &'a str) {
        let (before, rest) = self.text.split_at(self.text.floor_char_boundary(self.span.start));
        let before = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
        let rest = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let length = self.span.len().min(rest.len());
        let (meant, after) = rest.split_at(rest.floor_char_boundary(length));
        (before, meant, after)
    }
}

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, meant, after) = self.parts();
        let (mut before, meant, after) = (printable(before), printable(meant), printable(after));
        if before.width() > BEFORE && before.width() + meant.width() >= WIDTH {
            before = format!("…{}", last_columns(&before, BEFORE));
        }
        let left = WIDTH.saturating_sub(before.width());
        let line = first_columns(&format!("{meant}{after}"), left);
        let carets = meant.width().clamp(1, left.max(1));
        writeln!(f, "{INDENT}{before}{line}")?;
        write!(f, "{INDENT}{}{}", " ".repeat(before.width()), "^".repeat(carets))
    }
}

/// The text with tabs as spaces, and escaped what a terminal would act on or not show.
fn printable(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\t' => out.push(' '),
            '\'' | '"' | '\\' => out.push(letter),
            _ if letter.width().is_none_or(|width| width == 0) => out.extend(letter.escape_unicode()),
            _ => out.extend(letter.escape_debug()),
        }
    }
    out
}

/// As much of the start as fits, with `…` where something is left out.
fn first_columns(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |letter: &char| {
        used += letter.width().unwrap_or(0);
        used <= columns
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// As much of the end as fits.
fn last_columns(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, letter) in text.char_indices().rev() {
        used += letter.width().unwrap_or(0);
        if used > columns {
            return &text[at + letter.len_utf8()..];
        }
    }
    text
}

#[cfg(test)]
mod tests;
