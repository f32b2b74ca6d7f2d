//! What all targets do with policies: write one, choose by it, look at the verdicts.

use std::collections::BTreeMap;

use domain::policy::{FieldValue, Policy, PolicyError, PolicyFields};
use domain::reference::{Tag, Timestamp, Value};
use domain::select::{Candidate, Selection, Verdict, select};

/// When everything is chosen: 2026-01-01 00:00 UTC.
pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_767_225_600);

/// The policy `{KIND: ARGUMENT}` with some options that are true.
pub(crate) fn policy(kind: &str, argument: &str, switches: &[&str]) -> Result<Policy, PolicyError> {
    let mut entries = vec![(kind.to_owned(), FieldValue::Text(argument.to_owned()))];
    entries.extend(switches.iter().map(|&key| (key.to_owned(), FieldValue::Bool(true))));
    Policy::from_fields(&PolicyFields { entries })
}

/// Tags of which nothing but the name is known.
pub(crate) fn bare<'a>(tags: impl IntoIterator<Item = &'a str>) -> Vec<Candidate> {
    let candidate = |tag: &str| Candidate {
        tag: tag.to_owned(),
        ..Candidate::default()
    };
    tags.into_iter().map(candidate).collect()
}

/// Chooses among tags of which each is said one thing.
pub(crate) fn choose<'a>(policy: &Policy, candidates: &'a [Candidate], current: Option<&Value>) -> Selection<'a> {
    select(policy, candidates, current, NOW).unwrap_or_else(|error| panic!("`{policy}` over {candidates:?}: {error}"))
}

/// The verdict on each tag, beside a current tag.
pub(crate) fn verdicts<'a>(
    policy: &Policy,
    candidates: &'a [Candidate],
    current: Option<&str>,
) -> BTreeMap<&'a str, Verdict> {
    let current = current.and_then(|tag| Tag::parse(tag).ok()).map(|tag| Value {
        tag: Some(tag),
        digest: None,
    });
    let verdicts = choose(policy, candidates, current.as_ref()).verdicts;
    verdicts
        .into_iter()
        .map(|judged| (judged.tag, judged.verdict))
        .collect()
}

/// Whether the policy would have taken the tag, had there been none better.
pub(crate) fn is_candidate(verdict: &Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Picked { .. }
            | Verdict::Best { .. }
            | Verdict::Current { .. }
            | Verdict::Older { .. }
            | Verdict::Equal { .. }
            | Verdict::Newer { .. }
    )
}
