//! Values that are one of a few words.

use super::{FieldValue, PolicyError};
use crate::fault::Fault;
use crate::near;

/// A type whose values are written as words.
pub(super) trait Word: Copy + 'static {
    /// What it is, with its article.
    const SUBJECT: &'static str;
    /// Every word with what it stands for.
    const WORDS: &'static [(&'static str, Self)];
    /// Other words, each with the one that is meant by it.
    const MEANT: &'static [(&'static str, &'static str)];
}

/// Reads a word; nothing is `None`.
pub(super) fn word<T: Word>(part: &str, value: &FieldValue) -> Result<Option<T>, PolicyError> {
    match value {
        FieldValue::Null => Ok(None),
        FieldValue::Text(text) => match T::WORDS.iter().find(|(word, _)| word == text) {
            Some(&(_, value)) => Ok(Some(value)),
            None => {
                let fault = Fault::new(T::SUBJECT, text, 0..text.len(), instead::<T>(text));
                Err(PolicyError::of(part, fault))
            }
        },
        FieldValue::Bool(_) | FieldValue::Number(_) | FieldValue::List(_) | FieldValue::Map(_) => {
            let written = match value {
                FieldValue::Bool(written) => written.to_string(),
                _ => String::new(),
            };
            let reason = format!("{}{}", value.lost_quotes(), instead::<T>(&written));
            Err(PolicyError::new(part, reason))
        }
    }
}

/// What to write instead of something else.
fn instead<T: Word>(written: &str) -> String {
    let words: Vec<String> = T::WORDS.iter().map(|(word, _)| format!("`{word}`")).collect();
    let all = match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    };
    let folded = written.to_ascii_lowercase();
    let synonym = T::MEANT
        .iter()
        .find(|(word, _)| *word == folded)
        .map(|&(_, meant)| meant);
    let meant = synonym.or_else(|| near::nearest(written, T::WORDS.iter().map(|&(word, _)| word)));
    format!("write {all}{}", near::question(meant))
}
