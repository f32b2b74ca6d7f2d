//! Tidemark as a black box: its real binary, a folder of its own, a configuration, and whatever servers a test starts.

mod binary;
mod daemon;
pub(crate) mod manifests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub(crate) use self::daemon::Daemon;

/// A place for one Tidemark to live in.
///
/// Secrets that are told to it must not show up in anything that the binary prints, nor in its state: each run looks.
pub(crate) struct World {
    folder: TempDir,
    registries: Vec<String>,
    all_registries: String,
    repositories: Vec<String>,
    http: String,
    rest: String,
    secrets: Vec<String>,
    environment: Vec<(String, String)>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    /// An empty folder and a configuration without registries and repositories.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::Builder::new()
                .prefix("tm-")
                .tempdir()
                .expect("a temporary folder can be made"),
            registries: Vec::new(),
            all_registries: String::new(),
            repositories: Vec::new(),
            http: String::new(),
            rest: String::new(),
            secrets: Vec::new(),
            environment: Vec::new(),
        }
    }

    /// Sets a variable in the environment of the binary, which is otherwise as good as empty.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds an entry of `registries.hosts`, as a YAML flow mapping without its braces: `host: "…", plainHttp: true`.
    pub(crate) fn registry(mut self, entry: &str) -> Self {
        self.registries.push(entry.to_owned());
        self
    }

    /// Adds an entry of `repositories`, as a YAML flow mapping without its braces: `url: "…"`. It is named `fleet`, its branch is
    /// `main`, and its interval a second, unless the entry says otherwise.
    pub(crate) fn repository(mut self, entry: &str) -> Self {
        let or = |key: &str, value: &str| {
            // `username:` is no `name:`.
            if format!(" {entry}").contains(&format!(" {key}:")) {
                String::new()
            } else {
                format!(", {key}: {value}")
            }
        };
        let entry = format!(
            "{entry}{}{}{}",
            or("name", "fleet"),
            or("branch", "main"),
            or("interval", "1s")
        );
        self.repositories.push(entry);
        self
    }

    /// Adds a key of `registries`, beside its `hosts`.
    pub(crate) fn registries(mut self, text: &str) -> Self {
        self.all_registries.push_str(&format!("  {text}\n"));
        self
    }

    /// Adds a key of `http`, beside `listen`: `auth: {…}`.
    pub(crate) fn http(mut self, text: &str) -> Self {
        self.http.push_str(&format!(", {text}"));
        self
    }

    /// Adds top-level keys to the configuration.
    pub(crate) fn with(mut self, text: &str) -> Self {
        self.rest.push_str(text);
        self.rest.push('\n');
        self
    }

    /// Writes a file beside the configuration and says where it is.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).expect("the folder can be written");
        path
    }

    /// Writes a secret into a file; it must not be seen anywhere else from now on.
    pub(crate) fn secret_file(&mut self, name: &str, secret: &str) -> PathBuf {
        self.secrets.push(secret.to_owned());
        self.file(name, format!("{secret}\n"))
    }

    /// A secret that must not be seen anywhere from now on.
    pub(crate) fn secret(&mut self, secret: &str) {
        self.secrets.push(secret.to_owned());
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the state is.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("state/state")
    }

    /// Writes the configuration as it stands.
    pub(crate) fn write_config(&self) -> PathBuf {
        let list = |entries: &[String]| {
            entries
                .iter()
                .map(|entry| format!("    - {{{entry}}}\n"))
                .collect::<String>()
        };
        let hosts = list(&self.registries);
        let hosts = if hosts.is_empty() {
            "  hosts: []\n".to_owned()
        } else {
            format!("  hosts:\n{hosts}")
        };
        let repositories = list(&self.repositories);
        let repositories = if repositories.is_empty() {
            " []".to_owned()
        } else {
            format!("\n{repositories}")
        };
        let text = format!(
            "http: {{listen: \"127.0.0.1:0\"{}}}\nstate: {{file: state/state}}\nmirrors: mirrors\n\
             registries:\n{hosts}{}repositories:{repositories}\n{}",
            self.http, self.all_registries, self.rest
        );
        self.file("config.yaml", text)
    }

    /// `tidemark run --once`.
    pub(crate) fn once(&self) -> Ran {
        self.run(&["run", "--config", &self.write_config().display().to_string(), "--once"])
    }

    /// `tidemark run --dry-run`.
    pub(crate) fn dry_run(&self) -> Ran {
        self.run(&[
            "run",
            "--config",
            &self.write_config().display().to_string(),
            "--dry-run",
        ])
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let Output { status, stdout, stderr } = self.command(arguments).output().expect("the binary runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what Tidemark prints is UTF-8");
        let ran = Ran {
            code: status.code().unwrap_or(-1),
            stdout: text(stdout),
            stderr: text(stderr),
        };
        assert!(
            !ran.stderr.contains('\x1b'),
            "colours in a log that is no terminal's:\n{}",
            ran.stderr
        );
        self.assert_kept_secrets(&ran.stdout);
        self.assert_kept_secrets(&ran.stderr);
        ran
    }

    /// Starts the daemon.
    pub(crate) fn start(&self) -> Daemon {
        Daemon::start(self)
    }

    /// Where the binary is, for those who start it in their own way.
    pub(crate) fn binary() -> &'static Path {
        binary::path()
    }

    /// The binary was built just now by another process, and is there.
    pub(crate) fn binary_is_at(path: &Path) {
        binary::is_at(path);
    }

    /// The binary with nothing of this machine's environment, and its log at the finest level.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary::path());
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.folder.path())
            .env("RUST_LOG", "trace")
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// No secret, in any of the encodings in which it could travel, is in `text`.
    pub(crate) fn assert_kept_secrets(&self, text: &str) {
        for secret in &self.secrets {
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            assert!(
                !text.contains(secret.as_str()) && !text.contains(&hex),
                "a secret was printed:\n{text}"
            );
        }
    }
}

impl Drop for World {
    /// Looks through the state for secrets.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let images = fs::read_dir(self.state().with_extension("images"));
        let images = images.into_iter().flatten().flatten().map(|entry| entry.path());
        for kept in images.chain([self.state()]) {
            let kept = fs::read(kept).unwrap_or_default();
            self.assert_kept_secrets(&String::from_utf8_lossy(&kept));
        }
    }
}

impl Ran {
    /// Fails the test unless the run ended with `code`; shows what was printed.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "standard error:\n{}\nstandard output:\n{}",
            self.stderr, self.stdout
        );
        self
    }
}
