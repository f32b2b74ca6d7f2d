//! What a decision asks to be written.

use super::Height;
use crate::policy::Policy;
use crate::reference::{Digest, Repository, Value};

/// A value that should be written. Only [`super::decide`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub(crate) repository: Repository,
    pub(crate) policy: Policy,
    pub(crate) from: Value,
    pub(crate) from_height: Option<Height>,
    pub(crate) to: Value,
    pub(crate) height: Height,
    pub(crate) digest: Digest,
}

impl Proposal {
    /// The image's name.
    #[must_use]
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The policy that asks for it.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The value that it replaces.
    #[must_use]
    pub fn from(&self) -> &Value {
        &self.from
    }

    /// The value to write.
    #[must_use]
    pub fn to(&self) -> &Value {
        &self.to
    }

    /// The tag to write with what its rank depends on, for the high-water mark.
    #[must_use]
    pub fn height(&self) -> &Height {
        &self.height
    }

    /// What the tag resolved to, whether or not it is written.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }
}
