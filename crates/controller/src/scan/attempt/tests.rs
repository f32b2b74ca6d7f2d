//! What one scan makes of a registry's answers, bad ones and a second one among them.

mod builds;
mod economy;
mod failures;
mod flaws;
mod laws;
mod parts;

use std::fmt::Write;

use domain::accept::SuspectLimits;
use domain::decide::{Decision, Question, decide};
use domain::reference::Value;
use expect_test::{Expect, expect};
use memory_registry::{Image, Registry};
use tempfile::TempDir;
use testkit::{Answer, ScriptedRegistry};

use super::*;
use crate::config::parse_for_tests;
use crate::policy_text::parse_policy;

const LIST: &str = "GET /v2/acme/api/tags/list";

/// However soon a scan follows another one, it is an interval later.
fn schedule() -> Schedule {
    Schedule {
        interval: Duration::ZERO,
        min_interval: Duration::ZERO,
        suspect: SuspectLimits::default(),
    }
}

/// A registry with one repository, and what has been found out about it.
struct Bench {
    /// What it holds.
    behind: Registry,
    registry: ScriptedRegistry,
    repository: Repository,
    scanner: Scanner,
    scanning: Scanning,
    folder: TempDir,
}

impl Bench {
    fn new(tags: &[&str]) -> Self {
        let behind = Registry::new();
        for tag in tags {
            behind.push_tag("acme/api", tag);
        }
        let registry = ScriptedRegistry::listen("127.0.0.1", None, Some(&behind)).unwrap();
        let host = registry.host();
        let folder = TempDir::new().unwrap();
        Self {
            repository: Repository::parse(&format!("{host}/acme/api")).unwrap(),
            scanner: scanner(&host),
            behind,
            registry,
            scanning: scanning(&folder),
            folder,
        }
    }

    /// Another process takes over; it finds what the last one kept.
    fn restart(&mut self) {
        let other = TempDir::new().unwrap();
        // One process at a time has the state.
        self.scanning = scanning(&other);
        self.scanning = scanning(&self.folder);
        self.scanner = scanner(&self.registry.host());
    }

    /// Pushes one image, which runs on `platform`, under several tags.
    fn push(&self, platform: &str, tags: &[impl AsRef<str>]) -> String {
        let mut digest = String::new();
        for tag in tags {
            digest = self
                .behind
                .push("acme/api", tag.as_ref(), &Image::new().platforms([platform]));
        }
        digest
    }

    /// Pushes a build of its own, made so many minutes after others.
    fn build(&self, tag: &str, minutes: u32) -> String {
        let (hours, minutes) = (minutes / 60, minutes % 60);
        let image = Image::new().created(&format!("2026-01-01T{hours:02}:{minutes:02}:00Z"));
        self.behind.push("acme/api", tag, &image)
    }

    /// What was asked since this was last looked at.
    fn asked(&self) -> String {
        let seen = self.registry.seen();
        self.registry.forget();
        let count = |method: &str, part: &str| {
            let is = |seen: &&testkit::Seen| seen.method.as_str() == method && seen.path.contains(part);
            seen.iter().filter(is).count()
        };
        format!(
            "{} lists, {} heads, {} manifests, {} blobs",
            count("GET", "/tags/list"),
            count("HEAD", "/manifests/"),
            count("GET", "/manifests/"),
            count("GET", "/blobs/")
        )
    }

    async fn scan(&self, asks: &[&str]) {
        let asks = self::asks(asks);
        self.scanning
            .scan(&self.scanner, &self.repository, &asks, schedule())
            .await;
    }

    async fn complete(&self, asks: &[&str]) {
        self.scanning
            .complete(&self.scanner, &self.repository, &self::asks(asks), schedule())
            .await;
    }

    fn fail_head(&self, tag: &str, status: u16) {
        self.registry
            .always(&format!("HEAD /v2/acme/api/manifests/{tag}"), Answer::status(status));
        self.registry
            .always(&format!("GET /v2/acme/api/manifests/{tag}"), Answer::status(status));
    }

