//! Commits, made in memory on top of a head.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::Write,
};

use git2::{Buf, ObjectType, Odb, Oid, Repository};
use sha2::{Digest, Sha256};

use crate::{
    Failure, Head, Limits, ObjectId,
    fault::Fault,
    files::read_tree,
    path::{DEEPEST_PATH, LONGEST_PATH, is_hostile},
    tree::{self, EntryKind},
};

/// New content for a file that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Path from the root of the repository, with `/`.
    pub path: String,
    /// The content that the new one was made from.
    pub old_blob: ObjectId,
    /// The new content.
    pub bytes: Vec<u8>,
}

/// Author and committer of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    name: String,
    email: String,
}

/// A name or address that git cannot write into a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an author is written `Name <address@host>`, on one line")]
pub struct SignatureError;

/// What a commit says beside its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Author and committer.
    pub author: Signature,
    /// The whole message, trailers included, with `\n` at the end of each line. No other control characters.
    pub message: String,
    /// When it was decided, in seconds since 1970. An earlier time than the head's becomes the head's.
    pub time: i64,
}

/// A commit that is in the mirror, on top of the head it was made from, and nowhere else yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its name. The same changes, draft and head make the same name.
    pub id: ObjectId,
    /// The tree with the changes in it.
    pub tree: ObjectId,
    /// The commit it stands on.
    pub parent: ObjectId,
    /// When it says it was made, in seconds since 1970.
    pub time: i64,
    /// What the server lacks: files, trees, and the commit as the last.
    pub(crate) objects: Vec<Oid>,
}

/// A commit could not be made.
#[derive(Debug, thiserror::Error)]
#[error("failed to make a commit on {head}")]
pub struct CommitError {
    head: ObjectId,
    #[source]
    pub(crate) problem: CommitProblem,
}

/// Why a commit could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommitProblem {
    #[error("`{path}` is not what it was when the change was made")]
    Stale { path: String },
    #[error("`{path}` is not a regular file of this commit")]
    NoFile { path: String },
    #[error("nothing changes")]
    Empty,
    #[error("{0}")]
    Invalid(String),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<git2::Error> for CommitProblem {
    fn from(error: git2::Error) -> Self {
        Self::Fault(Fault::of_disk(&error))
    }
}

impl CommitError {
    /// The path whose content was not the old one: decide again on this head.
    pub fn stale_path(&self) -> Option<&str> {
        match &self.problem {
            CommitProblem::Stale { path } | CommitProblem::NoFile { path } => Some(path),
            CommitProblem::Empty | CommitProblem::Invalid(_) | CommitProblem::Fault(_) => None,
        }
    }

    /// Whether the files are as wanted already.
    pub fn is_empty(&self) -> bool {
        matches!(self.problem, CommitProblem::Empty)
    }

    /// What kind of trouble the mirror had, if it was that.
    pub fn failure(&self) -> Option<Failure> {
        match &self.problem {
            CommitProblem::Fault(fault) => Some(fault.failure),
            _ => None,
        }
    }
}

impl Signature {
    /// Checks a name and an address.
    ///
    /// # Errors
    ///
    /// One of them is empty, longer than 200 bytes, or holds `<`, `>` or a control character.
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Result<Self, SignatureError> {
        let signature = Self {
            name: name.into(),
            email: email.into(),
        };
        let is_good = |text: &str| {
            !text.is_empty()
                && text.len() <= 200
                && text.trim() == text
                && !text.chars().any(|c| c.is_control() || c == '<' || c == '>')
        };
        // git drops these at the ends of a name, so the same author would be written in two ways.
        let is_crud = |c: char| ".,:;\"\\'".contains(c);
        let is_plain = !signature.name.starts_with(is_crud) && !signature.name.ends_with(is_crud);
        if is_good(&signature.name) && is_good(&signature.email) && is_plain && !signature.email.contains(' ') {
            Ok(signature)
        } else {
            Err(SignatureError)
        }
    }

