//! Policies as people write them: in short form, or in long form as YAML or JSON.

pub(crate) mod advice;

use std::ops::Range;

use domain::policy::{FieldValue, KindName, OPTIONS, Policy, PolicyError, PolicyFields};
use yaml_spans::{Kind, Location, Mapping, Node, Stream, Value};

use crate::place;

/// Longest text of a policy, in bytes.
pub(crate) const LONGEST_POLICY: usize = 64 * 1024;

/// How deep the values of a policy nest at most: an item of a list within an option, and one to spare.
const DEEPEST: usize = 4;

/// A text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyTextError {
    /// It is too long to be looked at.
    #[error("a policy is at most {LONGEST_POLICY} bytes long")]
    TooLong,
    /// It is read as the long form, and cannot be read.
    #[error("line {}, column {}: {reason}", .location.line, .location.column)]
    LongForm {
        /// Where in the text.
        location: Location,
        /// What is wrong there.
        reason: String,
    },
    /// It can be read, and is no valid policy.
    #[error(transparent)]
    Invalid(#[from] PolicyError),
}

impl PolicyTextError {
    /// A text and the bytes of it that are meant: of the policy itself, given as `text`, or of the part that is wrong.
    pub fn spot<'a>(&'a self, text: &'a str) -> Option<(&'a str, Range<usize>)> {
        match self {
            Self::TooLong => None,
            Self::LongForm { location, .. } => {
                let at = offset(text, *location);
                Some((text, at..at))
            }
            Self::Invalid(error) => error.spot().map(|spot| (spot.text(), spot.span())),
        }
    }
}

/// The byte of a location; the end of the text for one behind it.
fn offset(text: &str, location: Location) -> usize {
    let line = text.split_inclusive('\n').take(location.line - 1).map(str::len).sum();
    let column = text[line..].char_indices().nth(location.column - 1);
    column.map_or(text.len(), |(at, _)| line + at)
}

/// Reads a policy. A text that begins with `{` or holds a line end is the long form, every other one is the short form.
///
/// # Errors
///
/// What is wrong, and in which part. An invalid policy matches nothing.
pub fn parse_policy(text: &str) -> Result<Policy, PolicyTextError> {
    if text.len() > LONGEST_POLICY {
        return Err(PolicyTextError::TooLong);
    }
    if is_long(text) {
        parse_long(text)
    } else {
        Ok(Policy::parse_short(text)?)
    }
}

fn parse_long(text: &str) -> Result<Policy, PolicyTextError> {
    let stream = parse_yaml(text)?;
    let mapping = only_mapping(&stream)?;
    let fields = PolicyFields {
        entries: entries(mapping, DEEPEST)?,
    };
    Ok(Policy::from_fields(&fields).map_err(|error| placed(error, mapping))?)
}

/// The error with its place in the text of the long form.
fn placed(error: PolicyError, mapping: Mapping<'_>) -> PolicyError {
    let text = mapping.node().stream().text();
    let found = place::of_key(mapping.node(), error.part());
    let unknown_key = mapping.entries().find(|entry| {
        let key = entry.key.as_text();
        key == Some(error.part()) && !key.is_some_and(is_known)
    });
    let node = unknown_key.map_or(found.node, |entry| entry.key);
    let error = match place::of_text(found.node) {
        Some(start) if found.is_whole => error.within(text, start),
        _ => error,
    };
    error.pointing_at(text, node.span())
}

/// Whether a text is read as the long form.
pub(crate) fn is_long(text: &str) -> bool {
    text.starts_with('{') || text.contains('\n')
}

/// Whether a word is the name of a kind of policy, exactly as policies spell it.
pub(crate) fn is_kind(word: &str) -> bool {
    KindName::parse(word).is_some()
}

/// Whether a word is a key that a policy can have.
pub(crate) fn is_known(word: &str) -> bool {
    is_kind(word) || OPTIONS.contains(&word)
}

/// The keys of a long form, as they are written.
pub(crate) fn long_form(text: &str) -> Result<PolicyFields, PolicyTextError> {
    let stream = parse_yaml(text)?;
    Ok(PolicyFields {
        entries: entries(only_mapping(&stream)?, DEEPEST)?,
    })
}

fn parse_yaml(text: &str) -> Result<Stream, PolicyTextError> {
    Stream::parse(text).map_err(|error| PolicyTextError::LongForm {
        location: error.location(),
        reason: format!("{error}{}", advice::on_yaml(text, error.location())),
    })
}

fn only_mapping(stream: &Stream) -> Result<Mapping<'_>, PolicyTextError> {
    let mut documents = stream.documents();
    let root = match (documents.next(), documents.next()) {
        (Some(document), None) => document.root(),
        (_, second) => {
            let location = second.map_or(Location { line: 1, column: 1 }, |document| document.root().location());
            return Err(PolicyTextError::LongForm {
                location,
                reason: "a policy is one document".to_owned(),
            });
        }
    };
    root.as_mapping()
        .ok_or_else(|| failure(root, &advice::on_lines(stream.text())))
}

fn entries(mapping: Mapping<'_>, depth: usize) -> Result<Vec<(String, FieldValue)>, PolicyTextError> {
    if let Some(key) = mapping.duplicate_keys().next() {
        let name = transport::one_line(key.as_text().unwrap_or_default(), 80);
        return Err(failure(key, &format!("`{name}` is given twice")));
    }
    mapping
        .entries()
        .map(|entry| {
            let key = entry
                .key
                .as_text()
                .ok_or_else(|| failure(entry.key, "a key must be a text"))?;
            Ok((key.to_owned(), field(entry.value, depth)?))
        })
        .collect()
}

/// The value of a key as the domain takes it.
pub(crate) fn value(node: Node<'_>) -> Result<FieldValue, PolicyTextError> {
    field(node, DEEPEST)
}

/// The value as the domain takes it. It says itself where a type is wrong, so that all who make policies say it alike.
fn field(node: Node<'_>, depth: usize) -> Result<FieldValue, PolicyTextError> {
    let depth = depth
        .checked_sub(1)
        .ok_or_else(|| failure(node, "nothing in a policy is nested this deep"))?;
    let node = node.resolved();
    check_tag(node)?;
    Ok(match node.kind() {
        Kind::Mapping(mapping) => FieldValue::Map(entries(mapping, depth)?),
        Kind::Sequence(items) => {
            FieldValue::List(items.items().map(|item| field(item, depth)).collect::<Result<_, _>>()?)
        }
        Kind::Scalar(scalar) => match scalar.value() {
            Value::Null => FieldValue::Null,
            Value::Bool(value) => FieldValue::Bool(value),
            Value::Int(_) | Value::Float(_) => FieldValue::Number(scalar.text().to_owned()),
            Value::Text(text) => FieldValue::Text(text.to_owned()),
        },
        Kind::Alias(_) => return Err(failure(node, "an alias that stands for nothing")),
    })
}

fn check_tag(node: Node<'_>) -> Result<(), PolicyTextError> {
    foreign_tag(node).map_or(Ok(()), |reason| Err(failure(node, &reason)))
}

/// What is wrong with a tag that YAML itself does not know: `semver: !=1.2` is nothing, with the tag `!=1.2`.
pub(crate) fn foreign_tag(node: Node<'_>) -> Option<String> {
    let tag = node.tag().filter(|tag| !tag.starts_with("tag:yaml.org,2002:"))?;
    let tag = transport::one_line(tag, 80);
    Some(format!("`{tag}` is a tag in YAML; write the whole text in quotes"))
}

fn failure(node: Node<'_>, reason: &str) -> PolicyTextError {
    PolicyTextError::LongForm {
        location: node.location(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests;
