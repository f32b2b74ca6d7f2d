//! Killed by strace at the first, the second, the third … call that changes a file, until a run gets to its end.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use testkit::{BareRepository, GitHttp, GitHttpSettings, OtherCommit};

use super::Victim;
use crate::git_servers::Stage;
use crate::world::World;

/// The number of SIGKILL.
const SIGKILL: i32 = 9;
/// More calls than any of these runs makes.
const MOST_CALLS: usize = 80;
const NAME: &str = "team/fleet.git";

/// A victim over HTTP, so that every file that git writes here is in the mirror.
fn victim(server: &GitHttp) -> Victim {
    let url = server.url(NAME);
    Victim::new(Stage::new(server.repository(NAME).unwrap()).reached_by(&format!("url: \"{url}\"")))
}

/// At which calls a pass is killed: all of a name, or those alone that are about one of these files.
struct Aim {
    calls: &'static [&'static str],
    files: Vec<PathBuf>,
}

/// A single pass, killed when a thread of it is about to make such a call for the `number`th time: that call, or `None` if there
/// were fewer and the pass came to its end.
fn killed_at(world: &World, call: &str, files: &[PathBuf], number: usize) -> Option<String> {
    let trace = world.folder().join("trace");
    let run = Command::new("strace")
        .args(["-f", "-y", "-o"])
        .arg(&trace)
        .args([
            "-e",
            &format!("trace={call}"),
            "-e",
            &format!("inject={call}:signal=KILL:when={number}"),
        ])
        .args(files.iter().flat_map(|file| [OsStr::new("-P"), file.as_os_str()]))
        .arg(World::binary())
        .args(["run", "--once", "--config"])
        .arg(world.write_config())
        .env_clear()
        .env("HOME", world.folder())
        .stdin(Stdio::null())
        .output()
        .expect("strace is installed; `apt-get install strace`");
    let trace = fs::read_to_string(trace).unwrap();
    if run.status.signal() != Some(SIGKILL) {
        assert!(
            run.status.success(),
            "{}\n{trace}",
            String::from_utf8_lossy(&run.stderr)
        );
        return None;
    }
    let last = trace.lines().rfind(|line| line.contains('(') && !line.contains("+++"));
    Some(last.expect("it was killed at a call").to_owned())
}

/// Kills a pass at the first of these calls, at the second, and so on; says at which calls it was killed.
fn sweep(victim: &mut Victim, aim: &Aim, mut before: impl FnMut(&Victim)) -> Vec<String> {
    let mut killed = Vec::new();
    for call in aim.calls {
        let ended = (1..MOST_CALLS).find(|&number| {
            before(victim);
            victim.push_tag();
            let at = killed_at(&victim.stage.world, call, &aim.files, number);
            victim.recovers();
            killed.extend(at.clone());
            at.is_none()
        });
        assert!(ended.is_some(), "it never came to its end: {killed:#?}");
    }
    killed
}

/// How many of the calls were about a file with this in its path.
fn count(killed: &[String], part: &str) -> usize {
    killed.iter().filter(|call| call.contains(part)).count()
}

/// The calls by which git's files change here.
const OF_GIT: Aim = Aim {
    calls: &["pwrite64", "link", "unlink", "rename"],
    files: Vec::new(),
};
/// The calls by which a file is replaced by a new one.
const OF_REPLACING: &[&str] = &["write", "fsync", "rename"];

/// A file that is replaced, what replaces it, and the folder that both are in.
fn replaced(file: &Path) -> Vec<PathBuf> {
    let folder = file.parent().expect("it is in a folder");
    vec![file.to_owned(), file.with_extension("new"), folder.to_owned()]
}

/// Something for the next fetch to bring.
fn others_commit(victim: &Victim) {
    let theirs = OtherCommit::new("Theirs").write("notes/today.md", victim.stage.repository.head().unwrap());
    victim.stage.repository.commit(&theirs).unwrap();
}

#[test]
fn a_kill_while_objects_are_written_loses_nothing() {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let killed = sweep(&mut victim(&server), &OF_GIT, others_commit);
    let (objects, branch) = (count(&killed, "/objects/"), count(&killed, "/refs/heads/main"));
    assert!(objects >= 10 && branch >= 2, "{objects} and {branch} of {killed:#?}");
}

#[test]
fn a_kill_while_the_mirror_is_made_loses_nothing() {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let forget = |victim: &Victim| remove(&victim.stage.world.folder().join("mirrors"));
    let killed = sweep(&mut victim(&server), &OF_GIT, forget);
    assert!(killed.len() >= 10, "{killed:#?}");
}

/// Here the process writes into the origin itself, and what it leaves there has to be its own to clear.
#[test]
fn a_kill_while_a_repository_in_a_folder_is_written_loses_nothing() {
    let repository = BareRepository::new().unwrap();
    let url = repository.file_url();
    let mut victim = Victim::new(Stage::new(repository).reached_by(&format!("url: \"{url}\"")));
    // Nothing to fetch, for calls are counted by thread: one that had fetched would be killed before another pushes.
    let killed = sweep(&mut victim, &OF_GIT, |_| {});
    let objects = count(&killed, "/origin.git/objects/");
    assert!(objects >= 2, "{objects} of {killed:#?}");
}

#[test]
fn a_kill_while_the_state_is_written_loses_nothing() {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let mut victim = victim(&server);
    let aim = Aim {
        calls: OF_REPLACING,
        files: replaced(&victim.stage.world.state()),
    };
    let killed = sweep(&mut victim, &aim, |_| {});
    for (call, least) in [("write(", 3), ("fsync(", 6), ("rename(", 3)] {
        assert!(count(&killed, call) >= least, "{call} in {killed:#?}");
    }
}

#[test]
fn a_kill_while_the_memory_of_an_image_is_written_loses_nothing() {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let mut victim = victim(&server);
    victim.push_tag();
    victim.recovers();
    let aim = Aim {
        calls: OF_REPLACING,
        files: replaced(&victim.memory()),
    };
    let killed = sweep(&mut victim, &aim, |_| {});
    for call in ["write(", "rename("] {
        assert!(count(&killed, call) >= 1, "{call} in {killed:#?}");
    }
}

fn remove(folder: &Path) {
    fs::remove_dir_all(folder).unwrap();
}
