//! What a daemon costs that has seen everything before: a list for each scan, and a digest for each tag that has become the newest.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use memory_registry::{Manners, Registry};
use testkit::{BareRepository, ScriptedRegistry, Seen};

use super::{IMAGES, NEWEST, image, tags};
use crate::world::World;
use crate::world::manifests::deployment;

/// The bounds of the time between two scans of an image.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(2);
/// Longer than a test takes.
const HOUR: Duration = Duration::from_secs(3600);
const TOKEN: &str = "canary-of-a-warm-daemon";
/// How many images get a newer tag.
const NEWER: usize = 10;

/// What was asked for, each image by itself.
#[derive(Default)]
struct Asked {
    lists: BTreeMap<String, Vec<Instant>>,
    heads: BTreeMap<String, usize>,
    others: Vec<String>,
}

impl Asked {
    fn of(seen: &[Seen]) -> Self {
        let mut asked = Self::default();
        for seen in seen {
            let name = |end: &str| {
                seen.path
                    .strip_prefix("/v2/")?
                    .split_once(end)
                    .map(|(name, _)| name.to_owned())
            };
            match (seen.method.as_str(), name("/tags/list"), name("/manifests/")) {
                ("GET", Some(image), _) => asked.lists.entry(image).or_default().push(seen.at),
                ("HEAD", _, Some(image)) => *asked.heads.entry(image).or_default() += 1,
                _ => asked.others.push(seen.target()),
            }
        }
        asked
    }

    /// The least number of lists of any image.
    fn cycles(&self) -> usize {
        let lists = (0..IMAGES).map(|number| self.lists.get(&image(number)).map_or(0, Vec::len));
        lists.min().unwrap_or_default()
    }

    #[track_caller]
    fn assert_a_list_for_each_image(&self) {
        let lists: Vec<usize> = self.lists.values().map(Vec::len).collect();
        assert_eq!(lists, [1; IMAGES]);
    }

    /// No scan asked twice, and none came late.
    #[track_caller]
    fn assert_a_list_for_each_scan(&self) {
        for (image, times) in &self.lists {
            for pair in times.windows(2) {
                let between = pair[1] - pair[0];
                assert!(between >= SHORTEST, "{image} was listed again after {between:?}");
                assert!(between <= 2 * LONGEST, "{image} was not listed for {between:?}");
            }
        }
    }
}

/// Waits until each image has been listed so many times more.
#[track_caller]
fn after_cycles(registry: &ScriptedRegistry, cycles: usize) -> Asked {
    let began = Instant::now();
    registry.forget();
    loop {
        let asked = Asked::of(&registry.seen());
        if asked.cycles() >= cycles {
            return asked;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{} cycles", asked.cycles());
        thread::sleep(Duration::from_millis(50));
    }
}

/// A hundred services of images that are scanned this often, by their shortest interval and their longest.
fn stage(registry: &ScriptedRegistry, (shortest, longest): (Duration, Duration)) -> (World, BareRepository) {
    let host = registry.host();
    let repository = BareRepository::new().unwrap();
    let file = |number| {
        let name = format!("app-{number:03}");
        let image = format!("{host}/{}:{NEWEST}", image(number));
        (format!("apps/{name}.yaml"), deployment(&name, &image, "semver:^1"))
    };
    repository.seed((0..IMAGES).map(file)).unwrap();
    let world = World::new()
        .env("RUST_LOG", "info")
        .registry(&format!(
            "host: \"{host}\", plainHttp: true, interval: {}s, minInterval: {}s, \
             requestsPerSecond: 10000, burst: 10000",
            longest.as_secs(),
            shortest.as_secs()
        ))
        .repository(&format!("url: \"{}\"", repository.file_url()));
    (world, repository)
}

/// As docker-registry 2.8 lists: everything, in no order, whatever is asked for.
fn registry() -> (Registry, ScriptedRegistry) {
    let behind = Registry::new();
    behind.set_manners(Manners::distribution_2());
    for number in 0..IMAGES {
        behind.push_tags(&image(number), tags());
    }
    let registry = ScriptedRegistry::listen("127.0.0.1", None, Some(&behind)).unwrap();
    (behind, registry)
}

#[test]
fn a_daemon_that_has_seen_everything_asks_for_lists_alone() {
    let (_behind, registry) = registry();
    let (world, repository) = stage(&registry, (SHORTEST, LONGEST));
    let _daemon = world.start();
    after_cycles(&registry, 1);

    let still = after_cycles(&registry, 3);
    still.assert_a_list_for_each_scan();
    assert_eq!((still.heads.len(), still.others.len()), (0, 0), "{:?}", still.others);
    assert_eq!(repository.commits().unwrap(), 1);
}

/// No scan is made here but those that are asked for, so that it does not matter how long a commit takes.
#[test]
fn a_daemon_that_has_seen_everything_asks_once_for_what_is_new() {
    let (behind, registry) = registry();
    let (mut world, repository) = stage(&registry, (HOUR, HOUR));
    let token = world.secret_file("token", TOKEN).display().to_string();
    let world = world.http("auth: {mode: token, tokenFile: token}");
    let daemon = world.start().with_token(TOKEN);
    daemon.until("/api/v1/status", |status| {
        status["summary"]["targets"]["stay"] == IMAGES
    });
    let server = format!("http://{}", daemon.address());
    let images: Vec<String> = (0..IMAGES)
        .map(|number| format!("{}/{}", registry.host(), image(number)))
        .collect();
    let scan = || {
        registry.forget();
        let mut arguments = vec!["scan", "--server", &server, "--token-file", &token];
        arguments.extend(images.iter().map(String::as_str));
        world.run(&arguments).expect(0);
    };

    for number in 0..NEWER {
        behind.push_tag(&image(number), "1.1000.0");
    }
    scan();
    daemon.until("/api/v1/targets?limit=1000", |answer| {
        let targets = answer["targets"].as_array().unwrap();
        let moved = |target: &&serde_json::Value| target["current"].to_string().contains("1.1000.0");
        targets.iter().filter(moved).count() == NEWER
    });
    let newer: BTreeMap<String, usize> = (0..NEWER).map(|number| (image(number), 1)).collect();
    let moved = Asked::of(&registry.seen());
    moved.assert_a_list_for_each_image();
    assert_eq!(moved.heads, newer, "each new tag is resolved once");
    assert!(moved.others.is_empty(), "{:?}", moved.others);

    scan();
    let after = Asked::of(&registry.seen());
    after.assert_a_list_for_each_image();
    assert_eq!((after.heads.len(), after.others.len()), (0, 0), "{:?}", after.others);
    let diff = repository.git(&["diff", "--stat", "HEAD~", "HEAD"]).unwrap();
    assert!(repository.commits().unwrap() <= 1 + NEWER, "{diff}");
}
