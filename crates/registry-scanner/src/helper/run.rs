//! One run of a credential helper: bounded in time and output, and ended with all that it started.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use zeroize::Zeroizing;

use super::{HelperConfig, HelperError, TIME, answer};
use crate::credential::Credential;

/// The longest answer that is read.
const MAX_OUTPUT: usize = 64 * 1024;

/// Asks `docker-credential-NAME` for the credential of `server`.
pub(super) async fn get(config: &HelperConfig, name: &str, server: &str) -> Result<Option<Credential>, HelperError> {
    let program = format!("docker-credential-{name}");
    let Some(path) = find(config, &program).await else {
        return Err(HelperError::Missing { program });
    };
    let child = command(config, path).spawn().map_err(|error| HelperError::Start {
        program: program.clone(),
        reason: error.to_string(),
    })?;
    let mut running = Running::new(child);
    let ended = tokio::time::timeout(TIME, running.converse(server)).await;
    let Ok(ended) = ended else {
        return Err(HelperError::Late {
            program,
            server: server.to_owned(),
        });
    };
    let Ended { status, output } = match ended {
        Ok(ended) => ended,
        Err(Broken::TooMuch) => return Err(HelperError::TooMuch { program }),
        Err(Broken::Pipe(error)) => {
            let reason = error.to_string();
            return Err(HelperError::Start { program, reason });
        }
    };
    if status.success() {
        return answer::read(&output, server).map_err(|reason| HelperError::Nonsense { program, reason });
    }
    if answer::is_not_found(&output) {
        return Ok(None);
    }
    Err(HelperError::Failed {
        program,
        server: server.to_owned(),
        end: status.to_string(),
    })
}

/// The program's file: the first of that name in an absolute folder of `PATH` that may be executed.
async fn find(config: &HelperConfig, program: &str) -> Option<PathBuf> {
    let folders = config.search.clone();
    let program = program.to_owned();
    let look = move || {
        let folders = folders.into_iter().filter(|folder| folder.is_absolute());
        folders.map(|folder| folder.join(&program)).find(|path| {
            path.metadata()
                .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
        })
    };
    // The folders may lie on a network file system.
    tokio::task::spawn_blocking(look)
        .await
        .expect("looking for a file does not panic")
}

fn command(config: &HelperConfig, path: PathBuf) -> Command {
    let mut command = Command::new(path);
    command
        .arg("get")
        .env_clear()
        .env("PATH", search_path(config))
        .envs(config.environment.iter().map(|(name, value)| (name, value.expose())))
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // Nobody looks at it, for it may hold secrets.
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true);
    command
}

fn search_path(config: &HelperConfig) -> OsString {
    let absolute = config.search.iter().filter(|folder| folder.is_absolute());
    // A folder with a colon in its name cannot have come out of a PATH.
    std::env::join_paths(absolute).unwrap_or_default()
}

/// A helper under way; dropped before its end, it is killed with all that it started.
struct Running {
    child: Child,
    /// The leader of the group, until it was waited for: from then on the number may be somebody else's.
    group: Option<Pid>,
}

struct Ended {
    status: ExitStatus,
    output: Zeroizing<Vec<u8>>,
}

enum Broken {
    TooMuch,
    Pipe(std::io::Error),
}

impl Running {
    fn new(child: Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self {
            group: id.and_then(Pid::from_raw),
            child,
        }
    }

    async fn converse(&mut self, server: &str) -> Result<Ended, Broken> {
        let input = self.child.stdin.take().expect("it was piped");
        let output = self.child.stdout.take().expect("it was piped");
        let ((), output) = tokio::try_join!(tell(input, server), read_to_end(output, MAX_OUTPUT))?;
        let status = self.child.wait().await.map_err(Broken::Pipe)?;
        self.group = None;
        Ok(Ended { status, output })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            // It may have ended by itself just now.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// A helper that answers without reading what it is asked is no error.
async fn tell(mut input: ChildStdin, server: &str) -> Result<(), Broken> {
    let _ = input.write_all(format!("{server}\n").as_bytes()).await;
    Ok(())
}

async fn read_to_end(pipe: impl AsyncRead + Unpin, limit: usize) -> Result<Zeroizing<Vec<u8>>, Broken> {
    // With its whole size from the start, for a vector that grows leaves what it held behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit + 1));
    let mut pipe = pipe.take(limit as u64 + 1);
    pipe.read_to_end(&mut bytes).await.map_err(Broken::Pipe)?;
    if bytes.len() > limit {
        return Err(Broken::TooMuch);
    }
    Ok(bytes)
}
