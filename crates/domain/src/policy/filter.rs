//! Regular expressions over tags, and what is taken out of a match.

mod classes;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use regex::bytes::{Captures, Regex, RegexBuilder};

use super::PolicyError;
use super::error::shown;

/// The most memory that one compiled expression may take, in bytes.
const COMPILED: usize = 1 << 20;

/// A RE2-style expression, searched for anywhere in a tag. Compared by its text.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    /// As it was written.
    text: String,
    regex: Regex,
}

impl Pattern {
    pub(super) fn parse(text: &str, part: &str) -> Result<Self, PolicyError> {
        let compile = |text: &str, unicode: bool| {
            RegexBuilder::new(text)
                .unicode(unicode)
                .size_limit(COMPILED)
                .dfa_size_limit(COMPILED)
                .nest_limit(100)
                .build()
        };
        // Tags are ASCII, as `\w` and `\d` are in RE2; only `\pL` and the like need more.
        let either = |text: &str| compile(text, false).or_else(|_| compile(text, true));
        // What RE2 takes for a letter of a class may have to be escaped here.
        let regex = either(text).or_else(|error| either(&classes::escaped(text)).map_err(|_| error));
        regex
            .map(|regex| Self {
                text: text.to_owned(),
                regex,
            })
            .map_err(|error| PolicyError::new(part, reason(text, &error)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_match(&self, tag: &str) -> bool {
        self.regex.is_match(tag.as_bytes())
    }

    /// Whether the expression itself speaks of `latest`.
    pub(super) fn mentions_latest(&self) -> bool {
        super::mentions_latest(&self.text)
    }
}

/// Says on one line what the `regex` crate draws on several.
fn reason(text: &str, error: &regex::Error) -> String {
    let drawn = error.to_string();
    let last = drawn.lines().last().unwrap_or_default();
    let said = last.strip_prefix("error: ").unwrap_or(last);
    format!("`{}` is not a regular expression: {said}", shown(text))
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

/// Which tags are looked at, and what of them the kind reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Filter {
    pub(crate) pattern: Pattern,
    pub(crate) extract: Option<Template>,
}

impl Filter {
    pub(super) fn parse(pattern: &str, extract: Option<&str>) -> Result<Self, PolicyError> {
        let pattern = Pattern::parse(pattern, "filter.pattern")?;
        // An empty one is the default, the whole tag.
        let extract = extract.filter(|text| !text.is_empty());
        let extract = extract.map(|text| Template::parse(text, &pattern)).transpose()?;
        Ok(Self { pattern, extract })
    }

    pub(crate) fn mentions_latest(&self) -> bool {
        self.pattern.mentions_latest()
    }

    /// What the template makes of a tag; `None` if the pattern does not match.
    pub(crate) fn extracted(&self, template: &Template, tag: &str) -> Option<String> {
        self.pattern
            .regex
            .captures(tag.as_bytes())
            .map(|captures| template.expand(&captures, tag))
    }
}

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
    fn parse(text: &str, pattern: &Pattern) -> Result<Self, PolicyError> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            pieces.push(Piece::Text(before.to_owned()));
            let (name, used) = reference(after).map_err(|malformed| {
                fault(
                    text,
                    &format!("`${}` is malformed; write `${{name}}`", shown(malformed)),
                )
            })?;
            pieces.push(match &after[name] {
                "" if used == 0 => Piece::Text("$".to_owned()),
                "$" => Piece::Text("$".to_owned()),
                name => Piece::Group(group(pattern, name).ok_or_else(|| missing(text, name, pattern))?),
            });
            rest = &after[used..];
        }
        pieces.push(Piece::Text(rest.to_owned()));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        Ok(Self {
            text: text.to_owned(),
            pieces,
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    fn expand(&self, captures: &Captures<'_>, tag: &str) -> String {
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

/// What a `$` refers to: where its name is in the text behind it, and how much belongs to it.
///
/// # Errors
///
/// The malformed `${…`.
fn reference(after: &str) -> Result<(Range<usize>, usize), &str> {
    let end = |text: &str| {
        text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
            .unwrap_or(text.len())
    };
    if after.starts_with('$') {
        return Ok((0..1, 1));
    }
    let Some(inside) = after.strip_prefix('{') else {
        let end = end(after);
        return Ok((0..end, end));
    };
    match end(inside) {
        length if length > 0 && inside[length..].starts_with('}') => Ok((1..1 + length, length + 2)),
        _ => Err(after),
    }
}

/// The number of a group of that name or number, if there is one.
fn group(pattern: &Pattern, name: &str) -> Option<usize> {
    let mut groups = pattern.regex.capture_names();
    if let Some(place) = groups.position(|group| group == Some(name)) {
        return Some(place);
    }
    let leading_zero = name.len() > 1 && name.starts_with('0');
    let digits = name.bytes().all(|byte| byte.is_ascii_digit()) && !leading_zero;
    name.parse()
        .ok()
        .filter(|&number| digits && number < pattern.regex.captures_len())
}

fn missing(text: &str, name: &str, pattern: &Pattern) -> PolicyError {
    let groups: Vec<String> = pattern
        .regex
        .capture_names()
        .enumerate()
        .map(|(number, name)| name.map_or_else(|| format!("${number}"), |name| format!("${name}")))
        .collect();
    fault(
        text,
        &format!(
            "the pattern has no group `{}`; it has {}",
            shown(name),
            groups.join(", ")
        ),
    )
}

fn fault(text: &str, reason: &str) -> PolicyError {
    PolicyError::new("filter.extract", format!("`{}`: {reason}", shown(text)))
}
