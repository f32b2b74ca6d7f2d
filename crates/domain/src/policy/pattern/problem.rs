//! Why a text is no regular expression, and where.

use std::ops::Range;

use regex_syntax::ast::ErrorKind;
use regex_syntax::{Error, ParserBuilder};

use super::{COMPILED, NESTED};
use crate::fault::Fault;

/// What is wrong with a text that does not compile.
pub(super) fn of(text: &str) -> Fault {
    // The parser of the `regex` crate, which itself tells the place by a drawing alone.
    let parsed = ParserBuilder::new().utf8(false).nest_limit(NESTED).build().parse(text);
    let (span, problem) = match parsed {
        Ok(_) => (0..text.len(), too_large()),
        Err(Error::Parse(error)) => (range(error.span()), of_syntax(error.kind())),
        Err(Error::Translate(error)) => (range(error.span()), error.kind().to_string()),
        Err(error) => (0..text.len(), error.to_string()),
    };
    Fault::new("a regular expression", text, span, problem)
}

fn range(span: &regex_syntax::ast::Span) -> Range<usize> {
    span.start.offset..span.end.offset
}

fn too_large() -> String {
    format!(
        "compiled it takes more than {} KiB; repeat less with `{{…}}`",
        COMPILED >> 10
    )
}

/// The usual problems with the next step, all others in the words of the parser.
fn of_syntax(kind: &ErrorKind) -> String {
    let problem = match kind {
        ErrorKind::GroupUnclosed => "this group is not closed; add `)`, or write `\\(` for the bracket itself",
        ErrorKind::GroupUnopened => "this `)` closes nothing; write `\\)` for the bracket itself",
        ErrorKind::ClassUnclosed => {
            "this class of letters is not closed; add `]`, or write `\\[` for the bracket itself"
        }
        ErrorKind::RepetitionMissing => {
            "nothing stands before it to repeat; `.*` is any text, and a glob would be for `glob`"
        }
        ErrorKind::UnsupportedLookAround => "it cannot look ahead or back; leave tags out with `deny` instead",
        ErrorKind::UnsupportedBackreference => "it cannot refer back to a group",
        ErrorKind::EscapeUnrecognized => "there is no such escape; write the letter without the `\\`",
        ErrorKind::EscapeUnexpectedEof => "a letter must follow the `\\`; write `\\\\` for the backslash itself",
        _ => return kind.to_string(),
    };
    problem.to_owned()
}
