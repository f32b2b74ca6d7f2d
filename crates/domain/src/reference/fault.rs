//! What is wrong with a text that should name an image, and at which byte.

use std::fmt;

use thiserror::Error;

use crate::fault::Fault;

/// A text is no image reference, image name or registry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(transparent)]
pub struct ReferenceError(#[from] Fault);

/// A text is no tag.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(transparent)]
pub struct TagError(#[from] pub(crate) Fault);

/// A text is no digest.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(transparent)]
pub struct DigestError(#[from] Fault);

/// A text is no platform.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(transparent)]
pub struct PlatformError(#[from] pub(crate) Fault);

/// A text is none of `TAG`, `TAG@DIGEST` and `@DIGEST`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(transparent)]
pub struct ValueError(#[from] Fault);

impl ReferenceError {
    /// Where the text goes wrong: the offset in bytes from its start.
    #[must_use]
    pub fn at(&self) -> usize {
        self.0.span.start
    }
}

/// A problem with some bytes of the text that is being read.
pub(super) type Flaw = crate::fault::Flaw<Problem>;

/// Why a text is refused, worded for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Problem {
    #[error("it is empty")]
    Empty,
    #[error("white space is not allowed")]
    WhiteSpace,
    #[error("control characters are not allowed")]
    Control,
    #[error("it begins with a scheme; write it without `{0}://`")]
    Scheme(String),
    #[error("64 hexadecimal digits alone could be an image's id; write `library/…` or `@sha256:…`, whichever is meant")]
    BareHex,
    #[error("a part of the name is empty")]
    EmptyComponent,
    #[error("`{}` is not allowed in {place}", Letter(*.letter))]
    Letter { letter: char, place: &'static str },
    #[error("upper-case letters are not allowed in a repository")]
    UpperCase,
    #[error("{place} must begin and end with a letter or digit")]
    Edge { place: &'static str },
    #[error("only one `.`, one or two `_`, or any number of `-` may stand between letters and digits")]
    Separator,
    #[error("{part} is longer than {limit} bytes")]
    TooLong { part: &'static str, limit: usize },
    #[error("a part of the registry's host is empty")]
    EmptyLabel,
    #[error("the registry's port must be a number from 1 to 65535, without leading zeros")]
    Port,
    #[error("this is no IPv6 address in brackets (a zone or an embedded IPv4 address is not allowed)")]
    Ipv6,
    #[error("the tag is empty")]
    EmptyTag,
    #[error("a tag must begin with a letter, a digit or `_`")]
    TagStart,
    #[error("`:` and an algorithm's digits must follow; write `sha256:` and 64 hexadecimal digits")]
    NoAlgorithm,
    #[error("the digest algorithm `{0}` is not supported; sha256 and sha512 are")]
    Algorithm(String),
    #[error("a {algorithm} digest has {wanted} hexadecimal digits, this one has {found}")]
    DigestLength {
        algorithm: &'static str,
        wanted: usize,
        found: usize,
    },
    #[error("a digest has lower-case hexadecimal digits only")]
    Hex,
    #[error("a tag is not allowed here, only the image's name")]
    UnwantedTag,
    #[error("a digest is not allowed here, only the image's name")]
    UnwantedDigest,
    #[error("write OS/ARCHITECTURE or OS/ARCHITECTURE/VARIANT, as in `linux/arm64/v8`")]
    Platform,
}

/// Refuses white space and control characters, wherever they stand.
pub(super) fn check_printable(text: &str) -> Result<(), Flaw> {
    for (at, letter) in text.char_indices() {
        if letter.is_whitespace() {
            return Err(Flaw::new(at, Problem::WhiteSpace));
        }
        if letter.is_control() {
            return Err(Flaw::new(at, Problem::Control));
        }
    }
    Ok(())
}

/// The first character of `text` that `allowed` does not hold for, with its offset.
pub(super) fn first_other(text: &str, allowed: impl Fn(u8) -> bool) -> Option<(usize, char)> {
    text.char_indices()
        .find(|&(_, letter)| !u8::try_from(letter).is_ok_and(|byte| byte.is_ascii() && allowed(byte)))
}

/// Shows one character of a stranger's text.
struct Letter(char);

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_debug())
    }
}
