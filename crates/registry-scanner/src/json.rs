//! JSON of strangers: bounded depth, and every key kept, also one that is written twice.

use std::fmt;

use memchr::memchr2_iter;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroize;

/// Nesting that any answer of a registry, and any Docker config, may have.
pub(crate) const MAX_DEPTH: usize = 64;

/// Values in one text, those of objects and lists included. A value takes many times the bytes of its shortest text, so that a limit on
/// the text alone would let a stranger fill the memory. The largest index has some ten thousand.
const MAX_VALUES: usize = 100_000;

/// A JSON value that keeps the order of its keys and their doubles.
///
/// It has no `Debug`: the values of a Docker config are secrets.
pub(crate) enum Json {
    Null,
    Bool,
    Number(Option<u64>),
    Text(String),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

/// A text is no JSON, or too deep; says where, never what stands there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JsonError {
    #[error("it is no JSON (line {line}, column {column})")]
    Syntax { line: usize, column: usize },
    #[error("its values are nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    #[error("it holds more than {MAX_VALUES} values")]
    TooMany,
}

impl From<serde_json::Error> for JsonError {
    fn from(error: serde_json::Error) -> Self {
        Self::Syntax {
            line: error.line(),
            column: error.column(),
        }
    }
}

impl Json {
    /// Reads a whole text.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, JsonError> {
        if count(bytes)? > MAX_VALUES {
            return Err(JsonError::TooMany);
        }
        Ok(serde_json::from_slice(bytes)?)
    }

    /// What a person would call the kind of value.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
        }
    }

    /// The value under `key`, the last one if there are several.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(pairs) => pairs
                .iter()
                .rev()
                .find_map(|(name, value)| (name == key).then_some(value)),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Overwrites every text in this value: it may have been a secret.
    pub(crate) fn wipe(&mut self) {
        match self {
            Self::Text(text) => text.zeroize(),
            Self::List(items) => items.iter_mut().for_each(Self::wipe),
            Self::Map(pairs) => pairs.iter_mut().for_each(|(_, value)| value.wipe()),
            Self::Null | Self::Bool | Self::Number(_) => {}
        }
    }

    /// The first key that any object in this value has twice.
    pub(crate) fn double_key(&self) -> Option<&str> {
        let mut open = vec![self];
        while let Some(value) = open.pop() {
            match value {
                Self::List(items) => open.extend(items),
                Self::Map(pairs) => {
                    let mut keys: Vec<&str> = pairs.iter().map(|(key, _)| key.as_str()).collect();
                    keys.sort_unstable();
                    if let Some(double) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
                        return Some(double[0]);
                    }
                    open.extend(pairs.iter().map(|(_, value)| value));
                }
                _ => {}
            }
        }
        None
    }
}

/// Looks whether a text is too deep, so that no parser ever recurses on what a stranger nested.
pub(crate) fn check_depth(bytes: &[u8]) -> Result<(), JsonError> {
    // Most have too few brackets for it altogether, and nothing is quicker to find.
    if memchr2_iter(b'[', b'{', bytes).nth(MAX_DEPTH).is_none() {
        return Ok(());
    }
    count(bytes).map(drop)
}

/// Counts values, each of which stands behind a comma or a bracket, or is the first; at least as many as there are.
fn count(bytes: &[u8]) -> Result<usize, JsonError> {
    let (mut depth, mut values, mut at) = (0_usize, 1, 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => at += text_length(&bytes[at..]),
            b',' => values += 1,
            b'[' | b'{' => {
                values += 1;
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(JsonError::TooDeep);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(values)
}

/// How many bytes a text has that begins here, with the quote behind it; all of them if it has no end.
fn text_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(next) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| matches!(byte, b'"' | b'\\')))
    {
        at += next;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Bool)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(Some(number)))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Number(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Json, A::Error> {
        let mut map = Vec::new();
        while let Some(pair) = pairs.next_entry()? {
            map.push(pair);
        }
        Ok(Json::Map(map))
    }
}

#[cfg(test)]
mod tests;
