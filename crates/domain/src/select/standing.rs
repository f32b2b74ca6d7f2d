//! Candidates beside each other and beside the current value.

use std::cmp::Ordering;
use std::sync::Arc;

use super::Judged;
use super::candidates::Merged;
use super::verdict::{Current, Lacks, Place, Ranked, Standing, TagVerdict, Unknown, Verdict, Why};
use crate::choose::{Blocker, Found, Outcome, Read, Rules, Source};
use crate::reference::{Tag, Timestamp, Value};
use crate::scan::Created;

/// How a candidate ranks beside the current value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// It is the current tag.
    Current,
    /// Below.
    Older,
    /// At the same place.
    Equal,
    /// Above, as all do where the current value has no rank.
    Newer,
}

impl Beside {
    pub(super) fn of(rules: &Rules<'_>, merged: &Merged<'_>, index: usize, read: &Read<'_>, current: &Value) -> Self {
        let has_digest =
            current.tag.is_none() && current.digest.is_some() && merged.digest(index) == current.digest.as_ref();
        match rules.rank.as_ref().map(|rank| read.compare(rank)) {
            _ if rules.is_current(merged.name(index)) => Self::Current,
            _ if has_digest => Self::Equal,
            Some(Ordering::Less) => Self::Older,
            Some(Ordering::Equal) => Self::Equal,
            Some(Ordering::Greater) | None => Self::Newer,
        }
    }
}

/// Makes verdicts on candidates, once it is known what is picked.
pub(super) struct Standings<'r, 'a> {
    rules: &'r Rules<'r>,
    merged: &'r Merged<'a>,
    found: &'r Found<'r>,
    outcome: &'r Outcome,
    current: &'r Value,
    standing: Arc<Standing>,
}

impl<'r, 'a> Standings<'r, 'a> {
    pub(super) fn new(
        rules: &'r Rules<'r>,
        merged: &'r Merged<'a>,
        current: &'r Value,
        found: &'r Found<'r>,
        outcome: &'r Outcome,
    ) -> Self {
        let best = found.best.as_ref().map(|&(index, _)| index);
        let standing = Standing {
            ranked: if rules.are_by_time() {
                Ranked::ByBuildTime
            } else {
                Ranked::ByText
            },
            current: shown(current).map(|value| Current {
                value,
                is_ranked: rules.rank.is_some(),
                counts_as: rules.counts_as().map(Into::into),
                built: rules.current_built(),
            }),
            best: best.map(|index| merged.name(index).into()),
            best_built: best.and_then(|index| built(rules, merged, index)),
            blocked_by: match outcome {
                Outcome::Blocked { by, .. } => Some(merged.name(*by).into()),
                _ => None,
            },
            candidates: 0,
            reason: outcome.reason(),
        };
        Self {
            rules,
            merged,
            found,
            outcome,
            current,
            standing: Arc::new(standing),
        }
    }

