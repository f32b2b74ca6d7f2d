//! Keeps a mirror's packs few.
//!
//! Each fetch and each commit adds a pack, and every look for an object asks every pack, so a mirror that lives for months
//! would grow slow. libgit2 has no `git gc`; this is the part of it that is needed here.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use git2::{Oid, Repository};

use crate::{Failure, fault::Fault};

/// From so many packs on, the small ones are put together.
const MOST_PACKS: usize = 50;

/// Puts the small packs together into one if there are many; says whether it did, and then the repository is to be
/// opened anew. A process that dies in the middle leaves some objects twice, which does no harm.
pub(crate) fn tidy(repository: &Repository) -> Result<bool, Fault> {
    let folder = repository.path().join("objects/pack");
    let packs = packs_by_size(&folder).map_err(|error| disk(&error))?;
    if packs.len() < MOST_PACKS {
        return Ok(false);
    }
    let small = small_ones(&packs);
    let mut builder = repository.packbuilder().map_err(|error| Fault::of_disk(&error))?;
    for pack in small.clone() {
        let index = fs::read(pack.with_extension("idx")).map_err(|error| disk(&error))?;
        let objects = objects_of(&index)
            .ok_or_else(|| Fault::new(Failure::Damaged, "the index of a pack in the mirror cannot be read"))?;
        for object in objects {
            builder
                .insert_object(object, None)
                .map_err(|error| Fault::of_disk(&error))?;
        }
    }
    builder.write(&folder, 0o444).map_err(|error| Fault::of_disk(&error))?;
    let made = builder.name().ok().flatten().map(|name| format!("pack-{name}"));
    for pack in small {
        let is_made = pack.file_stem().and_then(|stem| stem.to_str()) == made.as_deref();
        if made.is_some() && !is_made {
            remove(pack).map_err(|error| disk(&error))?;
        }
    }
    Ok(true)
}

fn disk(error: &io::Error) -> Fault {
    Fault::caused_by(Failure::Local, "failed to put packs of the mirror together", error)
}

/// The index goes first: a pack without one is garbage, an index without its pack is an error.
fn remove(pack: &Path) -> io::Result<()> {
    fs::remove_file(pack.with_extension("idx"))?;
    fs::remove_file(pack)
}

/// Packs that have an index, the smallest first.
fn packs_by_size(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut packs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if path.extension().is_some_and(|end| end == "pack") && path.with_extension("idx").exists() {
            packs.push((entry.metadata()?.len(), path));
        }
    }
    packs.sort();
    Ok(packs)
}

/// Those that are no larger than all smaller ones together, so that a large pack is written again seldom.
fn small_ones(packs: &[(u64, PathBuf)]) -> impl Iterator<Item = &PathBuf> + Clone {
    let mut sum = 0;
    let mut end = packs.len();
    for (index, (size, _)) in packs.iter().enumerate() {
        if index >= MOST_PACKS / 2 && *size > sum {
            end = index;
            break;
        }
        sum += size;
    }
    packs[..end].iter().map(|(_, path)| path)
}

/// The names in a pack's index of version 2: a magic number, a fan-out table whose last entry is the count, the names.
fn objects_of(index: &[u8]) -> Option<Vec<Oid>> {
    let header = index.get(..8)?;
    let count = index.get(8 + 255 * 4..8 + 256 * 4)?;
    let count = usize::try_from(u32::from_be_bytes(count.try_into().ok()?)).ok()?;
    let names = index.get(8 + 256 * 4..)?.get(..count.checked_mul(20)?)?;
    if header != b"\xfftOc\0\0\0\x02" {
        return None;
    }
    names.chunks_exact(20).map(|name| Oid::from_bytes(name).ok()).collect()
}
