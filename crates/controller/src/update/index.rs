//! Where the images of a repository are written: an index from paths to contents to places.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use git_writer::{Mirror, ObjectId, ReadError, TreeFile};
use manifests::{FieldPattern, FileKind, Manifest, Note, Place, Reading, Refusal, may_hold_images};

use crate::config::{Config, PathGlob};

/// Largest file that is looked at: the limit of the editor.
pub(super) const LARGEST_FILE: u64 = 16 << 20;
/// Notes of one content that are kept: a file can have hundreds of thousands.
const MOST_NOTES: usize = 100;
/// Files that may hold images by their name.
const ENDINGS: &[&str] = &[".yaml", ".yml", ".json"];

/// What has been read of the files of a branch.
///
/// A content is read once, however many commits and paths have it.
#[derive(Debug, Default)]
pub struct Index {
    known: HashMap<Key, Found>,
}

/// The images that markers of policies mean where nothing beside them says which, by the names of the policies.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Images(Arc<[(String, String)]>);

impl Hash for Images {
    /// All files of a pass are read with the same ones, so that to look at each of them would tell nothing apart.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
    }
}

/// What the places of a file depend on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    blob: ObjectId,
    reading: FileReading,
}

/// How the files of a repository are read: their names say something, and so do the rules of the configuration.
#[derive(Debug, Clone)]
pub struct Readings<'a> {
    /// The rules of this repository that name a field: for which paths, and which.
    fields: Vec<(Option<&'a PathGlob>, &'a FieldPattern)>,
    none: Arc<[FieldPattern]>,
    images: Images,
}

/// How a file is read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct FileReading {
    kind: FileKind,
    /// Without repetitions.
    fields: Arc<[FieldPattern]>,
    images: Images,
}

/// What a content holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It can be edited.
    Places {
        /// The places of images in it, in the order of the text.
        places: Arc<[Place]>,
        /// What leads to none, though it seems to be meant to.
        notes: Arc<[Note]>,
    },
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
    /// The fields of rules that were looked for in it.
    pub fields: Arc<[FieldPattern]>,
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
    pub fn update(
        &mut self,
        mirror: &mut Mirror,
        files: &[TreeFile],
        readings: &Readings<'_>,
    ) -> Result<Vec<IndexedFile>, ReadError> {
        let keys: Vec<(&TreeFile, Key)> = files
            .iter()
            .filter(|file| is_looked_at(&file.path))
            .map(|file| (file, Key::of(file, readings)))
            .collect();
        let new = self.new_among(keys.iter().map(|(_, key)| key));
        let blobs: Vec<ObjectId> = new.iter().map(|key| key.blob).collect();
        let found = mirror.look_at(&blobs, LARGEST_FILE, |number, bytes| {
            bytes.map_or_else(too_large, |bytes| new[number].reading.find(bytes))
        })?;
        self.known.extend(new.into_iter().zip(found));

        let mut kept = HashMap::with_capacity(keys.len());
        let mut listed = Vec::new();
        for (file, key) in keys {
            let fields = Arc::clone(&key.reading.fields);
            let found = self.known[&key].clone();
            let found = kept.entry(key).or_insert(found);
            if !found.is_empty() {
                listed.push(IndexedFile {
                    path: Arc::from(file.path.as_str()),
                    fields,
                    found: found.clone(),
                });
            }
        }
        self.known = kept;
        Ok(listed)
    }

    /// The keys that nothing is known of yet, each once.
    fn new_among<'k>(&self, keys: impl Iterator<Item = &'k Key>) -> Vec<Key> {
        let mut seen = HashSet::new();
        keys.filter(|key| !self.known.contains_key(*key) && seen.insert(*key))
            .cloned()
            .collect()
    }
}

impl Key {
    fn of(file: &TreeFile, readings: &Readings<'_>) -> Self {
        Self {
            blob: file.blob,
            reading: readings.of(&file.path),
        }
    }
}

impl<'a> Readings<'a> {
    /// How files are read that no rule says anything of.
    pub fn plain() -> Self {
        Self {
            fields: Vec::new(),
            none: Arc::new([]),
            images: Images(Arc::new([])),
        }
    }

    /// How the files of `repository` are read.
    pub(crate) fn new(config: &'a Config, repository: &str) -> Self {
        let matchers = config.rules.iter().map(|rule| &rule.matcher);
        let ours = matchers.filter(|matcher| matcher.is_for_repository(repository));
        let fields = ours.filter_map(|matcher| Some((matcher.path.as_ref(), matcher.field.as_ref()?)));
        let named = config.policies.iter();
        let images = named.filter_map(|named| Some((named.name.to_string(), named.image.as_ref()?.to_string())));
        Self {
            fields: fields.collect(),
            images: Images(images.collect()),
            ..Self::plain()
        }
    }

    /// How the file at `path` is read. Equal contents that are read differently are told apart by it.
    pub(crate) fn of(&self, path: &str) -> FileReading {
        let (kind, images) = (FileKind::of(path), self.images.clone());
        let here = self
            .fields
            .iter()
            .filter(|(glob, _)| glob.is_none_or(|glob| glob.matches(path)));
        let mut fields: Vec<&FieldPattern> = here.map(|(_, field)| *field).collect();
        if fields.is_empty() {
            let fields = Arc::clone(&self.none);
            return FileReading { kind, fields, images };
        }
        fields.sort();
        fields.dedup();
        let fields = fields.into_iter().cloned().collect();
        FileReading { kind, fields, images }
    }
}

impl FileReading {
    /// The fields of rules that are looked for.
    #[cfg(test)]
    pub(crate) fn fields(&self) -> &Arc<[FieldPattern]> {
        &self.fields
    }

    /// Reads a content; the places of what it returns are those that the index lists.
    pub(crate) fn read(&self, bytes: &[u8]) -> Result<Manifest, Refusal> {
        let reading = Reading {
            kind: self.kind,
            markers: true,
            fields: &self.fields,
            images: &self.images.0,
        };
        Manifest::read_bytes_with(&reading, bytes)
    }

    fn find(&self, bytes: &[u8]) -> Found {
        let is_skipped = self.fields.is_empty() && std::str::from_utf8(bytes).is_ok_and(|text| !may_hold_images(text));
        if is_skipped {
            let (places, notes) = (Arc::new([]), Arc::new([]));
            return Found::Places { places, notes };
        }
        match self.read(bytes) {
            Ok(manifest) => Found::Places {
                places: manifest.places().into(),
                notes: first(manifest.notes()),
            },
            Err(refusal) => Found::Unreadable {
                line: u32::try_from(refusal.location().line).ok(),
                message: refusal.to_string().into(),
            },
        }
    }
}

impl Found {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Places { places, notes } if places.is_empty() && notes.is_empty())
    }
}

/// The first notes; the last one counts those that are left out.
fn first(notes: &[Note]) -> Arc<[Note]> {
    let Some((kept, [next, ..])) = notes.split_at_checked(MOST_NOTES) else {
        return notes.into();
    };
    let left_out = Note {
        location: next.location,
        message: format!("{} more problems of this file are not told", notes.len() - kept.len()),
    };
    kept.iter().cloned().chain([left_out]).collect()
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
