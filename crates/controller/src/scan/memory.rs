//! What outlives a scan: the digest that each tag had, and what each digest is. Pure.
//!
//! What a digest stands for is true for ever. Which digest a tag has is not, for tags are pushed again; but to resolve each of
//! thousands of tags in each scan is what registries throttle their users for. So a scan starts from what the last one knew
//! of the tags that are still wanted, and resolves a part of them again, the longest unseen first: a *sweep*.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::reference::{Digest, Tag, Timestamp};
use metadata_cache::Image;

/// Every tag is resolved again within this many scans: at the usual interval of five minutes, within two hours.
const SCANS_OF_A_SWEEP: usize = 20;
/// So many tags are resolved again in any case, which is a few seconds' work at the usual pace. An image with no more tags
/// than this is looked at as a whole in each scan.
const LEAST_OF_A_SWEEP: usize = 100;

/// What was found out about the tags of one repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Tags by name, with what they resolved to when they were last asked about.
    pub(crate) tags: BTreeMap<Tag, Resolved>,
    /// What is known of the digests of `tags`.
    pub(crate) images: HashMap<Digest, Arc<Image>>,
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
        }
    }
}

/// Of tags and the times when they were last resolved, those that a scan resolves again: the longest unseen first.
pub(crate) fn sweep<'t>(tags: impl IntoIterator<Item = (&'t Tag, Timestamp)>) -> Vec<Tag> {
    let mut oldest: Vec<(Timestamp, &Tag)> = tags.into_iter().map(|(tag, at)| (at, tag)).collect();
    oldest.sort_unstable();
    let count = oldest.len().div_ceil(SCANS_OF_A_SWEEP).max(LEAST_OF_A_SWEEP);
    oldest.into_iter().take(count).map(|(_, tag)| tag.clone()).collect()
}

#[cfg(test)]
mod tests;
