//! What all errors of this crate have inside.

use std::{error::Error, fmt};

use git2::{ErrorClass, ErrorCode};
use transport::Redactor;

/// Longest text of libgit2 or of a server in an error, in characters.
pub(crate) const LONGEST_WORDS: usize = 400;

/// What kind of trouble there was; the words are in the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// The server refused the credentials, or wants some.
    Unauthorized,
    /// The server is not the one that `known_hosts` or the certificate authority vouches for.
    Untrusted,
    /// The branch does not exist.
    NoBranch,
    /// The repository does not exist, or the credentials do not let us see it.
    NoRepository,
    /// The server did not answer, or broke off.
    Unreachable,
    /// The server answered what no git server should, a redirect included.
    Protocol,
    /// A bound of [`crate::Limits`] was reached.
    TooLarge,
    /// The token was cancelled.
    Cancelled,
    /// The mirror on disk is damaged; the next fetch makes it anew.
    Damaged,
    /// A disk, a folder or the configuration here is at fault.
    Local,
}

/// A [`Failure`] with its words and its cause.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) failure: Failure,
    words: String,
    source: Option<Cause>,
}

/// The words of a cause. Libraries quote what servers said, so they are made safe and no error of theirs is passed on.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Cause(String);

impl Fault {
    pub(crate) fn new(failure: Failure, words: impl Into<String>) -> Self {
        Self {
            failure,
            words: words.into(),
            source: None,
        }
    }

    pub(crate) fn caused_by(failure: Failure, words: impl Into<String>, cause: &dyn Error) -> Self {
        let cause = Cause(transport::one_line(&transport::chain(cause).to_string(), LONGEST_WORDS));
        Self {
            failure,
            words: words.into(),
            source: Some(cause),
        }
    }

    /// Takes over what libgit2 says of the mirror. Its words may quote a server's, so they are made safe.
    pub(crate) fn of_libgit2(error: &git2::Error, redactor: &Redactor) -> Self {
        let failure = match (error.class(), error.code()) {
            (_, ErrorCode::Directory) | (ErrorClass::Os | ErrorClass::Filesystem | ErrorClass::NoMemory, _) => {
                Failure::Local
            }
            (ErrorClass::Net | ErrorClass::Http | ErrorClass::Ssh, _) => Failure::Protocol,
            _ => Failure::Damaged,
        };
        Self::new(failure, redactor.safe_text(error.message().as_bytes(), LONGEST_WORDS))
    }

    /// As [`Fault::of_libgit2`], for calls in which no server has a part.
    pub(crate) fn of_disk(error: &git2::Error) -> Self {
        Self::of_libgit2(error, &Redactor::default())
    }

    pub(crate) fn cancelled() -> Self {
        Self::new(Failure::Cancelled, "it was cancelled")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| source as &(dyn Error + 'static))
    }
}