    /// Reads `Name <address@host>`.
    ///
    /// # Errors
    ///
    /// As [`Signature::new`], or the text has another form.
    pub fn parse(text: &str) -> Result<Self, SignatureError> {
        let (name, rest) = text.split_once('<').ok_or(SignatureError)?;
        let email = rest.trim_end_matches(' ').strip_suffix('>').ok_or(SignatureError)?;
        Self::new(name.trim_matches(' '), email.trim_matches(' '))
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address.
    pub fn email(&self) -> &str {
        &self.email
    }
}

/// The value of an `Update-Id` trailer: a hash of the changes that does not depend on their order.
///
/// Each string says one change whole (path, place, old value, new value, as the caller joins them).
pub fn update_id<S: AsRef<str>>(changes: impl IntoIterator<Item = S>) -> String {
    let changes: Vec<S> = changes.into_iter().collect();
    let mut sorted: Vec<&str> = changes.iter().map(AsRef::as_ref).collect();
    sorted.sort_unstable();
    let mut hash = Sha256::new();
    for change in sorted {
        // With its length before it, no text can look like two.
        hash.update((change.len() as u64).to_be_bytes());
        hash.update(change);
    }
    hex::encode(&hash.finalize()[..16])
}

/// Makes a commit on `head` and writes its objects into the mirror, as one pack.
pub(crate) fn make(
    repository: &Repository,
    limits: &Limits,
    head: &Head,
    changes: &[Change],
    draft: &Draft,
) -> Result<Commit, CommitError> {
    let made = check(limits, changes, draft).and_then(|()| write(repository, head, changes, draft));
    made.map_err(|problem| CommitError {
        head: head.commit,
        problem,
    })
}

fn write(repository: &Repository, head: &Head, changes: &[Change], draft: &Draft) -> Result<Commit, CommitProblem> {
    // Objects are gathered in memory, by a second handle that is dropped with them: hundreds of loose files would cost
    // more than everything else, and half a commit is never on disk.
    let scratch = Repository::open_bare(repository.path())?;
    let odb = scratch.odb()?;
    odb.add_new_mempack_backend(1000)?;
    let mut edit = Edit::new(&odb, head.tree.0);
    for change in changes {
        edit.replace(change)?;
    }
    let tree = edit.finish()?;
    if tree == head.tree.0 {
        return Err(CommitProblem::Empty);
    }
    let time = draft.time.max(head.time);
    let id = write_commit(&scratch, &odb, head, tree, draft, time)?;
    let mut objects = edit.written;
    objects.push(id);
    // Not by `Mempack::dump`: that packs all files that the commit has, not only the new ones.
    let mut builder = scratch.packbuilder()?;
    for &object in &objects {
        builder.insert_object(object, None)?;
    }
    let mut pack = Buf::new();
    builder.write_buf(&mut pack)?;
    keep(repository, &pack)?;
    Ok(Commit {
        id: ObjectId(id),
        tree: ObjectId(tree),
        parent: head.commit,
        time,
        objects,
    })
}

/// Puts a pack into the mirror.
fn keep(repository: &Repository, pack: &[u8]) -> Result<(), CommitProblem> {
    let odb = repository.odb()?;
    let mut writer = odb.packwriter()?;
    writer
        .write_all(pack)
        .map_err(|error| Fault::caused_by(Failure::Local, "failed to write the commit into the mirror", &error))?;
    writer.commit()?;
    Ok(())
}

fn write_commit(
    repository: &Repository,
    odb: &Odb<'_>,
    head: &Head,
    tree: Oid,
    draft: &Draft,
    time: i64,
) -> Result<Oid, git2::Error> {
    let author = git2::Signature::new(&draft.author.name, &draft.author.email, &git2::Time::new(time, 0))?;
    let (tree, parent) = (repository.find_tree(tree)?, repository.find_commit(head.commit.0)?);
    let buffer = repository.commit_create_buffer(&author, &author, &draft.message, &tree, &[&parent])?;
    odb.write(ObjectType::Commit, &buffer)
}

fn check(limits: &Limits, changes: &[Change], draft: &Draft) -> Result<(), CommitProblem> {
    let invalid = |words: String| Err(CommitProblem::Invalid(words));
    if changes.is_empty() {
        return Err(CommitProblem::Empty);
    }
    if changes.len() > limits.changes {
        return invalid(format!(
            "it changes {} files, more than {}",
            changes.len(),
            limits.changes
        ));
    }
    let mut paths = HashSet::new();
    for change in changes {
        if !paths.insert(&change.path) {
            return invalid(format!("`{}` is changed twice", change.path));
        }
        if change.bytes.len() as u64 > limits.file_bytes {
            return invalid(format!(
                "`{}` would have more than {} bytes",
                change.path, limits.file_bytes
            ));
        }
    }
    if draft.message.len() > limits.message_bytes {
        return invalid(format!("the message is longer than {} bytes", limits.message_bytes));
    }
    if draft.message.trim().is_empty() || draft.message.chars().any(|c| c.is_control() && c != '\n') {
        return invalid("the message is empty or holds a control character".to_owned());
    }
    Ok(())
}

/// Trees under change, from the root of a commit.
struct Edit<'odb> {
    odb: &'odb Odb<'odb>,
    root: Oid,
    /// Folders that hold a change, by their path; each was read once.
    folders: BTreeMap<String, EditedFolder>,
    /// Objects that were written, files before trees.
    written: Vec<Oid>,
}

