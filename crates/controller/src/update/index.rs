//! Where the images of a repository are written: an index from paths to contents to places.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use git_writer::{Mirror, ObjectId, ReadError, TreeFile};
use manifests::{FileKind, Manifest, Place, Refusal, may_hold_images};

/// Largest file that is looked at: the limit of the editor.
pub(super) const LARGEST_FILE: u64 = 16 << 20;
/// Files that may hold images by their name.
const ENDINGS: &[&str] = &[".yaml", ".yml", ".json"];

/// What has been read of the files of a branch.
///
/// A content is read once, however many commits and paths have it.
#[derive(Debug, Default)]
pub struct Index {
    known: HashMap<Key, Found>,
}

/// What the places of a file depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    blob: ObjectId,
    reading: Reading,
}

/// How a file is read, which its path says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Reading {
    kind: FileKind,
}

/// What a content holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The places of images in it, in the order of the text.
    Places(Arc<[Place]>),
    /// It cannot be edited.
    Unreadable {
        /// The line that is to blame.
        line: Option<u32>,
        /// Why, for people.
        message: Arc<str>,
    },
}

/// A file that there is something to say of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedFile {
    /// The file, from the root of the repository.
    pub path: Arc<str>,
    /// What its content holds; not empty.
    pub found: Found,
}

impl Index {
    /// Reads what is new among `files`, forgets what is not among them, and lists those that hold images or cannot be
    /// read, in their order.
    ///
    /// # Errors
    ///
    /// The mirror is damaged. What was known before is kept.
    pub fn update(&mut self, mirror: &mut Mirror, files: &[TreeFile]) -> Result<Vec<IndexedFile>, ReadError> {
        let keys: Vec<(&TreeFile, Key)> = files
            .iter()
            .filter(|file| is_looked_at(&file.path))
            .map(|file| (file, Key::of(file)))
            .collect();
        let new = self.new_among(keys.iter().map(|(_, key)| *key));
        let blobs: Vec<ObjectId> = new.iter().map(|key| key.blob).collect();
        let found = mirror.look_at(&blobs, LARGEST_FILE, |number, bytes| {
            bytes.map_or_else(too_large, |bytes| new[number].reading.find(bytes))
        })?;
        self.known.extend(new.into_iter().zip(found));

        let mut kept = HashMap::with_capacity(keys.len());
        let mut listed = Vec::new();
        for (file, key) in keys {
            let found = kept.entry(key).or_insert_with(|| self.known[&key].clone());
            if !found.is_empty() {
                listed.push(IndexedFile {
                    path: Arc::from(file.path.as_str()),
                    found: found.clone(),
                });
            }
        }
        self.known = kept;
        Ok(listed)
    }

    /// The keys that nothing is known of yet, each once.
    fn new_among(&self, keys: impl Iterator<Item = Key>) -> Vec<Key> {
        let mut seen = HashSet::new();
        keys.filter(|key| !self.known.contains_key(key) && seen.insert(*key))
            .collect()
    }
}

impl Key {
    fn of(file: &TreeFile) -> Self {
        Self {
            blob: file.blob,
            reading: Reading::of(&file.path),
        }
    }
}

impl Reading {
    /// How the file at `path` is read. Equal contents that are read differently are told apart by it.
    pub(super) fn of(path: &str) -> Self {
        Self {
            kind: FileKind::of(path),
        }
    }

    /// Reads a content; the places of what it returns are those that the index lists.
    pub(super) fn read(self, bytes: &[u8]) -> Result<Manifest, Refusal> {
        Manifest::read_bytes_as(self.kind, bytes)
    }

    fn find(self, bytes: &[u8]) -> Found {
        if std::str::from_utf8(bytes).is_ok_and(|text| !may_hold_images(text)) {
            return Found::Places(Arc::new([]));
        }
        match self.read(bytes) {
            Ok(manifest) => Found::Places(manifest.places().into()),
            Err(refusal) => Found::Unreadable {
                line: u32::try_from(refusal.location().line).ok(),
                message: refusal.to_string().into(),
            },
        }
    }
}

impl Found {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Places(places) if places.is_empty())
    }
}

fn too_large() -> Found {
    let message = format!("it is larger than {} MiB, so it is left alone", LARGEST_FILE >> 20);
    Found::Unreadable {
        line: None,
        message: message.into(),
    }
}

/// Whether a file may hold images by its name.
pub(super) fn is_looked_at(path: &str) -> bool {
    ENDINGS.iter().any(|ending| path.ends_with(ending)) || FileKind::of(path) != FileKind::Other
}

#[cfg(test)]
mod tests;
