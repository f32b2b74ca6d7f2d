//! A repository to keep a mirror of, and how to get in.

use std::time::Duration;

use transport::{Proxy, Redactor, Secret, Trust};

use crate::{BranchName, GitUrl};

/// One branch of one repository, with what it takes to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// The repository.
    pub url: GitUrl,
    /// The branch that is read and written; it must exist.
    pub branch: BranchName,
    /// What the server asks for.
    pub auth: Auth,
    /// Trust anchors for `https://`.
    pub trust: Trust,
    /// A forward proxy for `http://` and `https://`; SSH goes straight.
    pub proxy: Option<Proxy>,
    /// Bounds on what the server may make us do.
    pub limits: Limits,
}

/// Credentials for a git server; they go to the host of the URL and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Nothing is sent.
    None,
    /// HTTP Basic.
    Basic {
        /// The user; forges that want a token only accept any.
        username: String,
        /// The password or token.
        password: Secret,
    },
    /// HTTP Bearer.
    Token(Secret),
    /// An SSH key, and the host keys to expect.
    SshKey {
        /// An unencrypted private key: OpenSSH or PKCS#8 PEM, Ed25519 or ECDSA.
        private_key_pem: Secret,
        /// Lines of a `known_hosts` file. A host that is not among them is refused.
        known_hosts: String,
    },
}

/// Bounds for one repository (`trust.md` §4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest pack that a fetch may bring, in bytes.
    pub pack_bytes: u64,
    /// Most objects that a fetch may bring.
    pub objects: u64,
    /// Most entries (files and folders) that one look at the files may visit.
    pub entries: usize,
    /// Largest file that a commit may write, in bytes.
    pub file_bytes: u64,
    /// Most files that one commit may change.
    pub changes: usize,
    /// Longest message of a commit, in bytes.
    pub message_bytes: usize,
    /// Longest wait for a connection, TLS or key exchange included.
    pub connect_timeout: Duration,
    /// Longest silence of the server while something is awaited.
    pub silence_timeout: Duration,
    /// Longest time that one fetch or push may take in all.
    pub total_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pack_bytes: 512 << 20,
            objects: 2_000_000,
            entries: 1_000_000,
            file_bytes: 16 << 20,
            changes: 10_000,
            message_bytes: 64 << 10,
            connect_timeout: Duration::from_secs(10),
            // Servers think long before a large pack; they send a sign of life every 5 s meanwhile.
            silence_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(600),
        }
    }
}

impl Auth {
    /// Takes our own secrets out of what the server says.
    pub(crate) fn redactor(&self) -> Redactor {
        match self {
            Self::None => Redactor::default(),
            Self::Basic { password: secret, .. }
            | Self::Token(secret)
            | Self::SshKey {
                private_key_pem: secret,
                ..
            } => Redactor::new([secret]),
        }
    }
}
