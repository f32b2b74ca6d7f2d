//! Bare git repositories: made, seeded, changed by other writers, and looked into.

mod hooks;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, ensure};

use crate::folder::Folder;
use crate::process::{command, installed, run};

pub use hooks::HeldPush;

/// A bare repository with the branch `main`, worked on by git's own command line, which
/// reads no configuration but the repository's own.
#[derive(Debug, Clone)]
pub struct BareRepository {
    path: PathBuf,
    /// Keeps the folder of a repository that no server holds.
    _folder: Option<Arc<Folder>>,
}

/// A commit that somebody else makes.
#[derive(Debug, Clone)]
pub struct OtherCommit {
    author: String,
    message: String,
    /// Path and new content; `None` deletes.
    changes: BTreeMap<String, Option<Vec<u8>>>,
}

impl OtherCommit {
    /// A commit by `Another Writer` that changes nothing yet.
    pub fn new(message: &str) -> Self {
        let author = "Another Writer <another@example.com>".to_owned();
        Self {
            author,
            message: message.to_owned(),
            changes: BTreeMap::new(),
        }
    }

    /// The same by `author`: `NAME <ADDRESS>`.
    #[must_use]
    pub fn by(mut self, author: &str) -> Self {
        self.author = author.to_owned();
        self
    }

    /// The same with a file made or replaced.
    #[must_use]
    pub fn write(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.changes.insert(path.to_owned(), Some(content.into()));
        self
    }

    /// The same with a file deleted.
    #[must_use]
    pub fn delete(mut self, path: &str) -> Self {
        self.changes.insert(path.to_owned(), None);
        self
    }

    /// The commit as `git fast-import` reads it, on top of `branch` if it is there.
    fn stream(&self, branch: &str, born: bool) -> Vec<u8> {
        let mut stream = format!("commit refs/heads/{branch}\ncommitter {} now\n", self.author).into_bytes();
        let data = |stream: &mut Vec<u8>, bytes: &[u8]| {
            stream.extend(format!("data {}\n", bytes.len()).bytes());
            stream.extend(bytes);
            stream.push(b'\n');
        };
        data(&mut stream, self.message.as_bytes());
        if born {
            stream.extend(format!("from refs/heads/{branch}^0\n").bytes());
        }
        for (path, content) in &self.changes {
            match content {
                Some(content) => {
                    stream.extend(format!("M 100644 inline {}\n", quoted(path)).bytes());
                    data(&mut stream, content);
                }
                None => stream.extend(format!("D {}\n", quoted(path)).bytes()),
            }
        }
        stream.push(b'\n');
        stream
    }
}

impl BareRepository {
    /// Makes an empty one in a temporary folder; reach it by [`BareRepository::file_url`].
    ///
    /// # Errors
    ///
    /// git is not installed.
    pub fn new() -> anyhow::Result<Self> {
        let folder = Folder::new()?;
        let mut made = Self::create(&folder.join("origin.git"))?;
        made._folder = Some(Arc::new(folder));
        Ok(made)
    }

