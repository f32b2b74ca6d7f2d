//! How fast one host may be asked: so many requests a second, so many at once, and not at all during a pause.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::{Mutex as AsyncMutex, MutexGuard, Semaphore, SemaphorePermit};
use tokio::time::{self, Instant};

use crate::config::Limits;

/// After a 429 that does not say how long: the first pause, doubled each time.
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// The longest of those pauses.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// After this much silence the connections are taken to be gone (the client closes them after 60 seconds).
const CONNECTIONS_LIVE: Duration = Duration::from_secs(45);

/// Over HTTP/1.1 a connection is free again only a moment after its answer has been read. Who asks before that moment opens
/// another one, and so there would be more connections than turns.
const CONNECTION_SETTLES: Duration = Duration::from_millis(5);

/// The gate that every request to a host passes.
pub(crate) struct Pace {
    limiter: RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<Duration>>,
    clock: TokioClock,
    permits: Semaphore,
    /// From when on each turn that is not taken may be: the one that ended first is the first to be given again.
    free: Mutex<VecDeque<Instant>>,
    /// Held by whoever goes first.
    first: AsyncMutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    pause: Option<Pause>,
    /// 429s since the last answer that was none.
    throttled: u32,
    last_answer: Option<Instant>,
    /// Someone goes first just now.
    led: bool,
    /// Requests that got no answer.
    failures: u64,
    last_failure: String,
}

/// Until when a host is left alone, and why.
#[derive(Debug, Clone)]
pub(crate) struct Pause {
    pub(crate) until: Instant,
    pub(crate) reason: String,
}

/// Leave to make one request.
pub(crate) struct Turn<'a> {
    pace: &'a Pace,
    _permit: SemaphorePermit<'a>,
}

impl Drop for Turn<'_> {
    /// Before the permit is given back, so that whoever gets it finds a turn.
    fn drop(&mut self) {
        self.pace.free().push_back(Instant::now() + CONNECTION_SETTLES);
    }
}

/// Held by the one who goes first; all others wait until it is dropped.
pub(crate) struct Lead<'a> {
    pace: &'a Pace,
    _first: MutexGuard<'a, ()>,
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        self.pace.lock().led = false;
    }
}

impl Pace {
    pub(crate) fn new(limits: &Limits) -> Self {
        let clock = TokioClock(Instant::now());
        let concurrency = limits.concurrency.get();
        let quota = Quota::per_second(limits.requests_per_second).allow_burst(limits.burst);
        Self {
            limiter: RateLimiter::direct_with_clock(quota, clock.clone()),
            clock,
            permits: Semaphore::new(concurrency),
            free: Mutex::new(VecDeque::from(vec![Instant::now(); concurrency])),
            first: AsyncMutex::new(()),
            state: Mutex::default(),
        }
    }

    /// Waits until a request may be made; `Err` during a pause.
    pub(crate) async fn turn(&self) -> Result<Turn<'_>, Pause> {
        self.check_pause()?;
        let permit = self.permits.acquire().await.expect("the semaphore is never closed");
        let free = self.free().pop_front().expect("there are as many turns as permits");
        let turn = Turn {
            pace: self,
            _permit: permit,
        };
        time::sleep_until(free).await;
        while let Err(wait) = self.limiter.check() {
            time::sleep(wait.wait_time_from(self.clock.now())).await;
        }
        self.check_pause()?;
        Ok(turn)
    }

    /// Lets one go first while nothing is known of the host: what it wants to be shown, whether it answers at all, whether it
    /// has patience again after a 429. Whoever follows shares what the first one learned, and with HTTP/2 its connection.
    ///
    /// `Err` says why the host could not be reached, if that became known during the wait.
    pub(crate) async fn lead(&self) -> Result<Option<Lead<'_>>, String> {
        let failures = {
            let state = self.lock();
            if !state.is_unknown() {
                return Ok(None);
            }
            state.failures
        };
        let first = self.first.lock().await;
        let mut state = self.lock();
        if !state.is_unknown() {
            return Ok(None);
        }
        if state.failures != failures {
            return Err(state.last_failure.clone());
        }
        state.led = true;
        Ok(Some(Lead {
            pace: self,
            _first: first,
        }))
    }

    /// The host gave no answer.
    pub(crate) fn failed(&self, words: String) {
        let mut state = self.lock();
        state.failures += 1;
        state.last_failure = words;
    }

    /// The host answered, and not with 429.
    pub(crate) fn answered(&self) {
        let mut state = self.lock();
        state.throttled = 0;
        state.last_answer = Some(Instant::now());
    }

    /// The host answered 429: nothing is asked of it for `advice`, or for longer each time it gives none. Returns how long.
    pub(crate) fn throttled(&self, advice: Option<Duration>, reason: String) -> Duration {
        let mut state = self.lock();
        let wait = advice.unwrap_or_else(|| {
            let doubled = FIRST_PAUSE.saturating_mul(1_u32.checked_shl(state.throttled).unwrap_or(u32::MAX));
            let longest = doubled.min(LONGEST_PAUSE);
            longest.mul_f64(rand::random_range(0.75..=1.0))
        });
        state.throttled = state.throttled.saturating_add(1).min(30);
        state.last_answer = Some(Instant::now());
        extend(&mut state.pause, wait, reason);
        wait
    }

    /// Leaves the host alone for `wait`, for instance because it was in a pause when the daemon stopped.
    pub(crate) fn pause(&self, wait: Duration, reason: String) {
        extend(&mut self.lock().pause, wait, reason);
    }

    /// The pause that is on, if one is.
    pub(crate) fn paused(&self) -> Option<Pause> {
        self.check_pause().err()
    }

    /// Takes over the pause of an earlier gate to the same host.
    pub(crate) fn inherit(&self, earlier: &Self) {
        let (pause, throttled) = {
            let state = earlier.lock();
            (state.pause.clone(), state.throttled)
        };
        let mut state = self.lock();
        state.pause = pause;
        state.throttled = throttled;
    }

    fn check_pause(&self) -> Result<(), Pause> {
        match &self.lock().pause {
            Some(pause) if pause.until > Instant::now() => Err(pause.clone()),
            _ => Ok(()),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn free(&self) -> std::sync::MutexGuard<'_, VecDeque<Instant>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_unknown(&self) -> bool {
        self.led || self.throttled > 0 || self.last_answer.is_none_or(|last| last.elapsed() > CONNECTIONS_LIVE)
    }
}

/// A shorter pause never cuts a longer one.
fn extend(pause: &mut Option<Pause>, wait: Duration, reason: String) {
    let until = Instant::now() + wait;
    if pause.as_ref().is_none_or(|known| known.until < until) {
        *pause = Some(Pause { until, reason });
    }
}

/// The runtime's clock, so that tests may stop it. Counts from its own making.
#[derive(Debug, Clone)]
struct TokioClock(Instant);

impl Clock for TokioClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests;
