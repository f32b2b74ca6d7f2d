//! What outlives the process: the memory of each repository in a file of its own, beside the state.
//!
//! It only saves requests. A file that is gone, damaged or of another release is as none: what was in it is found out again.
//! Nothing is written to git because of it, either: whatever is proposed has been resolved since the start.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, ensure};
use domain::reference::{self, Platform, Repository, Tag, Timestamp};
use domain::scan::Created;
use metadata_cache::Image;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tracing::warn;

use super::{Memory, Resolved};

/// The version that is written; another one is not read.
const VERSION: u32 = 1;
/// Three hundred thousand tags or so. What is larger is not kept.
const LARGEST_BYTES: u64 = 64 << 20;
/// What only says when tags were last asked about is written no more often than this.
const OFTEN: Duration = Duration::from_secs(15 * 60);
/// A file that was not written for so long is of an image that nobody wants any more.
const FORGET_AFTER: Duration = Duration::from_secs(90 * 24 * 3600);

#[derive(Debug, Serialize, Deserialize)]
struct MemoryFile {
    version: u32,
    repository: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    swept_unix_nanoseconds: Option<i64>,
    /// Each digest once.
    images: Vec<ImageEntry>,
    tags: Vec<TagEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ImageEntry {
    digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_unix_nanoseconds: Option<i64>,
    /// It does not say when it was built.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    undated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    platforms: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flaw: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct TagEntry {
    tag: String,
    /// Its place in `images`; none where the manifest was gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<usize>,
    asked_unix_nanoseconds: i64,
}

/// What was kept of a repository, or nothing.
pub(crate) fn read(folder: &Path, repository: &Repository) -> Memory {
    match try_read(&path(folder, repository), repository) {
        Ok(memory) => memory.unwrap_or_default(),
        Err(error) => {
            let error = format!("{error:#}");
            warn!(image.repository = %repository, error, "What was kept of {repository} cannot be used; it is found out again");
            Memory::default()
        }
    }
}

fn try_read(path: &Path, repository: &Repository) -> anyhow::Result<Option<Memory>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        found => ensure!(found?.len() <= LARGEST_BYTES, "the file is too large"),
    }
    let text = fs::read_to_string(path)?;
    let (sum, text) = text.split_once('\n').context("the file has no second line")?;
    ensure!(sum == checksum(text), "the file is damaged");
    let file: MemoryFile = serde_json::from_str(text)?;
    if file.version != VERSION || file.repository != repository.to_string() {
        return Ok(None);
    }
    Ok(Some(file.memory()?))
}

/// Whether what was found out is worth to be written: at once if it says something new of tags, now and then if not.
pub(crate) fn is_worth_writing(before: &Memory, after: &Memory, now: Timestamp) -> bool {
    let digests = |memory: &Memory| memory.tags.len() == after.tags.len() && memory.images == after.images;
    let same = || {
        let pairs = before.tags.iter().zip(&after.tags);
        pairs.into_iter().all(|(a, b)| (a.0, &a.1.digest) == (b.0, &b.1.digest))
    };
    let is_recent = |kept: Timestamp| kept <= now && now.since(kept) < OFTEN;
    let says_nothing_new = digests(before) && same();
    let is_empty = after.tags.is_empty() && before.tags.is_empty();
    let is_known = says_nothing_new && after.kept.is_some_and(is_recent);
    !(is_empty || is_known)
}

/// Writes what is known of a repository. A crash leaves the old file, the new one, or one that is seen to be damaged.
///
/// # Errors
///
/// The file cannot be replaced, or would be too large.
pub(crate) fn write(folder: &Path, repository: &Repository, memory: &Memory) -> anyhow::Result<()> {
    let text = serde_json::to_string(&MemoryFile::of(repository, memory))?;
    let text = format!("{}\n{text}", checksum(&text));
    ensure!(text.len() as u64 <= LARGEST_BYTES, "there is too much of it");
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path = path(folder, repository);
    let new = path.with_extension("new");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(text.as_bytes())?;
    fs::rename(&new, &path)?;
    Ok(())
}

