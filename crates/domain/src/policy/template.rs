//! Texts with the groups of a match in them.

use std::ops::Range;

use regex::bytes::Captures;

use super::{Pattern, PolicyError};
use crate::fault::{Flaw, shown};
use crate::near;

/// A text with the groups of a match in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Template {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Piece {
    Text(String),
    Group(usize),
}

impl Template {
    /// Reads `$0`, `$1`, `${1}`, `$name`, `${name}`, `$$` and text.
    pub(super) fn parse(text: &str, pattern: &Pattern) -> Result<Self, PolicyError> {
        let pieces = pieces(text, pattern);
        let pieces = pieces.map_err(|flaw| PolicyError::of("filter.extract", flaw.of("a template", text)))?;
        Ok(Self {
            text: text.to_owned(),
            pieces,
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, with the groups of a match in `tag` put in.
    pub(super) fn expand(&self, captures: &Captures<'_>, tag: &str) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Group(group) => captures
                    .get(*group)
                    .and_then(|found| tag.get(found.range()))
                    .unwrap_or_default(),
            })
            .collect()
    }
}

fn pieces(text: &str, pattern: &Pattern) -> Result<Vec<Piece>, Flaw<String>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(length) = text[at..].find('$') {
        let dollar = at + length;
        pieces.push(Piece::Text(text[at..dollar].to_owned()));
        let after = &text[dollar + 1..];
        let (name, used) = reference(after).ok_or_else(|| malformed(text, dollar))?;
        at = dollar + 1 + used;
        pieces.push(match &after[name] {
            "" | "$" => Piece::Text("$".to_owned()),
            name => match group(pattern, name) {
                Some(group) => Piece::Group(group),
                None => return Err(Flaw::of_span(dollar..at, missing(name, pattern))),
            },
        });
    }
    pieces.push(Piece::Text(text[at..].to_owned()));
    pieces.retain(|piece| *piece != Piece::Text(String::new()));
    Ok(pieces)
}

/// What a `$` refers to: where its name is in the text behind it, and how much belongs to it; `None` for a malformed `${`.
fn reference(after: &str) -> Option<(Range<usize>, usize)> {
    if after.starts_with('$') {
        return Some((0..1, 1));
    }
    let end = |text: &str| {
        text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
            .unwrap_or(text.len())
    };
    let Some(inside) = after.strip_prefix('{') else {
        let end = end(after);
        return Some((0..end, end));
    };
    let length = end(inside);
    let closed = length > 0 && inside[length..].starts_with('}');
    closed.then_some((1..1 + length, length + 2))
}

fn malformed(text: &str, dollar: usize) -> Flaw<String> {
    let end = text[dollar..]
        .find('}')
        .map_or(text.len(), |length| dollar + length + 1);
    let problem = "`${` takes the name or number of a group and `}`, as in `${1}`; write `$$` for the letter itself";
    Flaw::of_span(dollar..end, problem.to_owned())
}

/// The number of a group of that name or number, if there is one.
fn group(pattern: &Pattern, name: &str) -> Option<usize> {
    if let Some(place) = pattern.groups().position(|group| group == Some(name)) {
        return Some(place);
    }
    let leading_zero = name.len() > 1 && name.starts_with('0');
    let digits = name.bytes().all(|byte| byte.is_ascii_digit()) && !leading_zero;
    let number = name.parse().ok().filter(|_| digits)?;
    (number < pattern.groups().count()).then_some(number)
}

/// What to write instead of a group that does not exist.
fn missing(name: &str, pattern: &Pattern) -> String {
    let problem = format!("the pattern has no group `{}`", shown(name, 40));
    let number = &name[..name.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(name.len())];
    if number.len() < name.len() && group(pattern, number).is_some() {
        let rest = shown(&name[number.len()..], 40);
        return format!("{problem}; did you mean `${{{number}}}{rest}`?");
    }
    let names = pattern.groups().flatten();
    if let Some(name) = near::nearest(name, names) {
        return format!("{problem}; did you mean `${name}`?");
    }
    let mut groups = pattern.groups().skip(1).zip(1..).take(8).peekable();
    if groups.peek().is_none() {
        return format!("{problem}, nor any; put what you want in `(…)`, or write `$0` for the whole match");
    }
    let listed: Vec<String> = groups
        .map(|(name, number)| name.map_or_else(|| format!("${number}"), |name| format!("${name}")))
        .collect();
    format!("{problem}; it has {}", listed.join(", "))
}
