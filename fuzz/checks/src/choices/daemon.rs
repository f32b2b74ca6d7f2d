//! The daemon decides as `select` chooses, though it fetches only the facts that it asks for.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::accept::Standing;
use domain::decide::{Decision, Question, StayReason, decide};
use domain::reference::{Repository, Tag, Value};
use domain::scan::{Created, Fact, Need, Scan, TagList};
use domain::select::{Candidate, SelectReason};

use crate::selecting::NOW;

use super::laws::Case;

/// Decides twice: with all facts at once, and with each when it is asked for.
pub(super) fn decides_the_same(case: &Case<'_>) {
    let known = merged(case.candidates);
    let mut whole = scan(&known);
    for tag in known.keys() {
        supply(&mut whole, &known, &Need::Digest(tag.clone()));
        supply(&mut whole, &known, &Need::Platforms(tag.clone()));
        supply(&mut whole, &known, &Need::BuildTime(tag.clone()));
    }
    // Names that are no tags are in lists too.
    let names = case.candidates.iter().map(|candidate| candidate.tag.as_str());
    whole.tags = Arc::new(TagList::from_names(names));
    let decision = ask(case, &whole);
    assert_same(case, &decision);
    let mut lazy = Scan::of_tags(whole.repository.clone(), Arc::clone(&whole.tags), NOW);
    let later = fetch_and_decide(case, &mut lazy, &known);
    let same = later == decision || (stays_for_good(&later) && stays_for_good(&decision));
    // Which tag a bare digest was is learned only of the tags that are asked about.
    let lost = later == Decision::Stay(StayReason::CurrentUnknown)
        && case.current.is_some_and(|current| current.tag.is_none());
    assert!(
        same || lost,
        "asked one by one {later:?}, at once {decision:?}: {}",
        case.shown()
    );
}

/// Whether there is nothing above the current value. How much there is below it need not be found out.
fn stays_for_good(decision: &Decision) -> bool {
    let reasons = [StayReason::UpToDate, StayReason::OnlyOlder, StayReason::NoCandidate];
    matches!(decision, Decision::Stay(reason) if reasons.contains(reason))
}

/// What all candidates of one tag say together.
fn merged(candidates: &[Candidate]) -> BTreeMap<Tag, Fact> {
    let mut known: BTreeMap<Tag, Fact> = BTreeMap::new();
    for candidate in candidates {
        let Ok(tag) = Tag::parse(&candidate.tag) else { continue };
        let fact = known.entry(tag).or_default();
        let created = candidate.created.plausible(NOW);
        if created != Created::Unknown {
            fact.created = created;
        }
        fact.digest = fact.digest.take().or_else(|| candidate.digest.clone());
        fact.platforms = fact.platforms.take().or_else(|| candidate.platforms.clone());
    }
    known
}

fn scan(known: &BTreeMap<Tag, Fact>) -> Scan {
    let repository = Repository::parse("example.com/app").expect("this is a name");
    let names = known.keys().map(Tag::as_str);
    Scan::of_tags(repository, Arc::new(TagList::from_names(names)), NOW)
}

/// Adds the fact that is asked for, or that it cannot be had.
fn supply(scan: &mut Scan, known: &BTreeMap<Tag, Fact>, need: &Need) {
    let all = known.get(need.tag()).cloned().unwrap_or_default();
    let fact = scan.facts.entry(need.tag().clone()).or_default();
    let had = match need {
        Need::Digest(_) => {
            fact.digest = all.digest;
            fact.digest.is_some()
        }
        // What an image is, is found by its digest.
        Need::Platforms(_) => {
            fact.digest = all.digest;
            fact.platforms = all.platforms;
            fact.platforms.is_some()
        }
        Need::BuildTime(_) => {
            fact.digest = all.digest;
            fact.created = all.created;
            fact.created != Created::Unknown
        }
    };
    if !had {
        scan.failed.insert(need.clone());
    }
}

fn ask(case: &Case<'_>, scan: &Scan) -> Decision {
    let bare = Value::default();
    decide(&Question {
        policy: case.policy,
        current: case.current.unwrap_or(&bare),
        scan,
        standing: &Standing::plausible(),
        high_water: None,
        now: NOW,
    })
}

/// Asks again with the facts that were lacking, until nothing is.
fn fetch_and_decide(case: &Case<'_>, scan: &mut Scan, known: &BTreeMap<Tag, Fact>) -> Decision {
    for _ in 0..=3 * known.len() {
        let Decision::Undecided(needs) = ask(case, scan) else {
            break;
        };
        assert!(!needs.is_empty(), "undecided for nothing: {}", case.shown());
        for need in &needs {
            let facts = scan.facts.clone();
            let asked = scan.failed.contains(need) || is_had(need, facts.get(need.tag()));
            assert!(!asked, "{need} is asked for twice: {}", case.shown());
        }
        for need in &needs {
            supply(scan, known, need);
        }
    }
    ask(case, scan)
}

fn is_had(need: &Need, fact: Option<&Fact>) -> bool {
    fact.is_some_and(|fact| match need {
        Need::Digest(_) => fact.digest.is_some(),
        Need::Platforms(_) => fact.platforms.is_some(),
        Need::BuildTime(_) => fact.created != Created::Unknown,
    })
}

/// The decision says what the selection does, but that a winner is always resolved to its digest.
fn assert_same(case: &Case<'_>, decision: &Decision) {
    let selection = case.selection;
    let same = match decision {
        Decision::Propose(proposal) => selection.pick.as_ref() == Some(proposal.to()),
        Decision::Stay(StayReason::UnknownDigest { tag }) => {
            let picked = selection.pick.as_ref().and_then(|pick| pick.tag.as_ref());
            picked.is_some_and(|picked| picked == tag) || selection.reason == SelectReason::UnknownDigest
        }
        Decision::Stay(StayReason::Blocked { by }) => selection.blocked_by.as_deref() == Some(by.as_str()),
        Decision::Stay(reason) => selection.pick.is_none() && reason.code() == selection.reason.code(),
        Decision::Undecided(_) => false,
    };
    assert!(same, "{decision:?}, but {}", case.shown());
}