/// Takes away what was kept of images that nobody wants any more.
pub(crate) fn forget_old(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let age = || {
            SystemTime::now()
                .duration_since(entry.metadata().ok()?.modified().ok()?)
                .ok()
        };
        if age().is_some_and(|age| age > FORGET_AFTER)
            && let Err(error) = fs::remove_file(entry.path())
        {
            warn!(error = %error, "{} is no longer wanted and cannot be removed", entry.path().display());
        }
    }
}

fn path(folder: &Path, repository: &Repository) -> PathBuf {
    let hash = Sha256::digest(repository.to_string());
    folder.join(hex::encode(&hash[..16]))
}

fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

impl MemoryFile {
    fn of(repository: &Repository, memory: &Memory) -> Self {
        let mut images = Vec::new();
        let mut places: HashMap<&reference::Digest, usize> = HashMap::new();
        let mut place = |digest| {
            *places.entry(digest).or_insert_with(|| {
                images.push(ImageEntry::of(digest, memory.images.get(digest)));
                images.len() - 1
            })
        };
        let tags = memory.tags.iter().map(|(tag, resolved)| TagEntry {
            tag: tag.as_str().to_owned(),
            image: resolved.digest.as_ref().map(&mut place),
            asked_unix_nanoseconds: resolved.at.as_unix_nanoseconds(),
        });
        let tags = tags.collect();
        Self {
            version: VERSION,
            repository: repository.to_string(),
            swept_unix_nanoseconds: memory.swept.map(Timestamp::as_unix_nanoseconds),
            images,
            tags,
        }
    }

    fn memory(self) -> anyhow::Result<Memory> {
        let images = self.images.into_iter().map(ImageEntry::image);
        let images = images.collect::<anyhow::Result<Vec<_>>>()?;
        let tag = |entry: TagEntry| {
            let digest = match entry.image {
                Some(place) => Some(images.get(place).context("a tag of no image")?.0.clone()),
                None => None,
            };
            let at = Timestamp::from_unix_nanoseconds(entry.asked_unix_nanoseconds);
            anyhow::Ok((Tag::parse(&entry.tag)?, Resolved { digest, at }))
        };
        let tags = self
            .tags
            .into_iter()
            .map(tag)
            .collect::<anyhow::Result<BTreeMap<_, _>>>()?;
        let known = images.into_iter().filter(|(_, image)| *image != Image::default());
        Ok(Memory {
            tags,
            images: known.map(|(digest, image)| (digest, Arc::new(image))).collect(),
            swept: self.swept_unix_nanoseconds.map(Timestamp::from_unix_nanoseconds),
            kept: None,
        })
    }
}

impl ImageEntry {
    fn of(digest: &reference::Digest, image: Option<&Arc<Image>>) -> Self {
        let image = image.map(|image| Image::clone(image)).unwrap_or_default();
        let shown = |platforms: Vec<Platform>| platforms.iter().map(ToString::to_string).collect();
        Self {
            digest: digest.as_str().to_owned(),
            created_unix_nanoseconds: match image.created {
                Created::At(time) => Some(time.as_unix_nanoseconds()),
                Created::Unknown | Created::Never => None,
            },
            undated: image.created == Created::Never,
            platforms: image.platforms.map(shown),
            flaw: image.flaw.as_deref().map(str::to_owned),
        }
    }

    fn image(self) -> anyhow::Result<(reference::Digest, Image)> {
        let platforms = |platforms: Vec<String>| platforms.iter().map(|text| Platform::parse(text)).collect();
        let image = Image {
            platforms: self.platforms.map(platforms).transpose()?,
            created: match self.created_unix_nanoseconds {
                Some(time) => Created::At(Timestamp::from_unix_nanoseconds(time)),
                None if self.undated => Created::Never,
                None => Created::Unknown,
            },
            flaw: self.flaw.map(Arc::from),
        };
        Ok((reference::Digest::parse(&self.digest)?, image))
    }
}

#[cfg(test)]
mod tests;
