//! Whether a list of tags may be decided from (`reference/trust.md` §5.3, rules 1, 2 and 6).
//!
//! A list that is complete can still be wrong: a registry that has just come
//! back answers with nothing, or with half. Such a list is suspect; after
//! several scans that agree, over a while, it may be used to move upwards, and
//! never downwards. The same holds for a list that lacks the current tag.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use crate::reference::{Tag, Timestamp};
use crate::scan::TagList;

#[cfg(test)]
mod tests;

/// A list may lose this many tags at once, however small it was.
const TOLERATED: u64 = 10;

/// How long doubt lasts: so many scans that agree, over at least such a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuspectLimits {
    /// Scans that agree.
    pub scans: u32,
    /// Time from the first of them to the last.
    pub span: Duration,
}

impl Default for SuspectLimits {
    fn default() -> Self {
        Self {
            scans: 3,
            span: Duration::from_secs(600),
        }
    }
}

/// What is remembered of a repository's lists from one scan to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListRecord {
    /// How many tags the last plausible list had that lacked no current tag, or had lacked it for long.
    pub accepted_size: Option<u64>,
    /// The suspect lists since then, if the last one was suspect.
    pub suspect: Option<SuspectRun>,
    /// Current tags that the last lists lacked.
    pub missing: BTreeMap<Tag, SuspectRun>,
}

/// A run of scans that agree about something doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuspectRun {
    /// When the first of them was made.
    pub since: Timestamp,
    /// How many there were.
    pub scans: u32,
    /// The last list's fingerprint.
    pub fingerprint: u64,
    /// How many tags the last list had.
    pub size: u64,
}

/// What may be decided from a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The list as a whole.
    pub list: ListStanding,
    /// Current tags that it lacks.
    pub missing: BTreeMap<Tag, Missing>,
}

impl Standing {
    /// Nothing is in doubt.
    #[must_use]
    pub fn plausible() -> Self {
        Self {
            list: ListStanding::Plausible,
            missing: BTreeMap::new(),
        }
    }
}

/// Whether a list is what one would expect after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListStanding {
    /// It is.
    Plausible,
    /// It is not; nothing is decided from it.
    Suspect(SuspectReason),
    /// It is not, but has been so for long: only what ranks above the current value may be taken.
    UpwardsOnly(SuspectReason),
}

/// Why a list is suspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SuspectReason {
    /// It is empty, and there were tags before.
    Empty {
        /// How many the last plausible list had.
        before: u64,
    },
    /// It has lost more than ten tags, and more than a fifth.
    Shrunk {
        /// How many the last plausible list had.
        before: u64,
        /// How many it has.
        now: u64,
    },
}

/// What a list that lacks a current tag may still be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missing {
    /// Nothing yet.
    Doubted,
    /// It has been missing for long: only what ranks above it may be taken.
    UpwardsOnly,
}

/// Judges a complete list; also what to remember for the next one.
///
/// `currents` are the tags that are written somewhere now.
#[must_use]
pub fn accept(
    record: &ListRecord,
    tags: &TagList,
    currents: &BTreeSet<Tag>,
    limits: SuspectLimits,
    now: Timestamp,
) -> (Standing, ListRecord) {
    let size = tags.len() as u64;
    // To find the fingerprint takes longer than everything else, and a list that is not in doubt needs none.
    let sight = || SuspectRun {
        since: now,
        scans: 1,
        fingerprint: tags.fingerprint(),
        size,
    };
    let Some(reason) = suspicion(record.accepted_size, size) else {
        let (standing, missing) = missing(record, tags, currents, limits, sight);
        // A list that is doubted is no measure for the next one.
        let is_doubted = standing.values().any(|&missing| missing == Missing::Doubted);
        let measure = record.accepted_size.filter(|_| is_doubted).unwrap_or(size);
        let standing = Standing {
            list: ListStanding::Plausible,
            missing: standing,
        };
        return (
            standing,
            ListRecord {
                accepted_size: Some(measure),
                suspect: None,
                missing,
            },
        );
    };
    let run = record.suspect.map_or_else(sight, |run| run.joined(sight(), limits));
    if !run.is_over(now, limits) {
        // The runs of missing tags wait: this list is no evidence about them.
        let standing = Standing {
            list: ListStanding::Suspect(reason),
            missing: BTreeMap::new(),
        };
        return (
            standing,
            ListRecord {
                suspect: Some(run),
                ..record.clone()
            },
        );
    }
    let (standing, missing) = missing(record, tags, currents, limits, sight);
    let standing = Standing {
        list: ListStanding::UpwardsOnly(reason),
        missing: standing,
    };
    (
        standing,
        ListRecord {
            suspect: Some(run),
            missing,
            ..record.clone()
        },
    )
}

/// Whether a part of a list, or a list, that had `before` tags may have `now`.
#[must_use]
pub fn is_plausible(before: u64, now: u64) -> bool {
    suspicion(Some(before), now).is_none()
}

/// What is suspect about a list of that size after one of the size before.
fn suspicion(before: Option<u64>, now: u64) -> Option<SuspectReason> {
    let before = before?;
    if now == 0 && before > 0 {
        return Some(SuspectReason::Empty { before });
    }
    let lost = before.saturating_sub(now);
    let most_remain = u128::from(now) * 5 >= u128::from(before) * 4;
    (lost > TOLERATED && !most_remain).then_some(SuspectReason::Shrunk { before, now })
}

/// Judges the current tags that a usable list lacks, and continues their runs.
fn missing(
    record: &ListRecord,
    tags: &TagList,
    currents: &BTreeSet<Tag>,
    limits: SuspectLimits,
    sight: impl Fn() -> SuspectRun,
) -> (BTreeMap<Tag, Missing>, BTreeMap<Tag, SuspectRun>) {
    let lacking = currents.iter().filter(|tag| !tags.contains(tag.as_str()));
    let mut runs = BTreeMap::new();
    let mut standing = BTreeMap::new();
    for tag in lacking {
        let sight = sight();
        // What agrees here is that the tag is missing; other tags may come and go.
        let run = record.missing.get(tag).map_or(sight, |run| run.extended(sight));
        let over = run.is_over(sight.since, limits);
        standing.insert(tag.clone(), if over { Missing::UpwardsOnly } else { Missing::Doubted });
        runs.insert(tag.clone(), run);
    }
    (standing, runs)
}

impl SuspectRun {
    /// The run with one more scan.
    fn extended(self, sight: Self) -> Self {
        Self {
            since: self.since,
            scans: self.scans.saturating_add(1),
            ..sight
        }
    }

    /// The run with one more suspect list if it agrees, else a new one.
    ///
    /// Until the run is over it agrees only if it is the very same. Afterwards
    /// it may change as a plausible list may, so that new tags are found.
    fn joined(self, sight: Self, limits: SuspectLimits) -> Self {
        let same = self.fingerprint == sight.fingerprint;
        let follows = self.is_over(sight.since, limits) && suspicion(Some(self.size), sight.size).is_none();
        if same || follows { self.extended(sight) } else { sight }
    }

    fn is_over(&self, now: Timestamp, limits: SuspectLimits) -> bool {
        self.scans >= limits.scans && now.since(self.since) >= limits.span
    }
}

impl SuspectReason {
    /// The code that is shown to machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty { .. } => "empty",
            Self::Shrunk { .. } => "shrunk",
        }
    }
}

impl fmt::Display for SuspectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { before } => {
                write!(f, "the list of tags is empty and had {before} before")
            }
            Self::Shrunk { before, now } => {
                write!(f, "the list of tags has {now} and had {before} before")
            }
        }
    }
}
