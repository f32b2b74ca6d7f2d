//! What it costs at docker-registry: counted in its own log, with what another process finds again.
//!
//! `T` tags of `D` builds, `I` of them indexes: a list and `T` manifests; where no annotation tells the time also the manifest of one
//! image of each index and a configuration for each build, `I + D`. The list is the same at a registry with fifty times as many.

use testkit::{RealRegistry, RegistrySettings};

use super::*;

/// `T`
const TAGS: usize = 100;
/// `D`; the tags from here on are aliases of the first build.
const BUILDS: usize = 70;
/// `I`
const INDEXES: usize = BUILDS / 2;

/// Whether a build says in an annotation when it was made. Every second one is an index.
#[derive(Clone, Copy)]
enum Times {
    Annotated,
    InConfigurations,
}

impl Times {
    fn image(self, number: usize) -> Image {
        let image = match self {
            Self::Annotated => annotated(number),
            Self::InConfigurations => unannotated(number),
        };
        match number % 2 {
            0 => image,
            _ => image.platforms(["linux/amd64", "linux/arm64"]),
        }
    }

    /// What is asked of so many indexes and builds beyond what their tags stand for.
    fn more(self, indexes: usize, builds: usize) -> (usize, usize) {
        match self {
            Self::Annotated => (0, 0),
            Self::InConfigurations => (indexes, builds),
        }
    }
}

struct Stage {
    registry: RealRegistry,
    world: World,
    repository: BareRepository,
    seen: usize,
}

impl Stage {
    fn new(times: Times, interval: &str) -> Self {
        let registry = RealRegistry::docker_registry(&RegistrySettings::new()).unwrap();
        for number in 0..TAGS {
            let build = if number < BUILDS { number } else { 0 };
            registry.push(IMAGE, &tag(number), &times.image(build)).unwrap();
        }
        let keys = format!("interval: {interval}, minInterval: 1s, {UNLIMITED}");
        let (world, repository) = stage_with(&registry.host(), &keys, "newest:main-*");
        Self {
            registry,
            world,
            repository,
            seen: 0,
        }
    }

    /// What another process asks for: `(lists, heads, manifests, blobs)`.
    fn once(&mut self) -> (usize, usize, usize, usize) {
        self.world.once().expect(0);
        let requests = self.registry.requests().unwrap().split_off(self.seen);
        self.seen += requests.len();
        let count = |method: &str, part: &str| {
            let is = |request: &&testkit::RegistryRequest| request.method == method && request.target.contains(part);
            requests.iter().filter(is).count()
        };
        let counts = (
            count("GET", "/tags/list"),
            count("HEAD", "/manifests/"),
            count("GET", "/manifests/"),
            count("GET", "/blobs/"),
        );
        assert_eq!(
            counts.0 + counts.1 + counts.2 + counts.3,
            requests.len(),
            "{requests:?}"
        );
        counts
    }

    fn push(&self, number: usize, image: &Image) {
        self.registry.push(IMAGE, &tag(number), image).unwrap();
    }
}

#[track_caller]
fn check(times: Times) {
    let mut stage = Stage::new(times, "1h");
    let (images, blobs) = times.more(INDEXES, BUILDS);
    assert_eq!(
        stage.once(),
        (1, 0, TAGS + images, blobs),
        "cold: 1 + T, or 1 + T + I + D"
    );
    assert_eq!(value(&stage.repository), tag(BUILDS - 1));

    assert_eq!(stage.once(), (1, 0, 0, 0), "a restart, no interval later: a list");

    for number in TAGS..TAGS + 10 {
        stage.push(number, &times.image(number));
    }
    let (images, blobs) = times.more(5, 10);
    let ten = stage.once();
    assert_eq!(ten, (1, 1, 10 + images, blobs), "ten new tags, and what git holds");
    assert!(ten.0 + ten.1 + ten.2 + ten.3 <= 31);
    assert_eq!(value(&stage.repository), tag(TAGS + 9));
}

#[test]
fn annotated_builds_cost_a_request_for_each_tag() {
    check(Times::Annotated);
}

#[test]
fn builds_that_are_not_annotated_cost_one_more_each_and_one_for_each_index() {
    check(Times::InConfigurations);
}

#[test]
fn ten_tags_that_are_pushed_again_are_found_within_one_sweep() {
    let mut stage = Stage::new(Times::Annotated, "1s");
    stage.once();
    // Of the 100 tags, a step looks at all.
    for number in 0..10 {
        stage.push(number, &annotated(200 + number));
    }
    let daemon = stage.world.start();
    daemon.until_commits(1);
    assert_eq!(value(&stage.repository), tag(9));
    daemon.settled();
    drop(daemon);
    let requests = stage.registry.requests().unwrap().split_off(stage.seen);
    let fetched = requests
        .iter()
        .filter(|request| request.method == "GET" && request.target.contains("/manifests/"));
    assert_eq!(fetched.count(), 10, "what they are now, each once");
}
