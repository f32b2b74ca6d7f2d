//! The token that opens the API, as its file has it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use http::HeaderValue;
use subtle::ConstantTimeEq;
use transport::Secret;

#[cfg(test)]
mod tests;

/// Fewer characters could be found out by trying.
const SHORTEST: usize = 16;

/// A longer one is most likely another file.
const LONGEST: usize = 4096;

/// The token that opens the API: 16 to 4096 visible ASCII characters. It cannot be printed.
#[derive(Debug, Clone)]
pub struct Token(Secret);

/// There is no token to be had of a file.
#[derive(Debug, thiserror::Error)]
#[error("failed to read the token in `{}`", .path.display())]
pub struct TokenError {
    path: PathBuf,
    #[source]
    kind: TokenErrorKind,
}

#[derive(Debug, thiserror::Error)]
enum TokenErrorKind {
    #[error(transparent)]
    Unreadable(io::Error),
    #[error("it is no file")]
    NoFile,
    #[error("it is empty")]
    Empty,
    #[error("it is shorter than {SHORTEST} characters; `openssl rand -hex 32` makes a good one")]
    Short,
    #[error("it is longer than {LONGEST} characters")]
    Long,
    #[error("it holds something else than visible ASCII characters on one line")]
    Characters,
}

impl Token {
    /// Reads a token; white space around it is not part of it.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or what it holds is no token.
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        read(path).map_err(|kind| TokenError {
            path: path.to_owned(),
            kind,
        })
    }

    /// Whether this is what a caller shows. How long that takes says nothing about the token but its length.
    pub(crate) fn is(&self, shown: &[u8]) -> bool {
        self.0.expose().as_bytes().ct_eq(shown).into()
    }

    /// What a caller shows.
    pub(crate) fn header(&self) -> HeaderValue {
        let text = Secret::new(format!("Bearer {}", self.0.expose()));
        let mut header = HeaderValue::from_str(text.expose()).expect("a token is visible ASCII");
        header.set_sensitive(true);
        header
    }
}

fn read(path: &Path) -> Result<Token, TokenErrorKind> {
    // Anything but a file (a pipe, a terminal) could keep the reader waiting.
    if !fs::metadata(path).map_err(TokenErrorKind::Unreadable)?.is_file() {
        return Err(TokenErrorKind::NoFile);
    }
    // Room for everything from the start: a buffer that grows leaves copies behind. The white space around it has a bound, too.
    let mut text = String::with_capacity(2 * LONGEST);
    let file = File::open(path).map_err(TokenErrorKind::Unreadable)?;
    let read = file.take(2 * LONGEST as u64).read_to_string(&mut text);
    let text = Secret::new(text);
    read.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => TokenErrorKind::Characters,
        _ => TokenErrorKind::Unreadable(error),
    })?;
    parse(text.expose())
}

fn parse(text: &str) -> Result<Token, TokenErrorKind> {
    let token = text.trim();
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(TokenErrorKind::Characters);
    }
    match token.len() {
        0 => Err(TokenErrorKind::Empty),
        1..SHORTEST => Err(TokenErrorKind::Short),
        SHORTEST..=LONGEST => Ok(Token(Secret::new(token))),
        _ => Err(TokenErrorKind::Long),
    }
}
