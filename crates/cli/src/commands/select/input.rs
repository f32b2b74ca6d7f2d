//! Reading tags: one a line, JSON lines, or one JSON array.

use std::fs::File;
use std::io::{self, Read};
use std::marker::PhantomData;
use std::path::Path;

use domain::reference::{Digest, Platform, Timestamp};
use domain::scan::Created;
use domain::select::Candidate;
use serde::Deserialize;
use serde::de::{self, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use thiserror::Error;

use super::time;

/// The most bytes of input.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The most tags of input.
const MOST_TAGS: usize = 1_000_000;

/// Tags cannot be read.
#[derive(Debug, Error)]
pub(super) enum InputError {
    #[error("the input cannot be read")]
    Unreadable(#[from] io::Error),
    #[error("there are more than 64 MiB")]
    TooLong,
    #[error("there are more than 1,000,000 tags")]
    TooMany,
    #[error("line {line}: the text is not UTF-8")]
    Encoding { line: usize },
    #[error("line {line}: {reason}")]
    Json { line: usize, reason: String },
}

/// Reads tags from a file.
pub(super) fn read_file(path: &Path) -> Result<Vec<Candidate>, InputError> {
    read(File::open(path)?)
}

/// Reads tags from standard input.
pub(super) fn read_stdin() -> Result<Vec<Candidate>, InputError> {
    read(io::stdin().lock())
}

fn read(input: impl Read) -> Result<Vec<Candidate>, InputError> {
    let mut bytes = Vec::new();
    input.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MOST_BYTES {
        return Err(InputError::TooLong);
    }
    parse(&bytes)
}

/// Reads tags from text in any of the three forms.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Candidate>, InputError> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        InputError::Encoding {
            line: 1 + before.iter().filter(|&&byte| byte == b'\n').count(),
        }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('[') {
        let Tags(candidates) = serde_json::from_str(text).map_err(|error| fault(&error, 0))?;
        return Ok(candidates);
    }
    let mut candidates = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_matches(BLANKS);
        if line.is_empty() {
            continue;
        }
        if candidates.len() == MOST_TAGS {
            return Err(InputError::TooMany);
        }
        candidates.push(candidate(line).map_err(|error| fault(&error, number))?);
    }
    Ok(candidates)
}

/// What may stand around a line.
const BLANKS: [char; 3] = [' ', '\t', '\r'];

/// Reads a line that is not blank.
fn candidate(line: &str) -> serde_json::Result<Candidate> {
    if line.starts_with('{') {
        return serde_json::from_str::<Item>(line).map(Candidate::from);
    }
    Ok(Candidate {
        tag: line.to_owned(),
        ..Candidate::default()
    })
}

/// What is wrong with JSON that begins after so many lines.
fn fault(error: &serde_json::Error, lines_before: usize) -> InputError {
    let drawn = error.to_string();
    let reason = drawn
        .rsplit_once(" at line ")
        .map_or(drawn.as_str(), |(reason, _)| reason);
    // An error without a place is about the first line.
    InputError::Json {
        line: lines_before + error.line().max(1),
        reason: reason.to_owned(),
    }
}

/// A tag as JSON: its name alone, or an object.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    tag: String,
    #[serde(default, deserialize_with = "created")]
    created: Created,
    #[serde(default, deserialize_with = "digest")]
    digest: Option<Digest>,
    #[serde(default, deserialize_with = "platforms")]
    platforms: Option<Vec<Platform>>,
}

impl From<Item> for Candidate {
    fn from(item: Item) -> Self {
        let Item {
            tag,
            created,
            digest,
            platforms,
        } = item;
        Self {
            tag,
            created,
            digest,
            platforms,
        }
    }
}

/// A build time; `null` says that there is none.
fn created<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Created, D::Error> {
    let time = Option::<Word<Timestamp>>::deserialize(deserializer)?;
    Ok(time.map_or(Created::Never, |Word(time)| Created::At(time)))
}

fn digest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Digest>, D::Error> {
    let digest = Option::<Word<Digest>>::deserialize(deserializer)?;
    Ok(digest.map(|Word(digest)| digest))
}

fn platforms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Platform>>, D::Error> {
    let platforms = Option::<Vec<Word<Platform>>>::deserialize(deserializer)?;
    Ok(platforms.map(|platforms| platforms.into_iter().map(|Word(platform)| platform).collect()))
}

/// What a text says; understood while the parser still stands at it, so that an error names its line.
struct Word<T>(T);

trait FromText: Sized {
    fn from_text(text: &str) -> Result<Self, String>;
}

impl FromText for Timestamp {
    fn from_text(text: &str) -> Result<Self, String> {
        time::parse(text).map_err(|error| format!("created: {error}"))
    }
}

impl FromText for Digest {
    fn from_text(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }
}

impl FromText for Platform {
    fn from_text(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }
}

impl<'de, T: FromText> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WordVisitor(PhantomData))
    }
}

struct WordVisitor<T>(PhantomData<T>);

impl<T: FromText> Visitor<'_> for WordVisitor<T> {
    type Value = Word<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Word<T>, E> {
        T::from_text(text).map(Word).map_err(E::custom)
    }
}

/// All items of an array.
struct Tags(Vec<Candidate>);

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(TagsVisitor)
    }
}

struct TagsVisitor;

impl<'de> Visitor<'de> for TagsVisitor {
    type Value = Tags;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of tags")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tags, A::Error> {
        let mut candidates = Vec::new();
        while let Some(Element(candidate)) = items.next_element()? {
            if candidates.len() == MOST_TAGS {
                return Err(A::Error::custom("there are more than 1,000,000 tags"));
            }
            candidates.push(candidate);
        }
        Ok(Tags(candidates))
    }
}

/// One item of an array.
struct Element(Candidate);

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ElementVisitor).map(Self)
    }
}

struct ElementVisitor;

impl<'de> Visitor<'de> for ElementVisitor {
    type Value = Candidate;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a tag, as a text or as an object with `tag`")
    }

    fn visit_str<E: de::Error>(self, tag: &str) -> Result<Candidate, E> {
        Ok(Candidate {
            tag: tag.to_owned(),
            ..Candidate::default()
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Candidate, A::Error> {
        Item::deserialize(de::value::MapAccessDeserializer::new(map)).map(Candidate::from)
    }
}
