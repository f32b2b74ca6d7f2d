//! Digests of content.

use std::fmt;
use std::sync::Arc;

use super::DigestError;
use super::fault::{Flaw, Problem, first_other};

/// A hash function that content is addressed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256, 64 hexadecimal digits.
    Sha256,
    /// SHA-512, 128 hexadecimal digits.
    Sha512,
}

impl Algorithm {
    /// The name before the colon.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// How many hexadecimal digits follow the colon.
    fn digits(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Sha256, Self::Sha512]
            .into_iter()
            .find(|algorithm| algorithm.as_str() == name)
    }
}

/// A digest, `sha256:…` or `sha512:…` in lower case. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    algorithm: Algorithm,
    text: Arc<str>,
}

impl Digest {
    /// Reads a digest.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and at which byte.
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        Self::read(text).map_err(|flaw| flaw.of("a digest", text).into())
    }

    pub(super) fn read(text: &str) -> Result<Self, Flaw> {
        let (name, hex) = text
            .split_once(':')
            .ok_or_else(|| Flaw::new(text.len(), Problem::NoAlgorithm))?;
        let algorithm = Algorithm::named(name).ok_or_else(|| {
            Flaw::new(
                0,
                Problem::Algorithm(name.chars().take(32).flat_map(char::escape_debug).collect()),
            )
        })?;
        let start = name.len() + 1;
        if let Some((at, _)) = first_other(hex, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(Flaw::new(start + at, Problem::Hex));
        }
        let wanted = algorithm.digits();
        if hex.len() != wanted {
            let problem = Problem::DigestLength {
                algorithm: algorithm.as_str(),
                wanted,
                found: hex.len(),
            };
            return Err(Flaw::new(start + hex.len().min(wanted), problem));
        }
        Ok(Self {
            algorithm,
            text: text.into(),
        })
    }

    /// The whole text, `sha256:…`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The hash function.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The hexadecimal digits behind the colon.
    #[must_use]
    pub fn hex(&self) -> &str {
        &self.text[self.algorithm.as_str().len() + 1..]
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
