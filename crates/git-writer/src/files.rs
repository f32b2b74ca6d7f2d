//! The files of a commit, found by walking its trees; nothing is ever checked out.

use std::{collections::HashMap, sync::Arc};

use git2::{ErrorCode, ObjectType, Odb, OdbObject, Oid};

use crate::{
    Failure, ObjectId,
    fault::Fault,
    path::{DEEPEST_PATH, LONGEST_PATH, is_hostile, is_within},
    tree::{self, EntryKind},
};

/// Most skipped entries that are named; the rest is only counted.
const MOST_SKIPPED: usize = 1000;

/// A regular file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFile {
    /// Path from the root of the repository, with `/`.
    pub path: String,
    /// The file's content, for [`crate::Mirror::blob`].
    pub blob: ObjectId,
}

/// The files of a commit, and what was passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Regular files, folder by folder; those of a folder in the order of git.
    pub files: Vec<TreeFile>,
    /// What is no regular file or has a name that cannot be trusted; the first thousand.
    pub skipped: Vec<Skipped>,
    /// How many were skipped in all.
    pub skipped_total: usize,
}

/// An entry of a tree that is not offered as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its path, made safe to show.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why an entry of a tree is not offered as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// A symbolic link; where it points is not looked at.
    Symlink,
    /// A submodule; it is not fetched.
    Submodule,
    /// The name is not UTF-8.
    NotUtf8,
    /// The name is one that a file system or git could take for something else (`..`, `.git` in any spelling).
    Hostile,
    /// The folder has two entries of this name.
    Duplicate,
    /// The path is too long, or the folder too deep.
    TooDeep,
    /// The mode is none that git writes.
    Mode,
}

/// Something of the mirror cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("failed to read {what}")]
pub struct ReadError {
    what: String,
    #[source]
    pub(crate) fault: Fault,
}

impl ReadError {
    pub(crate) fn new(what: impl Into<String>, fault: Fault) -> Self {
        Self {
            what: what.into(),
            fault,
        }
    }

    /// What kind of trouble it was: [`Failure::TooLarge`] stays so, [`Failure::Damaged`] is over after the next fetch.
    pub fn failure(&self) -> Failure {
        self.fault.failure
    }
}

/// Trees that were taken apart, by their id. A tree that has not changed is not read again.
#[derive(Default)]
pub(crate) struct TreeCache {
    trees: HashMap<Oid, Arc<[Node]>>,
}

/// An entry of a tree, judged.
struct Node {
    name: Box<str>,
    kind: NodeKind,
}

#[derive(Clone, Copy)]
enum NodeKind {
    Folder(Oid),
    File(Oid),
    Skip(SkipReason),
}

/// A folder that is still to be looked at.
struct Folder {
    path: String,
    tree: Oid,
    depth: usize,
}

impl TreeCache {
    /// All files below the `prefixes` (everything if there are none), at most `most_entries` entries visited.
    ///
    /// What was read before and is not reached this time is forgotten.
    pub(crate) fn walk(
        &mut self,
        odb: &Odb<'_>,
        root: Oid,
        prefixes: &[String],
        most_entries: usize,
    ) -> Result<Files, Fault> {
        let mut walk = Walk {
            prefixes,
            visited: 0,
            most_entries,
            files: Files::default(),
        };
        let mut seen = HashMap::with_capacity(self.trees.len());
        let mut stack = vec![Folder {
            path: String::new(),
            tree: root,
            depth: 0,
        }];
        while let Some(folder) = stack.pop() {
            let nodes = match seen.get(&folder.tree).or_else(|| self.trees.get(&folder.tree)) {
                Some(nodes) => Arc::clone(nodes),
                None => nodes(odb, folder.tree)?,
            };
            seen.insert(folder.tree, Arc::clone(&nodes));
            let first = stack.len();
            walk.folder(&folder, &nodes, &mut stack)?;
            stack[first..].reverse();
        }
        self.trees = seen;
        Ok(walk.files)
    }
}

