//! What outlives a scan: the digest that each tag had, and what each digest is. Pure.
//!
//! What a digest stands for is true for ever. Which digest a tag has is not, for tags are pushed again; but to resolve each of
//! thousands of tags in each scan is what registries throttle their users for. So a scan starts from what the last one knew
//! of the tags that are still wanted, and resolves a part of them again now and then: a [`sweep`].
//!
//! It is kept in a file, too ([`kept`]): a restart is no reason to ask for thousands of manifests.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::reference::{Digest, Tag, Timestamp};
use metadata_cache::Image;

pub(crate) mod kept;
pub(crate) mod sweep;

/// What was found out about the tags of one repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Tags by name, with what they resolved to when they were last asked about.
    pub(crate) tags: BTreeMap<Tag, Resolved>,
    /// What is known of the digests of `tags`.
    pub(crate) images: HashMap<Digest, Arc<Image>>,
    /// When a step of the sweep was last made, or when everything was found out; `None` before the first scan.
    pub(crate) swept: Option<Timestamp>,
    /// When this was last written to its file, but for when each tag was last asked about; `None` where it never was.
    pub(crate) kept: Option<Timestamp>,
}

/// What a tag resolved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// `None` where the manifest was known to be gone.
    pub(crate) digest: Option<Digest>,
    /// When the scan that asked was made.
    pub(crate) at: Timestamp,
}

impl Memory {
    /// The digest that a tag is remembered to have.
    pub(crate) fn digest(&self, tag: &Tag) -> Option<&Digest> {
        self.tags.get(tag)?.digest.as_ref()
    }

    /// The same without images that no tag has.
    pub(crate) fn of(tags: BTreeMap<Tag, Resolved>, image: impl Fn(&Digest) -> Option<Arc<Image>>) -> Self {
        let digests = tags.values().filter_map(|resolved| resolved.digest.as_ref());
        let images = digests.filter_map(|digest| Some((digest.clone(), image(digest)?)));
        Self {
            images: images.collect(),
            tags,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
