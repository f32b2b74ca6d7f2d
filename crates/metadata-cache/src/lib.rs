#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

use domain::reference::{Digest, Platform, Repository};
use domain::scan::Created;
use moka::sync::Cache;

/// What a digest has been found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The platforms it runs on, normalised and sorted.
    pub platforms: Vec<Platform>,
    /// When it was built, or that it does not say.
    pub created: Created,
}

/// The embedded cache: least recently used images leave first when it is full.
///
/// Cheap to clone; clones share their content.
#[derive(Debug, Clone)]
pub struct MetadataCache {
    images: Cache<(Repository, Digest), Image>,
}

impl MetadataCache {
    /// A cache of at most `max_bytes` bytes, counted roughly.
    pub fn embedded(max_bytes: u64) -> Self {
        let images = Cache::builder().max_capacity(max_bytes).weigher(weight).build();
        Self { images }
    }

    /// What is known of a digest in a repository; a neighbour's image is not looked at, for its reader may not be allowed to.
    pub fn get(&self, repository: &Repository, digest: &Digest) -> Option<Image> {
        self.images.get(&(repository.clone(), digest.clone()))
    }

    /// Remembers what a digest is.
    pub fn put(&self, repository: &Repository, digest: &Digest, image: Image) {
        self.images.insert((repository.clone(), digest.clone()), image);
    }
}

fn weight((repository, digest): &(Repository, Digest), image: &Image) -> u32 {
    const OVERHEAD: usize = 128;
    const PLATFORM: usize = 48;
    let bytes = OVERHEAD + repository.path().len() + digest.as_str().len() + image.platforms.len() * PLATFORM;
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
