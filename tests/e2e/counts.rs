//! What a pass costs: requests and connections, counted exactly.
//!
//! One git repository with a hundred services, each of an image of its own with a thousand tags. A list of tags is one request for
//! each image, the digest of a tag that is moved to another one; there is nothing else to ask an open registry.

mod go;
mod memory;
mod real;
mod tokens;
mod warm;

use std::net::SocketAddr;

use testkit::{BareRepository, Ca, Proxy};

use crate::world::World;
use crate::world::manifests::deployment;

/// Services, and as many images.
const IMAGES: usize = 100;
/// Tags of each image: `1.0.0` to `1.999.0`.
const TAGS: usize = 1_000;
const OLDEST: &str = "1.0.0";
const NEWEST: &str = "1.999.0";
/// Requests that may be under way at a time.
const CONCURRENCY: usize = 4;

/// What a registry was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts {
    /// Lists of tags that were given.
    lists: usize,
    /// Digests of tags that were given.
    heads: usize,
    /// Tokens that were given.
    tokens: usize,
    /// Answers that were 401.
    refused: usize,
    /// Anything else.
    others: usize,
}

/// A registry with all the images, and how it is asked.
struct Subject<'a> {
    address: SocketAddr,
    /// Keys of its entry in `registries.hosts`.
    keys: &'a str,
    ca: Option<&'a Ca>,
    password: Option<&'a str>,
    /// What it has been asked since it started.
    asked: &'a dyn Fn() -> Counts,
    /// Connections that one pass may make.
    connections: usize,
    /// Lists that are asked for once, to find out what a page says that names no next one.
    tests: usize,
}

/// The hundred services.
struct Fleet<'a> {
    world: World,
    repository: BareRepository,
    /// In front of the registry; images are named by it.
    proxy: Proxy,
    subject: &'a Subject<'a>,
}

/// The name of an image, without its registry.
fn image(number: usize) -> String {
    format!("team/app-{number:03}")
}

fn tags() -> Vec<String> {
    (0..TAGS).map(|minor| format!("1.{minor}.0")).collect()
}

/// Asserts what passes cost: beside what asking at all costs (`floor`), a list for each image and a digest for each that moves.
#[track_caller]
fn check(subject: &Subject<'_>, floor: Counts) {
    let lists = Counts {
        lists: IMAGES + floor.lists,
        ..floor
    };
    let first = |counts: Counts| Counts {
        lists: counts.lists + subject.tests,
        ..counts
    };
    let still = Fleet::new(subject, NEWEST);
    assert_eq!(still.pass(), first(lists), "nothing is to be moved");
    assert_eq!(still.repository.commits().unwrap(), 1);

    let moving = Fleet::new(subject, OLDEST);
    let all = Counts { heads: IMAGES, ..lists };
    assert_eq!(moving.pass(), first(all), "everything is to be moved");
    moving.assert_moved();
    assert_eq!(moving.pass(), lists, "everything has been moved");
    moving.assert_moved();
}

impl<'a> Fleet<'a> {
    /// All services run `version`.
    fn new(subject: &'a Subject<'a>, version: &str) -> Self {
        let proxy = Proxy::to(subject.address).unwrap();
        let host = proxy.address();
        let repository = BareRepository::new().unwrap();
        let file = |number| {
            let image = format!("{host}/{}:{version}", image(number));
            let name = format!("app-{number:03}");
            (format!("apps/{name}.yaml"), deployment(&name, &image, "semver:^1"))
        };
        repository.seed((0..IMAGES).map(file)).unwrap();
        let mut world = World::new();
        let mut entry = format!(
            "host: \"{host}\", concurrency: {CONCURRENCY}, requestsPerSecond: 10000, burst: 10000{}",
            subject.keys
        );
        if let Some(ca) = subject.ca {
            let file = world.file("ca.crt", ca.certificate_pem());
            entry += &format!(", caFile: \"{}\"", file.display());
        }
        if let Some(password) = subject.password {
            let file = world.secret_file("password", password);
            entry += &format!(
                ", credentials: {{username: alice, passwordFile: \"{}\"}}",
                file.display()
            );
        }
        Self {
            world: world
                .registry(&entry)
                .repository(&format!("url: \"{}\"", repository.file_url())),
            repository,
            proxy,
            subject,
        }
    }

    /// What one pass asks.
    #[track_caller]
    fn pass(&self) -> Counts {
        self.proxy.wait_until_closed().unwrap();
        let (before, connections) = ((self.subject.asked)(), self.proxy.connections());
        self.world.once().expect(0);
        let made = self.proxy.connections() - connections;
        let most = self.proxy.most_open();
        assert!(made <= self.subject.connections, "{made} connections");
        assert!(most <= self.subject.connections, "{most} connections at a time");
        (self.subject.asked)().since(before)
    }

    /// One commit has moved all services to the newest tag.
    #[track_caller]
    fn assert_moved(&self) {
        assert_eq!(self.repository.commits().unwrap(), 2);
        let diff = self.repository.diff().unwrap();
        let count = |start: &str, end: &str| {
            let lines = diff.lines();
            lines
                .filter(|line| line.starts_with(start) && line.ends_with(end))
                .count()
        };
        assert_eq!(count("-          image: ", &format!(":{OLDEST}   # keep me")), IMAGES);
        assert_eq!(count("+          image: ", &format!(":{NEWEST}   # keep me")), IMAGES);
        assert_eq!(count("@@", ""), IMAGES, "nothing else has changed");
        let message = self.repository.message().unwrap();
        assert_eq!(message.matches(NEWEST).count(), IMAGES, "{message}");
    }
}

impl Counts {
    fn since(self, before: Self) -> Self {
        Self {
            lists: self.lists - before.lists,
            heads: self.heads - before.heads,
            tokens: self.tokens - before.tokens,
            refused: self.refused - before.refused,
            others: self.others - before.others,
        }
    }
}
