//! What it costs to know which build is the newest, counted exactly, and what happens where one cannot be known.

mod cost;
mod real;
mod trouble;

use std::thread;
use std::time::{Duration, Instant};

use memory_registry::{Format, Image, Registry, RequestKind};
use testkit::{BareRepository, MemoryRegistry};

use crate::world::World;
use crate::world::manifests::deployment;

/// The image, without its registry.
const IMAGE: &str = "acme/api";
/// When the build of that number was made: they are a minute apart.
fn built(number: usize) -> String {
    let (day, hour, minute) = (1 + number / 1_440, number / 60 % 24, number % 60);
    format!("2026-01-{day:02}T{hour:02}:{minute:02}:00Z")
}

/// A build that says when it was made in its configuration alone.
fn unannotated(number: usize) -> Image {
    Image::new().format(Format::Docker).created(&built(number))
}

/// A build that says when it was made in an annotation of its manifest too.
fn annotated(number: usize) -> Image {
    Image::new().created(&built(number))
}

fn tag(number: usize) -> String {
    format!("main-{number:04}")
}

/// `main-0000` to as many as there are `tags`; each build has the tag of its number, and the first of them have one more.
fn fill(registry: &Registry, tags: usize, builds: usize, image: impl Fn(usize) -> Image) {
    for number in 0..tags {
        registry.push(IMAGE, &tag(number), &image(number % builds));
    }
}

/// A registry that may be asked as much as anybody likes.
const UNLIMITED: &str = "requestsPerSecond: 10000, burst: 10000, concurrency: 32";

/// A service at `main-0000`, and a registry with `limits` of what it may be asked.
fn stage(host: &str, limits: &str, policy: &str) -> (World, BareRepository) {
    stage_with(host, &format!("interval: 1s, minInterval: 1s, {limits}"), policy)
}

/// The same with all that is to be said of the registry.
fn stage_with(host: &str, keys: &str, policy: &str) -> (World, BareRepository) {
    let repository = BareRepository::new().unwrap();
    let image = format!("{host}/{IMAGE}:{}", tag(0));
    repository
        .seed([("apps/api.yaml", deployment("api", &image, policy))])
        .unwrap();
    let world = World::new()
        // At the finest level, thousands of requests fill hundreds of megabytes.
        .env("RUST_LOG", "info")
        .registry(&format!("host: \"{host}\", plainHttp: true, {keys}"))
        .repository(&format!("url: \"{}\"", repository.file_url()));
    (world, repository)
}

/// The image's value at the head, without its registry.
fn value(repository: &BareRepository) -> String {
    let file = repository.read("apps/api.yaml").unwrap();
    let line = file.lines().find(|line| line.contains("image:")).unwrap();
    let value = line.split_once(IMAGE).unwrap().1;
    value.split_once(' ').unwrap().0[1..].to_owned()
}

/// What one scan asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Scan {
    /// The tags that were resolved.
    heads: Vec<String>,
    manifests: usize,
    blobs: usize,
}

impl Scan {
    fn counts(&self) -> (usize, usize, usize) {
        (self.heads.len(), self.manifests, self.blobs)
    }
}

/// All scans so far, each from its list to the next one; the last one may not have ended.
fn scans(registry: &MemoryRegistry) -> Vec<Scan> {
    let mut scans: Vec<Scan> = Vec::new();
    for request in registry.registry.requests().iter() {
        let last = request.path.rsplit('/').next().unwrap_or_default();
        match (request.kind, scans.last_mut()) {
            // Further pages, and what finds out how the registry lists tags.
            (RequestKind::TagList, _) if request.query != "n=1000" => {}
            (RequestKind::TagList, _) => scans.push(Scan::default()),
            (RequestKind::ManifestHead, Some(scan)) => scan.heads.push(last.to_owned()),
            (RequestKind::Manifest, Some(scan)) => scan.manifests += 1,
            (RequestKind::Blob, Some(scan)) => scan.blobs += 1,
            (kind, _) => panic!("nobody should ask for this: {kind:?}"),
        }
    }
    scans
}

/// Waits until so many scans have ended since `before`, and says what they asked for.
#[track_caller]
fn scans_after(registry: &MemoryRegistry, before: usize, count: usize) -> Vec<Scan> {
    until("so many scans were made", || scans(registry).len() > before + count);
    let mut scans = scans(registry).split_off(before);
    scans.truncate(count);
    scans
}

#[track_caller]
fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "not within a minute: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
