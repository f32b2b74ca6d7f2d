//! The daemon, its git server, and what is waited for.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::{BareRepository, Canary, GitHttp, GitHttpSettings, ask};

use super::cast::Cast;
use super::faults;
use crate::world::manifests::deployment;
use crate::world::{Daemon, World};

/// The longest time between two scans of an image.
pub(super) const INTERVAL: Duration = Duration::from_secs(2);
/// How long each thing may take to come about.
const PATIENCE: Duration = Duration::from_secs(40);
/// Between two looks at it.
const STEP: Duration = Duration::from_millis(100);

/// What the API says, but for single images and targets.
const PATHS: [&str; 10] = [
    "/",
    "/api/v1/images?limit=1000",
    "/api/v1/problems",
    "/api/v1/registries",
    "/api/v1/status",
    "/api/v1/targets?limit=1000",
    "/healthz",
    "/metrics",
    "/openapi.json",
    "/readyz",
];

/// Where the daemon is watched.
pub(super) struct Stage<'a> {
    pub(super) cast: &'a Cast,
    pub(super) world: World,
    pub(super) repository: BareRepository,
    pub(super) began: Instant,
    pub(super) ended: Option<Instant>,
    /// Everything that the daemon has said, by where.
    pub(super) said: BTreeMap<String, String>,
    _git: GitHttp,
}

impl<'a> Stage<'a> {
    /// Everything runs 1.0.0.
    pub(super) fn new(cast: &'a Cast) -> Self {
        let pusher = Canary::of("pusher");
        let git = GitHttp::start(&GitHttpSettings::new().user("bot", pusher.secret())).unwrap();
        let repository = git.repository("team/fleet.git").unwrap();
        let file = |(name, host): (&'static str, String)| {
            let policy = if ["pulls", "blobs"].contains(&name) {
                "newest:*"
            } else {
                "semver:^1"
            };
            let image = format!("{host}/team/{name}:1.0.0");
            (format!("apps/{name}.yaml"), deployment(name, &image, policy))
        };
        repository.seed(cast.images().into_iter().map(file)).unwrap();
        let world = configured(cast);
        let password = world.file("git-password", pusher.secret());
        let world = world.repository(&format!(
            "url: \"{}\", auth: {{username: bot, passwordFile: \"{}\"}}",
            git.url("team/fleet.git"),
            password.display()
        ));
        Self {
            cast,
            world,
            repository,
            began: Instant::now(),
            ended: None,
            said: BTreeMap::new(),
            _git: git,
        }
    }

    /// Starts the daemon.
    pub(super) fn start(&mut self) -> Daemon {
        self.began = Instant::now();
        self.world.start()
    }

    /// Waits until git has `tag` for all of these images.
    #[track_caller]
    pub(super) fn until_all_are(&self, daemon: &Daemon, names: &[&str], tag: &str) {
        let start = Instant::now();
        loop {
            let behind: Vec<&&str> = names.iter().filter(|name| self.value(name) != tag).collect();
            if behind.is_empty() {
                return;
            }
            if start.elapsed() > PATIENCE {
                let images = daemon.get("/api/v1/images");
                let hosts = daemon.get("/api/v1/registries");
                panic!("{behind:?} did not become {tag}:\n{images:#}\n{hosts:#}");
            }
            std::thread::sleep(STEP);
        }
    }

    /// The tag of an image at the head.
    fn value(&self, name: &str) -> String {
        let file = self.repository.read(&format!("apps/{name}.yaml")).unwrap();
        let (_, rest) = file.split_once(&format!("team/{name}:")).unwrap();
        rest.split(' ').next().unwrap().to_owned()
    }

