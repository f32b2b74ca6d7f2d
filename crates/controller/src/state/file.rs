//! The state file: JSON with a version, replaced atomically, readable by its owner alone.

mod pauses;
mod profiles;

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, bail, ensure};
use domain::accept::{ListRecord, SuspectRun};
use domain::decide::Height;
use domain::reference::{Repository, Tag, Timestamp};
use rustix::fs::FlockOperation;
use serde::{Deserialize, Serialize};

use self::profiles::ProfileEntry;
use super::{Content, Mark, warn_damaged};

/// The version that this release writes. Readers refuse higher ones, for they cannot know what they would lose.
const VERSION: u32 = 1;
/// 100,000 targets are some 20 MB.
const LARGEST_BYTES: u64 = 256 << 20;

#[derive(Debug, Serialize, Deserialize)]
struct StateFile {
    version: u32,
    #[serde(default)]
    lists: BTreeMap<String, ListEntry>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pauses: pauses::Own,
    /// Of hosts that registries lead to.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "pauses::read_elsewhere"
    )]
    pauses_elsewhere: pauses::Elsewhere,
    /// Read entry by entry: one that cannot be read is found out again.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "profiles::read"
    )]
    profiles: BTreeMap<String, ProfileEntry>,
    #[serde(default)]
    targets: BTreeMap<String, MarkEntry>,
}

#[derive(Debug, Deserialize)]
struct VersionOnly {
    version: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct ListEntry {
    accepted_size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    suspect: Option<RunEntry>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    missing: BTreeMap<String, RunEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wanted_unix_seconds: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct RunEntry {
    since_unix_seconds: i64,
    scans: u32,
    fingerprint: u64,
    size: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct MarkEntry {
    policy: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    intended: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    intended_built_unix_nanoseconds: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    high_water: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    high_water_built_unix_nanoseconds: Option<i64>,
    seen_unix_seconds: i64,
}

/// Makes the folder, and those above it, for its owner alone.
pub(super) fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("making the folder {}", folder.display()))
}

/// Takes the lock that one process at a time can have.
pub(super) fn lock(path: &Path) -> anyhow::Result<File> {
    let opened = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path);
    let file = opened.with_context(|| format!("opening the lock file {}", path.display()))?;
    match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => bail!(
            "another tidemark holds {}; stop it, or give this one a `state.file` of its own",
            path.display()
        ),
        Err(error) => Err(error).with_context(|| format!("locking {}", path.display())),
    }
}

/// The content of the file, or a new one; a damaged file is set aside.
pub(super) fn read_or_set_aside(path: &Path) -> anyhow::Result<Content> {
    match read(path) {
        Ok(content) => Ok(content.unwrap_or_default()),
        Err(error) if error.is::<Damaged>() => {
            let aside = path.with_extension("damaged");
            fs::rename(path, &aside).with_context(|| format!("setting aside {}", path.display()))?;
            warn_damaged(path, &aside, &error);
            Ok(Content::default())
        }
        Err(error) => Err(error),
    }
}

/// The file does not hold what this program writes.
#[derive(Debug, thiserror::Error)]
#[error("the state file is damaged: {0}")]
struct Damaged(String);

/// The content of the file; `None` where there is none.
pub(super) fn read(path: &Path) -> anyhow::Result<Option<Content>> {
    let bytes = match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Ok(metadata) if metadata.len() > LARGEST_BYTES => return Err(Damaged("it is too large".to_owned()).into()),
        _ => fs::read(path).with_context(|| format!("reading the state file {}", path.display()))?,
    };
    let version: VersionOnly = serde_json::from_slice(&bytes).map_err(|error| Damaged(error.to_string()))?;
    ensure!(
        version.version <= VERSION,
        "the state file {} was written by a newer release (its version is {}, this release knows {VERSION}); \
         run that release again, or move the file away to begin anew",
        path.display(),
        version.version
    );
    let file: StateFile = serde_json::from_slice(&bytes).map_err(|error| Damaged(error.to_string()))?;
    Ok(Some(content_of(file).map_err(|error| Damaged(format!("{error:#}")))?))
}

/// Replaces the file so that a crash leaves the old one or the new one, never half of one.
///
/// What a crash leaves of a new one is replaced by the next; the lock sees to it that nobody is at work on it.
pub(super) fn replace(path: &Path, content: &Content) -> anyhow::Result<()> {
    let bytes = serde_json::to_vec(&file_of(content)).context("encoding the state")?;
    let folder = path.parent().context("the state file has no folder")?;
    let mut name = path.file_name().context("the state file has no name")?.to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&new)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

