//! Bytes against digests.

use domain::reference::{Algorithm, Digest};
use sha2::{Digest as _, Sha256, Sha512};

/// The digest of `bytes` in an algorithm.
pub(crate) fn digest_of(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let hex = match algorithm {
        Algorithm::Sha256 => hex::encode(Sha256::digest(bytes)),
        Algorithm::Sha512 => hex::encode(Sha512::digest(bytes)),
    };
    Digest::parse(&format!("{}:{hex}", algorithm.as_str())).expect("the hash has the length of its algorithm")
}
