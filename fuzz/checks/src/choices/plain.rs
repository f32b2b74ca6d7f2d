//! The orders that need no reading: numbers, bytes and build times (`contracts/policies.md` §1).

use std::cmp::Ordering;

use domain::reference::{Tag, Value};
use domain::scan::Created;
use domain::select::Candidate;

use crate::selecting::{NOW, choose};

use super::laws::Case;

/// Each tag beside each other one ranks as it should, where the policy has no options.
pub(super) fn orders_are_as_said(case: &Case<'_>) {
    let printed = case.policy.to_string();
    let Some((order, falling)) = order(&printed) else {
        return;
    };
    for current in case.candidates.iter().take(12) {
        let Ok(tag) = Tag::parse(&current.tag) else { continue };
        let value = Value {
            tag: Some(tag),
            digest: None,
        };
        if is_latest(&current.tag) || order(current, current).is_none() {
            continue;
        }
        let verdicts = choose(case.policy, case.candidates, Some(&value)).verdicts;
        for candidate in case.candidates.iter().filter(|candidate| is_judged(candidate)) {
            let judged = verdicts.iter().find(|judged| judged.tag == candidate.tag);
            let verdict = judged.expect("every tag is judged").verdict.code();
            let above = order(candidate, current).map(|order| if falling { order.reverse() } else { order });
            let expected = match above {
                None => "unreadable",
                Some(_) if candidate.tag == current.tag => "current",
                Some(Ordering::Less) => "older",
                Some(Ordering::Equal) => "equal",
                Some(Ordering::Greater) => "newer",
            };
            let first = matches!(verdict, "picked" | "best");
            let fits = if first {
                above == Some(Ordering::Greater)
            } else {
                verdict == expected
            };
            assert!(
                fits,
                "{:?} beside {:?} is {verdict:?}: {}",
                candidate.tag,
                current.tag,
                case.shown()
            );
        }
    }
}

/// How two candidates stand, if both have a rank.
type Order = fn(&Candidate, &Candidate) -> Option<Ordering>;

fn order(policy: &str) -> Option<(Order, bool)> {
    Some(match policy {
        "numeric:asc" => (by_number, false),
        "numeric:desc" => (by_number, true),
        "alphabetical:asc" => (by_bytes, false),
        "alphabetical:desc" => (by_bytes, true),
        _ => return None,
    })
}

fn is_latest(tag: &str) -> bool {
    tag.eq_ignore_ascii_case("latest")
}

fn is_judged(candidate: &Candidate) -> bool {
    Tag::is_valid(&candidate.tag) && !is_latest(&candidate.tag)
}

fn by_bytes(one: &Candidate, other: &Candidate) -> Option<Ordering> {
    Some(one.tag.cmp(&other.tag))
}

fn by_number(one: &Candidate, other: &Candidate) -> Option<Ordering> {
    let ((whole, part), (other_whole, other_part)) = (decimal(&one.tag)?, decimal(&other.tag)?);
    let wholes = (whole.len(), whole).cmp(&(other_whole.len(), other_whole));
    Some(wholes.then(part.cmp(other_part)))
}

/// The digits before and behind the point, without zeros that say nothing.
fn decimal(tag: &str) -> Option<(&str, &str)> {
    let (whole, part) = tag.split_once('.').unwrap_or((tag, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let reads = is_number(whole) && is_number(part);
    reads.then(|| (whole.trim_start_matches('0'), part.trim_end_matches('0')))
}

/// Of tags whose build times are all known the latest is picked.
pub(super) fn the_latest_build_is_picked(case: &Case<'_>) {
    let built = |candidate: &Candidate| match candidate.created.plausible(NOW) {
        Created::At(time) => Some(time),
        _ => None,
    };
    let all = case
        .candidates
        .iter()
        .all(|candidate| built(candidate).is_some() && is_judged(candidate));
    if !all || case.policy.to_string() != "newest:*" {
        return;
    }
    let latest = case.candidates.iter().filter_map(built).max();
    if let Some(tag) = case.selection.pick.as_ref().and_then(|pick| pick.tag.as_ref()) {
        let picked = case.candidates.iter().find(|candidate| candidate.tag == tag.as_str());
        assert_eq!(picked.and_then(built), latest, "{}", case.shown());
    }
}
