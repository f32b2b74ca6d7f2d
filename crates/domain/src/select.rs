//! The verdict on every tag, for people who ask why (`contracts/policies.md` §5 and §7).

mod candidates;
mod verdict;

use std::fmt;

pub use candidates::{Candidate, ConflictingCandidates};
pub use verdict::Verdict;

use candidates::Merged;

use crate::choose::{Found, Known, Outcome, Read, Rules, Source, Unknown, blockers, conclude, follow};
use crate::policy::{Kind, Policy};
use crate::reference::{Tag, Timestamp, Value};

#[cfg(test)]
mod tests;

/// What a policy makes of a list of tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection<'a> {
    /// The value to write, if there is one.
    pub pick: Option<Value>,
    /// Why it is this, or nothing.
    pub reason: SelectReason,
    /// The tag of which too little is known, if that is the reason.
    pub blocked_by: Option<String>,
    /// The verdict on each tag: `picked` or `best`; then what has a rank, from the newest; then the others by bytes.
    pub verdicts: Vec<TagVerdict<'a>>,
}

/// The verdict on one tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagVerdict<'a> {
    /// The tag, as it was given.
    pub tag: &'a str,
    /// What became of it.
    pub verdict: Verdict,
}

/// Why something, or nothing, is picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SelectReason {
    /// There is something to write.
    Picked,
    /// The best is the current value, or ranks equal to it.
    UpToDate,
    /// There are candidates, and all rank below the current value.
    OnlyOlder,
    /// No tag is a candidate.
    NoCandidate,
    /// The current value has no rank, though one is needed.
    CurrentUnknown,
    /// Too little is known of a tag that could outrank the best.
    Blocked,
    /// A digest is to be written and is not known.
    UnknownDigest,
    /// The tag to follow is not there.
    Missing,
}

impl SelectReason {
    /// The code that is shown to machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Picked => "picked",
            Self::UpToDate => "upToDate",
            Self::OnlyOlder => "onlyOlder",
            Self::NoCandidate => "noCandidate",
            Self::CurrentUnknown => "currentUnknown",
            Self::Blocked => "blocked",
            Self::UnknownDigest => "unknownDigest",
            Self::Missing => "missing",
        }
    }
}

impl fmt::Display for SelectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Picked => "a newer value is there",
            Self::UpToDate => "the current value is the best there is",
            Self::OnlyOlder => "all candidates rank below the current value",
            Self::NoCandidate => "no tag is a candidate",
            Self::CurrentUnknown => "the current value cannot be ranked",
            Self::Blocked => "too little is known of a tag that could rank above the best",
            Self::UnknownDigest => "the digest of the best is not known and must be written",
            Self::Missing => "the tag to follow is not there",
        })
    }
}

/// Judges every candidate and picks the best.
///
/// The order of the candidates does not matter, and one given twice counts once.
///
/// # Errors
///
/// Two candidates of one tag say different things about it.
pub fn select<'a>(
    policy: &Policy,
    candidates: &'a [Candidate],
    current: Option<&Value>,
    now: Timestamp,
) -> Result<Selection<'a>, ConflictingCandidates> {
    let merged = Merged::new(candidates, now)?;
    let bare = Value::default();
    let current = current.unwrap_or(&bare);
    Ok(match policy.kind() {
        Kind::Digest(tag) => by_name(policy, tag, &merged, current),
        _ => by_rank(policy, &Rules::new(policy, current, &merged, now), &merged, current),
    })
}

/// A tag that was judged; with its rank if it is a candidate.
struct Judged<'a> {
    index: usize,
    read: Read<'a>,
    verdict: Verdict,
}

/// Judges all tags by a policy that orders them.
fn by_rank<'a>(policy: &Policy, rules: &Rules<'_>, merged: &Merged<'a>, current: &Value) -> Selection<'a> {
    let mut ranked: Vec<Judged<'_>> = Vec::new();
    let mut unknown: Vec<Unknown<'_>> = Vec::new();
    let mut others: Vec<TagVerdict<'a>> = Vec::new();
    for index in 0..merged.len() {
        let tag = merged.name(index);
        let known = match rules.judge(tag) {
            Ok(read) => rules.complete(merged, index, read),
            Err(verdict) => Known::Out(verdict),
        };
        let verdict = match known {
            Known::Candidate(read) => {
                let verdict = rank_verdict(rules, merged, index, &read, current);
                ranked.push(Judged { index, read, verdict });
                continue;
            }
            Known::Unknown(lacking) => {
                if lacking.could_win {
                    unknown.push((index, lacking.rank));
                }
                lacking.verdict
            }
            Known::Out(verdict) => verdict,
        };
        others.push(TagVerdict { tag, verdict });
    }
    ranked.sort_by(|one, other| other.read.compare(&one.read).then(one.index.cmp(&other.index)));
    let best = first_best(rules, merged, &ranked);
    let unknown = blockers(rules, merged, best.as_ref().map(|(_, read)| read), unknown);
    let outcome = conclude(policy, rules, merged, current, &Found { best, unknown });
    mark(&mut ranked, &outcome);
    let ranked = ranked.into_iter().map(|judged| TagVerdict {
        tag: merged.name(judged.index),
        verdict: judged.verdict,
    });
    let mut verdicts: Vec<TagVerdict<'a>> = ranked.collect();
    verdicts.append(&mut others);
    Selection::of(&outcome, merged, verdicts)
}

