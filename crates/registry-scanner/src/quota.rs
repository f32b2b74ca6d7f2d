//! How many pulls a registry says are left, and who may make one.
//!
//! Docker Hub counts each manifest that is fetched by GET (an index and each of its images), in a window of six hours, and tells
//! with each answer how many are left; a HEAD and a list count for nothing. The nodes that run the images often share the count,
//! so a part of it is left to them.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;

/// The header that tells the size of the quota, `100;w=21600`.
const LIMIT: &str = "ratelimit-limit";
/// The header that tells what is left of it, `76;w=21600`.
const REMAINING: &str = "ratelimit-remaining";
/// The window of a quota that names none.
const WINDOW: Duration = Duration::from_secs(6 * 3600);
/// No window is longer.
const LONGEST_WINDOW: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long no `HEAD` is sent to a registry that refused one as a pull.
const HEADS_WAIT: Duration = Duration::from_secs(15 * 60);
/// The part of a quota that is left to others: one in so many.
const LEFT_TO_OTHERS: u64 = 5;

/// A registry's own count of pulls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Pulls in the window.
    pub limit: u64,
    /// Pulls that are left.
    pub remaining: u64,
    /// How long the registry remembers a pull.
    pub window: Duration,
}

/// What an answer says of the quota; `None` if it says nothing, or nothing that makes sense.
pub(crate) fn quota(headers: &HeaderMap) -> Option<Quota> {
    let (limit, window) = read(headers, LIMIT)?;
    let (remaining, _) = read(headers, REMAINING)?;
    (limit > 0).then(|| Quota {
        limit,
        remaining: remaining.min(limit),
        window: window.unwrap_or(WINDOW).clamp(Duration::from_secs(1), LONGEST_WINDOW),
    })
}

/// A number, and the window that it is for.
fn read(headers: &HeaderMap, name: &str) -> Option<(u64, Option<Duration>)> {
    let text = headers.get(name)?.to_str().ok()?;
    let mut parts = text.split(';').map(str::trim);
    let number = parts.next()?.parse().ok()?;
    let window = parts.find_map(|part| part.strip_prefix("w=")?.parse().ok());
    Some((number, window.map(Duration::from_secs)))
}

/// The pulls of one registry host.
#[derive(Debug, Default)]
pub(crate) struct Pulls(Mutex<Count>);

/// What is left, as a state machine over time.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    known: Option<Known>,
    /// Pulls that have begun, ever.
    begun: u64,
    /// Those of them that are under way.
    open: u64,
    /// Until when a `HEAD` is not tried, because one was refused as a pull.
    heads: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    quota: Quota,
    at: Instant,
    /// Pulls that the registry may not have counted in what it said.
    begun: u64,
}

/// A request as the count of pulls sees it, from before it is sent until its answer is read.
#[derive(Debug)]
pub(crate) struct Pull<'a> {
    pulls: &'a Pulls,
    counts: bool,
    mark: Mark,
}

/// What an answer cannot have counted: what was under way when its request began, and what began after that.
#[derive(Debug, Clone, Copy)]
struct Mark {
    begun: u64,
    open: u64,
}

