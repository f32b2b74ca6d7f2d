//! Sentences about candidates.

use std::fmt;

use super::super::SelectReason;
use super::super::verdict::{Current, Lacks, Place, Ranked, Standing, Unknown, Why};
use crate::choose::{dotted_numbers, has_v};

pub(super) fn picked(f: &mut fmt::Formatter<'_>, tag: &str, why: Why, place: &Place) -> fmt::Result {
    let standing = &*place.standing;
    match (why, &standing.current) {
        (Why::Followed, current) => {
            write!(f, "{tag} is the tag that the policy follows")?;
            match current {
                None => Ok(()),
                Some(current) if current.is_digest() => {
                    f.write_str("; it stands for another digest than the current one")
                }
                Some(current) => write!(f, "; the current one is {current}"),
            }
        }
        (Why::Moved, _) => write!(f, "{tag} is the current tag, and stands for another digest now"),
        (Why::Pinned, _) => write!(f, "{tag} is the current tag; `pin: digest` adds its digest"),
        (Why::Instead, Some(current)) => {
            write!(
                f,
                "{tag} ranks like the current {current}, which the policy does not look at"
            )
        }
        (_, None) => newest(f, tag, place),
        (Why::Best, Some(current)) => {
            newest(f, tag, place)?;
            write!(f, "; the current {current} has no rank, so that any is newer")
        }
        (Why::Downgrade, Some(current)) => {
            newest(f, tag, place)?;
            write!(
                f,
                "; it is older than the current {current}, which `allowDowngrade: true` allows"
            )
        }
        (_, Some(current)) => {
            newest(f, tag, place)?;
            match current.built {
                Some(time) => write!(f, "; the current {current} was built {time}"),
                None => write!(f, ", and newer than the current {current}"),
            }
        }
    }
}

/// That it is the best.
fn newest(f: &mut fmt::Formatter<'_>, tag: &str, place: &Place) -> fmt::Result {
    match place.standing.candidates {
        1 => write!(f, "{tag} is the only candidate")?,
        count => write!(f, "{tag} is the newest of {count} candidates")?,
    }
    match place.built {
        Some(time) => write!(f, ", built {time}"),
        None => Ok(()),
    }
}

pub(super) fn best(f: &mut fmt::Formatter<'_>, tag: &str, unknown: Unknown, standing: &Standing) -> fmt::Result {
    let is_current = standing.current.as_ref().is_some_and(|current| &*current.value == tag);
    let lacks = match unknown {
        Unknown::Digest if is_current => {
            return write!(
                f,
                "{tag} is the current tag; its digest is not known, and `pin: digest` wants it written"
            );
        }
        Unknown::Digest => {
            return write!(
                f,
                "{tag} would be picked, but its digest is not known and must be written; `pin: never` would do without"
            );
        }
        Unknown::Other(Lacks::Platforms) => "its platforms are",
        Unknown::Other(Lacks::BuildTime) => "its build time is",
    };
    let other = standing.blocked_by.as_deref().unwrap_or("another tag");
    write!(f, "{tag} would be picked, but {other} may be newer: {lacks} not known")
}

pub(super) fn current(f: &mut fmt::Formatter<'_>, tag: &str, place: &Place) -> fmt::Result {
    let standing = &*place.standing;
    write!(f, "{tag} is the current tag")?;
    if let Some(time) = place.built {
        write!(f, ", built {time}")?;
    }
    if standing.ranked == Ranked::ByName {
        f.write_str(", and the one that the policy follows")
    } else if standing.reason == SelectReason::UpToDate {
        f.write_str(", and no candidate is newer")
    } else {
        Ok(())
    }
}

pub(super) fn older(f: &mut fmt::Formatter<'_>, tag: &str, place: &Place) -> fmt::Result {
    let standing = &*place.standing;
    let Some(current) = &standing.current else {
        return write!(f, "{tag} is older than the current value");
    };
    if standing.reason == SelectReason::OnlyOlder && standing.is_best(tag) {
        newest(f, tag, place)?;
        return write!(
            f,
            ", but older than the current {current}; `allowDowngrade: true` would go back to it"
        );
    }
    match (place.built, current.built) {
        (Some(time), Some(than)) => write!(f, "{tag} was built {time}, before the current {current} ({than})"),
        _ => write!(f, "{tag} is older than the current {current}"),
    }
}

pub(super) fn equal(f: &mut fmt::Formatter<'_>, tag: &str, place: &Place) -> fmt::Result {
    let standing = &*place.standing;
    match &standing.current {
        _ if standing.ranked == Ranked::ByName => {
            return write!(
                f,
                "{tag} is the tag that the policy follows, and nothing new is known of it"
            );
        }
        Some(current) if current.is_digest() && (place.built.is_none() || place.built != current.built) => {
            return write!(f, "{tag} stands for the current digest");
        }
        Some(current) => match place.built {
            Some(time) => write!(f, "{tag} was built {time}, as was the current {current}")?,
            None => write!(f, "{tag} ranks like the current {current}")?,
        },
        None => write!(f, "{tag} ranks like the current value")?,
    }
    f.write_str(if standing.reason == SelectReason::UpToDate {
        ", which stays"
    } else {
        ""
    })
}

pub(super) fn newer(f: &mut fmt::Formatter<'_>, tag: &str, ties: bool, place: &Place) -> fmt::Result {
    let standing = &*place.standing;
    let ranked = standing.current.as_ref().filter(|current| current.is_ranked);
    if let (SelectReason::CurrentUnknown, Some(current)) = (standing.reason, &standing.current) {
        return write!(
            f,
            "{tag} is a candidate, but nothing is picked, for the build time of the current {current} is not known"
        );
    }
    match (&standing.best, place.built) {
        (Some(best), _) if ties => tie(f, tag, best, standing),
        (Some(best), Some(time)) if &**best != tag => match standing.best_built {
            Some(later) => write!(f, "{tag} was built {time}, but {best} later, {later}"),
            None => write!(f, "{tag} was built {time}, but {best} later"),
        },
        (Some(best), None) if &**best != tag => match ranked {
            Some(current) => write!(
                f,
                "{tag} is newer than the current {current}, but {best} is newer still"
            ),
            None => write!(f, "{tag} is a candidate, but {best} is newer"),
        },
        _ => match ranked {
            Some(current) => write!(f, "{tag} is newer than the current {current}"),
            None => write!(f, "{tag} is a candidate"),
        },
    }
}

/// Why another tag of the same rank is preferred.
fn tie(f: &mut fmt::Formatter<'_>, tag: &str, best: &str, standing: &Standing) -> fmt::Result {
    write!(f, "{tag} ranks like {best}, which is preferred: ")?;
    match &standing.current {
        Some(current) if has_v(tag) != has_v(best) && !current.is_digest() => {
            write!(f, "it is written like the current {}", current.value)
        }
        _ if dotted_numbers(tag) != dotted_numbers(best) => f.write_str("it has more numbers"),
        _ => f.write_str("it comes later by bytes"),
    }
}

impl Standing {
    fn is_best(&self, tag: &str) -> bool {
        self.best.as_deref() == Some(tag)
    }
}

impl Current {
    /// Whether it has no tag.
    fn is_digest(&self) -> bool {
        self.value.contains(':')
    }
}

/// `3.21.0_rc1, which counts as 3.21.0`.
impl fmt::Display for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_digest() {
            return f.write_str("digest");
        }
        f.write_str(&self.value)?;
        match &self.counts_as {
            Some(text) => write!(f, " (read as {text})"),
            None => Ok(()),
        }
    }
}
