//! Policies as people write them: in short form, or in long form as YAML or JSON.

use domain::policy::{FieldValue, KindName, Policy, PolicyError, PolicyFields};
use yaml_spans::{Kind, Location, Mapping, Node, Stream, Value};

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
        Ok(Policy::from_fields(&long_form(text)?)?)
    } else {
        Ok(Policy::parse_short(text)?)
    }
}

/// Whether a text is read as the long form.
pub(crate) fn is_long(text: &str) -> bool {
    text.starts_with('{') || text.contains('\n')
}

/// Whether a word is the name of a kind of policy, exactly as policies spell it.
pub(crate) fn is_kind(word: &str) -> bool {
    KindName::parse(word).is_some()
}

/// The keys of a long form, as they are written.
pub(crate) fn long_form(text: &str) -> Result<PolicyFields, PolicyTextError> {
    let stream = Stream::parse(text).map_err(|error| PolicyTextError::LongForm {
        location: error.location(),
        reason: error.to_string(),
    })?;
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
    let mapping = root.as_mapping().ok_or_else(|| {
        failure(
            root,
            "a policy that begins with `{` or has several lines is a mapping, such as `{semver: \"~1.4\"}`",
        )
    })?;
    Ok(PolicyFields {
        entries: entries(mapping, DEEPEST)?,
    })
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
