//! The real registries: plain, with passwords over TLS, with tokens, and with thousands of tags.

mod commands;
mod cuts;
mod pages;
mod passwords;
mod plain;
mod tokens;
mod turns;

use std::path::PathBuf;

use testkit::{BareRepository, Ca, GitHttp, GitHttpSettings, RealRegistry};

use crate::world::World;
use crate::world::manifests::deployment;

/// What every registry with users lets in.
const USER: &str = "alice";
const PASSWORD: &str = "correct-horse-battery";
/// The two as they travel, and as a Docker config file holds them.
const USER_AND_PASSWORD: &str = "YWxpY2U6Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5";
/// Keys that make scans follow each other closely.
const OFTEN: &str = "interval: 1s, minInterval: 1s";

/// A git server with one service that runs `VERSION` of an image, and a Tidemark that looks after it.
struct Stage {
    world: World,
    git: GitHttp,
    repository: BareRepository,
    image: String,
    version: &'static str,
}

impl Stage {
    /// `world` knows the registry of `image` already; the service is under `semver:^1`.
    fn new(world: World, image: &str, version: &'static str) -> Self {
        let git = GitHttp::start(&GitHttpSettings::new()).unwrap();
        let repository = git.repository("team/fleet.git").unwrap();
        let file = deployment("api", &format!("{image}:{version}"), "semver:^1");
        repository
            .seed([("apps/api.yaml", file), ("README.md", "Ours.\n".to_owned())])
            .unwrap();
        Self {
            world: world.repository(&format!("url: \"{}\"", git.url("team/fleet.git"))),
            git,
            repository,
            image: image.to_owned(),
            version,
        }
    }

    /// Looks while nothing is new, again after `push` has made `version` the newest tag, and again: that makes one push.
    #[track_caller]
    fn lands_once(&self, version: &str, push: impl FnOnce()) {
        self.world.once().expect(0);
        assert!(!self.git.saw_push().unwrap(), "nothing was new");
        push();
        self.world.once().expect(0);
        self.assert_landed(version);
        self.world.once().expect(0);
        self.assert_landed(version);
    }

    /// One commit has been made, by one push, and its diff is the line of the image.
    #[track_caller]
    fn assert_landed(&self, version: &str) {
        assert_eq!(self.repository.commits().unwrap(), 2);
        assert_eq!(self.pushes(), 1);
        let diff = self.repository.diff().unwrap();
        let changed: Vec<&str> = diff
            .lines()
            .filter(|line| line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++"))
            .collect();
        let line = |version: &str| format!("          image: {}:{version}   # keep me", self.image);
        assert_eq!(
            changed,
            [format!("-{}", line(self.version)), format!("+{}", line(version))],
            "{diff}"
        );
        assert_eq!(diff.matches("diff --git").count(), 1, "{diff}");
        self.repository.fsck().unwrap();
    }

    /// How many pushes the git server took.
    fn pushes(&self) -> usize {
        let requests = self.git.requests().unwrap();
        let pushes = requests
            .iter()
            .filter(|request| request.is_push() && request.method == "POST");
        pushes.count()
    }
}

/// A registry with these tags of `team/app`.
fn with_tags(registry: anyhow::Result<RealRegistry>, tags: &[&str]) -> RealRegistry {
    let registry = registry.unwrap();
    for tag in tags {
        registry.push_tag("team/app", tag).unwrap();
    }
    registry
}

/// `ca` as the file of a `caFile`.
fn ca_file(world: &World, ca: &Ca) -> PathBuf {
    world.file("ca.crt", ca.certificate_pem())
}

/// The key of a host's `credentials`; the password's file is written too, and the password must not be seen from now on.
fn credentials(world: &mut World, password: &str) -> String {
    world.secret(USER_AND_PASSWORD);
    let file = world.secret_file("password", password);
    format!(
        "credentials: {{username: {USER}, passwordFile: \"{}\"}}",
        file.display()
    )
}
