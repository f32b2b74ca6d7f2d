//! AWS, Google and Azure: registries under their real names, opened by what the cloud gives a machine or a pod.
//!
//! None of these clouds can be had here. The metadata servers and token servers are those of `testkit`, made after the documentation; the
//! registries behind the names are real ones. Names such as `metadata.google.internal` mean them only in a network and mount namespace
//! of the test's own.

mod azure;
mod ecr;
mod google;
mod kubernetes;
mod namespace;

use std::fs;
use std::path::PathBuf;

use testkit::{BareRepository, Ca, GitHttp, GitHttpSettings, RealRegistry};

use crate::world::World;
use crate::world::manifests::deployment;

/// Where both clouds have their metadata servers.
const METADATA: (&str, u16) = ("169.254.169.254", 80);

/// The port of names without one.
const HTTPS: u16 = 443;

/// A fleet of three services of one registry, and the Tidemark that looks after it.
struct Fleet {
    world: World,
    git: GitHttp,
    repository: BareRepository,
}

/// The images of a fleet below the registry's name.
const IMAGES: [&str; 3] = ["acme/docker/api", "acme/docker/web", "acme/docker/worker"];

impl Fleet {
    /// `world` knows `registry` already; all services run 1.4.0 and are under `semver:^1`.
    fn new(world: World, registry: &str) -> Self {
        let git = GitHttp::start(&GitHttpSettings::new()).unwrap();
        let repository = git.repository("team/fleet.git").unwrap();
        let files = IMAGES.map(|image| {
            let name = image.rsplit('/').next().unwrap();
            let file = deployment(name, &format!("{registry}/{image}:1.4.0"), "semver:^1");
            (format!("apps/{name}.yaml"), file)
        });
        repository.seed(files).unwrap();
        let world = world.repository(&format!("url: \"{}\"", git.url("team/fleet.git")));
        Self { world, git, repository }
    }

    /// All services were moved to `version`, by one commit.
    #[track_caller]
    fn assert_landed(&self, version: &str) {
        assert_eq!(self.repository.commits().unwrap(), 2);
        let diff = self.repository.diff().unwrap();
        assert_eq!(
            diff.matches(&format!(":{version}   # keep me")).count(),
            IMAGES.len(),
            "{diff}"
        );
        assert!(self.git.saw_push().unwrap());
    }
}

/// `ca` as the file of a `caFile`, and of `SSL_CERT_FILE`.
fn ca_file(world: &World, ca: &Ca) -> PathBuf {
    world.file("ca.crt", ca.certificate_pem())
}

/// What `tidemark tags` says of an image: the tags, or the last line of the trouble.
fn tags(world: &World, image: &str) -> Result<String, String> {
    let config = world.write_config().display().to_string();
    let ran = world.run(&["tags", image, "--config", &config]);
    match ran.code {
        0 => Ok(ran.stdout),
        _ => Err(ran.stderr.lines().last().unwrap_or_default().to_owned()),
    }
}

/// The file's text with these secrets written beside the configuration; each line of it must not be seen from now on.
fn secret_text(world: &mut World, name: &str, text: &str) -> PathBuf {
    world.secret(text);
    let path = world.folder().join(name);
    fs::write(&path, text).unwrap();
    path
}

/// All that `registry` was asked is what the credential of its cloud is for: a question by each run, and the challenge in answer.
#[track_caller]
fn assert_challenged(registry: &RealRegistry, runs: usize) {
    let asked = registry.requests().unwrap();
    let statuses: Vec<u16> = asked.iter().map(|asked| asked.status).collect();
    assert_eq!(statuses, vec![401; runs], "{asked:#?}");
}
