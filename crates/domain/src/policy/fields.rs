//! The long form of a policy, before it is checked.

use super::PolicyError;
use super::print::Quoted;
use crate::fault::shown;

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
            Self::List(_) | Self::Map(_) => Err(self.not(part, "a text")),
        }
    }

    /// The text of an argument; nothing is the empty one.
    pub(super) fn argument(&self, part: &str) -> Result<&str, PolicyError> {
        let inside = match self {
            Self::List(items) => items.first().filter(|_| items.len() == 1),
            Self::Map(entries) => entries.first().filter(|_| entries.len() == 1).map(|(_, value)| value),
            _ => return Ok(self.text(part)?.unwrap_or_default()),
        };
        // `{semver: {range: "~1.4"}}`, as other systems write it.
        match inside {
            Some(Self::Text(text)) => {
                let meant = format!("{part}: {}", Quoted(&shown(text, 40)));
                Err(PolicyError::new(
                    part,
                    format!("a text is wanted here; write `{meant}`"),
                ))
            }
            _ => Err(self.not(part, "a text")),
        }
    }

    pub(super) fn bool(&self, part: &str) -> Result<Option<bool>, PolicyError> {
        let written = match self {
            Self::Null => return Ok(None),
            Self::Bool(value) => return Ok(Some(*value)),
            Self::Text(text) | Self::Number(text) => text.to_ascii_lowercase(),
            Self::List(_) | Self::Map(_) => String::new(),
        };
        Err(PolicyError::new(
            part,
            match written.as_str() {
                "true" | "false" => format!("write {written} without quotes"),
                "yes" | "y" | "on" | "1" => "`true` or `false` is wanted here; write `true`".to_owned(),
                "no" | "n" | "off" | "0" => "`true` or `false` is wanted here; write `false`".to_owned(),
                _ => "`true` or `false` is wanted here".to_owned(),
            },
        ))
    }

    /// The texts of a list, each with its part's name.
    pub(super) fn texts(&self, part: &str) -> Result<Vec<(String, &str)>, PolicyError> {
        let items = match self {
            Self::Null => return Ok(Vec::new()),
            Self::List(items) if items.len() > MOST => {
                return Err(PolicyError::new(part, format!("it has more than {MOST} items")));
            }
            Self::List(items) => items.iter().enumerate(),
            Self::Text(text) => {
                let items = format!("{part}: [{}]", Quoted(&shown(text, 40)));
                return Err(PolicyError::new(
                    part,
                    format!("a list is wanted here; write `{items}`"),
                ));
            }
            _ => return Err(self.not(part, "a list")),
        };
        items.map(|(place, item)| item.item(part, place)).collect()
    }

    fn item(&self, part: &str, place: usize) -> Result<(String, &str), PolicyError> {
        let part = format!("{part}[{place}]");
        match self.text(&part)? {
            Some(text) => Ok((part, text)),
            None => Err(PolicyError::new(part, "a text is wanted here, not nothing")),
        }
    }

    /// What a refusal begins with where a text is wanted: a number or a boolean that lost its quotes is told of them.
    pub(super) fn lost_quotes(&self) -> &'static str {
        match self {
            Self::Bool(_) => "a text is wanted here, not a boolean (quotes make it a text); ",
            Self::Number(_) => "a text is wanted here, not a number (quotes make it a text); ",
            Self::Null | Self::Text(_) | Self::List(_) | Self::Map(_) => "",
        }
    }

    /// The value is of another type.
    pub(super) fn not(&self, part: &str, wanted: &str) -> PolicyError {
        let found = match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        };
        PolicyError::new(part, format!("{wanted} is wanted here, not {found}"))
    }
}

/// Advice for a value that lost its quotes, and with them perhaps its meaning.
fn unquoted(part: &str, kind: &str, value: &str) -> PolicyError {
    let value = shown(value, 40);
    PolicyError::new(
        part,
        format!("a text is wanted here, not {kind}; write it in quotes: \"{value}\""),
    )
}