    /// What is decided from what is known.
    fn decided(&self, known: &Knowledge, ask: &Ask) -> String {
        let scan = known.scan.as_ref().unwrap();
        let decision = decide(&Question {
            policy: &ask.policy,
            current: &ask.current,
            scan,
            standing: &known.standing_of(&ask.current),
            high_water: None,
            now: scan.completed,
        });
        match decision {
            Decision::Stay(reason) => format!("stay ({})", reason.code()),
            Decision::Undecided(needs) => format!("undecided ({} needs)", needs.len()),
            Decision::Propose(proposal) => format!("to {}", proposal.to()),
        }
    }

    /// What is known, and what is decided from it: the asks are `POLICY CURRENT`.
    fn check(&self, asks: &[&str], expected: &Expect) {
        let known = self.scanning.known.get(&self.repository).unwrap();
        let mut shown = String::new();
        if let Some(scan) = &known.scan {
            let _ = writeln!(shown, "{} tags, {:?}", scan.tags.len(), known.standing.list);
            for (tag, fact) in &scan.facts {
                let digest = if fact.digest.is_some() { "digest" } else { "no digest" };
                let gone = if fact.gone { ", gone" } else { "" };
                let _ = writeln!(shown, "{tag}: {digest}{gone}");
            }
        }
        for need in known.unanswered.keys() {
            let _ = writeln!(shown, "unanswered: {need}");
        }
        if let Some(failure) = &known.failure {
            let _ = writeln!(shown, "failed {}: {}", failure.in_a_row, failure.code.code());
        }
        for ask in self::asks(asks) {
            if known.scan.is_none() {
                continue;
            }
            let decision = self.decided(&known, &ask);
            let tried = if known.has_tried(&ask) { "" } else { " (untried)" };
            let _ = writeln!(shown, "{} {}: {decision}{tried}", ask.policy, ask.current);
        }
        expected.assert_eq(&shown);
    }
}

fn scanner(host: &str) -> Scanner {
    let config = parse_for_tests(&format!(
        "registries: {{hosts: [{{host: '{host}', plainHttp: true, requestsPerSecond: 10000, burst: 10000}}]}}\n"
    ));
    Scanner::new(config.scanner)
}

fn scanning(folder: &TempDir) -> Scanning {
    Scanning {
        state: Arc::new(State::open(&folder.path().join("state")).unwrap()),
        cache: MetadataCache::embedded(1 << 20),
        known: Known::new(),
    }
}

fn asks(asks: &[&str]) -> Vec<Ask> {
    let ask = |ask: &&str| {
        let (policy, current) = ask.rsplit_once(' ').unwrap();
        Ask {
            policy: Arc::new(parse_policy(policy).unwrap()),
            current: Value::parse(current).unwrap(),
        }
    };
    asks.iter().map(ask).collect()
}

