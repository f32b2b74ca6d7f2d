//! Whether a target moves: the policy, the value at the head of the branch, and a scan give a decision.
//!
//! Beside the rules of the pick this keeps those of a daemon: nothing is
//! written from doubt, and a winner is resolved to a digest before it is
//! proposed, whatever is written in the end.

use std::fmt;

use crate::accept::{ListStanding, Missing, Standing, SuspectReason};
use crate::choose::{Blocker, Outcome, Rules, Source, best, conclude, follow};
use crate::policy::{Kind, Policy};
use crate::reference::{Digest, Tag, Timestamp, Value};
use crate::scan::{Created, Need, Scan};
use crate::select::SelectReason;

mod height;
mod proposal;

pub use height::Height;
pub use proposal::Proposal;

#[cfg(test)]
mod tests;

/// Of how many tags the platforms are asked for at once.
const PLATFORMS_AT_ONCE: usize = 4;

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
    pub high_water: Option<&'a Height>,
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
        Outcome::Stay(SelectReason::CurrentUnknown) => current_unknown(question, &unknown),
        Outcome::Stay(reason) => Decision::Stay(stay(reason)),
        Outcome::Unresolved { index } => lacking_digest(question, index, |_| StayReason::UpToDate),
        Outcome::UnknownDigest { index } => lacking_digest(question, index, unknown_digest),
        Outcome::Blocked { by, .. } => blocked(question, by, &unknown),
        Outcome::Pick { index, digest } => propose(question, index, digest),
    }
}

/// What the rules of the pick say, and the tags of which they want to know more, best first.
fn outcome(question: &Question<'_>) -> (Outcome, Vec<Blocker>) {
    let Question {
        policy,
        current,
        scan,
        now,
        ..
    } = *question;
    if let Kind::Digest(tag) = policy.kind() {
        return (follow(policy, tag, scan, current), Vec::new());
    }
    let rules = Rules::new(policy, current, scan, now);
    let found = best(&rules, scan);
    (conclude(policy, &rules, scan, current, &found), found.unknown)
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

/// Asks for what is unknown of the tags that could outrank the best.
fn blocked(question: &Question<'_>, by: usize, unknown: &[Blocker]) -> Decision {
    let needs = needs(question, unknown);
    let first = winner(question, by);
    if needs.is_empty() || question.scan.failed.contains(&Need::Platforms(first.clone())) {
        return Decision::Stay(StayReason::Blocked { by: first });
    }
    Decision::Undecided(needs)
}

/// Asks for build times, so that the current value has a rank.
fn current_unknown(question: &Question<'_>, unknown: &[Blocker]) -> Decision {
    let mut needs = needs(question, unknown);
    if let Some(tag) = &question.current.tag
        && let Some(index) = question.scan.find(tag.as_str())
        && question.scan.created(index) == Created::Unknown
    {
        let need = Need::BuildTime(tag.clone());
        if question.scan.failed.contains(&need) || question.scan.is_gone(index) {
            return Decision::Stay(StayReason::CurrentUnknown);
        }
        needs.insert(0, need);
    }
    if needs.is_empty() {
        return Decision::Stay(StayReason::CurrentUnknown);
    }
    Decision::Undecided(needs)
}

/// The facts that are lacking and may still be had.
///
/// Each unknown build time could be the newest, so all are asked for at once. Platforms are asked for a few at a time, the
/// best first: once one of these has them all, the rest need not be known.
fn needs(question: &Question<'_>, unknown: &[Blocker]) -> Vec<Need> {
    let (times, platforms): (Vec<&Blocker>, Vec<&Blocker>) = unknown.iter().partition(|blocker| blocker.lacks_time);
    let times = times
        .into_iter()
        .map(|blocker| time_or_platforms(question, blocker.index));
    let platforms = platforms
        .into_iter()
        .take(PLATFORMS_AT_ONCE)
        .map(|blocker| Need::Platforms(winner(question, blocker.index)));
    let needs = platforms.chain(times);
    needs.filter(|need| !question.scan.failed.contains(need)).collect()
}

/// A build time; once that cannot be had, the platforms, for one that does not run on the wanted ones blocks nothing.
fn time_or_platforms(question: &Question<'_>, index: usize) -> Need {
    let tag = winner(question, index);
    let time = Need::BuildTime(tag.clone());
    let undetermined = question.policy.wants().platforms && question.scan.platforms(index).is_none();
    if undetermined && question.scan.failed.contains(&time) {
        return Need::Platforms(tag);
    }
    time
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
    let height = |tag: &Tag| Height {
        tag: tag.clone(),
        built: built(question, tag),
    };
    Decision::Propose(Proposal {
        repository: question.scan.repository.clone(),
        policy: question.policy.clone(),
        from: question.current.clone(),
        from_height: question.current.tag.as_ref().map(height),
        height: height(&tag),
        to: Value {
            tag: Some(tag),
            digest: written,
        },
        digest,
    })
}

/// When a tag was built, where that is its rank.
fn built(question: &Question<'_>, tag: &Tag) -> Option<Timestamp> {
    if !question.policy.wants().build_times {
        return None;
    }
    let index = question.scan.find(tag.as_str())?;
    match question.scan.created(index).plausible(question.now) {
        Created::At(time) => Some(time),
        Created::Unknown | Created::Never => None,
    }
}

/// Whether a tag may be taken although there is doubt: it ranks above the current value and the
/// high-water mark, or there is no rank to lose, because it is the current tag or the followed one.
fn moves_up(question: &Question<'_>, tag: &Tag) -> bool {
    let current = question.current.tag.as_ref();
    if current == Some(tag) || matches!(question.policy.kind(), Kind::Digest(_)) {
        return true;
    }
    let height = |tag: &Tag| Height {
        tag: tag.clone(),
        built: built(question, tag),
    };
    let by_time = question.policy.wants().build_times;
    let above = |mark: &Height| match question.policy.compare(&height(tag), mark) {
        Some(order) => order.is_gt(),
        // What has no place in an order of names is below all of it; what was built nobody knows when may be above.
        None => !by_time,
    };
    current.map(height).as_ref().is_none_or(above) && question.high_water.is_none_or(above)
}
