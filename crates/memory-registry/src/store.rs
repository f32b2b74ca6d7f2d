//! What a registry holds.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::{Bytes, BytesMut};
use sha2::{Digest as _, Sha256};

use crate::{Order, image::ImageParts};

/// The most uploads that may be under way.
const MOST_UPLOADS: usize = 1_000;

/// The digest of `bytes`, as `sha256:…`.
pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

/// A manifest or an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its media type.
    pub media_type: String,
    /// Its digest, `sha256:…`.
    pub digest: String,
    /// Its text, as pushed.
    pub bytes: Bytes,
}

impl Manifest {
    /// `bytes`, to be served as `media_type`.
    pub fn new(media_type: &str, bytes: Bytes) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest: digest(&bytes),
            bytes,
        }
    }
}

/// All repositories.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) repositories: BTreeMap<String, Repository>,
    uploads: HashMap<String, Upload>,
    /// How many tags were ever pushed: gives each push its place.
    pushes: u64,
    /// How many uploads were ever begun: names the next one.
    begun: u64,
}

/// One repository; it stays when its last tag goes.
#[derive(Debug, Default)]
pub(crate) struct Repository {
    tags: BTreeMap<String, Tagged>,
    /// The tags by the place of their last push.
    pushed: BTreeMap<u64, String>,
    pub(crate) manifests: HashMap<String, Manifest>,
    pub(crate) blobs: HashMap<String, Bytes>,
}

#[derive(Debug)]
struct Tagged {
    digest: String,
    pushed: u64,
}

/// A blob on its way in.
#[derive(Debug)]
struct Upload {
    repository: String,
    bytes: BytesMut,
}

impl Store {
    /// Stores an image; says the digest of its root manifest.
    pub(crate) fn fill(&mut self, repository: &str, built: ImageParts) -> String {
        let held = self.repositories.entry(repository.to_owned()).or_default();
        let root = built.root().to_owned();
        held.blobs
            .extend(built.blobs.into_iter().map(|blob| (digest(&blob), blob)));
        held.manifests.extend(
            built
                .manifests
                .into_iter()
                .map(|manifest| (manifest.digest.clone(), manifest)),
        );
        root
    }

    /// Lets `tag` name `digest`.
    pub(crate) fn tag(&mut self, repository: &str, tag: &str, digest: &str) {
        self.pushes += 1;
        let tagged = Tagged {
            digest: digest.to_owned(),
            pushed: self.pushes,
        };
        let held = self.repositories.entry(repository.to_owned()).or_default();
        held.untag(tag);
        held.pushed.insert(tagged.pushed, tag.to_owned());
        held.tags.insert(tag.to_owned(), tagged);
    }

    /// Begins an upload and names it; `None` if too many were left lying.
    pub(crate) fn begin_upload(&mut self, repository: &str) -> Option<String> {
        if self.uploads.len() == MOST_UPLOADS {
            return None;
        }
        self.begun += 1;
        let id = format!("upload-{}", self.begun);
        self.uploads.insert(
            id.clone(),
            Upload {
                repository: repository.to_owned(),
                bytes: BytesMut::new(),
            },
        );
        Some(id)
    }

    /// The upload of this name in `repository`.
    pub(crate) fn upload(&mut self, repository: &str, id: &str) -> Option<&mut BytesMut> {
        let upload = self
            .uploads
            .get_mut(id)
            .filter(|upload| upload.repository == repository)?;
        Some(&mut upload.bytes)
    }

    /// Ends an upload, for good or bad.
    pub(crate) fn end_upload(&mut self, id: &str) -> Option<Bytes> {
        Some(self.uploads.remove(id)?.bytes.freeze())
    }

    /// The names of all repositories.
    pub(crate) fn names(&self, order: Order) -> Vec<&str> {
        let mut names: Vec<&str> = self.repositories.keys().map(String::as_str).collect();
        if order != Order::Lexical {
            names.sort_by_key(|name| scrambled(name));
        }
        names
    }
}

impl Repository {
    /// The tags.
    pub(crate) fn tags(&self, order: Order) -> Vec<&str> {
        let by_name = self.tags.keys().map(String::as_str);
        match order {
            Order::Lexical => by_name.collect(),
            Order::Pushed => self.pushed.values().map(String::as_str).collect(),
            Order::Scrambled => {
                let mut tags: Vec<&str> = by_name.collect();
                tags.sort_by_key(|tag| scrambled(tag));
                tags
            }
        }
    }

    /// The manifest that a tag names.
    pub(crate) fn manifest_of(&self, tag: &str) -> Option<&Manifest> {
        self.manifests.get(&self.tags.get(tag)?.digest)
    }

    /// The manifest that a tag or digest names.
    pub(crate) fn manifest(&self, reference: &str) -> Option<&Manifest> {
        let digest = self.tags.get(reference).map_or(reference, |tagged| &tagged.digest);
        self.manifests.get(digest)
    }

    /// Takes a tag away; says whether it was there.
    pub(crate) fn untag(&mut self, tag: &str) -> bool {
        let tagged = self.tags.remove(tag);
        tagged.is_some_and(|tagged| self.pushed.remove(&tagged.pushed).is_some())
    }

    /// Takes a manifest and its tags away; says whether it was there.
    pub(crate) fn delete(&mut self, digest: &str) -> bool {
        self.tags.retain(|_, tagged| tagged.digest != digest);
        self.pushed.retain(|_, tag| self.tags.contains_key(tag));
        self.manifests.remove(digest).is_some()
    }
}

fn scrambled(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}
