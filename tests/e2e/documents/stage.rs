//! Where the examples of one page are carried out: an empty folder, a registry in memory, and a daemon once somebody starts it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use testkit::MemoryRegistry;

use crate::world::{Daemon, World};

/// The folder that readers work in, by the pages.
const FOLDER: &str = "/tmp/tour";
/// Registries that the one in memory stands for, the first that a page names.
const HOSTS: [&str; 3] = ["localhost:5000", "registry.example.com", "ghcr.io"];
/// How long a command may take to show what the page says, where a daemon is at work.
const DEADLINE: Duration = Duration::from_secs(30);

pub(super) struct Stage {
    folder: TempDir,
    registry: MemoryRegistry,
    host: &'static str,
    daemon: Option<Daemon>,
    /// Files of the repository that are not committed yet, for pages that make none themselves.
    manifests: BTreeMap<String, String>,
    /// The last of them.
    last: String,
}

/// What a command came to.
pub(super) struct Printed {
    pub(super) succeeded: bool,
    /// Both streams, as a terminal shows them.
    pub(super) text: String,
}

impl Stage {
    pub(super) fn new(page: &str) -> Self {
        let host = HOSTS.into_iter().find(|host| page.contains(&format!("{host}/")));
        Self {
            folder: tempfile::Builder::new().prefix("tm-").tempdir().unwrap(),
            registry: MemoryRegistry::start().unwrap(),
            host: host.unwrap_or(HOSTS[0]),
            daemon: None,
            manifests: BTreeMap::new(),
            last: String::new(),
        }
    }

    /// `push IMAGE TAG…`, `publish IMAGE TAG…` (without waiting for a daemon to see it), `delete IMAGE TAG…`, `commit` or `daemon`.
    pub(super) fn direct(&mut self, words: &[&str]) {
        match words {
            ["push", image, tags @ ..] => self.push(image, tags),
            ["publish", image, tags @ ..] => self.publish(image, tags),
            ["delete", image, tags @ ..] => {
                for tag in tags.iter() {
                    assert!(
                        self.registry.registry.delete_tag(self.named(image), tag),
                        "{image}:{tag}"
                    );
                }
                self.settle();
            }
            ["commit"] => {
                self.commit();
                self.settle();
            }
            ["daemon"] => {
                let config = self.usual_config();
                self.start(&config);
            }
            _ => panic!("no such directive: {words:?}"),
        }
    }

    fn push(&self, image: &str, tags: &[&str]) {
        self.publish(image, tags);
        self.settle();
    }

    fn publish(&self, image: &str, tags: &[&str]) {
        self.registry.registry.push_tags(self.named(image), tags);
    }

