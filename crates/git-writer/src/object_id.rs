//! Names of objects.

use std::{fmt, str::FromStr};

use git2::Oid;

/// The name of a git object: the SHA-1 of its content, printed as 40 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId(pub(crate) Oid);

/// The text is not 40 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an object's name is 40 hexadecimal digits")]
pub struct ObjectIdError;

impl ObjectId {
    /// The name that `bytes` have as a file's content.
    pub fn of_blob(bytes: &[u8]) -> Self {
        // Hashing alone touches neither disk nor memory limits, so libgit2 has no reason to refuse.
        Self(Oid::hash_object(git2::ObjectType::Blob, bytes).expect("hashing bytes in memory cannot fail"))
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for ObjectId {
    type Err = ObjectIdError;

    fn from_str(text: &str) -> Result<Self, ObjectIdError> {
        if text.len() != 40 {
            return Err(ObjectIdError);
        }
        Oid::from_str(text).map(Self).map_err(|_| ObjectIdError)
    }
}
