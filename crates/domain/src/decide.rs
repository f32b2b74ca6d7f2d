//! Whether a target moves: the policy, the value at the head of the branch, and a scan give a decision.
//!
//! Beside the rules of the pick this keeps those of a daemon: nothing is
//! written from doubt, and a winner is resolved to a digest before it is
//! proposed, whatever is written in the end.

use std::cmp::Ordering;
use std::fmt;

use crate::accept::{ListStanding, Missing, Standing, SuspectReason};
use crate::choose::{Outcome, Rules, Source, best, conclude, follow};
use crate::policy::{Kind, Policy};
use crate::reference::{Digest, Repository, Tag, Timestamp, Value};
use crate::scan::{Need, Scan};
use crate::select::SelectReason;

#[cfg(test)]
mod tests;

/// How many facts are asked for at once.
const NEEDS: usize = 4;

/// All that a decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What the target may move to.
    pub policy: &'a Policy,
    /// What the file at the head of the branch says.
    pub current: &'a Value,
    /// What the registry was found to hold.
    pub scan: &'a Scan,
    /// Whether that may be trusted.
    pub standing: &'a Standing,
    /// The highest tag that was written here under this policy and seen at the head.
    pub high_water: Option<&'a Tag>,
    /// When the pass began.
    pub now: Timestamp,
}

/// What is to be done about a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Nothing.
    Stay(StayReason),
    /// Nothing yet: these facts are lacking, the most useful first.
    Undecided(Vec<Need>),
    /// Write another value, if nothing holds it back.
    Propose(Proposal),
}

/// A value that should be written. Only [`decide`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub(crate) repository: Repository,
    pub(crate) policy: Policy,
    pub(crate) from: Value,
    pub(crate) to: Value,
    pub(crate) digest: Digest,
}

impl Proposal {
    /// The image's name.
    #[must_use]
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The policy that asks for it.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The value that it replaces.
    #[must_use]
    pub fn from(&self) -> &Value {
        &self.from
    }

    /// The value to write.
    #[must_use]
    pub fn to(&self) -> &Value {
        &self.to
    }

    /// What the tag resolved to, whether or not it is written.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }
}

/// Why a target stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum StayReason {
    /// The best is the current value, or ranks equal to it.
    UpToDate,
    /// All candidates rank below the current value.
    OnlyOlder,
    /// No tag is a candidate.
    NoCandidate,
    /// The current value has no rank, though one is needed.
    CurrentUnknown,
    /// A fact about a tag that could outrank the best was asked for and could not be had.
    Blocked {
        /// The tag.
        by: Tag,
    },
    /// The winner's digest was asked for and could not be had.
    UnknownDigest {
        /// The winner.
        tag: Tag,
    },
    /// The tag to follow is not there.
    Missing,
    /// The list of tags is in doubt.
    SuspectList(SuspectReason),
    /// The list of tags lacks the current one.
    CurrentTagMissing {
        /// The current tag.
        tag: Tag,
    },
}

impl StayReason {
    /// The code that is shown to machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UpToDate => "upToDate",
            Self::OnlyOlder => "onlyOlder",
            Self::NoCandidate => "noCandidate",
            Self::CurrentUnknown => "currentUnknown",
            Self::Blocked { .. } => "blocked",
            Self::UnknownDigest { .. } => "unknownDigest",
            Self::Missing => "missing",
            Self::SuspectList(_) => "suspectList",
            Self::CurrentTagMissing { .. } => "currentTagMissing",
        }
    }
}

impl fmt::Display for StayReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UpToDate => SelectReason::UpToDate.fmt(f),
            Self::OnlyOlder => SelectReason::OnlyOlder.fmt(f),
            Self::NoCandidate => SelectReason::NoCandidate.fmt(f),
            Self::CurrentUnknown => SelectReason::CurrentUnknown.fmt(f),
            Self::Blocked { by } => write!(f, "too little is known of `{by}`, which could rank above the best"),
            Self::UnknownDigest { tag } => {
                write!(f, "the digest of `{tag}` could not be found out")
            }
            Self::Missing => SelectReason::Missing.fmt(f),
            Self::SuspectList(reason) => write!(f, "{reason}; nothing is decided from such a list"),
            Self::CurrentTagMissing { tag } => {
                write!(
                    f,
                    "the list of tags lacks the current one, `{tag}`; nothing is decided from such a list"
                )
            }
        }
    }
}

/// Decides what is to be done about a target.
#[must_use]
pub fn decide(question: &Question<'_>) -> Decision {
    if let Some(reason) = doubt(question, Missing::Doubted) {
        return Decision::Stay(reason);
    }
    let (outcome, unknown) = outcome(question);
    match outcome {
        Outcome::Stay(reason) => Decision::Stay(stay(reason)),
        Outcome::Unresolved { index } => lacking_digest(question, index, |_| StayReason::UpToDate),
        Outcome::UnknownDigest { index } => lacking_digest(question, index, unknown_digest),
        Outcome::Blocked { by, .. } => blocked(question, by, &unknown),
        Outcome::Pick { index, digest } => propose(question, index, digest),
    }
}