#[tokio::test]
async fn the_digest_of_a_winner_is_found_out_and_no_other() {
    let bench = Bench::new(&["1.0.0", "1.4.0", "1.9.2", "2.0.0"]);
    bench.scan(&["semver:^1 1.4.0", "semver:^1 1.9.2"]).await;
    bench.check(
        &["semver:^1 1.4.0", "semver:^1 1.9.2"],
        &expect![[r#"
            4 tags, Plausible
            1.9.2: digest
            semver:^1 1.4.0: to 1.9.2
            semver:^1 1.9.2: stay (upToDate)
        "#]],
    );
}

#[tokio::test]
async fn a_failed_attempt_keeps_what_was_known() {
    let bench = Bench::new(&["1.4.0", "1.9.2"]);
    bench.scan(&["semver:^1 1.4.0"]).await;
    bench.registry.always(LIST, Answer::html("<p>Maintenance"));
    bench.scan(&["semver:^1 1.4.0"]).await;
    bench.scan(&["semver:^1 1.4.0"]).await;
    bench.check(
        &["semver:^1 1.4.0"],
        &expect![[r#"
            2 tags, Plausible
            1.9.2: digest
            failed 2: badAnswer
            semver:^1 1.4.0: to 1.9.2
        "#]],
    );
}

#[tokio::test]
async fn a_tag_that_came_to_git_while_the_registry_failed_is_not_taken_for_listed() {
    let bench = Bench::new(&["1.4.0", "1.9.2"]);
    bench.scan(&["semver:^1 1.4.0"]).await;
    bench.registry.always(LIST, Answer::status(503));
    bench.scan(&["semver:^1 1.5.0"]).await;
    bench.check(
        &["semver:^1 1.5.0"],
        &expect![[r#"
            2 tags, Plausible
            1.9.2: digest
            failed 1: serverError
            semver:^1 1.5.0: stay (currentTagMissing)
        "#]],
    );
}

#[tokio::test]
async fn what_could_not_be_found_out_stays_told_when_more_is_asked() {
    let bench = Bench::new(&["1.4.0", "1.9.2", "2.0.0"]);
    bench.fail_head("1.9.2", 400);
    bench.scan(&["semver:^1 1.4.0"]).await;
    bench.complete(&["semver:^1 1.4.0", "semver:^2 1.4.0"]).await;
    bench.check(
        &["semver:^1 1.4.0", "semver:^2 1.4.0"],
        &expect![[r#"
            3 tags, Plausible
            2.0.0: digest
            unanswered: the digest of `1.9.2`
            semver:^1 1.4.0: stay (unknownDigest)
            semver:^2 1.4.0: to 2.0.0
        "#]],
    );
}

#[tokio::test]
async fn a_manifest_absent_in_two_scans_blocks_nothing_though_more_was_asked_between() {
    let bench = Bench::new(&["1.4.0", "1.8.0", "1.9.2", "2.0.0"]);
    bench.fail_head("1.9.2", 404);
    bench.scan(&["semver:^1 1.4.0"]).await;
    bench.complete(&["semver:^1 1.4.0", "semver:^2 1.4.0"]).await;
    bench.scan(&["semver:^1 1.4.0"]).await;
    bench.check(
        &["semver:^1 1.4.0"],
        &expect![[r#"
            4 tags, Plausible
            1.8.0: digest
            1.9.2: no digest, gone
            semver:^1 1.4.0: to 1.8.0
        "#]],
    );
}

#[tokio::test]
async fn a_followed_or_pinned_tag_without_a_manifest_ends_the_questions() {
    let digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let bench = Bench::new(&["1.4.0", "edge"]);
    let asked = ["digest:edge edge".to_owned(), format!("semver:^1 1.4.0@{digest}")];
    let asked = [asked[0].as_str(), asked[1].as_str()];
    bench.fail_head("edge", 404);
    bench.fail_head("1.4.0", 404);
    for _ in 0..3 {
        bench.scan(&asked).await;
    }
    bench.check(
        &asked,
        &expect![[r#"
        2 tags, Plausible
        1.4.0: no digest, gone
        edge: no digest, gone
        digest:edge edge: stay (missing)
        semver:^1 1.4.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: stay (noCandidate)
    "#]],
    );
}

#[tokio::test]
async fn a_scan_that_panicked_is_a_failed_attempt() {
    let bench = Bench::new(&["1.4.0", "1.9.2"]);
    bench.scan(&["semver:^1 1.4.0"]).await;
    let asks = asks(&["semver:^1 1.4.0"]);
    bench.scanning.broke(&bench.repository, &asks, "a bug");
    bench.check(
        &["semver:^1 1.4.0"],
        &expect![[r#"
            2 tags, Plausible
            1.9.2: digest
            failed 1: badAnswer
            semver:^1 1.4.0: to 1.9.2
        "#]],
    );
}
