use std::sync::Arc;

use super::*;
use crate::accept::Standing;
use crate::decide::{Decision, Question, decide};
use crate::policy::{FieldValue, Policy, PolicyFields};
use crate::reference::Timestamp;
use crate::scan::{Fact, Scan, TagList};

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

/// What is proposed for `current` under a policy when `winner` is all there is.
fn proposal(policy: &Policy, current: &str, winner: &str) -> Proposal {
    let repository = Repository::parse("example.com/app").unwrap();
    let now = Timestamp::from_unix_seconds(0);
    let mut scan = Scan::of_tags(repository, Arc::new(TagList::from_names([winner])), now);
    let digest = Digest::parse(&format!("sha256:{}", "a".repeat(64))).unwrap();
    scan.facts.insert(
        tag(winner),
        Fact {
            digest: Some(digest),
            ..Fact::default()
        },
    );
    let current = Value {
        tag: Some(tag(current)),
        digest: None,
    };
    let standing = Standing::plausible();
    let question = Question {
        policy,
        current: &current,
        scan: &scan,
        standing: &standing,
        high_water: None,
        now,
    };
    match decide(&question) {
        Decision::Propose(proposal) => proposal,
        other => panic!("{other:?}"),
    }
}

fn review(policy: &Policy, current: &str, winner: &str, mark: &str) -> &'static str {
    let checks = Checks {
        high_water: Tag::parse(mark).ok().map(Height::of_name),
        ..Checks::default()
    };
    match proposal(policy, current, winner).review(checks) {
        Ok(approved) => {
            assert_eq!(approved.to().to_string(), winner);
            "approved"
        }
        Err(held) => held.reason.code(),
    }
}

fn semver() -> Policy {
    Policy::parse_short("semver:*").unwrap()
}

#[test]
fn what_nothing_holds_is_approved() {
    assert_eq!(review(&semver(), "1.0.0", "1.1.0", ""), "approved");
    assert_eq!(review(&semver(), "1.0.0", "1.1.0", "1.0.0"), "approved");
    assert_eq!(review(&semver(), "1.0.0", "1.1.0", "no-version"), "approved");
}

#[test]
fn what_ranks_below_the_mark_is_held() {
    assert_eq!(review(&semver(), "latest", "1.1.0", "1.2.0"), "belowHighWater");
    assert_eq!(review(&semver(), "1.0.0", "1.1.0", "1.2.0"), "belowHighWater");
}

#[test]
fn what_a_person_went_back_from_is_held_until_something_newer_is_there() {
    assert_eq!(review(&semver(), "1.0.0", "1.2.0", "1.2.0"), "humanOverride");
    assert_eq!(review(&semver(), "1.0.0", "1.3.0", "1.2.0"), "approved");
}

#[test]
fn leave_to_go_back_is_the_exception() {
    let entries = vec![
        ("semver".to_owned(), FieldValue::Text("*".to_owned())),
        ("allowDowngrade".to_owned(), FieldValue::Bool(true)),
    ];
    let policy = Policy::from_fields(&PolicyFields { entries }).unwrap();
    assert_eq!(review(&policy, "1.2.0", "1.1.0", "1.2.0"), "approved");
    assert_eq!(review(&policy, "1.0.0", "1.2.0", "1.2.0"), "approved");
}

#[test]
fn a_followed_tag_has_no_mark() {
    assert_eq!(
        Policy::parse_short("digest:stable")
            .unwrap()
            .compare(&Height::of_name(tag("1.0.0")), &Height::of_name(tag("2.0.0"))),
        None
    );
}

#[test]
fn a_hold_comes_first_and_keeps_its_words() {
    let checks = Checks {
        hold: Some("database moves first".to_owned()),
        high_water: Some(Height::of_name(tag("9.0.0"))),
    };
    let held = proposal(&semver(), "1.0.0", "1.1.0").review(checks).unwrap_err();
    assert_eq!(held.reason.code(), "hold");
    assert_eq!(held.reason.to_string(), "held by hand: database moves first");
    assert_eq!(held.proposal.to().to_string(), "1.1.0");
}