/// What the rules of the pick say, and the tags whose platforms they want to know, best first.
fn outcome(question: &Question<'_>) -> (Outcome, Vec<usize>) {
    let Question {
        policy, current, scan, ..
    } = *question;
    match policy.kind() {
        Kind::Semver(range) => {
            let rules = Rules::new(policy, range, current.tag.as_ref());
            let found = best(&rules, scan);
            (conclude(policy, &rules, scan, current, &found), found.unknown)
        }
        Kind::Digest(tag) => (follow(policy, tag, scan, current), Vec::new()),
    }
}

/// The doubt about the list or the current tag that stops everything, or all but upward moves.
fn doubt(question: &Question<'_>, degree: Missing) -> Option<StayReason> {
    let list = match (question.standing.list, degree) {
        (ListStanding::Suspect(reason), Missing::Doubted)
        | (ListStanding::UpwardsOnly(reason), Missing::UpwardsOnly) => Some(reason),
        _ => None,
    };
    let missing = || {
        let tag = question.current.tag.as_ref()?;
        let holds = question.standing.missing.get(tag) == Some(&degree);
        holds.then(|| StayReason::CurrentTagMissing { tag: tag.clone() })
    };
    list.map(StayReason::SuspectList).or_else(missing)
}

fn stay(reason: SelectReason) -> StayReason {
    match reason {
        SelectReason::OnlyOlder => StayReason::OnlyOlder,
        SelectReason::NoCandidate => StayReason::NoCandidate,
        SelectReason::CurrentUnknown => StayReason::CurrentUnknown,
        SelectReason::Missing => StayReason::Missing,
        // The others come with an outcome of their own.
        _ => StayReason::UpToDate,
    }
}

fn unknown_digest(tag: Tag) -> StayReason {
    StayReason::UnknownDigest { tag }
}

/// Asks for the digest of the tag at `index`; `or_else` says what holds when it cannot be had.
fn lacking_digest(question: &Question<'_>, index: usize, or_else: impl FnOnce(Tag) -> StayReason) -> Decision {
    let tag = winner(question, index);
    let need = Need::Digest(tag.clone());
    if question.scan.failed.contains(&need) {
        return Decision::Stay(or_else(tag));
    }
    Decision::Undecided(vec![need])
}

/// Asks for the platforms of the tags that could outrank the best.
fn blocked(question: &Question<'_>, by: usize, unknown: &[usize]) -> Decision {
    let first = winner(question, by);
    if question.scan.failed.contains(&Need::Platforms(first.clone())) {
        return Decision::Stay(StayReason::Blocked { by: first });
    }
    let needs = unknown
        .iter()
        .take(NEEDS)
        .map(|&index| Need::Platforms(winner(question, index)));
    Decision::Undecided(needs.filter(|need| !question.scan.failed.contains(need)).collect())
}

/// The tag at `index`, which the rules found to be a candidate.
fn winner(question: &Question<'_>, index: usize) -> Tag {
    question
        .scan
        .tag_at(index)
        .expect("a tag that is no tag is never a candidate")
}

/// Proposes the tag at `index`, once its digest is known and no doubt forbids it.
fn propose(question: &Question<'_>, index: usize, written: Option<Digest>) -> Decision {
    let tag = winner(question, index);
    let Some(digest) = question.scan.digest(index).cloned() else {
        return lacking_digest(question, index, unknown_digest);
    };
    if let Some(reason) = doubt(question, Missing::UpwardsOnly)
        && !moves_up(question, &tag)
    {
        return Decision::Stay(reason);
    }
    Decision::Propose(Proposal {
        repository: question.scan.repository.clone(),
        policy: question.policy.clone(),
        from: question.current.clone(),
        to: Value {
            tag: Some(tag),
            digest: written,
        },
        digest,
    })
}

/// Whether a tag may be taken although there is doubt: it ranks above the current value and the
/// high-water mark, or there is no rank to lose, because it is the current tag or the followed one.
fn moves_up(question: &Question<'_>, tag: &Tag) -> bool {
    let current = question.current.tag.as_ref();
    if current == Some(tag) || matches!(question.policy.kind(), Kind::Digest(_)) {
        return true;
    }
    let marks = current.into_iter().chain(question.high_water);
    marks
        .into_iter()
        .all(|mark| question.policy.compare(tag, mark).is_none_or(Ordering::is_gt))
}

impl Policy {
    /// The order of two written tags by rank; `None` if either has no rank, as under `digest:`.
    #[must_use]
    pub fn compare(&self, one: &Tag, other: &Tag) -> Option<Ordering> {
        let Kind::Semver(range) = self.kind() else {
            return None;
        };
        let rules = Rules::new(self, range, None);
        Some(rules.rank_of(one)?.compare(&rules.rank_of(other)?))
    }
}
