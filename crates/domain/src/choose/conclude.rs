//! What follows from the best candidate.

use std::cmp::Ordering;

use super::{Blocker, Found, Rules, Source};
use crate::policy::{Pin, Policy};
use crate::reference::{Digest, Tag, Value};
use crate::select::SelectReason;

/// What is to be written, or why nothing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The tag at this index, with this digest if one is to be written.
    Pick { index: usize, digest: Option<Digest> },
    /// The tag at this index would be picked, but its digest is unknown and must be written.
    UnknownDigest { index: usize },
    /// The tag at this index is the current one; its digest is to be written and is not known, but one is there.
    Unresolved { index: usize },
    /// Too little is known of the tag at this index, which could outrank `best`.
    Blocked { by: usize, best: Option<usize> },
    /// Nothing.
    Stay(SelectReason),
}

/// What follows for a policy that orders its candidates.
pub(crate) fn conclude(
    policy: &Policy,
    rules: &Rules<'_>,
    source: &impl Source,
    current: &Value,
    found: &Found<'_>,
) -> Outcome {
    if rules.rank_is_lacking {
        return Outcome::Stay(SelectReason::CurrentUnknown);
    }
    let outcome = match &found.best {
        None => Outcome::Stay(SelectReason::NoCandidate),
        Some((index, read)) => {
            let order = rules.rank.as_ref().map_or(Ordering::Greater, |rank| read.compare(rank));
            match order {
                _ if rules.is_current(source.tag(*index)) => same_tag(policy, source, current, *index),
                Ordering::Equal if rules.current_yields => pick(policy, source, current, *index),
                Ordering::Greater => pick(policy, source, current, *index),
                Ordering::Equal => Outcome::Stay(SelectReason::UpToDate),
                Ordering::Less if policy.allows_downgrade() => pick(policy, source, current, *index),
                Ordering::Less => Outcome::Stay(SelectReason::OnlyOlder),
            }
        }
    };
    match (found.unknown.first(), outcome) {
        (None, outcome) => outcome,
        (Some(&Blocker { index: by, .. }), Outcome::Pick { index, .. } | Outcome::UnknownDigest { index }) => {
            Outcome::Blocked { by, best: Some(index) }
        }
        (Some(&Blocker { index: by, .. }), _) => Outcome::Blocked { by, best: None },
    }
}

/// What follows for `digest:<tag>`.
pub(crate) fn follow(policy: &Policy, tag: &Tag, source: &impl Source, current: &Value) -> Outcome {
    let listed = source.find(tag.as_str()).filter(|&index| !source.is_gone(index));
    let Some(index) = listed else {
        return Outcome::Stay(SelectReason::Missing);
    };
    match &current.tag {
        Some(current_tag) if current_tag != tag => pick(policy, source, current, index),
        None if current.digest.is_none() => pick(policy, source, current, index),
        // A bare digest has no other tag, so that only the digests count.
        _ => same_tag(policy, source, current, index),
    }
}

/// The tag is another than the current one.
fn pick(policy: &Policy, source: &impl Source, current: &Value, index: usize) -> Outcome {
    match (writes_digest(policy, current), source.digest(index)) {
        (false, _) => Outcome::Pick { index, digest: None },
        (true, Some(digest)) => Outcome::Pick {
            index,
            digest: Some(digest.clone()),
        },
        (true, None) => Outcome::UnknownDigest { index },
    }
}

/// The tag is the current one; perhaps it has moved.
fn same_tag(policy: &Policy, source: &impl Source, current: &Value, index: usize) -> Outcome {
    match (source.digest(index), &current.digest) {
        _ if !writes_digest(policy, current) => Outcome::Stay(SelectReason::UpToDate),
        (None, Some(_)) => Outcome::Unresolved { index },
        (None, None) => Outcome::UnknownDigest { index },
        (Some(found), Some(held)) if found == held => Outcome::Stay(SelectReason::UpToDate),
        (Some(found), _) => Outcome::Pick {
            index,
            digest: Some(found.clone()),
        },
    }
}

/// Whether the value that is written carries a digest.
fn writes_digest(policy: &Policy, current: &Value) -> bool {
    match policy.pin() {
        Pin::Digest => true,
        Pin::IfPresent => current.digest.is_some(),
        Pin::Never => false,
    }
}
