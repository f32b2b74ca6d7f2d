//! What is written behind an image's name.

use std::fmt;

use super::fault::{Flaw, Problem};
use super::{Digest, Tag, ValueError};

/// A tag, a digest or both, as they stand behind an image's name.
///
/// Both what a file holds now and what is to be written are this. Neither
/// (the default) is a bare name: there is no current value.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    /// The tag, if one is written.
    pub tag: Option<Tag>,
    /// The digest, if one is written.
    pub digest: Option<Digest>,
}

impl Value {
    /// Reads `TAG`, `TAG@DIGEST` or `@DIGEST`.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and at which byte.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        Self::read(text).map_err(|flaw| flaw.of("`TAG`, `TAG@DIGEST` or `@DIGEST`", text).into())
    }

    fn read(text: &str) -> Result<Self, Flaw> {
        let at = text.find('@').unwrap_or(text.len());
        let digest = match text[at..].strip_prefix('@') {
            Some(digest) => Some(Digest::read(digest).map_err(|flaw| flaw.after(at + 1))?),
            None => None,
        };
        let tag = match &text[..at] {
            "" if digest.is_some() => None,
            "" => return Err(Flaw::new(0, Problem::Empty)),
            tag => Some(Tag::read(tag)?),
        };
        Ok(Self { tag, digest })
    }

    /// Whether neither tag nor digest is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tag.is_none() && self.digest.is_none()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tag) = &self.tag {
            write!(f, "{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}
