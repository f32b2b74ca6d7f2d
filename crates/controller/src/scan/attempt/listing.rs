//! The list of one scan: how much of it is read, and whether it may be believed.
//!
//! A part of a list settles no doubt. While anything is in doubt (the list as a whole, or a tag that git holds), the list is read
//! from its start to its end, and so it is when a part of it raises a doubt. What is outside of the part was listed some hours ago
//! at most, and cannot be picked.

use std::sync::Arc;
use std::time::Duration;

use domain::accept::{ListRecord, Standing, SuspectLimits, accept, is_plausible};
use domain::reach::{Reach, reach};
use domain::reference::{Repository, Timestamp};
use domain::scan::Scan;
use registry_scanner::{Listing, Reading, ScanError, Scanner, Wish};
use tracing::debug;

use crate::clock;
use crate::scan::known::{Knowledge, Listed};
use crate::scan::wanted::{Ask, currents};

/// However much a part tells, the whole is read as often as this: tags outside of it are deleted, too.
const WHOLE_EVERY: Duration = Duration::from_secs(6 * 3600);

/// How much of a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// What can matter, where that can be had.
    Needed,
    /// All of it.
    Whole,
}

/// What is known before a scan.
pub(super) struct Earlier<'a> {
    pub(super) known: &'a Knowledge,
    pub(super) record: ListRecord,
}

/// A list that was judged.
pub(super) struct Judged {
    pub(super) listed: Listed,
    pub(super) standing: Standing,
    pub(super) record: ListRecord,
}

/// Reads the list and judges it.
pub(super) async fn read(
    scanner: &Scanner,
    repository: &Repository,
    asks: &[Ask],
    (earlier, limits, extent): (Earlier<'_>, SuspectLimits, Extent),
) -> Result<Judged, ScanError> {
    let now = clock::now();
    let wanted = wanted(asks);
    let listed = earlier.known.listed.as_ref();
    let wish = Wish {
        earlier: listed.map(|listed| &*listed.listing),
        reach: &wanted,
        may_be_part: extent == Extent::Needed && earlier.may_be_read_in_part(now),
        now,
    };
    let judge = |listing: Listing| earlier.judge(listing, asks, &wanted, limits);
    let judged = judge(scanner.relist(repository, &wish).await?);
    if judged.is_of_use() {
        return Ok(judged);
    }
    debug!(image.repository = %repository, "A part of the list of {repository} raises a doubt; the whole is read");
    let wish = Wish {
        may_be_part: false,
        ..wish
    };
    Ok(judge(scanner.relist(repository, &wish).await?))
}

/// The tags that can matter to any of the asks.
pub(in crate::scan) fn wanted(asks: &[Ask]) -> Reach {
    let each = asks.iter().map(|ask| reach(&ask.policy, &ask.current));
    each.reduce(Reach::or).unwrap_or(Reach::Whole)
}

impl Earlier<'_> {
    /// Whether nothing is in doubt, and the whole was read not long ago.
    fn may_be_read_in_part(&self, now: Timestamp) -> bool {
        let Some(listed) = &self.known.listed else { return false };
        let is_recent = listed.whole_at <= now && now.since(listed.whole_at) < WHOLE_EVERY;
        let is_in_doubt = self.record.suspect.is_some() || !self.record.missing.is_empty();
        is_recent && !is_in_doubt && self.known.standing == Standing::plausible()
    }

    fn judge(&self, mut listing: Listing, asks: &[Ask], wanted: &Reach, limits: SuspectLimits) -> Judged {
        let now = clock::now();
        follow(&mut listing, self.known.scan.as_deref());
        let (standing, record) = accept(&self.record, &listing.tags, &currents(asks), limits, now);
        let was_whole_at = self.known.listed.as_ref().map(|listed| listed.whole_at);
        let (whole_at, reach) = match &listing.reading {
            Reading::Whole | Reading::Unchanged => (now, Reach::Whole),
            Reading::Parts(parts) if parts.is_empty() => (was_whole_at.unwrap_or(now), Reach::Whole),
            Reading::Parts(_) => (was_whole_at.unwrap_or(now), wanted.clone()),
        };
        Judged {
            listed: Listed {
                listing: Arc::new(listing),
                whole_at,
                reach,
            },
            standing,
            record,
        }
    }
}

impl Judged {
    /// Whether it may be worked with: a part only if it raises no doubt at all.
    fn is_of_use(&self) -> bool {
        let Reading::Parts(parts) = &self.listed.listing.reading else {
            return true;
        };
        self.standing == Standing::plausible() && parts.iter().all(|&(before, now)| is_plausible(before, now))
    }
}

/// Takes over what was found out of the list before: only new names have to be looked at.
fn follow(listing: &mut Listing, before: Option<&Scan>) {
    let Some(before) = before else { return };
    if !Arc::ptr_eq(&listing.tags, &before.tags) {
        let tags = Arc::unwrap_or_clone(std::mem::take(&mut listing.tags));
        listing.tags = Arc::new(tags.following(&before.tags));
    }
}
