//! Whose turn it is at one host: what is due, who goes first, and who is under way. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::reference::{Repository, Timestamp};

/// How long a scan holds one of its host's places. One that takes longer, because its image is huge or its registry does not
/// answer, goes on without a place: it keeps nobody waiting.
const HOLDS_A_PLACE: Duration = Duration::from_secs(10);
/// For each place, so many scans are under way at most, with and without one.
const UNDER_WAY_PER_PLACE: usize = 8;

/// Who goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Urgency {
    /// A person or a webhook asked for it.
    Asked,
    /// Something of it is wanted that was never tried.
    New,
    /// Its time comes.
    Due,
}

impl Urgency {
    const ALL: [Self; 3] = [Self::Asked, Self::New, Self::Due];
}

/// When a repository is scanned next, and how urgently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) urgency: Urgency,
    /// Not before then.
    pub(crate) at: Timestamp,
}

/// The repositories of one host. Each is in it once, and under way at most once at a time.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: BTreeMap<Repository, Turn>,
    /// Those who wait, by urgency, the earliest first.
    order: [BTreeSet<(Timestamp, Repository)>; 3],
    under_way: BTreeMap<Repository, UnderWay>,
}

#[derive(Debug)]
struct UnderWay {
    since: Timestamp,
    /// It was asked for again meanwhile: what it reads may be older than what is asked for.
    again: Option<Turn>,
}

impl Queue {
    /// Says when a repository that is not under way is scanned next. Who was asked for stays so, and who is new keeps its place.
    pub(crate) fn plan(&mut self, repository: &Repository, turn: Turn) {
        if self.under_way.contains_key(repository) {
            return;
        }
        let turn = match self.waiting.get(repository) {
            Some(known) if known.urgency == Urgency::Asked => *known,
            Some(known) if known.urgency == Urgency::New && turn.urgency == Urgency::New => Turn {
                at: known.at.min(turn.at),
                ..turn
            },
            _ => turn,
        };
        self.put(repository, turn);
    }

    /// Puts a repository in front of those that nobody asked for, not before `at`. One that is under way is scanned once more.
    pub(crate) fn ask(&mut self, repository: &Repository, at: Timestamp) {
        let asked = |known: Option<&Turn>| {
            let earlier = known.filter(|known| known.urgency == Urgency::Asked);
            let at = earlier.map_or(at, |known| known.at.min(at));
            let urgency = Urgency::Asked;
            Turn { urgency, at }
        };
        if let Some(under_way) = self.under_way.get_mut(repository) {
            under_way.again = Some(asked(under_way.again.as_ref()));
        } else {
            let turn = asked(self.waiting.get(repository));
            self.put(repository, turn);
        }
    }

    /// The next one that may be scanned now at a host of so many `places`; it is under way from here on.
    pub(crate) fn start(&mut self, now: Timestamp, places: usize) -> Option<(Repository, Urgency)> {
        if self.room_at(now, places).is_none_or(|at| at > now) {
            return None;
        }
        let (urgency, repository) = Urgency::ALL.into_iter().find_map(|urgency| {
            let (at, repository) = self.order[urgency as usize].first()?;
            (*at <= now).then(|| (urgency, repository.clone()))
        })?;
        self.take(&repository);
        let under_way = UnderWay {
            since: now,
            again: None,
        };
        self.under_way.insert(repository.clone(), under_way);
        Some((repository, urgency))
    }

    /// Somebody has set the clock back by so much: whoever waits, waits no longer for that.
    pub(crate) fn set_back(&mut self, by: Duration) {
        for (repository, turn) in self.waiting.clone() {
            let at = earlier(turn.at, by);
            self.put(&repository, Turn { at, ..turn });
        }
        for scan in self.under_way.values_mut() {
            scan.since = earlier(scan.since, by);
            scan.again = scan.again.map(|turn| Turn {
                at: earlier(turn.at, by),
                ..turn
            });
        }
    }

    /// A scan has ended; `next` is when the next one of that repository is made, unless it was asked for meanwhile.
    pub(crate) fn ended(&mut self, repository: &Repository, next: Turn) {
        let again = self.under_way.remove(repository).and_then(|ended| ended.again);
        self.put(repository, again.unwrap_or(next));
    }

    /// When [`Queue::start`] will have something if nothing happens; `None`: not before something does.
    pub(crate) fn wakes_at(&self, now: Timestamp, places: usize) -> Option<Timestamp> {
        Some(self.next_due()?.max(self.room_at(now, places)?))
    }

    /// When the first of those who wait is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let first = self.order.iter().filter_map(|order| order.first());
        first.map(|(at, _)| *at).min()
    }

    /// Whether scans are under way.
    pub(crate) fn is_busy(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// Forgets whom nobody wants any more. A scan that is under way goes on to its end.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&Repository) -> bool) {
        let waiting = self.waiting.keys();
        let unwanted: Vec<Repository> = waiting.filter(|repository| !wanted(repository)).cloned().collect();
        for repository in &unwanted {
            self.take(repository);
        }
    }

    /// Forgets a repository whose scan has ended and that nobody wants any more.
    pub(crate) fn forget(&mut self, repository: &Repository) {
        self.under_way.remove(repository);
        self.take(repository);
    }

    /// From when on there is room for one more; `None`: not before a scan ends.
    fn room_at(&self, now: Timestamp, places: usize) -> Option<Timestamp> {
        if self.under_way.len() >= places.saturating_mul(UNDER_WAY_PER_PLACE) {
            return None;
        }
        let until = self.under_way.values().map(|scan| scan.since + HOLDS_A_PLACE);
        let mut held: Vec<Timestamp> = until.filter(|until| *until > now).collect();
        if held.len() < places {
            return Some(now);
        }
        held.sort_unstable();
        held.get(held.len() - places).copied()
    }

    fn put(&mut self, repository: &Repository, turn: Turn) {
        self.take(repository);
        self.waiting.insert(repository.clone(), turn);
        self.order[turn.urgency as usize].insert((turn.at, repository.clone()));
    }

    fn take(&mut self, repository: &Repository) {
        if let Some(turn) = self.waiting.remove(repository) {
            self.order[turn.urgency as usize].remove(&(turn.at, repository.clone()));
        }
    }
}

fn earlier(time: Timestamp, by: Duration) -> Timestamp {
    let by = i64::try_from(by.as_nanos()).unwrap_or(i64::MAX);
    Timestamp::from_unix_nanoseconds(time.as_unix_nanoseconds().saturating_sub(by))
}

#[cfg(test)]
mod tests;