    /// The verdicts on all candidates, which are given from the newest: the pick, or what would be it, goes first.
    pub(super) fn verdicts(mut self, ranked: Vec<Judged<'_>>) -> Vec<TagVerdict<'a>> {
        if let Some(standing) = Arc::get_mut(&mut self.standing) {
            standing.candidates = ranked.len();
        }
        let chosen = match *self.outcome {
            Outcome::Pick { index, .. }
            | Outcome::UnknownDigest { index }
            | Outcome::Blocked { best: Some(index), .. } => Some(index),
            _ => None,
        };
        let at = ranked.iter().position(|judged| Some(judged.index) == chosen);
        let mut verdicts: Vec<TagVerdict<'a>> = ranked.into_iter().map(|judged| self.verdict(&judged)).collect();
        if let Some(at) = at {
            verdicts[..=at].rotate_right(1);
        }
        verdicts
    }

    fn verdict(&self, judged: &Judged<'_>) -> TagVerdict<'a> {
        let place = self.place(judged);
        let verdict = match *self.outcome {
            Outcome::Pick { index, .. } if index == judged.index => Verdict::Picked {
                why: self.why(judged),
                place,
            },
            Outcome::UnknownDigest { index } if index == judged.index => Verdict::Best {
                unknown: Unknown::Digest,
                place,
            },
            Outcome::Blocked { best: Some(index), by } if index == judged.index => Verdict::Best {
                unknown: Unknown::Other(self.lacks(by)),
                place,
            },
            _ => match judged.beside {
                Beside::Current => Verdict::Current { place },
                Beside::Older => Verdict::Older { place },
                Beside::Equal => Verdict::Equal { place },
                Beside::Newer => Verdict::Newer {
                    ties: self.ties(judged),
                    place,
                },
            },
        };
        TagVerdict {
            tag: self.merged.name(judged.index),
            verdict,
        }
    }

    fn place(&self, judged: &Judged<'_>) -> Place {
        Place {
            standing: self.standing.clone(),
            built: built(self.rules, self.merged, judged.index),
        }
    }

    /// Whether a candidate ranks like the best.
    fn ties(&self, judged: &Judged<'_>) -> bool {
        let ties = |(best, read): &(usize, Read<'_>)| *best != judged.index && read.compare(&judged.read).is_eq();
        self.found.best.as_ref().is_some_and(ties)
    }

    fn why(&self, judged: &Judged<'_>) -> Why {
        match self.rules.rank.as_ref().map(|rank| judged.read.compare(rank)) {
            _ if judged.beside == Beside::Current => of_current(self.current),
            None => Why::Best,
            Some(Ordering::Greater) => Why::Newer,
            Some(Ordering::Equal) => Why::Instead,
            Some(Ordering::Less) => Why::Downgrade,
        }
    }

    /// What is not known of the tag at `index`.
    fn lacks(&self, index: usize) -> Lacks {
        let of_index = |blocker: &&Blocker| blocker.index == index;
        match self.found.unknown.iter().find(of_index) {
            Some(Blocker { lacks_time: true, .. }) => Lacks::BuildTime,
            _ => Lacks::Platforms,
        }
    }
}

/// When the tag at `index` was built, if candidates are ranked by that.
fn built(rules: &Rules<'_>, merged: &Merged<'_>, index: usize) -> Option<Timestamp> {
    match merged.created(index) {
        Created::At(time) if rules.are_by_time() => Some(time),
        _ => None,
    }
}

/// The verdict on the tag that `digest:<tag>` follows.
pub(super) fn of_followed(tag: &Tag, current: &Value, outcome: &Outcome) -> Verdict {
    let is_current = current.tag.as_ref() == Some(tag);
    let place = Place {
        standing: Arc::new(Standing {
            ranked: Ranked::ByName,
            current: shown(current).map(|value| Current {
                value,
                is_ranked: false,
                counts_as: None,
                built: None,
            }),
            best: Some(tag.as_str().into()),
            best_built: None,
            blocked_by: None,
            candidates: 1,
            reason: outcome.reason(),
        }),
        built: None,
    };
    match outcome {
        Outcome::Pick { .. } if is_current => Verdict::Picked {
            why: of_current(current),
            place,
        },
        Outcome::Pick { .. } => Verdict::Picked {
            why: Why::Followed,
            place,
        },
        Outcome::UnknownDigest { .. } => Verdict::Best {
            unknown: Unknown::Digest,
            place,
        },
        _ if is_current => Verdict::Current { place },
        _ => Verdict::Equal { place },
    }
}

/// Why the current tag itself is the pick.
fn of_current(current: &Value) -> Why {
    if current.digest.is_some() {
        Why::Moved
    } else {
        Why::Pinned
    }
}

/// As much of a current value as a sentence shows.
fn shown(current: &Value) -> Option<Box<str>> {
    match (&current.tag, &current.digest) {
        (Some(tag), _) => Some(tag.as_str().into()),
        (None, Some(digest)) => Some(digest.as_str().chars().take(19).collect::<String>().into()),
        (None, None) => None,
    }
}