    /// The image as the registry in memory calls it.
    fn named<'a>(&self, image: &'a str) -> &'a str {
        let name = image.strip_prefix(self.host).and_then(|rest| rest.strip_prefix('/'));
        name.unwrap_or_else(|| panic!("{image} is not of {}", self.host))
    }

    /// Waits until a daemon that is there has seen what was done.
    fn settle(&self) {
        if let Some(daemon) = &self.daemon {
            daemon.settled();
        }
    }

    /// A file that the reader writes; relative names only.
    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, self.acted(text)).unwrap();
        path
    }

    /// A file of the repository.
    pub(super) fn manifest(&mut self, name: &str, text: &str) {
        self.write(name, text);
        self.manifests.insert(name.to_owned(), self.acted(text));
        name.clone_into(&mut self.last);
    }

    /// A configuration that the reader writes. The copy that is acted on listens on a free port.
    pub(super) fn config(&self, name: &str, text: &str) {
        let is_whole = text.contains("\nrepositories:") && !text.contains("http:\n") && !text.contains("http: {");
        let own = if is_whole {
            "http: {listen: \"127.0.0.1:0\"}\n"
        } else {
            ""
        };
        let text = text.replace("http: {auth:", "http: {listen: \"127.0.0.1:0\", auth:");
        self.write(name, &format!("{text}{own}"));
    }

    /// Carries out a command; gives back what it printed once that is as wanted, or what it printed last.
    pub(super) fn run(&mut self, command: &str, wanted: impl Fn(&Printed) -> bool) -> Printed {
        if let Some(pushed) = command.strip_prefix("docker push ") {
            let (image, tag) = pushed.rsplit_once(':').expect("an image and a tag");
            self.push(image, &[tag]);
            return printed("");
        }
        if command.starts_with("docker ") {
            return printed("");
        }
        if let Some(config) = command
            .strip_prefix("tidemark run --config ")
            .filter(|rest| !rest.contains(' '))
        {
            let config = self.folder.path().join(config);
            self.start(&config);
            return self.until(|stage| printed(&stage.told(&stage.daemon().log())), wanted);
        }
        let looks = ["tidemark status", "tidemark explain", "git -C fleet.git"];
        if self.daemon.is_some() && looks.iter().any(|start| command.starts_with(start)) {
            self.settle();
            return self.until(|stage| stage.shell(command), wanted);
        }
        self.shell(command)
    }

    fn until(&self, act: impl Fn(&Self) -> Printed, wanted: impl Fn(&Printed) -> bool) -> Printed {
        let start = Instant::now();
        loop {
            let printed = act(self);
            if wanted(&printed) || start.elapsed() > self.patience() {
                return printed;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What is printed is taken into the page after a while; otherwise it has to come about.
    fn patience(&self) -> Duration {
        if super::page::updating() {
            Duration::from_secs(4)
        } else {
            DEADLINE
        }
    }

    fn daemon(&self) -> &Daemon {
        self.daemon.as_ref().expect("a daemon was started")
    }

    fn start(&mut self, config: &Path) {
        let mut command = self.command(World::binary());
        command.args(["run", "--config"]).arg(config);
        let mut daemon = Daemon::spawn(command);
        if let Some(token) = self.token(config) {
            daemon = daemon.with_token(&token);
        }
        daemon.until("/api/v1/status", |status| status["ready"] == true);
        self.daemon = Some(daemon);
    }

    /// The token that a configuration names the file of.
    fn token(&self, config: &Path) -> Option<String> {
        let text = fs::read_to_string(config).unwrap();
        let (_, rest) = text.split_once("tokenFile: ")?;
        let file = rest.split(['}', ',', '\n']).next()?;
        let token = fs::read_to_string(self.folder.path().join(file.trim())).unwrap();
        Some(token.trim().to_owned())
    }

    fn shell(&self, line: &str) -> Printed {
        let mut command = self.command(Path::new("sh"));
        let line = self.acted(line);
        let output = command.args(["-c", &format!("{{ {line}\n}} 2>&1")]).output().unwrap();
        Printed {
            succeeded: output.status.success(),
            text: self.told(&String::from_utf8(output.stdout).expect("a terminal shows text")),
        }
    }

    /// A command in the folder with nothing of this machine's environment.
    fn command(&self, program: &Path) -> Command {
        let binary = World::binary().parent().unwrap();
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", binary.display()))
            .env("HOME", self.folder.path())
            .env("NO_COLOR", "1")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "Ada")
                .env(format!("GIT_{who}_EMAIL"), "ada@example.com");
        }
        if let Some(daemon) = &self.daemon {
            command.env("TIDEMARK_SERVER", format!("http://{}", daemon.address()));
        }
        command
    }

    /// What the last commit changed; without a repository of the reader's, what a pass over the page's files commits.
    pub(super) fn diff(&mut self) -> String {
        if !self.folder.path().join("fleet.git").exists() {
            let config = self.usual_config();
            self.pass_once(&config);
        }
        self.last_commit()
    }

    /// What `tidemark edit` changes in the last file.
    pub(super) fn edit(&self, image: &str, value: &str, more: &[&str]) -> String {
        let line = format!(
            "tidemark edit --image {image} --to {value} {} {}",
            more.join(" "),
            self.last
        );
        let ran = self.shell(&line);
        assert!(ran.succeeded, "{line}: {}", ran.text);
        changed_lines(&ran.text)
    }

    /// What a pass commits with what a configuration says beside the repository; nothing if it commits nothing.
    pub(super) fn pass(&mut self, config: Option<&str>) -> String {
        let usual = self.usual_config();
        let config = match config {
            None => usual,
            Some(name) => {
                let texts = [usual, self.folder.path().join(name)].map(|path| fs::read_to_string(path).unwrap());
                self.write(".whole.yaml", &texts.concat())
            }
        };
        let head = |stage: &Self| stage.shell("git -C fleet.git rev-parse main").text;
        let before = head(self);
        self.pass_once(&config);
        if head(self) == before {
            return String::new();
        }
        self.last_commit()
    }

    fn pass_once(&self, config: &Path) {
        let ran = self.shell(&format!("tidemark run --once --config {}", config.display()));
        assert!(ran.succeeded, "{}", ran.text);
    }

    fn last_commit(&self) -> String {
        let show = "git -C fleet.git diff-tree -p --unified=0 --no-commit-id -r main";
        changed_lines(&self.shell(show).text)
    }

    /// A configuration as simple as can be, over a repository of the page's files.
    fn usual_config(&mut self) -> PathBuf {
        self.commit();
        let text = format!(
            "registries: {{hosts: [{{host: \"{}\", plainHttp: true, interval: 1s, minInterval: 1s}}]}}\n\
             repositories: [{{name: fleet, url: \"file://{FOLDER}/fleet.git\", interval: 1s}}]\n\
             http: {{listen: \"127.0.0.1:0\"}}\nstate: {{file: .state}}\nmirrors: .mirrors\n",
            self.host
        );
        self.write(".usual.yaml", &text)
    }

    /// Commits the page's new files, on top of what was committed since.
    fn commit(&mut self) {
        let git = |command: &str| {
            let ran = self.shell(command);
            assert!(ran.succeeded, "{command}: {}", ran.text);
        };
        if self.folder.path().join("fleet.git").exists() {
            git("git -C .seed pull -q --rebase ../fleet.git main");
        } else {
            git("git init -q --bare --initial-branch=main fleet.git && git init -q --initial-branch=main .seed");
        }
        if self.manifests.is_empty() {
            return;
        }
        for (name, text) in &self.manifests {
            let path = self.folder.path().join(".seed").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        git("git -C .seed add . && git -C .seed commit -q -m Seed && git -C .seed push -q ../fleet.git main");
        self.manifests.clear();
    }

    /// The page's words as they are carried out.
    fn acted(&self, text: &str) -> String {
        text.replace(self.host, &self.registry.host())
            .replace(FOLDER, &self.folder.path().display().to_string())
    }

    /// What was printed in the page's words; columns keep their width.
    pub(super) fn told(&self, text: &str) -> String {
        let text = text.replace(&self.folder.path().display().to_string(), FOLDER);
        let text = match &self.daemon {
            Some(daemon) => text.replace(&daemon.address().to_string(), "127.0.0.1:3030"),
            None => text,
        };
        let host = self.registry.host();
        let narrower = host.len().saturating_sub(self.host.len());
        text.lines()
            .map(|line| {
                let is_table = !line.starts_with([' ', '+', '-']);
                let mut parts = line.split(host.as_str());
                let mut told = parts.next().unwrap_or_default().to_owned();
                for part in parts {
                    let end = part.find(' ').unwrap_or(part.len());
                    let (word, rest) = part.split_at(end);
                    let gap = if is_table && rest.starts_with("  ") {
                        " ".repeat(narrower)
                    } else {
                        String::new()
                    };
                    told += &format!("{}{word}{gap}{rest}", self.host);
                }
                told + "\n"
            })
            .collect()
    }
}

/// The lines of a diff that come and go.
fn changed_lines(diff: &str) -> String {
    let is_change = |line: &&str| line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++");
    diff.lines().filter(is_change).map(|line| format!("{line}\n")).collect()
}

fn printed(text: &str) -> Printed {
    Printed {
        succeeded: true,
        text: text.to_owned(),
    }
}
