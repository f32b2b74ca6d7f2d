//! One service, and a registry whose list of tags is as good as a test says.

use std::fs;

use memory_registry::{Manners, Registry};
use serde_json::Value;
use testkit::{BareRepository, OtherCommit, ScriptedRegistry, TagList};

use crate::world::manifests::deployment;
use crate::world::{Ran, World};

/// The image that all is about.
const NAME: &str = "acme/api";
/// The file it is written in.
const FILE: &str = "apps/api.yaml";

/// A service in git, its registry, and a Tidemark.
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) registry: Registry,
    pub(super) git: BareRepository,
    server: ScriptedRegistry,
}

impl Stage {
    /// A service at `current` under `policy`, a registry with `tags`, and the usual `suspect`.
    pub(super) fn new(tags: &[String], current: &str, policy: &str) -> Self {
        Self::with_suspect(tags, current, policy, "{}")
    }

    /// The same with another `suspect`.
    pub(super) fn with_suspect(tags: &[String], current: &str, policy: &str, suspect: &str) -> Self {
        let registry = Registry::new();
        // Distribution says what it is, so that a page without a next one is the last, however long it is.
        registry.set_manners(Manners {
            says_version: true,
            ..Manners::default()
        });
        registry.push_tags(NAME, tags);
        let server = ScriptedRegistry::listen("127.0.0.1", None, Some(&registry)).unwrap();
        let git = BareRepository::new().unwrap();
        let image = format!("{}/{NAME}:{current}", server.host());
        git.seed([(FILE, deployment("api", &image, policy))]).unwrap();
        let world = World::new()
            .registry(&format!(
                "host: \"{}\", plainHttp: true, interval: 1s, minInterval: 1s, suspect: {suspect}",
                server.host()
            ))
            .repository(&format!("url: \"{}\"", git.file_url()))
            .with("policies: [{name: lowering, semver: \"^1\", allowDowngrade: true}]");
        Self {
            world,
            registry,
            git,
            server,
        }
    }

    pub(super) fn push(&self, tag: &str) {
        self.registry.push_tag(NAME, tag);
    }

    pub(super) fn delete(&self, tag: &str) {
        assert!(self.registry.delete_tag(NAME, tag), "{tag} is there");
    }

    /// The registry lists so from now on.
    pub(super) fn list(&self, list: TagList) {
        self.server.tag_list(NAME, list);
    }

    /// The registry lists only these.
    pub(super) fn list_only(&self, tags: &[&str]) {
        self.list(TagList::Only(tags.iter().map(|&tag| tag.to_owned()).collect()));
    }

    /// The registry lists these and so many old ones.
    pub(super) fn list_with_old(&self, tags: &[&str], old: usize) {
        let old = (0..old).map(|number| format!("0.1.{number}"));
        self.list(TagList::Only(
            tags.iter().map(|&tag| tag.to_owned()).chain(old).collect(),
        ));
    }

    /// One pass, with one scan; in what tag it leaves the service.
    #[track_caller]
    pub(super) fn pass(&self) -> String {
        let before = self.lists_asked();
        self.world.once().expect(0);
        assert_eq!(self.lists_asked(), before + 1, "a pass scans once");
        self.tag()
    }

    /// One pass in which something fails.
    #[track_caller]
    pub(super) fn failing_pass(&self) -> Ran {
        self.world.once().expect(1)
    }

    /// What the service is at, at the head.
    pub(super) fn tag(&self) -> String {
        let text = self.git.read(FILE).unwrap();
        let line = text.lines().find(|line| line.contains("image:")).unwrap();
        let (_, tag) = line.split_once(&format!("{NAME}:")).unwrap();
        tag.split(' ').next().unwrap().to_owned()
    }

    /// How many commits there are beside the seed.
    pub(super) fn commits(&self) -> usize {
        self.git.commits().unwrap() - 1
    }

    /// Somebody replaces a text of the file.
    pub(super) fn edit(&self, from: &str, to: &str) {
        let text = self.git.read(FILE).unwrap();
        assert!(text.contains(from), "{from} in {text}");
        let commit = OtherCommit::new("Edit by hand").write(FILE, text.replace(from, to));
        self.git.commit(&commit).unwrap();
    }

    /// The state file as JSON.
    pub(super) fn state(&self) -> Value {
        serde_json::from_slice(&fs::read(self.world.state()).unwrap()).unwrap()
    }

    /// Writes the state file back as if all doubts were so many seconds older.
    pub(super) fn age_doubts(&self, seconds: i64) {
        let mut state = self.state();
        let older = |run: &mut Value| {
            if let Some(since) = run["since_unix_seconds"].as_i64() {
                run["since_unix_seconds"] = (since - seconds).into();
            }
        };
        for list in state["lists"].as_object_mut().unwrap().values_mut() {
            if let Some(run) = list.get_mut("suspect") {
                older(run);
            }
            if let Some(missing) = list.get_mut("missing").and_then(Value::as_object_mut) {
                missing.values_mut().for_each(older);
            }
        }
        fs::write(self.world.state(), state.to_string()).unwrap();
    }

    /// Takes the state away.
    pub(super) fn forget_state(&self) {
        fs::remove_file(self.world.state()).unwrap();
    }

    /// Why the only target stays as it is, from the API of a daemon that is started for the question.
    #[track_caller]
    pub(super) fn reason(&self, wanted: &str) {
        let daemon = self.world.start();
        daemon.until_reason(wanted);
        daemon.terminate();
    }

    fn lists_asked(&self) -> usize {
        let list = format!("/v2/{NAME}/tags/list");
        self.server.seen().iter().filter(|seen| seen.path == list).count()
    }
}

/// `1.0.0` to `1.0.(count - 1)`.
pub(super) fn patches(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("1.0.{number}")).collect()
}
