//! A daemon that runs, watched through its API and its log.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::ask;

use super::World;

/// How long a state may take to come about. Far more than it takes: a test that waits this long has failed.
const DEADLINE: Duration = Duration::from_secs(60);
/// How often the API is asked whether it has come about.
const STEP: Duration = Duration::from_millis(20);

/// The process, killed when dropped.
pub(crate) struct Daemon {
    child: Child,
    address: std::net::SocketAddr,
    log: Arc<Mutex<String>>,
    stdout: Arc<Mutex<String>>,
    /// What each question shows.
    authorization: Option<String>,
}

impl Daemon {
    pub(super) fn start(world: &World) -> Self {
        let config = world.write_config().display().to_string();
        Self::spawn(world.command(&["run", "--config", &config]))
    }

    /// Starts the daemon by a command of the caller's; it must log to standard error, at `info` at least.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let (log, stdout) = <(Arc<Mutex<String>>, Arc<Mutex<String>>)>::default();
        let address = follow(child.stderr.take().expect("it was piped"), log.clone());
        follow(child.stdout.take().expect("it was piped"), stdout.clone());
        let Ok(address) = address.recv_timeout(DEADLINE) else {
            let _ = child.kill();
            panic!(
                "the daemon did not start:\n{}",
                log.lock().expect("no panic while it was held")
            );
        };
        Self {
            child,
            address,
            log,
            stdout,
            authorization: None,
        }
    }

    /// The same, asked with this token from here on.
    pub(crate) fn with_token(mut self, token: &str) -> Self {
        self.authorization = Some(format!("authorization: Bearer {token}"));
        self
    }

    /// The answer of the API to a GET of `path`, as JSON.
    pub(crate) fn get(&self, path: &str) -> Value {
        let answer = ask::get(self.address, None, path, &self.headers()).expect("the API answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("an answer has a head and a body");
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{path} is no JSON ({error}):\n{answer}"))
    }

    fn headers(&self) -> Vec<&str> {
        self.authorization.iter().map(String::as_str).collect()
    }

    /// Waits until the API's answer to `path` is as wanted, and gives it back.
    #[track_caller]
    pub(crate) fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let answer = self.get(path);
            if wanted(&answer) {
                return answer;
            }
            assert!(
                start.elapsed() < DEADLINE,
                "{path} did not become as wanted:\n{answer:#}\n{}",
                self.log()
            );
            thread::sleep(STEP);
        }
    }

    /// Waits until this many commits have landed since the start.
    #[track_caller]
    pub(crate) fn until_commits(&self, commits: u64) {
        self.until("/api/v1/status", |status| {
            status["summary"]["commits"].as_u64() >= Some(commits)
        });
    }

    /// Waits until the only target's decision has this reason.
    #[track_caller]
    pub(crate) fn until_reason(&self, reason: &str) -> Value {
        let answer = self.until("/api/v1/targets", |answer| {
            answer["targets"][0]["decision"]["reason"] == reason
        });
        answer["targets"][0].clone()
    }

    /// Waits until a scan of every image and a pass of every branch have begun after now, and have ended.
    #[track_caller]
    pub(crate) fn settled(&self) {
        let now = self.get("/api/v1/status")["now"].as_str().expect("a time").to_owned();
        let scanned = |image: &Value| image["lastAttempt"].as_str() > Some(now.as_str());
        self.until("/api/v1/images", |answer| {
            answer["images"]
                .as_array()
                .is_some_and(|images| images.iter().all(scanned))
        });
        let later = self.get("/api/v1/status")["now"].as_str().expect("a time").to_owned();
        let fetched = |repository: &Value| repository["lastFetch"].as_str() > Some(later.as_str());
        self.until("/api/v1/status", |answer| {
            answer["repositories"]
                .as_array()
                .is_some_and(|all| all.iter().all(fetched))
        });
    }

    /// Where its API is.
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.address
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("no panic while it was held").clone()
    }

    /// What it has printed to standard output so far.
    pub(crate) fn stdout(&self) -> String {
        self.stdout.lock().expect("no panic while it was held").clone()
    }

    /// SIGKILL, and waits until it is gone.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// SIGTERM; how it ended, and after how long.
    pub(crate) fn terminate(mut self) -> (Option<i32>, Duration) {
        let start = Instant::now();
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it runs");
        let status = self.child.wait().expect("it ends");
        (status.code(), start.elapsed())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Collects what is printed, and finds the address of the API in it.
fn follow(output: impl std::io::Read + Send + 'static, log: Arc<Mutex<String>>) -> Receiver<std::net::SocketAddr> {
    let (found, address) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some((_, rest)) = line.split_once("page on http://") {
                let _ = found.send(rest.trim().parse().expect("an address"));
            }
            let mut log = log.lock().expect("no panic while it was held");
            log.push_str(&line);
            log.push('\n');
        }
    });
    address
}
