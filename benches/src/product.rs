//! The binary, run as people run it, and what the run took.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// Between two looks at a run. The kernel keeps the peak; only what is first touched in the last of these is missed.
const STEP: Duration = Duration::from_millis(1);

/// What a run of the binary took.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Its exit code; -1 if a signal ended it.
    pub code: i32,
    /// From start to end.
    pub wall: Duration,
    /// Processor time of all its threads, as the kernel has it at the end.
    pub cpu: Duration,
    /// The most memory that it had at a time, in bytes (`VmHWM`).
    pub peak_bytes: u64,
}

/// Builds the binary for release from the sources as they are, unless that was done by this process, and says where it is.
///
/// # Errors
///
/// cargo's own words.
pub fn build() -> anyhow::Result<&'static Path> {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    match BUILT.get() {
        Some(path) => Ok(path),
        None => {
            let path = build_release()?;
            Ok(BUILT.get_or_init(|| path))
        }
    }
}

fn build_release() -> anyhow::Result<PathBuf> {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--package", "tidemark", "--locked"])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .context("running cargo")?;
    ensure!(built.status.success(), "building the binary failed");
    let messages = String::from_utf8(built.stdout).context("reading what cargo built")?;
    let executable = messages.lines().rev().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    executable.context("cargo did not say where the binary is")
}

/// Runs `binary` in `folder` with nothing of this environment; its outputs go to the files `stdout` and `stderr` there.
///
/// # Errors
///
/// It cannot be started.
pub fn run(binary: &Path, folder: &Path, arguments: &[&str]) -> anyhow::Result<Run> {
    let (start, before) = (Instant::now(), processor_time_of_children()?);
    let mut child = start_in(binary, folder, arguments)?;
    let mut peak_bytes = 0;
    let status = loop {
        peak_bytes = peak_bytes.max(peak(&child).unwrap_or_default());
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(STEP);
    };
    Ok(Run {
        code: status.code().unwrap_or(-1),
        wall: start.elapsed(),
        cpu: processor_time_of_children()?.saturating_sub(before),
        peak_bytes,
    })
}

/// The binary, running on; it is killed when this is dropped.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Starts `binary` in `folder` as [`run`] does.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn start(binary: &Path, folder: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        start_in(binary, folder, arguments).map(Self)
    }

    /// The processor time of all its threads so far, to a hundredth of a second.
    ///
    /// # Errors
    ///
    /// It has ended.
    pub fn cpu(&mut self) -> anyhow::Result<Duration> {
        ensure!(self.0.try_wait()?.is_none(), "the binary has ended");
        processor_time(&self.0).context("the kernel does not say what the binary has spent")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; whoever asked for its figures knows.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start_in(binary: &Path, folder: &Path, arguments: &[&str]) -> anyhow::Result<Child> {
    let output = |name: &str| fs::File::create(folder.join(name)).with_context(|| format!("making `{name}`"));
    let mut command = Command::new(binary);
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .stdin(Stdio::null())
        .stdout(output("stdout")?)
        .stderr(output("stderr")?);
    command.spawn().context("starting the binary")
}

/// The processor time of all children that have ended and were waited for.
fn processor_time_of_children() -> anyhow::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("asking what children have spent")?;
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(u64::try_from(microseconds)?))
}

/// The peak of the child's memory so far; none once it has ended.
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// The processor time of the child so far, in the system's ticks of 10 ms.
fn processor_time(child: &Child) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
    // The name of the program, in parentheses, may hold anything; after it come the fields from the third on.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks: u64 = fields
        .split_ascii_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse().unwrap_or(0))
        .sum();
    Some(Duration::from_millis(ticks * 10))
}
