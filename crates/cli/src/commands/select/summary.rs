//! What a selection comes to, and what to do next.

use std::collections::BTreeMap;

use domain::select::{SelectReason, Selection, TagVerdict, Variant, Verdict};
use transport::one_line;

/// What is picked and why, or why nothing is and what would change that.
pub(super) fn summary(selection: &Selection<'_>) -> String {
    if let (Some(value), Some(first)) = (&selection.pick, selection.verdicts.first()) {
        return format!("Picked {value}: {}.", without_subject(first));
    }
    let next = match selection.reason {
        SelectReason::NoCandidate => most(&selection.verdicts),
        SelectReason::OnlyOlder => best(selection).map(|best| format!("`allowDowngrade: true` would pick {best}.")),
        SelectReason::CurrentUnknown => Some(
            "Put it into the list with its `created`; or `allowDowngrade: true` picks the newest, whatever is there now."
                .to_owned(),
        ),
        SelectReason::Blocked => blocked(selection),
        SelectReason::UnknownDigest => {
            Some("Put it into the list as its `digest`; or `pin: never` writes the tag alone.".to_owned())
        }
        SelectReason::Missing => Some("Push it, or look how it is spelt.".to_owned()),
        SelectReason::Picked | SelectReason::UpToDate => None,
    };
    let reason = format!("Nothing is picked: {}.", selection.reason);
    next.map_or(reason.clone(), |next| format!("{reason} {next}"))
}

/// A sentence about a tag that has just been named.
fn without_subject(verdict: &TagVerdict<'_>) -> String {
    let sentence = verdict.to_string();
    match sentence.strip_prefix(verdict.tag) {
        Some(rest) => format!("it{rest}"),
        None => sentence,
    }
}

/// The verdict that most tags got, and what is said of the last that did: mostly the newest, and like the current tag if any is.
fn most(verdicts: &[TagVerdict<'_>]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for verdict in verdicts {
        *counts.entry(verdict.verdict.code()).or_default() += 1;
    }
    let Some((code, count)) = counts.into_iter().max_by_key(|&(_, count)| count) else {
        return Some("There are no tags.".to_owned());
    };
    let is_such = |verdict: &&TagVerdict<'_>| verdict.verdict.code() == code;
    let is_like_current = |verdict: &&TagVerdict<'_>| is_such(verdict) && is_like_current(&verdict.verdict);
    let last = verdicts.iter().rfind(is_like_current);
    let last = last.or_else(|| verdicts.iter().rfind(is_such))?;
    let all = verdicts.len();
    let share = match (count, all) {
        (1, 1) => "The only tag is".to_owned(),
        (count, all) if count == all => format!("All {all} tags are"),
        (1, all) => format!("1 of {all} tags is"),
        (count, all) => format!("{count} of {all} tags are"),
    };
    Some(format!("{share} {code}: {}.", one_line(&last.to_string(), 300)))
}

/// Whether a tag is a variant as the current one is.
fn is_like_current(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Prerelease { variant, .. } | Verdict::OutOfRange { variant, .. } => *variant == Some(Variant::Keep),
        _ => false,
    }
}

/// The best candidate, where it is older than what is there.
fn best<'s>(selection: &'s Selection<'_>) -> Option<&'s str> {
    match &selection.verdicts.first()?.verdict {
        Verdict::Older { place } => place.standing.best.as_deref(),
        _ => None,
    }
}

/// What must be known of the tag that holds the pick back.
fn blocked(selection: &Selection<'_>) -> Option<String> {
    let tag = selection.blocked_by.as_deref()?;
    let verdict = selection.verdicts.iter().find(|verdict| verdict.tag == tag)?;
    let fact = match verdict.verdict {
        Verdict::UnknownPlatform { .. } => "platforms",
        _ => "created",
    };
    Some(format!(
        "Put {tag} into the list with its `{fact}`, or leave it out by `deny`."
    ))
}
