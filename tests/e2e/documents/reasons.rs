//! Every word that Tidemark says instead of a sentence is looked up on some page, and every one that a page has is said.

use std::collections::BTreeSet;

use domain::accept::SuspectReason;
use domain::codes::{HostState, PushState};
use domain::decide::StayReason;
use domain::reference::{Tag, Timestamp, Value};
use domain::review::HoldReason;
use domain::select::Verdict;
use status_api::report::Outcome;

use super::read;

#[test]
fn every_reason_is_explained() {
    let tag = || Tag::parse("1.0.0").unwrap();
    let stay = [
        StayReason::UpToDate,
        StayReason::OnlyOlder,
        StayReason::NoCandidate,
        StayReason::CurrentUnknown,
        StayReason::Blocked { by: tag() },
        StayReason::UnknownDigest { tag: tag() },
        StayReason::Missing,
        StayReason::SuspectList(SuspectReason::Empty { before: 1 }),
        StayReason::CurrentTagMissing { tag: tag() },
    ];
    let held = [
        HoldReason::Hold { text: String::new() },
        HoldReason::BelowHighWater { mark: tag() },
        HoldReason::HumanOverride { mark: tag() },
    ];
    let to = || Value {
        tag: Some(tag()),
        digest: None,
    };
    let mut outcomes = vec![
        Outcome::Unscanned,
        Outcome::Undecided(Vec::new()),
        Outcome::Approved { to: to() },
        Outcome::Landed { to: to() },
        Outcome::Invalid { message: String::new() },
    ];
    outcomes.extend(stay.map(Outcome::Stay));
    outcomes.extend(held.map(|reason| Outcome::Held { to: to(), reason }));
    let page = read("docs/explain.md");
    let (reasons, _) = page
        .split_once("## What is said of a tag")
        .expect("verdicts have a part of their own");
    let codes: BTreeSet<&str> = outcomes.iter().map(Outcome::code).collect();
    assert_eq!(explained(reasons), codes);
}

#[test]
fn every_verdict_is_explained() {
    let page = read("docs/explain.md");
    let (_, table) = page
        .split_once("## What is said of a tag")
        .expect("verdicts have a part of their own");
    assert_eq!(explained(table), BTreeSet::from(Verdict::CODES));
}

#[test]
fn every_state_of_a_registry_is_explained() {
    let states = [
        HostState::Unknown,
        HostState::Healthy,
        HostState::Paused {
            until: Timestamp::from_unix_seconds(0),
        },
        HostState::Failing,
        HostState::Unauthorized,
        HostState::CredentialUnavailable,
        HostState::RealmNotAllowed { realm: String::new() },
    ];
    assert_eq!(
        explained(&part("docs/registries.md", "## What the state of a registry means")),
        states.iter().map(HostState::code).collect()
    );
}

#[test]
fn every_state_of_a_push_is_explained() {
    let states = [
        PushState::Idle,
        PushState::Landed,
        PushState::Refused,
        PushState::Failing,
    ];
    assert_eq!(
        explained(&part("docs/git.md", "## What the state of a push means")),
        states.iter().map(|state| state.code()).collect()
    );
}

/// A part of a page, without those that follow.
pub(super) fn part(page: &str, heading: &str) -> String {
    let text = read(page);
    let (_, part) = text
        .split_once(heading)
        .unwrap_or_else(|| panic!("{page} has no {heading}"));
    part.split("\n## ").next().unwrap_or_default().to_owned()
}

/// The words in backticks that have a heading or the first cell of a row.
pub(super) fn explained(text: &str) -> BTreeSet<&str> {
    let places = text.lines().filter_map(|line| match line.strip_prefix("### ") {
        Some(heading) => Some(heading),
        None => line
            .strip_prefix("| `")
            .map(|row| &line[2..line.len() - row.len() + row.find('|').unwrap_or(row.len())]),
    });
    places.flat_map(|place| place.split('`').skip(1).step_by(2)).collect()
}