/// How a candidate ranks beside the current value.
fn rank_verdict(rules: &Rules<'_>, merged: &Merged<'_>, index: usize, read: &Read<'_>, current: &Value) -> Verdict {
    let has_digest =
        current.tag.is_none() && current.digest.is_some() && merged.digest(index) == current.digest.as_ref();
    match rules.rank.as_ref().map(|rank| read.compare(rank)) {
        _ if rules.is_current(merged.name(index)) => Verdict::Current,
        _ if has_digest => Verdict::Equal,
        Some(std::cmp::Ordering::Less) => Verdict::Older,
        Some(std::cmp::Ordering::Equal) => Verdict::Equal,
        Some(std::cmp::Ordering::Greater) | None => Verdict::Newer,
    }
}

/// The preferred one among those that share the highest rank.
fn first_best<'a>(rules: &Rules<'_>, merged: &Merged<'a>, ranked: &[Judged<'a>]) -> Option<(usize, Read<'a>)> {
    let highest = &ranked.first()?.read;
    ranked
        .iter()
        .take_while(|judged| judged.read.compare(highest).is_eq())
        .max_by(|one, other| rules.preference(merged.name(one.index), merged.name(other.index)))
        .map(|judged| (judged.index, judged.read.clone()))
}

/// Gives the pick its verdict and the first place.
fn mark(ranked: &mut Vec<Judged<'_>>, outcome: &Outcome) {
    let (index, verdict) = match *outcome {
        Outcome::Pick { index, .. } => (index, Verdict::Picked),
        Outcome::UnknownDigest { index } | Outcome::Blocked { best: Some(index), .. } => (index, Verdict::Best),
        _ => return,
    };
    if let Some(at) = ranked.iter().position(|judged| judged.index == index) {
        ranked[..=at].rotate_right(1);
        ranked[0].verdict = verdict;
    }
}

/// Judges all tags by `digest:<tag>`.
fn by_name<'a>(policy: &Policy, tag: &Tag, merged: &Merged<'a>, current: &Value) -> Selection<'a> {
    let outcome = follow(policy, tag, merged, current);
    let mut verdicts: Vec<TagVerdict<'a>> = Vec::with_capacity(merged.len());
    for index in 0..merged.len() {
        let name = merged.name(index);
        let verdict = match &outcome {
            _ if !Tag::is_valid(name) => Verdict::InvalidTag,
            _ if name != tag.as_str() => Verdict::Filtered {
                pattern: Some(tag.as_str().into()),
            },
            Outcome::Pick { .. } => Verdict::Picked,
            Outcome::UnknownDigest { .. } => Verdict::Best,
            _ if current.tag.as_ref() == Some(tag) => Verdict::Current,
            _ => Verdict::Equal,
        };
        verdicts.push(TagVerdict { tag: name, verdict });
    }
    if let Some(at) = verdicts.iter().position(|verdict| verdict.tag == tag.as_str()) {
        verdicts[..=at].rotate_right(1);
    }
    Selection::of(&outcome, merged, verdicts)
}

impl<'a> Selection<'a> {
    fn of(outcome: &Outcome, merged: &Merged<'_>, verdicts: Vec<TagVerdict<'a>>) -> Self {
        let mut selection = Self {
            pick: None,
            reason: SelectReason::Picked,
            blocked_by: None,
            verdicts,
        };
        match outcome {
            Outcome::Pick { index, digest } => {
                let tag = Tag::parse(merged.name(*index)).expect("a tag that is no tag is never a candidate");
                selection.pick = Some(Value {
                    tag: Some(tag),
                    digest: digest.clone(),
                });
            }
            Outcome::UnknownDigest { .. } => selection.reason = SelectReason::UnknownDigest,
            Outcome::Blocked { by, .. } => {
                selection.reason = SelectReason::Blocked;
                selection.blocked_by = Some(merged.name(*by).to_owned());
            }
            Outcome::Unresolved { .. } => selection.reason = SelectReason::UpToDate,
            Outcome::Stay(reason) => selection.reason = *reason,
        }
        selection
    }
}
