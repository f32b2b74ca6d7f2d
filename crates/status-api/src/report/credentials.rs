//! Which credential opens an image's repository, and which do not.

use domain::codes::CredentialSource;

/// How the credentials fared that were tried for one image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageCredentials {
    /// What the last answer was given to; `None` if nothing that is known opens the repository.
    pub used: Option<CredentialSource>,
    /// What the registry, or its token server, did not accept; in the order in which they would be tried.
    pub refused: Vec<PassedCredential>,
    /// What would be tried and cannot be.
    pub skipped: Vec<PassedCredential>,
}

/// A credential that does not open a repository; never the credential itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedCredential {
    /// Where it comes from, as a code.
    pub source: &'static str,
    /// The same in words, safe to show.
    pub text: String,
    /// Why it does not, and what to do about it; safe to show.
    pub reason: String,
}
