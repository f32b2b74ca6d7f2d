//! New text for a scalar, in the style it has.

use yaml_spans::{Kind, Layout, Scalar, Stream, Style, Value};

use crate::{
    quoting::{is_plain, plain_is_text},
    splice::Splice,
};

/// How a scalar is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rewritten {
    /// The bytes to change.
    pub(crate) splice: Splice,
    /// What the scalar will read, line end of a block scalar included.
    pub(crate) text: String,
    /// Its style afterwards: its own, or double-quoted instead of plain.
    pub(crate) style: Style,
}

/// Writes `new` instead of the content of `scalar`; they begin with the same `kept` bytes.
///
/// `None` if the scalar is written in a way that cannot be kept.
pub(crate) fn rewrite(scalar: Scalar<'_>, new: &str, kept: usize) -> Option<Rewritten> {
    let (old, span) = (content(scalar), scalar.node().span());
    if span.is_empty() || is_typed(scalar) {
        return None;
    }
    let inside = span.start + 1..span.end.saturating_sub(1);
    let (range, text) = match scalar.style() {
        Style::Plain if is_json(scalar) || !may_stay_plain(scalar, new) => {
            let text = format!("\"{}\"", escaped(new));
            return Some(Rewritten {
                splice: Splice { range: span, text },
                text: new.to_owned(),
                style: Style::DoubleQuoted,
            });
        }
        Style::Plain => (span, new.to_owned()),
        Style::SingleQuoted => (inside, new.replace('\'', "''")),
        Style::DoubleQuoted => {
            let raw = &scalar.node().stream().text()[inside.clone()];
            let (kept, at) = raw_end(raw, &old[..kept]).map_or((0, 0), |at| (kept, at));
            (inside.start + at..inside.end, escaped(&new[kept..]))
        }
        Style::Literal | Style::Folded => {
            // Content without white space is one line, at the start of the span.
            let raw = &scalar.node().stream().text()[span.clone()];
            if old.is_empty() || !raw.starts_with(old) || new.contains(char::is_whitespace) {
                return None;
            }
            (span.start..span.start + old.len(), new.to_owned())
        }
    };
    let line_end = scalar.text().strip_prefix(old)?;
    let splice = Splice { range, text };
    Some(Rewritten {
        splice,
        text: format!("{new}{line_end}"),
        style: scalar.style(),
    })
}

/// The text of a scalar; a block scalar's line end is its form, not its content.
pub(crate) fn content(scalar: Scalar<'_>) -> &str {
    match scalar.style() {
        Style::Literal | Style::Folded => scalar.text().trim_end_matches('\n'),
        _ => scalar.text(),
    }
}

/// Whether a tag says that it is something other than text, which no new text may fit.
fn is_typed(scalar: Scalar<'_>) -> bool {
    let tag = scalar.node().tag();
    let core = tag.and_then(|tag| tag.strip_prefix("tag:yaml.org,2002:"));
    core.is_some_and(|name| name != "str")
}

/// Whether a number or null is the value of a quoted key in JSON, which knows no text without quotes.
fn is_json(scalar: Scalar<'_>) -> bool {
    if matches!(scalar.value(), Value::Text(_)) {
        return false;
    }
    let text = scalar.node().stream().text();
    let before = text[..scalar.node().span().start].trim_end();
    let is_after_key = before
        .strip_suffix(':')
        .is_some_and(|key| key.trim_end().ends_with('"'));
    is_after_key && is_in_brackets(scalar.node().stream())
}

/// Whether the text is in brackets from its top, as JSON is.
fn is_in_brackets(stream: &Stream) -> bool {
    let first = stream.documents().next().filter(|document| !document.is_explicit());
    first.is_some_and(|document| match document.root().kind() {
        Kind::Mapping(mapping) => mapping.layout() == Layout::Flow,
        Kind::Sequence(sequence) => sequence.layout() == Layout::Flow,
        _ => false,
    })
}

/// A tag settles the type, so that only the form is left to look at.
fn may_stay_plain(scalar: Scalar<'_>, new: &str) -> bool {
    if scalar.node().tag().is_some() {
        is_plain(new)
    } else {
        plain_is_text(new)
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Where `prefix` ends in the raw text of a double-quoted scalar.
///
/// `None` if that cannot be said for sure, or if `raw` does not read like `prefix`.
fn raw_end(raw: &str, prefix: &str) -> Option<usize> {
    let mut rest = raw;
    for wanted in prefix.chars() {
        rest = skip_joints(rest);
        let (found, after) = next_char(rest)?;
        if found != wanted {
            return None;
        }
        rest = after;
    }
    Some(raw.len() - rest.len())
}

/// Skips escaped line ends, which join two lines without a trace.
fn skip_joints(mut rest: &str) -> &str {
    while let Some(after) = rest.strip_prefix('\\') {
        let line = after.strip_prefix("\r\n").or_else(|| after.strip_prefix(['\n', '\r']));
        let Some(line) = line else { break };
        rest = line.trim_start_matches([' ', '\t']);
    }
    rest
}

/// The first character that `raw` stands for, and what follows; line folds are not read.
fn next_char(raw: &str) -> Option<(char, &str)> {
    let mut chars = raw.chars();
    match chars.next()? {
        '\n' | '\r' => None,
        '\\' => match chars.next()? {
            'x' => hexadecimal(chars.as_str(), 2),
            'u' => hexadecimal(chars.as_str(), 4),
            'U' => hexadecimal(chars.as_str(), 8),
            char @ ('/' | '"' | '\\' | ' ') => Some((char, chars.as_str())),
            _ => None,
        },
        char => Some((char, chars.as_str())),
    }
}

fn hexadecimal(rest: &str, digits: usize) -> Option<(char, &str)> {
    let (number, after) = rest.split_at_checked(digits)?;
    let char = char::from_u32(u32::from_str_radix(number, 16).ok()?)?;
    Some((char, after))
}