/// A folder's tree with the ids that will be put into it.
struct EditedFolder {
    bytes: Vec<u8>,
    /// Where each regular file or folder has its id; a name that is there twice is `None`.
    places: HashMap<Vec<u8>, Option<(EntryKind, usize, Oid)>>,
}

impl<'odb> Edit<'odb> {
    fn new(odb: &'odb Odb<'odb>, root: Oid) -> Self {
        Self {
            odb,
            root,
            folders: BTreeMap::new(),
            written: Vec::new(),
        }
    }

    /// Puts the new content in the place of the old.
    fn replace(&mut self, change: &Change) -> Result<(), CommitProblem> {
        let no_file = || CommitProblem::NoFile {
            path: change.path.clone(),
        };
        let is_good = change.path.len() <= LONGEST_PATH
            && change.path.split('/').count() <= DEEPEST_PATH
            && !change.path.split('/').any(is_hostile);
        if !is_good {
            return Err(no_file());
        }
        let (folder, name) = change.path.rsplit_once('/').unwrap_or(("", &change.path));
        self.open(folder)?.ok_or_else(no_file)?;
        let edited = self.folders.get_mut(folder).expect("the folder was opened above");
        let Some((EntryKind::File, id_at, old)) = edited.place(name) else {
            return Err(no_file());
        };
        if old != change.old_blob.0 {
            return Err(CommitProblem::Stale {
                path: change.path.clone(),
            });
        }
        let new = self
            .odb
            .write(ObjectType::Blob, &change.bytes)
            .map_err(|error| Fault::of_disk(&error))?;
        tree::replace_id(&mut edited.bytes, id_at, new);
        self.written.push(new);
        Ok(())
    }

    /// Reads the trees from the root to `folder`; `None` if there is no such folder.
    fn open(&mut self, folder: &str) -> Result<Option<()>, Fault> {
        if self.folders.contains_key(folder) {
            return Ok(Some(()));
        }
        let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
        let mut path = "";
        let mut tree = self.root;
        for end in std::iter::once(0).chain(ends) {
            if end > 0 {
                let name = folder[path.len()..end].trim_start_matches('/');
                let Some((EntryKind::Tree, _, id)) = self.folders[path].place(name) else {
                    return Ok(None);
                };
                tree = id;
                path = &folder[..end];
            }
            if !self.folders.contains_key(path) {
                self.folders
                    .insert(path.to_owned(), EditedFolder::read(self.odb, tree)?);
            }
        }
        Ok(Some(()))
    }

    /// Writes the trees, the deepest first, and gives the new root.
    fn finish(&mut self) -> Result<Oid, CommitProblem> {
        let mut root = self.root;
        let mut paths: Vec<String> = self.folders.keys().cloned().collect();
        paths.sort_by_key(|path| std::cmp::Reverse(if path.is_empty() { 0 } else { path.split('/').count() }));
        for path in paths {
            let folder = &self.folders[&path];
            let id = self
                .odb
                .write(ObjectType::Tree, &folder.bytes)
                .map_err(|error| Fault::of_disk(&error))?;
            self.written.push(id);
            if path.is_empty() {
                root = id;
                continue;
            }
            let (parent, name) = path.rsplit_once('/').unwrap_or(("", &path));
            let parent = self
                .folders
                .get_mut(parent)
                .expect("a folder is opened after its parent");
            let (_, id_at, _) = parent.place(name).expect("a folder is found through its parent");
            tree::replace_id(&mut parent.bytes, id_at, id);
        }
        Ok(root)
    }
}

impl EditedFolder {
    fn read(odb: &Odb<'_>, id: Oid) -> Result<Self, Fault> {
        let bytes = read_tree(odb, id)?;
        let entries = tree::entries(&bytes)
            .map_err(|error| Fault::caused_by(Failure::Damaged, format!("tree {id} cannot be read"), &error))?;
        let mut places = HashMap::with_capacity(entries.len());
        for entry in &entries {
            places
                .entry(entry.name.to_vec())
                .and_modify(|place| *place = None)
                .or_insert(Some((entry.kind, entry.id_at(), entry.id)));
        }
        drop(entries);
        Ok(Self { bytes, places })
    }

    fn place(&self, name: &str) -> Option<(EntryKind, usize, Oid)> {
        *self.places.get(name.as_bytes())?
    }
}

#[cfg(test)]
mod tests;
