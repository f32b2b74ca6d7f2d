//! Patterns of fields: where a rule of the configuration looks for images.

use std::{fmt, str::FromStr};

/// A way from the top of an object down to an image, for any kind of object.
///
/// Keys with dots between them, as in `spec.engine.image`. Items of lists stand in brackets:
/// `jobs[0]` by number, `jobs[*]` all of them, `jobs[name=build]` those with this text under this
/// key. `*` alone is any key, and `["a.b"]` a key that holds a dot or a bracket.
///
/// At its end stands a whole reference, or a mapping with `repository` (or `name`) and `tag` as in Helm values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPattern {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    Key(String),
    AnyKey,
    Item(usize),
    AnyItem,
    /// The items that have this text under this key.
    ItemWith(String, String),
}

/// Most bytes and steps of a pattern.
const MAX_BYTES: usize = 512;
const MAX_STEPS: usize = 32;

/// A text is no pattern of a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldPatternError {
    /// There is nothing.
    #[error("a field must not be empty; write it like `spec.engine.image`")]
    Empty,
    /// It is too long.
    #[error("a field has at most {MAX_BYTES} bytes and {MAX_STEPS} steps")]
    TooLong,
    /// A dot has no key on one of its sides.
    #[error("a key is missing at byte {0}; keys stand between dots, as in `spec.engine.image`")]
    MissingKey(usize),
    /// A bracket is not closed, or holds none of what it may.
    #[error("the bracket at byte {0} is none of `[0]`, `[*]`, `[name=build]` and `[\"a.b\"]`")]
    Bracket(usize),
    /// It begins with an item.
    #[error("a field begins with a key")]
    BeginsWithItem,
}

impl FieldPattern {
    /// Takes a pattern.
    ///
    /// # Errors
    ///
    /// It is none; see [`FieldPatternError`].
    pub fn parse(text: &str) -> Result<Self, FieldPatternError> {
        if text.is_empty() {
            return Err(FieldPatternError::Empty);
        }
        let mut steps = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let (step, end) = match text[at..].strip_prefix('[') {
                Some(rest) => bracket(rest, at)?,
                None => key(text, at, steps.is_empty())?,
            };
            steps.push(step);
            at = end;
        }
        if text.len() > MAX_BYTES || steps.len() > MAX_STEPS {
            return Err(FieldPatternError::TooLong);
        }
        match steps[0] {
            Step::Key(_) | Step::AnyKey => Ok(Self { steps }),
            _ => Err(FieldPatternError::BeginsWithItem),
        }
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }
}

/// The key at `at`, behind its dot unless it is the first, and where it ends.
fn key(text: &str, at: usize, is_first: bool) -> Result<(Step, usize), FieldPatternError> {
    let start = match text[at..].strip_prefix('.') {
        Some(_) if !is_first => at + 1,
        None if is_first => at,
        _ => return Err(FieldPatternError::MissingKey(at)),
    };
    let rest = &text[start..];
    let length = rest.find(['.', '[']).unwrap_or(rest.len());
    match &rest[..length] {
        "" => Err(FieldPatternError::MissingKey(start)),
        "*" => Ok((Step::AnyKey, start + 1)),
        key if key.contains([']', '"', ' ']) => Err(FieldPatternError::MissingKey(start)),
        key => Ok((Step::Key(key.to_owned()), start + length)),
    }
}

/// What stands in the bracket that was opened at `at`, and where it ends.
fn bracket(rest: &str, at: usize) -> Result<(Step, usize), FieldPatternError> {
    let problem = FieldPatternError::Bracket(at);
    if let Some(quoted) = rest.strip_prefix('"') {
        let end = quoted.find("\"]").filter(|&end| end > 0).ok_or(problem)?;
        return Ok((Step::Key(quoted[..end].to_owned()), at + 1 + 1 + end + 2));
    }
    let end = rest.find(']').ok_or(problem.clone())?;
    let step = match (&rest[..end], rest[..end].split_once('=')) {
        ("*", _) => Step::AnyItem,
        (_, Some((key, value))) if !key.is_empty() && !value.is_empty() => {
            Step::ItemWith(key.to_owned(), value.to_owned())
        }
        (number, None) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            Step::Item(number.parse().map_err(|_| problem)?)
        }
        _ => return Err(problem),
    };
    Ok((step, at + 1 + end + 1))
}

impl FromStr for FieldPattern {
    type Err = FieldPatternError;

    fn from_str(text: &str) -> Result<Self, FieldPatternError> {
        Self::parse(text)
    }
}

impl fmt::Display for FieldPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.steps.iter().enumerate() {
            match step {
                Step::Key(key) if key == "*" || key.contains(['.', '[', ']', '"', ' ']) => write!(f, "[\"{key}\"]")?,
                Step::Key(key) if number == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::AnyKey if number == 0 => f.write_str("*")?,
                Step::AnyKey => f.write_str(".*")?,
                Step::Item(item) => write!(f, "[{item}]")?,
                Step::AnyItem => f.write_str("[*]")?,
                Step::ItemWith(key, value) => write!(f, "[{key}={value}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
