//! What is decided about a target with what is known when its pass begins.

use std::sync::Arc;

use domain::reference::{Digest, Tag};
use domain::scan::{Fact, Scan, TagList};
use expect_test::{Expect, expect};
use manifests::Manifest;
use metadata_cache::MetadataCache;

use super::*;
use crate::config::parse_for_tests;
use crate::inventory::ImageFile;
use crate::scan::{Knowledge, Known};
use crate::state::State;

const CONFIG: &str = "repositories: [{name: fleet, url: 'file:///srv/fleet.git', branch: main}]\n";

/// Judges one container whose image is `current`, with a list of `tags` that was scanned for somebody else.
fn check(current: &str, annotations: &str, tags: &[&str], mark: Option<&str>, expected: &Expect) {
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: api\n  annotations: {{{annotations}}}\nspec:\n  containers:\n  - {{name: api, image: 'registry.test/acme/api:{current}'}}\n"
    );
    let file = ImageFile {
        path: "pod.yaml".into(),
        places: Manifest::read(text).unwrap().places().into(),
        fields: Arc::new([]),
    };
    let inventory = Inventory::of("fleet", &[file], &parse_for_tests(CONFIG));
    let now = Timestamp::from_unix_seconds(1_000);
    let folder = tempfile::TempDir::new().unwrap();
    let scanning = Scanning {
        state: Arc::new(State::open(&folder.path().join("state")).unwrap()),
        cache: MetadataCache::embedded(1 << 20),
        known: Known::new(),
    };
    let target = &inventory.targets[0];
    if !tags.is_empty() {
        let mut scan = Scan::of_tags(target.image.clone(), Arc::new(TagList::from_names(tags)), now);
        for tag in tags {
            let digest = Digest::parse(&format!("sha256:{}", "a".repeat(64))).unwrap();
            let fact = Fact {
                digest: Some(digest),
                ..Fact::default()
            };
            scan.facts.insert(Tag::parse(tag).unwrap(), fact);
        }
        let knowledge = Knowledge {
            scan: Some(Arc::new(scan)),
            ..Knowledge::default()
        };
        scanning.known.put(&target.image, knowledge);
    }
    if let (Some(mark), Ok(chosen)) = (mark, &target.policy) {
        let (key, tag) = (mark_key(target, &chosen.policy.to_string()), Tag::parse(mark).unwrap());
        scanning
            .state
            .intend(vec![(key.clone(), Height::of_name(tag.clone()))], now)
            .unwrap();
        scanning.state.saw(&key, Some(&tag), now, |_, _| true);
    }
    let judged = judge(&inventory, &scanning, now);
    let shown = match &judged[0].outcome {
        Outcome::Invalid { message } => format!("invalid: {message}"),
        Outcome::Unscanned => "unscanned".to_owned(),
        Outcome::Stay(reason) => format!("stay: {}", reason.code()),
        Outcome::Undecided(needs) => format!("undecided: {} needs", needs.len()),
        Outcome::Approved { to } => format!("approved: {to}"),
        Outcome::Held { to, reason } => format!("held: {to}, {}", reason.code()),
        other => format!("{other:?}"),
    };
    assert_eq!(judged[0].approved.is_some(), shown.starts_with("approved"));
    expected.assert_eq(&shown);
}

const OPTED_IN: &str = "tidemark.dev/policy: 'semver:^1'";

#[test]
fn a_newer_tag_is_approved() {
    check(
        "1.4.0",
        OPTED_IN,
        &["1.4.0", "1.9.2"],
        None,
        &expect!["approved: 1.9.2"],
    );
}

#[test]
fn a_held_workload_is_held() {
    let held = format!("{OPTED_IN}, tidemark.dev/hold: 'incident'");
    check("1.4.0", &held, &["1.4.0", "1.9.2"], None, &expect!["held: 1.9.2, hold"]);
}

#[test]
fn what_ranks_below_the_mark_is_held() {
    check(
        "1.4.0",
        OPTED_IN,
        &["1.4.0", "1.9.2"],
        Some("1.9.5"),
        &expect!["held: 1.9.2, belowHighWater"],
    );
}

#[test]
fn nothing_is_decided_before_a_scan() {
    check("1.4.0", OPTED_IN, &[], None, &expect!["unscanned"]);
}

#[test]
fn a_current_tag_that_the_last_list_lacks_stays_though_that_list_was_scanned_before_it_came() {
    check(
        "1.5.0",
        OPTED_IN,
        &["1.4.0", "1.9.2"],
        None,
        &expect!["stay: currentTagMissing"],
    );
}

#[test]
fn a_bad_annotation_is_told() {
    check(
        "1.4.0",
        "tidemark.dev/policy: 'semver:^^'",
        &["1.4.0"],
        None,
        &expect!["invalid: semver: `^^` is not a range: `^^` is no operator; did you mean `^`?"],
    );
}
