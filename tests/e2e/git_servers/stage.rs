//! One service, and the repository that says which image it runs.

use std::collections::BTreeSet;

use testkit::{BareRepository, MemoryRegistry};

use crate::world::manifests::deployment;
use crate::world::{Ran, World};

/// The file of the service.
pub(crate) const FILE: &str = "apps/api.yaml";

/// What a run said of the repository, beside its log.
pub(crate) fn told(ran: &Ran) -> String {
    let lines = ran.stderr.lines().filter(|line| line.starts_with("fleet: "));
    lines.collect::<Vec<_>>().join("\n")
}

/// `acme/api:1.4.0` under `semver:^1`, with a registry of its own, among files that nobody should touch.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) registry: MemoryRegistry,
    pub(crate) repository: BareRepository,
}

impl Stage {
    /// Fills a repository that a server has. How Tidemark reaches it is for [`Stage::reached_by`].
    pub(crate) fn new(repository: BareRepository) -> Self {
        let registry = MemoryRegistry::start().unwrap();
        registry.registry.push_tags("acme/api", ["1.3.0", "1.4.0"]);
        let world = World::new().registry(&format!(
            "host: \"{}\", plainHttp: true, interval: 1s, minInterval: 1s",
            registry.host()
        ));
        let stage = Self {
            world,
            registry,
            repository,
        };
        let seeds = [
            (FILE, stage.service("1.4.0", "semver:^1")),
            (
                "apps/web.yaml",
                deployment("web", "registry.invalid/web:1.0.0", "hold").replace("policy: \"hold\"", "hold: \"true\""),
            ),
            ("README.md", "# What runs where\n".to_owned()),
        ];
        stage.repository.seed(seeds).unwrap();
        stage
    }

    /// Tells Tidemark how to reach the repository, as an entry of `repositories`.
    pub(crate) fn reached_by(mut self, entry: &str) -> Self {
        self.world = self.world.repository(entry);
        self
    }

    /// The file of the service at a version, under a policy.
    pub(crate) fn service(&self, version: &str, policy: &str) -> String {
        deployment("api", &self.image(version), policy)
    }

    /// The image of the service at a version.
    pub(crate) fn image(&self, version: &str) -> String {
        format!("{}/acme/api:{version}", self.registry.host())
    }

    /// Pushes an image of the service.
    pub(crate) fn push_tag(&self, version: &str) {
        self.registry.registry.push_tag("acme/api", version);
    }

    /// The whole first job: nothing new is nothing pushed, a new tag is one commit, and then nothing is new again.
    ///
    /// `saw_push` asks the server's own log.
    #[track_caller]
    pub(crate) fn assert_updates(&self, mut pushes: impl FnMut() -> usize) {
        self.world.once().expect(0);
        assert_eq!(
            (self.repository.commits().unwrap(), pushes()),
            (1, 0),
            "nothing is new yet"
        );

        self.push_tag("1.9.2");
        self.world.once().expect(0);
        self.assert_newest("1.4.0", "1.9.2");
        let pushed = pushes();
        assert!(pushed > 0, "the log of the server shows pushes");

        self.world.once().expect(0);
        assert_eq!(
            (self.repository.commits().unwrap(), pushes()),
            (2, pushed),
            "nothing is new any more"
        );
        self.repository.fsck().unwrap();
    }

    /// The newest commit changes the line of the image and nothing else, and says so.
    #[track_caller]
    pub(crate) fn assert_newest(&self, from: &str, to: &str) {
        let diff = self.repository.diff().unwrap();
        let changed: Vec<&str> = diff
            .lines()
            .filter(|line| line.starts_with(['-', '+']))
            .filter(|line| !line.starts_with("--- ") && !line.starts_with("+++ "))
            .collect();
        let line = |sign: char, version: &str| format!("{sign}          image: {}   # keep me", self.image(version));
        assert_eq!(changed, [line('-', from), line('+', to)]);
        assert!(
            diff.contains(&format!("+++ b/{FILE}\n")) && diff.matches("+++ ").count() == 1,
            "{diff}"
        );

        let message = self.repository.message().unwrap();
        let image = self.image(to);
        let (image, _) = image.rsplit_once(':').expect("an image has a tag");
        assert!(message.starts_with(&format!("Update {image} to {to}\n")), "{message}");
        assert!(message.contains(&format!("{from} -> {to}")), "{message}");
        assert_eq!(message.matches("Update-Id: ").count(), 1, "{message}");
    }

    /// Nothing was pushed, and nothing came to be at the server.
    #[track_caller]
    pub(crate) fn assert_untouched(&self, saw_push: bool) {
        assert!(!saw_push, "the server saw a push");
        assert_eq!(self.repository.log().unwrap(), ["Seed"]);
    }

    /// Each version landed with one commit, each commit has its own id of the update, and the history is whole and straight.
    #[track_caller]
    pub(crate) fn assert_landed_once_each(&self, versions: &[String]) {
        let log = self
            .repository
            .git(&["log", "--reverse", "--author=Tidemark", "--format=%s", "main"])
            .unwrap();
        let landed: Vec<&str> = log
            .lines()
            .filter_map(|subject| subject.rsplit_once(' '))
            .map(|(_, to)| to)
            .collect();
        assert_eq!(landed, versions);
        let ids = self
            .repository
            .git(&["log", "--format=%(trailers:key=Update-Id,valueonly)", "main"])
            .unwrap();
        let ids: Vec<&str> = ids.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), versions.len(), "{ids:?}");
        assert!(self.repository.is_linear().unwrap());
        self.repository.fsck().unwrap();
    }
}
