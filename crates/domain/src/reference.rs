//! Names of images and what stands after them: registries, repositories, tags, digests, platforms, times.
//!
//! The grammar is the distribution project's, read left to right, with every
//! spelling of Docker Hub being one registry (`contracts/references.md` §1).
//! Each type can only be made by reading a text, so whoever holds one holds a
//! valid one.

mod digest;
mod fault;
mod image;
mod platform;
mod registry;
mod repository;
mod tag;
mod timestamp;
mod value;

pub use digest::{Algorithm, Digest};
pub use fault::{DigestError, PlatformError, ReferenceError, TagError, ValueError};
pub use image::Reference;
pub use platform::Platform;
pub use registry::Registry;
pub use repository::Repository;
pub use tag::Tag;
pub use timestamp::Timestamp;
pub use value::Value;

#[cfg(test)]
mod tests;
