//! Why a policy is refused.

use std::fmt;
use std::ops::Range;

use thiserror::Error;

use crate::fault::{Fault, Refusal};

/// A policy is invalid: which part, where, and what to do about it. Displays on one line.
///
/// The part is a key, with what stands inside it: `semver`, `filter.extract`,
/// `deny[2]`; empty when the policy as a whole is meant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{}", Prefix(part), self.detail())]
pub struct PolicyError {
    part: String,
    reason: String,
    spot: Option<Spot>,
}

/// A place in a text where a policy goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    text: String,
    span: Range<usize>,
    /// The bytes of the text that are the part's own.
    own: Range<usize>,
    /// What the part's own text is not, with its article; `None` if the reason says it.
    subject: Option<&'static str>,
}

impl PolicyError {
    pub(super) fn new(part: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            part: part.into(),
            reason: reason.into(),
            spot: None,
        }
    }

    /// The text of a part is not what it should be.
    pub(super) fn of(part: impl Into<String>, fault: Fault) -> Self {
        let Fault {
            subject,
            text,
            span,
            problem,
        } = fault;
        let subject = Some(subject);
        let span = span.start.min(text.len())..span.end.min(text.len());
        let own = 0..text.len();
        Self {
            spot: Some(Spot {
                text,
                span,
                own,
                subject,
            }),
            ..Self::new(part, problem)
        }
    }

    /// The part that is wrong; empty when it is the whole.
    #[must_use]
    pub fn part(&self) -> &str {
        &self.part
    }

    /// What is wrong with it and what to write instead, without the text itself.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The place that is meant, if there is one: in the short form, or in the text of the part.
    #[must_use]
    pub fn spot(&self) -> Option<&Spot> {
        self.spot.as_ref()
    }

    /// What is wrong with the part, and with which text: the line without the part.
    #[must_use]
    pub fn detail(&self) -> String {
        let refusal = self.spot.as_ref().and_then(|spot| spot.refusal(&self.reason));
        refusal.unwrap_or_else(|| self.reason.clone())
    }

    /// The same error in a longer text, in which the text of the part is found at byte `start`.
    ///
    /// If it is not there letter for letter, the error stays as it is.
    #[must_use]
    pub fn within(mut self, text: &str, start: usize) -> Self {
        if let Some(spot) = &mut self.spot {
            let moved = |range: &Range<usize>| range.start + start..range.end + start;
            if text.get(moved(&(0..spot.text.len()))) == Some(&spot.text) {
                (spot.span, spot.own) = (moved(&spot.span), moved(&spot.own));
                spot.text = text.to_owned();
            }
        }
        self
    }

    /// The same error, pointing at these bytes of a text, if it pointed at nothing yet.
    ///
    /// # Panics
    ///
    /// If `span` is no part of the text.
    #[must_use]
    pub fn pointing_at(mut self, text: &str, span: Range<usize>) -> Self {
        assert!(text.get(span.clone()).is_some(), "a span is a part of its text");
        self.spot.get_or_insert_with(|| Spot {
            text: text.to_owned(),
            own: span.clone(),
            span,
            subject: None,
        });
        self
    }
}

impl Spot {
    /// The text, as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the text that are meant; empty for a place between two letters, or at the end.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    fn refusal(&self, problem: &str) -> Option<String> {
        let refusal = Refusal {
            subject: self.subject?,
            text: &self.text[self.own.clone()],
            span: &(self.span.start - self.own.start..self.span.end - self.own.start),
            problem,
        };
        Some(refusal.to_string())
    }
}

struct Prefix<'a>(&'a str);

impl fmt::Display for Prefix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, "{}: ", self.0)
        }
    }
}
