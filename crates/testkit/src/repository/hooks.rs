//! Hooks: what a server does when somebody pushes.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use anyhow::Context;

use super::{BareRepository, OtherCommit};
use crate::process::wait_for;

/// Lets a hook use git as if it were not in the middle of a push.
const OUTSIDE: &str = "unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_DIR\n";

impl BareRepository {
    /// Installs a hook: `pre-receive`, `update`, `post-receive` …; a shell script without its first line.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn install_hook(&self, name: &str, script: &str) -> anyhow::Result<()> {
        let path = self.hook(name);
        let new = path.with_extension("new");
        fs::create_dir_all(self.path.join("hooks"))?;
        fs::write(&new, format!("#!/bin/sh\n{script}\n")).context("writing a hook")?;
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).context("making a hook executable")?;
        // A rename: whoever runs the old one goes on undisturbed.
        fs::rename(&new, &path).context("installing a hook")
    }

    /// Takes a hook away, if it is there.
    ///
    /// # Errors
    ///
    /// The file cannot be deleted.
    pub fn remove_hook(&self, name: &str) -> anyhow::Result<()> {
        match fs::remove_file(self.hook(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).context("removing a hook"),
            _ => Ok(()),
        }
    }

    /// Refuses every push to `main`, as a protected branch does, with `words`.
    ///
    /// # Errors
    ///
    /// The hook cannot be written.
    pub fn protect(&self, words: &str) -> anyhow::Result<()> {
        let words = words.replace('\'', "");
        self.install_hook(
            "pre-receive",
            &format!("while read old new ref; do [ \"$ref\" = refs/heads/main ] && {{ echo '{words}' >&2; exit 1; }}; done; exit 0"),
        )
    }

    /// Lets another writer be faster: before each of the next pushes is looked at, the
    /// next of `commits` lands on `main`, and the push is too late: the server says of it
    /// `failed to update ref`, for the branch is not any more where the client saw it.
    ///
    /// # Errors
    ///
    /// The hook cannot be written.
    pub fn commit_before_pushes(&self, commits: &[OtherCommit]) -> anyhow::Result<()> {
        let queue = self.path.join("hooks/queue");
        fs::create_dir_all(&queue)?;
        for (number, commit) in commits.iter().enumerate() {
            fs::write(queue.join(format!("{number:04}")), commit.stream("main", true)).context("writing a commit")?;
        }
        let (queue, path) = (queue.display(), self.path.display());
        let script = format!(
            "{OUTSIDE}cat >/dev/null\n\
             next=$(ls '{queue}' | head -n 1)\n\
             [ -n \"$next\" ] || exit 0\n\
             mv '{queue}'/\"$next\" '{path}/hooks/now' && git --git-dir '{path}' fast-import --quiet --date-format=now <'{path}/hooks/now' >&2"
        );
        self.install_hook("pre-receive", &script)
    }

    /// How many commits of [`BareRepository::commit_before_pushes`] have not been made yet.
    ///
    /// # Errors
    ///
    /// There is no such hook.
    pub fn commits_waiting(&self) -> anyhow::Result<usize> {
        Ok(fs::read_dir(self.path.join("hooks/queue"))
            .context("reading the queue of a hook")?
            .count())
    }

    /// Holds the next pushes in a hook until they are released: in `pre-receive` nothing
    /// has happened yet, in `post-receive` the branch has moved and the client does not know.
    ///
    /// # Errors
    ///
    /// The hook cannot be written.
    pub fn hold_pushes(&self, hook: &str) -> anyhow::Result<HeldPush> {
        let held = HeldPush {
            reached: self.path.join("hooks/reached"),
            released: self.path.join("hooks/released"),
        };
        held.reset()?;
        let (reached, released) = (held.reached.display(), held.released.display());
        // A minute at most: a test that died must not leave a server behind.
        let script = format!(
            "cat >/dev/null\n\
             echo $PPID >'{reached}.new' && mv '{reached}.new' '{reached}'\n\
             for _ in $(seq 6000); do [ -e '{released}' ] && exit $(cat '{released}'); sleep 0.01; done\n\
             exit 1"
        );
        self.install_hook(hook, &script)?;
        Ok(held)
    }

    fn hook(&self, name: &str) -> PathBuf {
        self.path.join("hooks").join(name)
    }
}

/// Pushes that a hook holds.
#[derive(Debug)]
pub struct HeldPush {
    reached: PathBuf,
    released: PathBuf,
}

impl HeldPush {
    /// Waits until a push is being held.
    ///
    /// # Errors
    ///
    /// None came within 20 s.
    pub fn wait(&self) -> anyhow::Result<()> {
        wait_for("a push that the hook holds", || self.is_held().then_some(()))
    }

    /// Whether a push is being held, or was.
    pub fn is_held(&self) -> bool {
        self.reached.exists()
    }

    /// Lets this push and all later ones go on, and waits until the server is done with this
    /// one, whether its client is still there or not.
    ///
    /// # Errors
    ///
    /// No push is being held, or the server is not done within 20 s.
    pub fn release(&self) -> anyhow::Result<()> {
        self.end("0")
    }

    /// Refuses this push and all later ones, and waits in the same way. In `post-receive` it
    /// is too late to refuse.
    ///
    /// # Errors
    ///
    /// No push is being held, or the server is not done within 20 s.
    pub fn refuse(&self) -> anyhow::Result<()> {
        self.end("1")
    }

    fn end(&self, status: &str) -> anyhow::Result<()> {
        let server = fs::read_to_string(&self.reached).context("no push is being held")?;
        let new = self.released.with_extension("new");
        fs::write(&new, status).context("ending a push")?;
        fs::rename(&new, &self.released).context("ending a push")?;
        let stat = PathBuf::from(format!("/proc/{}/stat", server.trim()));
        wait_for("the end of a push", || match fs::read_to_string(&stat) {
            // One that nobody waits for any more stays in the list, as dead.
            Ok(stat) => stat.contains(") Z ").then_some(()),
            Err(_) => Some(()),
        })
    }

    /// Holds again, as at first.
    ///
    /// # Errors
    ///
    /// A file cannot be deleted.
    pub fn reset(&self) -> anyhow::Result<()> {
        for path in [&self.reached, &self.released] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error.into());
                }
                _ => {}
            }
        }
        Ok(())
    }
}
