//! Programs: found, started with a clean environment, waited for, and ended.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context, bail, ensure};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::environment::{PATH, built_servers};

/// A server that is not ready by then never will be.
const READY_WITHIN: Duration = Duration::from_secs(20);
/// A server that has not ended by then is killed.
const ENDS_WITHIN: Duration = Duration::from_secs(3);
/// Between two looks at something that is waited for.
const STEP: Duration = Duration::from_millis(5);

/// Finds an installed program.
pub(crate) fn installed(name: &str) -> anyhow::Result<PathBuf> {
    let found = PATH
        .split(':')
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.is_file());
    found.with_context(|| format!("`{name}` is not installed; `make servers` installs it"))
}

/// Finds a program that `make servers` builds.
pub(crate) fn built(name: &str) -> anyhow::Result<PathBuf> {
    let path = built_servers()
        .context("neither XDG_CACHE_HOME nor HOME says where built servers are")?
        .join(name);
    ensure!(
        path.is_file(),
        "{} is not there; `make servers` builds it",
        path.display()
    );
    Ok(path)
}

/// A command with an environment of its own: of the caller's nothing is left, so that
/// no `GIT_…`, `REGISTRY_…` or `SSL_CERT_FILE` changes what a test shows.
pub(crate) fn command(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", PATH)
        .env("HOME", home)
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end.
///
/// # Errors
///
/// What the program wrote to its standard error, if it failed.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<Output> {
    let name = command.get_program().display().to_string();
    let output = command.output().with_context(|| format!("starting {name}"))?;
    ensure!(
        output.status.success(),
        "{name}: {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(output)
}

/// A running server; ended with all of its children when dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command` in a process group of its own, its outputs in the files
    /// `name.out` and `name.err` of `folder`: who reads a test's own output would else wait
    /// for the server as well.
    pub(crate) fn start(mut command: Command, folder: &Path, name: &str) -> anyhow::Result<Self> {
        let log = folder.join(format!("{name}.err"));
        let output = |path: &Path| File::create(path).with_context(|| format!("making {}", path.display()));
        command
            .stdout(output(&folder.join(format!("{name}.out")))?)
            .stderr(output(&log)?)
            .process_group(0);
        let child = command.spawn().with_context(|| format!("starting {name}"))?;
        Ok(Self { child, log })
    }

    /// Waits until `ready` has an answer.
    ///
    /// # Errors
    ///
    /// The server ended, or was not ready within 20 s; with what it wrote to its log.
    pub(crate) fn wait_until<T>(&mut self, ready: impl Fn() -> Option<T>) -> anyhow::Result<T> {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            // Asked first: an answer may be that of a stranger on the same port.
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}: {}", self.last_words());
            }
            if let Some(answer) = ready() {
                return Ok(answer);
            }
            ensure!(
                Instant::now() < deadline,
                "the server did not become ready: {}",
                self.last_words()
            );
            thread::sleep(STEP);
        }
    }

    /// What the server wrote to its standard error.
    pub(crate) fn last_words(&self) -> String {
        fs::read(&self.log)
            .map(|text| String::from_utf8_lossy(&text).trim().to_owned())
            .unwrap_or_default()
    }

    /// Sends a signal to the server and its children.
    pub(crate) fn signal(&self, signal: Signal) {
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // It fails only when the server is gone already, and then all is well.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that was stopped by a test must run to be able to end.
        self.signal(Signal::CONT);
        self.signal(Signal::TERM);
        let deadline = Instant::now() + ENDS_WITHIN;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(STEP);
        }
        // The children of fcgiwrap and git outlive it.
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Waits until `ready` has an answer, for at most as long as a server may take.
pub(crate) fn wait_for<T>(what: &str, ready: impl Fn() -> Option<T>) -> anyhow::Result<T> {
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        if let Some(answer) = ready() {
            return Ok(answer);
        }
        ensure!(Instant::now() < deadline, "{what} did not come to be");
        thread::sleep(STEP);
    }
}

#[cfg(test)]
mod tests;