/// One walk over the folders of a commit.
struct Walk<'a> {
    prefixes: &'a [String],
    visited: usize,
    most_entries: usize,
    files: Files,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Folder, nodes: &[Node], stack: &mut Vec<Folder>) -> Result<(), Fault> {
        self.visited += nodes.len();
        if self.visited > self.most_entries {
            let words = format!(
                "there are more than {} files and folders; name the `paths` to look at",
                self.most_entries
            );
            return Err(Fault::new(Failure::TooLarge, words));
        }
        for node in nodes {
            let path = if folder.path.is_empty() {
                node.name.to_string()
            } else {
                format!("{}/{}", folder.path, node.name)
            };
            let too_deep = folder.depth >= DEEPEST_PATH || path.len() > LONGEST_PATH;
            match node.kind {
                NodeKind::Folder(_) | NodeKind::File(_) if too_deep => self.skip(&path, SkipReason::TooDeep),
                NodeKind::Folder(tree) if self.leads_to_wanted(&path) => {
                    stack.push(Folder {
                        path,
                        tree,
                        depth: folder.depth + 1,
                    });
                }
                NodeKind::File(blob) if self.is_wanted(&path) => {
                    self.files.files.push(TreeFile {
                        path,
                        blob: ObjectId(blob),
                    });
                }
                NodeKind::Skip(reason) => self.skip(&path, reason),
                NodeKind::Folder(_) | NodeKind::File(_) => {}
            }
        }
        Ok(())
    }

    fn is_wanted(&self, path: &str) -> bool {
        self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| is_within(path, prefix))
    }

    fn leads_to_wanted(&self, folder: &str) -> bool {
        self.is_wanted(folder) || self.prefixes.iter().any(|prefix| is_within(prefix, folder))
    }

    fn skip(&mut self, path: &str, reason: SkipReason) {
        if !self.is_wanted(path) {
            return;
        }
        self.files.skipped_total += 1;
        if self.files.skipped.len() < MOST_SKIPPED {
            self.files.skipped.push(Skipped {
                path: transport::one_line(path, 300),
                reason,
            });
        }
    }
}

/// Reads a tree and judges its entries.
fn nodes(odb: &Odb<'_>, id: Oid) -> Result<Arc<[Node]>, Fault> {
    let bytes = read_tree(odb, id)?;
    let entries = tree::entries(&bytes)
        .map_err(|error| Fault::caused_by(Failure::Damaged, format!("tree {id} cannot be read"), &error))?;
    let mut names: Vec<&[u8]> = entries.iter().map(|entry| entry.name).collect();
    names.sort_unstable();
    let is_duplicate = |name: &[u8]| {
        let first = names.partition_point(|&other| other < name);
        names.get(first + 1).is_some_and(|&next| next == name)
    };
    Ok(entries
        .iter()
        .map(|entry| Node {
            name: String::from_utf8_lossy(entry.name).into(),
            kind: judge(entry, is_duplicate(entry.name)),
        })
        .collect())
}

fn judge(entry: &tree::Entry<'_>, is_duplicate: bool) -> NodeKind {
    let Ok(name) = std::str::from_utf8(entry.name) else {
        return NodeKind::Skip(SkipReason::NotUtf8);
    };
    match entry.kind {
        _ if is_hostile(name) => NodeKind::Skip(SkipReason::Hostile),
        _ if is_duplicate => NodeKind::Skip(SkipReason::Duplicate),
        EntryKind::Tree => NodeKind::Folder(entry.id),
        EntryKind::File => NodeKind::File(entry.id),
        EntryKind::Symlink => NodeKind::Skip(SkipReason::Symlink),
        EntryKind::Submodule => NodeKind::Skip(SkipReason::Submodule),
        EntryKind::Other => NodeKind::Skip(SkipReason::Mode),
    }
}

/// The bytes of a tree.
pub(crate) fn read_tree(odb: &Odb<'_>, id: Oid) -> Result<Vec<u8>, Fault> {
    let object = odb.read(id).map_err(|error| missing_or_damaged(&error))?;
    if object.kind() != ObjectType::Tree {
        return Err(Fault::new(Failure::Damaged, format!("object {id} is not a tree")));
    }
    Ok(object.data().to_vec())
}

/// The bytes of a file, if it has at most `limit`.
pub(crate) fn read_blob(odb: &Odb<'_>, id: Oid, limit: u64) -> Result<Vec<u8>, Fault> {
    let size = blob_size(odb, id)?;
    if size > limit {
        return Err(Fault::new(
            Failure::TooLarge,
            format!("it has {size} bytes, more than {limit}"),
        ));
    }
    Ok(blob_object(odb, id)?.data().to_vec())
}

/// How many bytes a file has; next to nothing of it is read.
pub(crate) fn blob_size(odb: &Odb<'_>, id: Oid) -> Result<u64, Fault> {
    let (size, kind) = odb.read_header(id).map_err(|error| missing_or_damaged(&error))?;
    if kind != ObjectType::Blob {
        return Err(Fault::new(Failure::Damaged, format!("object {id} is not a file")));
    }
    Ok(size as u64)
}

/// The content of a file, where libgit2 has put it.
pub(crate) fn blob_object<'odb>(odb: &'odb Odb<'_>, id: Oid) -> Result<OdbObject<'odb>, Fault> {
    odb.read(id).map_err(|error| missing_or_damaged(&error))
}

/// An object that a commit of the mirror names must be there and whole.
fn missing_or_damaged(error: &git2::Error) -> Fault {
    let fault = Fault::of_disk(error);
    match error.code() {
        ErrorCode::NotFound => Fault::new(Failure::Damaged, fault.to_string()),
        _ => fault,
    }
}

#[cfg(test)]
mod tests;
