#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

use std::sync::Arc;

use domain::reference::{Digest, Platform, Repository};
use domain::scan::Created;
use moka::sync::Cache;

/// What a digest has been found to be. What nobody wanted to know may be unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    /// The platforms it runs on, normalised and sorted; `None` if nobody has asked.
    pub platforms: Option<Vec<Platform>>,
    /// When it was built, or that it does not say.
    pub created: Created,
    /// Why a part of it was not looked into and never will be, for instance because its configuration cannot be read. That part
    /// says nothing: it names no platform and no time. Safe to show.
    pub flaw: Option<Arc<str>>,
}

impl Image {
    /// What this and another look at the same digest know together.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        Self {
            platforms: self.platforms.or_else(|| other.platforms.clone()),
            created: if self.created == Created::Unknown {
                other.created
            } else {
                self.created
            },
            flaw: self.flaw.or_else(|| other.flaw.clone()),
        }
    }
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

    /// Remembers what a digest is, in place of what was known before.
    pub fn put(&self, repository: &Repository, digest: &Digest, image: Image) {
        self.images.insert((repository.clone(), digest.clone()), image);
    }
}

fn weight((repository, digest): &(Repository, Digest), image: &Image) -> u32 {
    const OVERHEAD: usize = 128;
    const PLATFORM: usize = 48;
    let platforms = image.platforms.as_ref().map_or(0, Vec::len);
    let flaw = image.flaw.as_ref().map_or(0, |flaw| flaw.len());
    let bytes = OVERHEAD + repository.path().len() + digest.as_str().len() + platforms * PLATFORM + flaw;
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