    /// Makes an empty one at `path`.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let made = Self {
            path: path.to_owned(),
            _folder: None,
        };
        let home = path.parent().context("a repository needs a folder around it")?;
        std::fs::create_dir_all(home)?;
        run(git(home)?
            .args(["init", "--quiet", "--bare", "--initial-branch=main"])
            .arg(path))?;
        made.git(&["config", "http.receivepack", "true"])?;
        Ok(made)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its `file://` URL.
    pub fn file_url(&self) -> String {
        format!("file://{}", self.path.display())
    }

    /// Runs git in it; says what it wrote.
    ///
    /// # Errors
    ///
    /// git's own words.
    pub fn git(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = run(git(&self.path)?.arg("--git-dir").arg(&self.path).args(arguments))?;
        String::from_utf8(output.stdout).context("git did not write text")
    }

    /// Commits files to `main`, in one commit by `Seeder`.
    ///
    /// # Errors
    ///
    /// git's own words.
    pub fn seed<P: AsRef<str>, C: AsRef<[u8]>>(
        &self,
        files: impl IntoIterator<Item = (P, C)>,
    ) -> anyhow::Result<String> {
        let mut commit = OtherCommit::new("Seed").by("Seeder <seeder@example.com>");
        for (path, content) in files {
            commit = commit.write(path.as_ref(), content.as_ref());
        }
        self.commit(&commit)
    }

    /// Commits to `main` as another writer would, past all hooks; says the commit's id.
    ///
    /// # Errors
    ///
    /// git's own words.
    pub fn commit(&self, commit: &OtherCommit) -> anyhow::Result<String> {
        let mut import = git(&self.path)?;
        import
            .arg("--git-dir")
            .arg(&self.path)
            .args(["fast-import", "--quiet", "--date-format=now"]);
        feed(&mut import, &commit.stream("main", self.head().is_ok()))?;
        self.head()
    }

    /// The id of the head of `main`.
    ///
    /// # Errors
    ///
    /// There is no commit yet.
    pub fn head(&self) -> anyhow::Result<String> {
        Ok(self
            .git(&["rev-parse", "--verify", "--quiet", "refs/heads/main^{commit}"])?
            .trim()
            .to_owned())
    }

    /// The first lines of the messages of `main`, the newest first.
    ///
    /// # Errors
    ///
    /// There is no commit yet.
    pub fn log(&self) -> anyhow::Result<Vec<String>> {
        Ok(self
            .git(&["log", "--format=%s", "main"])?
            .lines()
            .map(str::to_owned)
            .collect())
    }

    /// How many commits `main` has.
    ///
    /// # Errors
    ///
    /// There is no commit yet.
    pub fn commits(&self) -> anyhow::Result<usize> {
        self.git(&["rev-list", "--count", "main"])?
            .trim()
            .parse()
            .context("counting commits")
    }

    /// Whether no commit of `main` has two parents.
    ///
    /// # Errors
    ///
    /// There is no commit yet.
    pub fn is_linear(&self) -> anyhow::Result<bool> {
        Ok(self.git(&["rev-list", "--merges", "main"])?.is_empty())
    }

    /// The whole message of the head of `main`.
    ///
    /// # Errors
    ///
    /// There is no commit yet.
    pub fn message(&self) -> anyhow::Result<String> {
        self.git(&["log", "-1", "--format=%B", "main"])
    }

    /// The diff of the head of `main` to its parent, without context.
    ///
    /// # Errors
    ///
    /// There is no commit yet.
    pub fn diff(&self) -> anyhow::Result<String> {
        self.diff_of("main")
    }

    /// The diff of any commit to its parent, without context.
    ///
    /// # Errors
    ///
    /// There is no such commit.
    pub fn diff_of(&self, commit: &str) -> anyhow::Result<String> {
        self.git(&[
            "diff-tree",
            "-p",
            "--root",
            "--no-commit-id",
            "--unified=0",
            "--no-ext-diff",
            "-r",
            commit,
        ])
    }

    /// A file at the head of `main`.
    ///
    /// # Errors
    ///
    /// There is no such file, or it is not text.
    pub fn read(&self, path: &str) -> anyhow::Result<String> {
        self.git(&["cat-file", "blob", &format!("main:{path}")])
    }

    /// Asserts that nothing is broken: every object is there, and well-formed.
    ///
    /// # Errors
    ///
    /// What `git fsck --strict` found.
    pub fn fsck(&self) -> anyhow::Result<()> {
        self.git(&["fsck", "--strict", "--full", "--no-dangling"]).map(|_| ())
    }
}

/// git in `home`, with no configuration of the machine or the user.
fn git(home: &Path) -> anyhow::Result<Command> {
    let mut git = command(&installed("git")?, home);
    git.env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_TERMINAL_PROMPT", "0");
    git.current_dir(home);
    Ok(git)
}

/// Runs a command that reads `input`.
fn feed(command: &mut Command, input: &[u8]) -> anyhow::Result<()> {
    let piped = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = piped.spawn().context("starting git")?;
    let written = child.stdin.take().context("git has no input")?.write_all(input);
    let output = child.wait_with_output()?;
    ensure!(
        output.status.success(),
        "git: {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    written.context("writing to git")
}

/// A path as `git fast-import` reads it.
fn quoted(path: &str) -> String {
    format!(
        "\"{}\"",
        path.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
    )
}

#[cfg(test)]
mod tests;