    /// Waits until the API's list of images or targets says so of the one of this host.
    #[track_caller]
    pub(super) fn until_listed(
        &self,
        daemon: &Daemon,
        what: &str,
        name: &str,
        wanted: &str,
        holds: impl Fn(&Value) -> bool,
    ) {
        let start = Instant::now();
        let is = |entry: &&Value| entry.to_string().contains(&format!("/team/{name}\""));
        loop {
            let answer = daemon.get(&format!("/api/v1/{what}?limit=1000"));
            let entries = answer[what].as_array().unwrap();
            if entries.iter().find(is).is_some_and(&holds) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "{name} never was {wanted}:\n{answer:#}");
            std::thread::sleep(STEP);
        }
    }

    /// Takes down all that the API says.
    pub(super) fn look_around(&mut self, daemon: &Daemon) {
        let mut paths: Vec<String> = PATHS.map(str::to_owned).into();
        let targets = daemon.get("/api/v1/targets?limit=1000");
        let targets = targets["targets"].as_array().unwrap();
        let ids = targets.iter().map(|target| target["id"].as_str().unwrap());
        paths.extend(ids.map(|id| format!("/api/v1/targets/{id}")));
        for (name, host) in self.cast.images() {
            paths.push(format!("/api/v1/images/{host}%2Fteam%2F{name}/tags"));
        }
        for path in paths {
            let answer = ask::get(daemon.address(), None, &path, &[]).unwrap();
            assert_eq!(ask::status(&answer), 200, "{path}: {answer}");
            self.said.entry(path).or_default().push_str(&answer);
        }
    }

    /// Stops the daemon, and takes down what it has printed and left behind.
    pub(super) fn end(&mut self, daemon: Daemon) {
        let (stdout, log) = (daemon.stdout(), daemon.log());
        let (code, took) = daemon.terminate();
        self.ended = Some(Instant::now());
        assert_eq!(code, Some(0), "{}", last_lines(&log));
        assert!(took < Duration::from_secs(10), "it took {took:?} to stop");
        self.said.insert("standard output".to_owned(), stdout);
        self.said.insert("standard error".to_owned(), log);
        let state = std::fs::read(self.world.state()).unwrap();
        self.said
            .insert("the state".to_owned(), String::from_utf8_lossy(&state).into_owned());
        let history = self.repository.git(&["log", "--all", "-p", "--format=fuller"]).unwrap();
        self.said.insert("git".to_owned(), history);
    }

    /// How long the daemon ran.
    pub(super) fn lasted(&self) -> Duration {
        self.ended.unwrap() - self.began
    }
}

fn last_lines(log: &str) -> &str {
    &log[log.ceil_char_boundary(log.len().saturating_sub(4_000))..]
}

/// The configuration of all hosts.
fn configured(cast: &Cast) -> World {
    let mut world = World::new();
    let ca_file = world.file("ca.pem", cast.ca.certificate_pem());
    for host in &cast.hosts {
        let password = world.file(&format!("password-{}", host.name), host.canary.secret());
        let tls = if host.tls {
            format!("caFile: \"{}\"", ca_file.display())
        } else {
            "plainHttp: true, plainHttpCredentials: true".to_owned()
        };
        let tokens = host.tokens.as_ref();
        let tokens = tokens.map_or(String::new(), |tokens| format!(", tokenHosts: [\"{}\"]", tokens.host()));
        world = world.registry(&format!(
            "host: \"{}\", {tls}, {}{tokens}, credentials: {{username: {}, passwordFile: \"{}\"}}",
            host.server.host(),
            times(host.name),
            host.name,
            password.display()
        ));
    }
    let silent = cast.silent.local_addr().unwrap();
    world = world.registry(&format!(
        "host: \"{silent}\", caFile: \"{}\", {}",
        ca_file.display(),
        times("silent")
    ));
    with_own_credentials(cast, world)
}

/// Servers that are not registries of any image have credentials too; nobody should ever be shown them.
fn with_own_credentials(cast: &Cast, mut world: World) -> World {
    let tokens = cast
        .hosts
        .iter()
        .filter_map(|host| Some((host.tokens.as_ref()?, host.tls)));
    let mut others: Vec<(String, bool)> = tokens.map(|(tokens, tls)| (tokens.host(), tls)).collect();
    others.push((cast.blobs.host(), false));
    others.push((cast.elsewhere.host(), false));
    let ca_file = world.folder().join("ca.pem");
    for (number, (host, tls)) in others.into_iter().enumerate() {
        let owner = format!("other{number}");
        let password = world.file(&format!("password-{owner}"), Canary::of(&owner).secret());
        let tls = if tls {
            format!("caFile: \"{}\"", ca_file.display())
        } else {
            "plainHttp: true, plainHttpCredentials: true".to_owned()
        };
        world = world.registry(&format!(
            "host: \"{host}\", {tls}, credentials: {{username: {owner}, passwordFile: \"{}\"}}",
            password.display()
        ));
    }
    world
}

fn times(name: &str) -> String {
    format!(
        "interval: {}s, minInterval: 1s, timeout: {}s",
        INTERVAL.as_secs(),
        faults::timeout(name).as_secs()
    )
}
