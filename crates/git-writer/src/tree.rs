//! Tree objects, read and rewritten as bytes.
//!
//! libgit2's own tree types would do for honest repositories, but they drop duplicate entries and
//! write modes anew. Here a tree that is edited keeps every byte but the ids that are meant to change.

use git2::Oid;

/// Length of an object id in a tree, in bytes (SHA-1).
const ID_BYTES: usize = 20;

/// One line of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'tree> {
    pub(crate) kind: EntryKind,
    pub(crate) name: &'tree [u8],
    pub(crate) id: Oid,
    /// Where the id's bytes are in the tree.
    id_at: usize,
}

/// What an entry is, by its mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    Tree,
    /// A regular file, executable or not.
    File,
    Symlink,
    Submodule,
    /// A mode that git does not write today.
    Other,
}

/// The bytes are not a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the tree is malformed at byte {at}")]
pub(crate) struct MalformedTree {
    at: usize,
}

/// Takes a tree apart.
pub(crate) fn entries(tree: &[u8]) -> Result<Vec<Entry<'_>>, MalformedTree> {
    let mut entries = Vec::new();
    let mut at = 0;
    while at < tree.len() {
        let entry = entry(tree, at).ok_or(MalformedTree { at })?;
        at = entry.id_at + ID_BYTES;
        entries.push(entry);
    }
    Ok(entries)
}

/// Reads the entry that begins at `at`: `MODE SP NAME NUL ID`.
fn entry(tree: &[u8], at: usize) -> Option<Entry<'_>> {
    let rest = tree.get(at..)?;
    let space = rest.iter().take(8).position(|&byte| byte == b' ')?;
    let name_length = rest.get(space + 1..)?.iter().position(|&byte| byte == 0)?;
    let id_in_rest = space + 1 + name_length + 1;
    let id = rest.get(id_in_rest..id_in_rest + ID_BYTES)?;
    Some(Entry {
        kind: EntryKind::of_mode(&rest[..space]),
        name: &rest[space + 1..space + 1 + name_length],
        id: Oid::from_bytes(id).ok()?,
        id_at: at + id_in_rest,
    })
}

impl EntryKind {
    fn of_mode(mode: &[u8]) -> Self {
        match mode {
            b"40000" | b"040000" => Self::Tree,
            b"100644" | b"100755" => Self::File,
            b"120000" => Self::Symlink,
            b"160000" => Self::Submodule,
            _ => Self::Other,
        }
    }
}

/// Writes `id` over the id of `entry`, which was read from the same bytes.
pub(crate) fn replace_id(tree: &mut [u8], id_at: usize, id: Oid) {
    tree[id_at..id_at + ID_BYTES].copy_from_slice(id.as_bytes());
}

impl Entry<'_> {
    /// The place that [`replace_id`] takes.
    pub(crate) fn id_at(&self) -> usize {
        self.id_at
    }
}

#[cfg(test)]
mod tests;
