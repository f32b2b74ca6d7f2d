//! What is wrong with a text: that it is not what it was taken for, why, and at which bytes.

use std::fmt;
use std::ops::Range;

use thiserror::Error;

/// The most bytes of a refused text that are kept.
const KEPT: usize = 4096;

/// As much of a refused text as a message shows, in characters.
const SHOWN: usize = 160;

/// What is shown before the place, where a text is too long to be shown from its start, in characters.
const BEFORE: usize = 40;

/// A text is not what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", Refusal { subject, text, span, problem })]
pub(crate) struct Fault {
    /// What the text was taken for, with its article.
    pub(crate) subject: &'static str,
    /// As it was written; of a longer one the first bytes.
    pub(crate) text: String,
    /// The bytes that are meant.
    pub(crate) span: Range<usize>,
    /// Why, and what to write instead.
    pub(crate) problem: String,
}

/// A problem with some bytes of the text that is being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw<P> {
    pub(crate) span: Range<usize>,
    pub(crate) problem: P,
}

impl<P> Flaw<P> {
    /// A problem at one place.
    pub(crate) fn new(at: usize, problem: P) -> Self {
        Self::of_span(at..at, problem)
    }

    /// A problem with these bytes.
    pub(crate) fn of_span(span: Range<usize>, problem: P) -> Self {
        Self { span, problem }
    }

    /// The same problem in a longer text, whose first `offset` bytes come before.
    pub(crate) fn after(self, offset: usize) -> Self {
        Self::of_span(self.span.start + offset..self.span.end + offset, self.problem)
    }
}

impl<P: fmt::Display> Flaw<P> {
    /// Names the whole text and what it was taken for, with its article.
    pub(crate) fn of(self, subject: &'static str, text: &str) -> Fault {
        let problem = self.problem.to_string();
        Fault::new(subject, text, self.span, problem)
    }
}

impl Fault {
    pub(crate) fn new(subject: &'static str, text: &str, span: Range<usize>, problem: impl Into<String>) -> Self {
        Self {
            subject,
            text: text[..text.floor_char_boundary(KEPT)].to_owned(),
            span,
            problem: problem.into(),
        }
    }
}

/// A refusal on one line: the text, what it is not, why, and at which byte unless the whole is meant.
pub(crate) struct Refusal<'a> {
    pub(crate) subject: &'a str,
    pub(crate) text: &'a str,
    pub(crate) span: &'a Range<usize>,
    pub(crate) problem: &'a str,
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            subject, text, span, ..
        } = self;
        write!(f, "`{}` is not {subject}: {}", around(text, span.start), self.problem)?;
        if **span == (0..text.len()) && !text.is_empty() {
            Ok(())
        } else {
            write!(f, " (byte {})", span.start)
        }
    }
}

/// As much of a stranger's text as a message shows, with a place of it.
fn around(text: &str, at: usize) -> String {
    let before = text[..text.floor_char_boundary(at)].chars().count();
    if before < SHOWN {
        return shown(text, SHOWN);
    }
    let start = text.char_indices().nth(before - BEFORE).map_or(0, |(start, _)| start);
    format!("…{}", shown(&text[start..], SHOWN))
}

/// As much of a stranger's text as a message shows, with what a terminal would act on escaped.
pub(crate) fn shown(text: &str, length: usize) -> String {
    let mut shown = String::new();
    for letter in text.chars().take(length) {
        match letter {
            '\'' | '"' | '\\' => shown.push(letter),
            _ => shown.extend(letter.escape_debug()),
        }
    }
    if text.chars().nth(length).is_some() {
        shown.push('…');
    }
    shown
}
