//! Tags.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use super::TagError;
use super::fault::{Flaw, Problem, first_other};

/// A tag by the distribution project's grammar. Cheap to clone; ordered by bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(Arc<str>);

impl Tag {
    /// The longest tag, in bytes.
    pub(crate) const LONGEST: usize = 128;

    /// Reads a tag.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and at which byte.
    pub fn parse(text: &str) -> Result<Self, TagError> {
        Self::read(text).map_err(|flaw| flaw.of("a tag", text).into())
    }

    pub(super) fn read(text: &str) -> Result<Self, Flaw> {
        if Self::is_valid(text) {
            return Ok(Self(text.into()));
        }
        Err(flaw(text))
    }

    /// Whether `text` is a tag, without making one.
    #[must_use]
    pub fn is_valid(text: &str) -> bool {
        let [first, rest @ ..] = text.as_bytes() else {
            return false;
        };
        let begins = first.is_ascii_alphanumeric() || *first == b'_';
        // Nearly all are tags: to look at every byte is quicker than to look for one that ends it.
        text.len() <= Self::LONGEST && begins && rest.iter().fold(true, |all, &byte| all & ALLOWED[usize::from(byte)])
    }

    /// The tag's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The bytes that a tag may hold, behind its first.
const ALLOWED: [bool; 256] = {
    let mut allowed = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let letter = byte as u8;
        allowed[byte] = letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'.' | b'-');
        byte += 1;
    }
    allowed
};

/// What makes `text` no tag.
fn flaw(text: &str) -> Flaw {
    if text.is_empty() {
        return Flaw::new(0, Problem::EmptyTag);
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    match first_other(text, allowed) {
        Some((at, letter)) if letter.is_whitespace() => Flaw::new(at, Problem::WhiteSpace),
        Some((at, letter)) => Flaw::new(at, Problem::Letter { letter, place: "a tag" }),
        None if text.len() > Tag::LONGEST => Flaw::new(
            Tag::LONGEST,
            Problem::TooLong {
                part: "the tag",
                limit: Tag::LONGEST,
            },
        ),
        None => Flaw::new(0, Problem::TagStart),
    }
}

impl Borrow<str> for Tag {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Tag {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
