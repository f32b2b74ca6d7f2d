//! A bare repository on disk and a mirror of it, for tests.

use std::path::{Path, PathBuf};

use git2::{Oid, Repository};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use transport::Trust;

use crate::{Auth, BranchName, Change, Draft, GitUrl, Head, Limits, Mirror, OpenError, Remote, Signature};

/// An origin with one commit on `main`, and room for mirrors.
pub(crate) struct Fixture {
    pub(crate) dir: TempDir,
    pub(crate) origin: Repository,
    runtime: Runtime,
}

impl Fixture {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        crate::libgit2::prepare().unwrap();
        let dir = TempDir::new().unwrap();
        let origin = Repository::init_bare(dir.path().join("origin.git")).unwrap();
        let fixture = Self {
            dir,
            origin,
            runtime: Runtime::new().unwrap(),
        };
        fixture.write(files);
        fixture
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Commits these files on top of `main`, as somebody else.
    pub(crate) fn write(&self, files: &[(&str, &str)]) -> Oid {
        let parent = self.origin.refname_to_id("refs/heads/main").ok();
        let entries: Vec<_> = files
            .iter()
            .map(|(path, text)| (*path, 0o100_644, self.origin.blob(text.as_bytes()).unwrap()))
            .collect();
        self.write_entries(parent, &entries, 1_700_000_000)
    }

    /// Commits entries of any mode on `parent`, and moves `main` there whatever it was.
    pub(crate) fn write_entries(&self, parent: Option<Oid>, entries: &[(&str, i32, Oid)], time: i64) -> Oid {
        let parent = parent.map(|id| self.origin.find_commit(id).unwrap());
        let mut index = git2::Index::new().unwrap();
        if let Some(parent) = &parent {
            index.read_tree(&parent.tree().unwrap()).unwrap();
        }
        for &(path, mode, id) in entries {
            index.add(&entry(path, mode, id)).unwrap();
        }
        let tree = self
            .origin
            .find_tree(index.write_tree_to(&self.origin).unwrap())
            .unwrap();
        self.commit_tree(tree.id(), parent.as_ref().map(git2::Commit::id), time)
    }

    pub(crate) fn commit_tree(&self, tree: Oid, parent: Option<Oid>, time: i64) -> Oid {
        let who = git2::Signature::new("Somebody", "somebody@example.com", &git2::Time::new(time, 0)).unwrap();
        let parents: Vec<_> = parent
            .map(|id| self.origin.find_commit(id).unwrap())
            .into_iter()
            .collect();
        let tree = self.origin.find_tree(tree).unwrap();
        let buffer = self
            .origin
            .commit_create_buffer(&who, &who, "By hand\n", &tree, &parents.iter().collect::<Vec<_>>())
            .unwrap();
        let id = self
            .origin
            .odb()
            .unwrap()
            .write(git2::ObjectType::Commit, &buffer)
            .unwrap();
        self.origin.reference("refs/heads/main", id, true, "").unwrap();
        id
    }

    /// The content of a file at the origin's `main`.
    pub(crate) fn text(&self, path: &str) -> String {
        let commit = self
            .origin
            .find_reference("refs/heads/main")
            .unwrap()
            .peel_to_commit()
            .unwrap();
        let entry = commit.tree().unwrap().get_path(Path::new(path)).unwrap();
        String::from_utf8(self.origin.find_blob(entry.id()).unwrap().content().to_vec()).unwrap()
    }

    pub(crate) fn tip(&self) -> Oid {
        self.origin.refname_to_id("refs/heads/main").unwrap()
    }

    pub(crate) fn remote(&self) -> Remote {
        Remote {
            url: GitUrl::parse(&format!("file://{}", self.path("origin.git").display())).unwrap(),
            branch: BranchName::parse("main").unwrap(),
            auth: Auth::None,
            trust: Trust::System,
            proxy: None,
            limits: Limits::default(),
        }
    }

    pub(crate) fn open(&self, remote: Remote) -> Result<Mirror, OpenError> {
        Mirror::open(&self.path("mirror"), remote, self.runtime.handle().clone())
    }

    pub(crate) fn mirror(&self) -> Mirror {
        self.open(self.remote()).unwrap()
    }
}

fn entry(path: &str, mode: i32, id: Oid) -> git2::IndexEntry {
    git2::IndexEntry {
        ctime: git2::IndexTime::new(0, 0),
        mtime: git2::IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: u32::try_from(mode).unwrap(),
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}

pub(crate) fn go() -> CancellationToken {
    CancellationToken::new()
}

pub(crate) fn draft(message: &str) -> Draft {
    Draft {
        author: Signature::new("Tidemark", "tidemark@example.com").unwrap(),
        message: format!("{message}\n"),
        time: 1_700_000_100,
    }
}

/// New content for a file as it is at `head`.
pub(crate) fn change(mirror: &mut Mirror, head: &Head, path: &str, text: &str) -> Change {
    let files = mirror.files(head, &[]).unwrap();
    let file = files.files.into_iter().find(|file| file.path == path).unwrap();
    Change {
        path: file.path,
        old_blob: file.blob,
        bytes: text.as_bytes().to_vec(),
    }
}
