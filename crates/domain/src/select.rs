//! The verdict on every tag, for people who ask why (`contracts/policies.md` §5 and §7).

mod candidates;
mod sentence;
mod standing;
mod variant;
mod verdict;
mod wording;

use std::fmt;
use std::sync::Arc;

pub use candidates::{Candidate, ConflictingCandidates};
pub use verdict::{
    Current, Lacks, Place, Ranked, Side, Sieve, Standing, SuffixRule, TagVerdict, Unknown, Variant, Verdict, Why,
    WrongPlatform,
};

use candidates::Merged;
use standing::{Beside, Standings};
use wording::Wording;

use crate::choose::{self, Found, Known, Outcome, Read, Rules, Source, blockers, conclude, follow};
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

/// A candidate.
struct Judged<'a> {
    index: usize,
    read: Read<'a>,
    beside: Beside,
}

/// Judges all tags by a policy that orders them.
fn by_rank<'a>(policy: &Policy, rules: &Rules<'_>, merged: &Merged<'a>, current: &Value) -> Selection<'a> {
    let mut wording = Wording::new(policy, rules, current);
    let mut ranked: Vec<Judged<'_>> = Vec::new();
    let mut unknown: Vec<choose::Unknown<'_>> = Vec::new();
    let mut others: Vec<TagVerdict<'a>> = Vec::new();
    for index in 0..merged.len() {
        let tag = merged.name(index);
        let verdict = match rules.judge(tag).map(|read| rules.complete(merged, index, read)) {
            Ok(Known::Candidate(read)) => {
                let beside = Beside::of(rules, merged, index, &read, current);
                ranked.push(Judged { index, read, beside });
                continue;
            }
            Ok(Known::Unknown(lacking)) => {
                if lacking.could_win {
                    unknown.push((index, lacking.rank));
                }
                wording.of_lacking(lacking.lacks, merged.created(index))
            }
            Ok(Known::Out(missing)) => wording.of_platforms(missing, merged.platforms(index).unwrap_or_default()),
            Err(objection) => wording.of_objection(tag, objection),
        };
        others.push(TagVerdict { tag, verdict });
    }
    ranked.sort_by(|one, other| other.read.compare(&one.read).then(one.index.cmp(&other.index)));
    let best = first_best(rules, merged, &ranked);
    let unknown = blockers(rules, merged, best.as_ref().map(|(_, read)| read), unknown);
    let found = Found { best, unknown };
    let outcome = conclude(policy, rules, merged, current, &found);
    let mut verdicts = Standings::new(rules, merged, current, &found, &outcome).verdicts(ranked);
    verdicts.append(&mut others);
    Selection::of(&outcome, merged, verdicts)
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

/// Judges all tags by `digest:<tag>`.
fn by_name<'a>(policy: &Policy, tag: &Tag, merged: &Merged<'a>, current: &Value) -> Selection<'a> {
    let outcome = follow(policy, tag, merged, current);
    let followed: Arc<str> = tag.as_str().into();
    let mut verdicts: Vec<TagVerdict<'a>> = Vec::with_capacity(merged.len());
    for index in 0..merged.len() {
        let name = merged.name(index);
        let verdict = match &outcome {
            _ if !Tag::is_valid(name) => Verdict::InvalidTag,
            _ if name != tag.as_str() => Verdict::Filtered {
                by: Sieve::Followed(followed.clone()),
            },
            outcome => standing::of_followed(tag, current, outcome),
        };
        verdicts.push(TagVerdict { tag: name, verdict });
    }
    if let Some(at) = verdicts.iter().position(|verdict| verdict.tag == tag.as_str()) {
        verdicts[..=at].rotate_right(1);
    }
    Selection::of(&outcome, merged, verdicts)
}

impl Outcome {
    /// Why something, or nothing, is picked.
    fn reason(&self) -> SelectReason {
        match self {
            Self::Pick { .. } => SelectReason::Picked,
            Self::UnknownDigest { .. } => SelectReason::UnknownDigest,
            Self::Blocked { .. } => SelectReason::Blocked,
            Self::Unresolved { .. } => SelectReason::UpToDate,
            Self::Stay(reason) => *reason,
        }
    }
}

impl<'a> Selection<'a> {
    fn of(outcome: &Outcome, merged: &Merged<'_>, verdicts: Vec<TagVerdict<'a>>) -> Self {
        let pick = match outcome {
            Outcome::Pick { index, digest } => {
                let tag = Tag::parse(merged.name(*index)).expect("a tag that is no tag is never a candidate");
                Some(Value {
                    tag: Some(tag),
                    digest: digest.clone(),
                })
            }
            _ => None,
        };
        let blocked_by = match outcome {
            Outcome::Blocked { by, .. } => Some(merged.name(*by).to_owned()),
            _ => None,
        };
        Self {
            pick,
            reason: outcome.reason(),
            blocked_by,
            verdicts,
        }
    }
}