fn content_of(file: StateFile) -> anyhow::Result<Content> {
    let wanted = file.lists.iter().filter_map(|(name, entry)| {
        let wanted = Timestamp::from_unix_seconds(entry.wanted_unix_seconds?);
        Some((Repository::parse(name).ok()?, wanted))
    });
    let wanted = wanted.collect();
    let lists = file
        .lists
        .into_iter()
        .map(|(name, entry)| Ok((Repository::parse(&name)?, record_of(entry)?)));
    let marks = file.targets.into_iter().map(|(id, entry)| Ok((id, mark_of(entry)?)));
    Ok(Content {
        lists: lists.collect::<anyhow::Result<_>>()?,
        wanted,
        pauses: pauses::of_file(file.pauses, file.pauses_elsewhere),
        profiles: profiles::of_file(file.profiles),
        marks: marks.collect::<anyhow::Result<_>>()?,
    })
}

fn record_of(entry: ListEntry) -> anyhow::Result<ListRecord> {
    let missing = entry
        .missing
        .into_iter()
        .map(|(tag, run)| Ok((Tag::parse(&tag)?, run_of(&run))));
    Ok(ListRecord {
        accepted_size: entry.accepted_size,
        suspect: entry.suspect.as_ref().map(run_of),
        missing: missing.collect::<anyhow::Result<_>>()?,
    })
}

fn run_of(entry: &RunEntry) -> SuspectRun {
    SuspectRun {
        since: Timestamp::from_unix_seconds(entry.since_unix_seconds),
        scans: entry.scans,
        fingerprint: entry.fingerprint,
        size: entry.size,
    }
}

fn mark_of(entry: MarkEntry) -> anyhow::Result<Mark> {
    Ok(Mark {
        policy: entry.policy,
        intended: height_of(entry.intended, entry.intended_built_unix_nanoseconds)?,
        high_water: height_of(entry.high_water, entry.high_water_built_unix_nanoseconds)?,
        seen: Timestamp::from_unix_seconds(entry.seen_unix_seconds),
    })
}

fn height_of(tag: Option<String>, built: Option<i64>) -> anyhow::Result<Option<Height>> {
    let Some(tag) = tag else { return Ok(None) };
    Ok(Some(Height {
        tag: Tag::parse(&tag)?,
        built: built.map(Timestamp::from_unix_nanoseconds),
    }))
}

fn file_of(content: &Content) -> StateFile {
    let run = |run: &SuspectRun| RunEntry {
        since_unix_seconds: run.since.as_unix_seconds(),
        scans: run.scans,
        fingerprint: run.fingerprint,
        size: run.size,
    };
    let list = |(repository, record): (&Repository, &ListRecord)| ListEntry {
        accepted_size: record.accepted_size,
        suspect: record.suspect.as_ref().map(run),
        missing: record
            .missing
            .iter()
            .map(|(tag, missing)| (tag.as_str().to_owned(), run(missing)))
            .collect(),
        wanted_unix_seconds: content.wanted.get(repository).map(|wanted| wanted.as_unix_seconds()),
    };
    let tag = |height: &Option<Height>| height.as_ref().map(|height| height.tag.as_str().to_owned());
    let built = |height: &Option<Height>| Some(height.as_ref()?.built?.as_unix_nanoseconds());
    let mark = |mark: &Mark| MarkEntry {
        policy: mark.policy.clone(),
        intended: tag(&mark.intended),
        intended_built_unix_nanoseconds: built(&mark.intended),
        high_water: tag(&mark.high_water),
        high_water_built_unix_nanoseconds: built(&mark.high_water),
        seen_unix_seconds: mark.seen.as_unix_seconds(),
    };
    let (pauses, pauses_elsewhere) = pauses::to_file(&content.pauses);
    StateFile {
        version: VERSION,
        pauses,
        pauses_elsewhere,
        profiles: profiles::to_file(&content.profiles),
        lists: content
            .lists
            .iter()
            .map(|entry| (entry.0.to_string(), list(entry)))
            .collect(),
        targets: content
            .marks
            .iter()
            .map(|(id, entry)| (id.clone(), mark(entry)))
            .collect(),
    }
}
