//! Which of five thousand builds is the newest: what it costs, request by request.
//!
//! Three in ten tags are aliases of one build, half of the builds are indexes. `T` tags of `D` builds, `I` of them indexes:
//!
//! - a list;
//! - a manifest for each tag: `T`. No registry lists digests and build times at once, so no less will do;
//! - where no annotation tells the time: the manifest of one image of each index, and a configuration for each build: `I + D`.

use domain::reference::{Digest, Tag};
use memory_registry::{Format, Manners};

use super::*;

/// `T`
const TAGS: usize = 5_000;
/// `D`; the tags from here on are aliases of the first build.
const BUILDS: usize = 3_500;
/// `I`
const INDEXES: usize = BUILDS / 2;
/// What git holds: the oldest build.
const ASK: &str = "newest:main-* main-0000";
/// How many tags one scan looks at again at most.
const STEP: usize = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Annotated,
    InConfigurations,
}

fn tag(number: usize) -> String {
    format!("main-{number:04}")
}

/// A build that was made so many minutes after the first one. Every second one is an index.
fn image(number: usize, times: Times) -> Image {
    let (day, hour, minute) = (1 + number / 1_440, number / 60 % 24, number % 60);
    let image = Image::new().created(&format!("2026-01-{day:02}T{hour:02}:{minute:02}:00Z"));
    let image = match times {
        Times::Annotated => image,
        Times::InConfigurations => image.format(Format::Docker),
    };
    match number % 2 {
        0 => image,
        _ => image.platforms(["linux/amd64", "linux/arm64"]),
    }
}

/// A registry that lists as docker-registry 2.8 does: all in one page.
fn filled(times: Times) -> Bench {
    let bench = Bench::new(&[]);
    bench.behind.set_manners(Manners::distribution_2());
    for number in 0..TAGS {
        let build = if number < BUILDS { number } else { 0 };
        bench.behind.push("acme/api", &tag(number), &image(build, times));
    }
    bench
}

/// What was asked for since this was last looked at, as `(lists, heads, manifests, blobs)`.
fn asked(bench: &Bench) -> (usize, usize, usize, usize) {
    let asked = bench.asked();
    let mut numbers = asked
        .split(", ")
        .map(|part| part.split(' ').next().unwrap().parse().unwrap());
    let mut next = || numbers.next().unwrap();
    (next(), next(), next(), next())
}

fn decided(bench: &Bench) -> String {
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    bench.decided(&known, &asks(&[ASK])[0])
}

/// What is asked of builds whose times are not annotated: of `indexes` one image each, and `builds` configurations.
fn more(times: Times, indexes: usize, builds: usize) -> (usize, usize) {
    match times {
        Times::Annotated => (0, 0),
        Times::InConfigurations => (indexes, builds),
    }
}

async fn check(times: Times) {
    let mut bench = filled(times);
    bench.scan(&[ASK]).await;
    let (images, blobs) = more(times, INDEXES, BUILDS);
    assert_eq!(
        asked(&bench),
        (1, 0, TAGS + images, blobs),
        "cold: 1 + T, or 1 + T + I + D"
    );
    assert_eq!(decided(&bench), format!("to {}", tag(BUILDS - 1)));

    bench.restart();
    bench.scan(&[ASK]).await;
    assert_eq!(
        asked(&bench),
        (1, STEP + 2, 0, 0),
        "a restart: a list, a step of the sweep, the winner, and what git holds"
    );
    assert_eq!(decided(&bench), format!("to {}", tag(BUILDS - 1)));

    for number in TAGS..TAGS + 10 {
        bench.behind.push("acme/api", &tag(number), &image(number, times));
    }
    bench.scan(&[ASK]).await;
    let (images, blobs) = more(times, 5, 10);
    let ten = asked(&bench);
    assert_eq!(ten, (1, 1, 10 + images, blobs), "ten new tags, and what git holds");
    assert!(ten.0 + ten.1 + ten.2 + ten.3 <= 31);
    assert_eq!(decided(&bench), format!("to {}", tag(TAGS + 9)));

    check_pushed_again(&bench, times).await;
}

/// Ten tags all over the list are pushed again: each is found within one sweep.
async fn check_pushed_again(bench: &Bench, times: Times) {
    let again = (0..10).map(|number| number * 499 + 3);
    let pushed: Vec<(Tag, Digest)> = again
        .map(|number| {
            let image = image(number % BUILDS, times).label("rebuilt", "yes");
            let digest = bench.behind.push("acme/api", &tag(number), &image);
            (Tag::parse(&tag(number)).unwrap(), Digest::parse(&digest).unwrap())
        })
        .collect();
    let mut sum = (0, 0, 0, 0);
    for _ in 0..(TAGS + 10).div_ceil(STEP) {
        bench.scan(&[ASK]).await;
        let (lists, heads, manifests, blobs) = asked(bench);
        assert!(heads <= STEP + 2, "{heads} tags were looked at again in one scan");
        sum = (sum.0 + lists, sum.1 + heads, sum.2 + manifests, sum.3 + blobs);
    }
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    for (tag, digest) in &pushed {
        assert_eq!(known.memory.digest(tag), Some(digest), "{tag}");
    }
    let indexes = (0..10).filter(|number| (number * 499 + 3) % BUILDS % 2 == 1).count();
    let (images, blobs) = more(times, indexes, 10);
    assert_eq!((sum.2, sum.3), (10 + images, blobs), "what they are now");
}

#[tokio::test]
async fn five_thousand_annotated_tags_cost_one_request_each() {
    check(Times::Annotated).await;
}

#[tokio::test]
async fn build_times_in_configurations_cost_one_more_for_each_build_and_one_for_each_index() {
    check(Times::InConfigurations).await;
}

/// Where manifests are counted as pulls, as Docker Hub does, an alias must cost none: the tags are resolved first.
#[tokio::test]
async fn where_pulls_are_counted_an_alias_costs_none() {
    let bench = Bench::new(&[]);
    let digest = bench.build("main-0000", 0);
    for number in 1..20 {
        bench.build(&tag(number), 0);
    }
    let counting = |answer: Answer| {
        answer
            .header("docker-content-digest", &digest)
            .header("ratelimit-limit", "100;w=21600")
            .header("ratelimit-remaining", "90;w=21600")
    };
    let bytes = bench.behind.manifest("acme/api", "main-0000").unwrap().bytes;
    let whole = Answer::json(String::from_utf8(bytes.to_vec()).unwrap());
    for reference in (0..20).map(tag).chain([digest.clone()]) {
        let path = format!("/v2/acme/api/manifests/{reference}");
        bench
            .registry
            .always(&format!("HEAD {path}"), counting(Answer::status(200)));
        bench.registry.always(&format!("GET {path}"), counting(whole.clone()));
    }
    // That is found out with the first answer.
    bench.scan(&["semver:* main-0000", "digest:main-0000 main-0000"]).await;
    assert_eq!(bench.asked(), "1 lists, 1 heads, 0 manifests, 0 blobs");
    bench.scan(&[ASK]).await;
    assert_eq!(bench.asked(), "1 lists, 19 heads, 1 manifests, 0 blobs");
}
