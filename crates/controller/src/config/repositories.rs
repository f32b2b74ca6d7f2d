//! The git repositories that are kept up to date.

use std::path::PathBuf;
use std::time::Duration;

use git_writer::{BranchName, GitUrl};

use super::message::MessageTemplate;
use super::names::{Author, Name};
use super::paths::PathPrefix;

/// One branch of one repository.
#[derive(Debug, Clone, PartialEq)]
pub struct RepositoryConfig {
    /// What rules, the log and the status page call it.
    pub name: Name,
    /// Where it is.
    pub url: GitUrl,
    /// The branch that is read and committed to.
    pub branch: BranchName,
    /// The folders and files that are looked at; empty for the whole tree.
    pub paths: Vec<PathPrefix>,
    /// The longest time between two looks at the branch while all is well.
    pub interval: Duration,
    /// How to log in; fits the kind of address.
    pub auth: RepositoryAuth,
    /// PEM file of the only certificate authorities that are trusted.
    pub ca_file: Option<PathBuf>,
    /// Who commits.
    pub author: Author,
    /// The message of a commit.
    pub message: MessageTemplate,
}

/// How to log in to a git server. Secrets are paths, read when they are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepositoryAuth {
    /// Nothing is sent.
    None,
    /// A private key, and the server keys to expect.
    SshKey {
        /// The file of the private key.
        key_file: PathBuf,
        /// The `known_hosts` file; a server that is not in it is refused.
        known_hosts_file: PathBuf,
    },
    /// A user and a password.
    Password {
        /// Never empty, never with a colon.
        username: String,
        /// The file of the password.
        password_file: PathBuf,
    },
    /// A bearer token.
    Token {
        /// The file of the token.
        token_file: PathBuf,
    },
}

impl RepositoryConfig {
    /// Whether a file of the repository is looked at.
    pub fn holds(&self, path: &str) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|prefix| prefix.holds(path))
    }
}
