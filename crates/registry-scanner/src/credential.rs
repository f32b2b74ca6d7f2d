//! What is shown to a registry or its token server.

use sha2::{Digest as _, Sha256};
use transport::Secret;

/// A way to say who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A user and a password.
    Basic {
        /// Never empty. One with a colon, as a Docker config may name it, is another user for the server (RFC 7617 §2).
        username: String,
        /// May be empty.
        password: Secret,
    },
    /// A refresh token, exchanged at the token server (`POST` with `grant_type=refresh_token`).
    IdentityToken {
        /// The user that the file names beside the token.
        username: Option<String>,
        /// The refresh token.
        token: Secret,
    },
    /// A token that the registry itself takes as it is.
    RegistryToken {
        /// The bearer token.
        token: Secret,
    },
}

impl Credential {
    /// `basic`, `identityToken` or `registryToken`, as `tidemark credentials` prints it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Basic { .. } => "basic",
            Self::IdentityToken { .. } => "identityToken",
            Self::RegistryToken { .. } => "registryToken",
        }
    }

    /// The user, where one is known.
    pub fn username(&self) -> Option<&str> {
        match self {
            Self::Basic { username, .. } => Some(username),
            Self::IdentityToken { username, .. } => username.as_deref(),
            Self::RegistryToken { .. } => None,
        }
    }

    /// What must never be shown.
    pub(crate) fn secret(&self) -> &Secret {
        match self {
            Self::Basic { password: secret, .. }
            | Self::IdentityToken { token: secret, .. }
            | Self::RegistryToken { token: secret } => secret,
        }
    }

    /// A name for this user with this secret: another secret is another identity, so a rotated one never meets old tokens.
    pub(crate) fn id(&self) -> CredentialId {
        let mut hash = Sha256::new();
        for part in [self.kind(), self.username().unwrap_or_default(), self.secret().expose()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        CredentialId(hash.finalize().into())
    }
}

/// Stands for a credential in the keys of caches. It prints nothing: a hash of a weak password gives the password away.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CredentialId([u8; 32]);

impl CredentialId {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
