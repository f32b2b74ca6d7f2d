//! Whole references.

use std::fmt;

use super::fault::{Flaw, Problem};
use super::{Digest, ReferenceError, Repository, Tag, Value};

/// An image: its name, and the tag and digest that were written behind it.
///
/// Nothing is invented: without a tag there is none. Displays in its canonical
/// form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The image's name.
    pub repository: Repository,
    /// The tag, if one was written.
    pub tag: Option<Tag>,
    /// The digest, if one was written.
    pub digest: Option<Digest>,
}

impl Reference {
    /// Reads `[REGISTRY/]REPOSITORY[:TAG][@DIGEST]`, left to right.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and at which byte.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        Self::read(text).map_err(|flaw| flaw.of("an image reference", text).into())
    }

    fn read(text: &str) -> Result<Self, Flaw> {
        let (repository, end) = Repository::read(text)?;
        let (tag, digest) = read_tail(&text[end..]).map_err(|flaw| flaw.after(end))?;
        Ok(Self {
            repository,
            tag,
            digest,
        })
    }

    /// The full spelling, `docker.io/library/nginx:1.27`.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.to_string()
    }

    /// The short spelling, `nginx:1.27`; of other registries than Docker Hub the canonical one.
    ///
    /// Where the short one would be read as something else it keeps as much as
    /// is needed: `docker.io/my.team/app`, for `my.team/app` names a registry.
    #[must_use]
    pub fn familiar(&self) -> String {
        let alone = self.tag.is_none() && self.digest.is_none();
        format!("{}{}", self.repository.familiar(alone), Tail(self))
    }

    /// What is written behind the name.
    #[must_use]
    pub fn value(&self) -> Value {
        Value {
            tag: self.tag.clone(),
            digest: self.digest.clone(),
        }
    }
}

/// Reads `[:TAG][@DIGEST]`.
fn read_tail(text: &str) -> Result<(Option<Tag>, Option<Digest>), Flaw> {
    let at = text.find('@').unwrap_or(text.len());
    let tag = match text[..at].strip_prefix(':') {
        Some(tag) => Some(Tag::read(tag).map_err(|flaw| flaw.after(1))?),
        None => None,
    };
    let digest = match text[at..].strip_prefix('@') {
        Some("") => return Err(Flaw::new(text.len(), Problem::NoAlgorithm)),
        Some(digest) => Some(Digest::read(digest).map_err(|flaw| flaw.after(at + 1))?),
        None => None,
    };
    Ok((tag, digest))
}

/// Shows `[:TAG][@DIGEST]`.
struct Tail<'a>(&'a Reference);

impl fmt::Display for Tail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tag) = &self.0.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.0.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.repository, Tail(self))
    }
}