impl Pulls {
    /// Takes one pull, or says how long to wait for it at most: sooner, if an answer tells that there are more.
    pub(crate) fn take(&self, now: Instant) -> Result<Pull<'_>, Duration> {
        let mark = self.lock().take(now)?;
        Ok(self.pull(mark, true))
    }

    /// A question that is no pull, but tells what is left; or how long to wait with it, if the registry takes it for a pull.
    pub(crate) fn look(&self, now: Instant) -> Result<Pull<'_>, Duration> {
        let count = *self.lock();
        match count.heads {
            Some(until) if until > now => Err(until - now),
            _ => Ok(self.pull(count.mark(), false)),
        }
    }

    /// A request that has nothing to do with pulls.
    pub(crate) fn none(&self) -> Pull<'_> {
        self.pull(self.lock().mark(), false)
    }

    /// The registry refused a pull because there are none left, or a `HEAD` as if it were one; how long to wait at most.
    pub(crate) fn refused(&self, headers: &HeaderMap, head: bool, now: Instant) -> Duration {
        self.lock().refused(quota(headers), head, now)
    }

    /// What is left now, as far as it is known.
    pub(crate) fn left(&self, now: Instant) -> Option<Quota> {
        let known = self.lock().known?;
        let remaining = known.left(now);
        Some(Quota {
            remaining,
            ..known.quota
        })
    }

    /// Takes over what was known under an earlier configuration.
    pub(crate) fn inherit(&self, earlier: &Self) {
        let known = *earlier.lock();
        *self.lock() = Count { open: 0, ..known };
    }

    fn pull(&self, mark: Mark, counts: bool) -> Pull<'_> {
        let pulls = self;
        Pull { pulls, counts, mark }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Count> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pull<'_> {
    /// Takes note of what the answer says of the quota.
    pub(crate) fn saw(&self, headers: &HeaderMap, now: Instant) {
        if let Some(quota) = quota(headers) {
            self.pulls.lock().saw(quota, self.mark, now);
        }
    }
}

impl Drop for Pull<'_> {
    fn drop(&mut self) {
        if self.counts {
            self.pulls.lock().end();
        }
    }
}

impl Count {
    fn mark(&self) -> Mark {
        Mark {
            begun: self.begun,
            open: self.open,
        }
    }

    fn take(&mut self, now: Instant) -> Result<Mark, Duration> {
        let open = self.open;
        if let Some(known) = &mut self.known {
            if known.age(now).is_none() {
                *known = known.anew(now, open);
            }
            if known.left(now) <= known.quota.limit / LEFT_TO_OTHERS {
                return Err(known.age(now).map_or(Duration::ZERO, |age| known.quota.window - age));
            }
            known.begun += 1;
        }
        self.begun += 1;
        let mark = self.mark();
        self.open += 1;
        Ok(mark)
    }

    fn end(&mut self) {
        // One that began under an earlier configuration is not among these.
        self.open = self.open.saturating_sub(1);
    }

    fn saw(&mut self, quota: Quota, mark: Mark, now: Instant) {
        let begun = mark.open + self.begun.saturating_sub(mark.begun);
        self.known = Some(Known { quota, at: now, begun });
    }

    fn refused(&mut self, quota: Option<Quota>, head: bool, now: Instant) -> Duration {
        let known = quota.or(self.known.map(|known| known.quota));
        let quota = known.unwrap_or(Quota {
            limit: 100,
            remaining: 0,
            window: WINDOW,
        });
        let none = Quota { remaining: 0, ..quota };
        self.saw(none, self.mark(), now);
        if head {
            self.heads = Some(now + HEADS_WAIT);
            return HEADS_WAIT;
        }
        quota.window
    }
}

impl Known {
    /// What is left: what the registry said, less what it may not have counted. When its window has passed, it has forgotten all of
    /// it; whether it has forgotten some before that, only it can say, with the next answer.
    fn left(&self, now: Instant) -> u64 {
        match self.age(now) {
            Some(_) => self.quota.remaining.saturating_sub(self.begun),
            None => self.quota.limit,
        }
    }

    /// A new window, in which nothing has been said yet.
    fn anew(&self, now: Instant, open: u64) -> Self {
        let quota = Quota {
            remaining: self.quota.limit,
            ..self.quota
        };
        let (at, begun) = (now, open);
        Self { quota, at, begun }
    }

    /// How long ago the registry said so; `None` if that is longer ago than its window.
    fn age(&self, now: Instant) -> Option<Duration> {
        let age = now.saturating_duration_since(self.at);
        (age < self.quota.window).then_some(age)
    }
}

#[cfg(test)]
mod tests;
