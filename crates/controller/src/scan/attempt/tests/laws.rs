//! However many scans came before: what is decided is what a first scan would decide.

use super::*;

/// A row of numbers that looks random and is the same in each run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Something happens to one of twenty tags: it is pushed anew, given the image of another one, or deleted.
fn happen(bench: &Bench, dice: &mut Dice) {
    let tag = |number: u64| format!("1.{number}.0");
    let name = tag(dice.below(20));
    let platform = ["linux/amd64", "linux/arm64"][usize::try_from(dice.below(2)).unwrap()];
    match dice.below(6) {
        0 => {
            bench.behind.delete_tag("acme/api", &name);
        }
        // Equal recipes make equal digests.
        1 => {
            bench
                .behind
                .push("acme/api", &name, &Image::new().platforms([platform]));
        }
        minute => {
            let minute = 10 * minute + dice.below(10);
            let created = format!("2026-01-01T00:{minute:02}:00Z");
            let image = Image::new().created(&created);
            let image = if dice.below(2) == 0 {
                image
            } else {
                image.platforms([platform])
            };
            bench.behind.push("acme/api", &name, &image);
        }
    }
}

/// Lets the registry fail at one of the tags, and at its image; says at what.
fn break_one(bench: &Bench, dice: &mut Dice) -> Vec<String> {
    let tag = format!("1.{}.0", dice.below(20));
    let status = [403, 404, 503][usize::try_from(dice.below(3)).unwrap()];
    let digest = bench.behind.manifest("acme/api", &tag).map(|manifest| manifest.digest);
    let routes = match (dice.below(2), digest) {
        (0, Some(digest)) => vec![format!("GET /v2/acme/api/manifests/{digest}")],
        _ => ["HEAD", "GET"]
            .map(|method| format!("{method} /v2/acme/api/manifests/{tag}"))
            .to_vec(),
    };
    for route in &routes {
        bench.registry.always(route, Answer::status(status));
    }
    routes
}

/// What a daemon that starts now would find.
pub(super) fn fresh() -> (Scanning, TempDir) {
    let folder = TempDir::new().unwrap();
    let scanning = Scanning {
        state: Arc::new(State::open(&folder.path().join("state")).unwrap()),
        cache: MetadataCache::embedded(1 << 20),
        known: Known::new(),
    };
    (scanning, folder)
}

/// What is decided, a line for each ask.
pub(super) fn decisions(bench: &Bench, scanning: &Scanning, asked: &[&str]) -> String {
    let known = scanning.known.get(&bench.repository).unwrap();
    let line = |(asked, ask): (&&str, &Ask)| format!("{asked}: {}\n", bench.decided(&known, ask));
    asked.iter().zip(&asks(asked)).map(line).collect()
}

async fn check(seed: u64) {
    let bench = Bench::new(&["0.1.0"]);
    bench.build("1.0.0", 1);
    let digest = bench.build("1.1.0", 2);
    let asked = [
        "newest:* 1.0.0".to_owned(),
        "{newest: '1.*', pin: digest} 1.1.0".to_owned(),
        "{newest: '*', platforms: [linux/arm64]} 1.0.0".to_owned(),
        format!("newest:1.* @{digest}"),
        r"{semver: '*', platforms: [linux/arm64]} 0.1.0".to_owned(),
        "digest:1.1.0 1.1.0".to_owned(),
    ];
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let mut dice = Dice(seed);
    for step in 0..12 {
        for _ in 0..dice.below(4) {
            happen(&bench, &mut dice);
        }
        let broken = match dice.below(3) {
            0 => break_one(&bench, &mut dice),
            _ => Vec::new(),
        };
        let some = usize::try_from(1 + dice.below(6)).unwrap();
        bench.scan(&asked[..some]).await;
        bench.complete(&asked).await;
        if !broken.is_empty() {
            // What could not be had now is known after the next scan.
            for route in broken {
                bench.registry.never(&route);
            }
            continue;
        }
        let (scanning, _folder) = fresh();
        scanning
            .scan(&bench.scanner, &bench.repository, &asks(&asked), schedule())
            .await;
        let found = decisions(&bench, &bench.scanning, &asked);
        let wanted = decisions(&bench, &scanning, &asked);
        assert_eq!(found, wanted, "seed {seed}, step {step}");
    }
}

#[tokio::test]
async fn what_was_known_before_changes_no_decision() {
    for seed in 0..4 {
        check(seed).await;
    }
}
