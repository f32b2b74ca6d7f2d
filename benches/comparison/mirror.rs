//! A mirror of a repository with ten thousand files.

use std::path::Path;

use anyhow::ensure;
use benches::workload::fleet;
use git_writer::{
    Auth, BranchName, Change, Commit, Draft, Files, GitUrl, Head, Limits, Mirror, PushOutcome, Remote, Signature,
};
use tempfile::TempDir;
use testkit::BareRepository;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use transport::Trust;

/// How many files the repository has.
pub(crate) const FILES: usize = 10_000;

/// The tag that all of them have at first, and the one that they are moved to.
const TAGS: [&str; 2] = ["1.4.0", "1.9.2"];

/// A mirror in a folder of its own, with what was found at its head.
pub(crate) struct Fetched {
    pub(crate) mirror: Mirror,
    pub(crate) head: Head,
    pub(crate) files: Files,
    /// Files that were changed so far: each change takes the next ones.
    changed: usize,
    _runtime: Runtime,
    _folder: TempDir,
}

/// The texts that a repository is seeded with.
pub(crate) fn seed() -> Vec<(String, String)> {
    fleet::files(FILES, |number| {
        format!("registry.example.com/shop/service-{number}:{}", TAGS[0])
    })
}

/// Opens the mirror in `folder`, as a process that starts does, and fetches `main` of `url`.
pub(crate) fn open(folder: &Path, url: &str, runtime: &Runtime) -> anyhow::Result<(Mirror, Head)> {
    let remote = Remote {
        url: GitUrl::parse(url)?,
        branch: BranchName::parse("main")?,
        auth: Auth::None,
        trust: Trust::System,
        proxy: None,
        limits: Limits::default(),
    };
    let mut mirror = Mirror::open(folder, remote, runtime.handle().clone())?;
    let head = mirror.fetch(&CancellationToken::new())?;
    Ok((mirror, head))
}

impl Fetched {
    /// Fetches `main` of `url` for the first time.
    pub(crate) fn new(url: &str) -> anyhow::Result<Self> {
        let (folder, runtime) = (TempDir::new()?, Runtime::new()?);
        let (mut mirror, head) = open(&folder.path().join("mirror"), url, &runtime)?;
        let files = mirror.files(&head, &[])?;
        ensure!(files.files.len() == FILES, "{} files were found", files.files.len());
        Ok(Self {
            mirror,
            head,
            files,
            changed: 0,
            _runtime: runtime,
            _folder: folder,
        })
    }

    /// The next `count` files with another tag, from one folder after the other.
    pub(crate) fn changes(&mut self, count: usize) -> anyhow::Result<Vec<Change>> {
        let first = self.changed;
        self.changed += count;
        (first..self.changed)
            .map(|number| {
                // A stride that is prime to the number of files reaches each of them once, far from the last.
                let file = &self.files.files[number * 4_999 % FILES];
                let text = String::from_utf8(self.mirror.blob(file.blob, 1 << 20)?)?;
                Ok(Change {
                    path: file.path.clone(),
                    old_blob: file.blob,
                    bytes: text.replace(TAGS[0], TAGS[1]).into_bytes(),
                })
            })
            .collect()
    }

    /// Commits and pushes.
    pub(crate) fn land(&mut self, changes: &[Change]) -> anyhow::Result<Commit> {
        let draft = Draft {
            author: Signature::new("Tidemark", "tidemark@example.com")?,
            message: format!("Update {} images\n", changes.len()),
            time: self.head.time + 1,
        };
        let commit = self.mirror.commit(&self.head, changes, &draft)?;
        let outcome = self.mirror.push(&self.head, &commit, &CancellationToken::new())?;
        ensure!(outcome == PushOutcome::Landed, "the push ended with {outcome:?}");
        self.head = Head {
            commit: commit.id,
            tree: commit.tree,
            time: commit.time,
        };
        Ok(commit)
    }
}

/// The head of `origin` is the commit, whose diff is `lines` lines changed.
pub(crate) fn check(origin: &BareRepository, commit: &Commit, lines: usize) -> anyhow::Result<()> {
    ensure!(origin.head()? == commit.id.to_string(), "the branch is elsewhere");
    let diff = origin.diff()?;
    let count = |sign: &str, header: &str| {
        diff.lines()
            .filter(|line| line.starts_with(sign) && !line.starts_with(header))
            .count()
    };
    let (gone, come) = (count("-", "---"), count("+", "+++"));
    ensure!(
        (gone, come) == (lines, lines),
        "{gone} lines went and {come} came, not {lines}"
    );
    Ok(())
}
