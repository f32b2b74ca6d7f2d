//! What can be said of the credentials of a repository; never a secret.

use domain::codes::CredentialSource;
use transport::one_line;

/// Characters of a name that are shown: the keys of a Docker config may be anything.
const NAME: usize = 300;

/// A source of credentials that did not open a repository, or was not even tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The kind of source, as [`CredentialSource::code`] has it.
    pub code: &'static str,
    /// The source in words: ``the Docker configuration's entry `ghcr.io/acme` ``.
    pub name: String,
    /// Why, and what to do about it; safe to show.
    pub reason: String,
}

/// Which credential opens a repository, and which do not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CredentialReport {
    /// What the last answer was given to; `None` if nothing that is known opens the repository.
    pub used: Option<CredentialSource>,
    /// What the registry, or its token server, did not accept; in the order in which they would be tried.
    pub refused: Vec<Passed>,
    /// What would be tried and cannot be.
    pub skipped: Vec<Passed>,
}

impl Passed {
    pub(crate) fn new(source: &CredentialSource, reason: impl Into<String>) -> Self {
        Self {
            code: source.code(),
            name: one_line(&source.to_string(), NAME),
            reason: reason.into(),
        }
    }
}
