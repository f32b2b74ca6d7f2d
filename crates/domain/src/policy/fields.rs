//! The long form of a policy, before it is checked.

use super::PolicyError;

/// The keys and values of a long form, in the order they were written.
///
/// Plain on purpose: a parser of YAML, JSON or anything else fills it in with
/// whatever it finds, and [`super::Policy::from_fields`] says what is wrong.
/// Gates (`cooldown`, `verify`, …) and the name of a named policy are not part
/// of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyFields {
    /// Each key with its value.
    pub entries: Vec<(String, FieldValue)>,
}

/// A value as it was written, of any type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Nothing, `null` or `~`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, as it was written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// A mapping.
    Map(Vec<(String, Self)>),
}

/// The longest text a policy may hold, in bytes.
const LONGEST: usize = 4096;

/// The most items a list of a policy may hold.
const MOST: usize = 100;

impl FieldValue {
    /// The text, if there is one; every other type is refused, nothing is `None`.
    pub(super) fn text(&self, part: &str) -> Result<Option<&str>, PolicyError> {
        match self {
            Self::Null => Ok(None),
            Self::Text(text) if text.len() > LONGEST => {
                Err(PolicyError::new(part, format!("it is longer than {LONGEST} bytes")))
            }
            Self::Text(text) => Ok(Some(text)),
            Self::Bool(value) => Err(unquoted(part, "a boolean", &value.to_string())),
            Self::Number(value) => Err(unquoted(part, "a number", value)),
            Self::List(_) => Err(PolicyError::new(part, "a text is wanted here, not a list")),
            Self::Map(_) => Err(PolicyError::new(part, "a text is wanted here, not a mapping")),
        }
    }

    pub(super) fn bool(&self, part: &str) -> Result<Option<bool>, PolicyError> {
        match self {
            Self::Null => Ok(None),
            Self::Bool(value) => Ok(Some(*value)),
            Self::Text(text) if text == "true" || text == "false" => {
                Err(PolicyError::new(part, format!("write {text} without quotes")))
            }
            _ => Err(PolicyError::new(part, "`true` or `false` is wanted here")),
        }
    }

    /// The texts of a list, each with its part's name.
    pub(super) fn texts(&self, part: &str) -> Result<Vec<(String, &str)>, PolicyError> {
        match self {
            Self::Null => Ok(Vec::new()),
            Self::List(items) if items.len() > MOST => {
                Err(PolicyError::new(part, format!("it has more than {MOST} items")))
            }
            Self::List(items) => items
                .iter()
                .enumerate()
                .map(|(place, item)| item.item(part, place))
                .collect(),
            _ => Err(PolicyError::new(part, "a list is wanted here, as in `[\"…\"]`")),
        }
    }

    fn item(&self, part: &str, place: usize) -> Result<(String, &str), PolicyError> {
        let part = format!("{part}[{place}]");
        match self.text(&part)? {
            Some(text) => Ok((part, text)),
            None => Err(PolicyError::new(part, "a text is wanted here, not nothing")),
        }
    }
}

/// Advice for a value that lost its quotes, and with them perhaps its meaning.
fn unquoted(part: &str, kind: &str, value: &str) -> PolicyError {
    let value = super::error::shown(value);
    PolicyError::new(
        part,
        format!("a text is wanted here, not {kind}; write it in quotes: \"{value}\""),
    )
}
