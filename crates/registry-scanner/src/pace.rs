//! How fast one host may be asked: so many requests a second, so many at once, and not at all during a pause.

mod turnstile;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, MutexGuard as AsyncMutexGuard, Notify, Semaphore, SemaphorePermit};
use tokio::task;
use tokio::time::{self, Instant};

use self::turnstile::Turnstile;
use crate::backoff::{Advice, Backoff, Begun, Leave, Patience, Pause, Refusal, Why};
use crate::config::Limits;
use crate::error::ErrorCode;
use crate::retry_after;

/// After this much silence the connections are taken to be gone (the client closes them after 60 seconds).
const CONNECTIONS_LIVE: Duration = Duration::from_secs(45);

/// Over HTTP/1.1 a connection is free again only a moment after its answer has been read. Who asks before that moment opens
/// another one, and so there would be more connections than turns.
const CONNECTION_SETTLES: Duration = Duration::from_millis(5);

/// How long the others wait for the one that goes first: it may have asked for the one thing that is never answered.
const PATIENCE: Duration = Duration::from_secs(5);

/// The gate that every request to a host passes.
pub(crate) struct Pace {
    turnstile: Arc<Turnstile>,
    permits: Semaphore,
    limits: Limits,
    /// From when on each turn that is not taken may be: the one that ended first is the first to be given again.
    free: Mutex<VecDeque<Instant>>,
    /// Held by whoever goes first.
    first: AsyncMutex<()>,
    /// Something was learned that may end a wait before its time.
    news: Notify,
    patience: Patience,
    state: Mutex<State>,
}

struct State {
    backoff: Backoff,
    last_answer: Option<Instant>,
    /// Since when someone goes first.
    led: Option<Instant>,
    /// Requests that got no answer.
    failures: u64,
    last_failure: String,
}

/// Leave to make one request. Whoever does not say how it ended has given it up.
pub(crate) struct Turn<'a> {
    pace: &'a Pace,
    begun: Option<Begun>,
    _permit: SemaphorePermit<'a>,
}

impl Drop for Turn<'_> {
    /// Before the permit is given back, so that whoever gets it finds a turn.
    fn drop(&mut self) {
        if let Some(begun) = self.begun.take() {
            self.pace.lock().backoff.given_up(&begun);
            self.pace.news.notify_one();
        }
        self.pace.free().push_back(Instant::now() + CONNECTION_SETTLES);
    }
}

impl Turn<'_> {
    /// The host answered, and did not refuse.
    pub(crate) fn answered(&mut self) {
        self.end(|backoff, begun, now| backoff.answered(begun, now));
        self.pace.lock().last_answer = Some(Instant::now());
    }

    /// The host refused: nothing is asked of it for as long as it says, or for longer each time it does not. Returns how long.
    pub(crate) fn refused(&mut self, how: Refusal, wait: Option<Duration>, why: Why) -> Duration {
        let advice = Advice {
            wait,
            jitter: rand::random(),
        };
        let left_alone = self.end(|backoff, begun, now| backoff.refused(begun, now, how, advice, why));
        self.pace.lock().last_answer = Some(Instant::now());
        left_alone.unwrap_or_default()
    }

    /// The host says that only `left` more requests may come within `wait`, of which those that are under way will take theirs.
    pub(crate) fn told(&self, left: u64, wait: Duration) {
        let under_way = self.pace.limits.concurrency.get() - self.pace.permits.available_permits();
        if left >= under_way as u64 {
            return;
        }
        let why = Why {
            code: ErrorCode::RateLimited,
            words: "it says that no more requests are left until then".to_owned(),
        };
        self.pace.lock().backoff.spent(Instant::now(), wait, why);
    }

    /// The host answered, but its answer broke off.
    pub(crate) fn broke_off(&mut self, words: String) {
        match self.pace.patience {
            Patience::Endless => self.answered(),
            Patience::Bounded => self.failed(words),
        }
    }

    /// The host gave no answer.
    pub(crate) fn failed(&mut self, words: String) {
        let patience = self.pace.patience;
        let why = Why {
            code: ErrorCode::Unreachable,
            words: format!("it does not answer: {words}"),
        };
        self.end(|backoff, begun, now| backoff.silent(begun, now, patience, rand::random(), why));
        let mut state = self.pace.lock();
        state.failures += 1;
        state.last_failure = words;
    }

    fn end<T>(&mut self, how: impl FnOnce(&mut Backoff, &Begun, Instant) -> T) -> Option<T> {
        let begun = self.begun.take()?;
        let result = how(&mut self.pace.lock().backoff, &begun, Instant::now());
        self.pace.news.notify_one();
        Some(result)
    }
}

/// Held by the one who goes first; all others wait until it is dropped.
pub(crate) struct Lead<'a> {
    pace: &'a Pace,
    _first: AsyncMutexGuard<'a, ()>,
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        self.pace.lock().led = None;
    }
}

impl Pace {
    /// For a registry: what becomes of requests that get no answer is decided by who makes them.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self::with(limits, Patience::Endless)
    }

    /// For a host that only servers name: one that does not answer is left alone for a while, so that nobody waits for it in vain.
    pub(crate) fn elsewhere(limits: &Limits) -> Self {
        Self::with(limits, Patience::Bounded)
    }

    fn with(limits: &Limits, patience: Patience) -> Self {
        let concurrency = limits.concurrency.get();
        Self {
            turnstile: Arc::default(),
            permits: Semaphore::new(concurrency),
            limits: *limits,
            free: Mutex::new(VecDeque::from(vec![Instant::now(); concurrency])),
            first: AsyncMutex::new(()),
            news: Notify::new(),
            patience,
            state: Mutex::new(State {
                backoff: Backoff::new(limits, Instant::now()),
                last_answer: None,
                led: None,
                failures: 0,
                last_failure: String::new(),
            }),
        }
    }

    /// Waits until a request about `subject` may be made; `Err` during a pause.
    pub(crate) async fn turn(&self, subject: &str) -> Result<Turn<'_>, Pause> {
        self.check_pause()?;
        // Only who is inside waits for anything else, so the order of the turnstile is the order of the requests.
        let _inside = self.turnstile.enter(subject).await;
        let permit = self.permits.acquire().await.expect("the semaphore is never closed");
        let free = self.free().pop_front().expect("there are as many turns as permits");
        let mut turn = Turn {
            pace: self,
            begun: None,
            _permit: permit,
        };
        time::sleep_until(free).await;
        // Where all processors are busy, that moment may have gone by without the connection's own task having had its turn.
        task::yield_now().await;
        loop {
            let leave = self.lock().backoff.ask(Instant::now());
            match leave {
                Leave::Now(begun) => {
                    turn.begun = Some(begun);
                    return Ok(turn);
                }
                Leave::Paused(pause) => return Err(pause),
                Leave::AfterProbe => self.news.notified().await,
                Leave::In(wait) => tokio::select! {
                    () = time::sleep(wait) => {}
                    () = self.news.notified() => {}
                },
            }
        }
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
        let first = tokio::select! {
            biased;
            first = self.first.lock() => first,
            () = self.lose_patience() => return Ok(None),
        };
        let mut state = self.lock();
        if !state.is_unknown() {
            return Ok(None);
        }
        if state.failures != failures {
            return Err(state.last_failure.clone());
        }
        state.led = Some(Instant::now());
        Ok(Some(Lead {
            pace: self,
            _first: first,
        }))
    }

    /// Ends when those who wait for the one that goes first wait no longer. After a refusal they do, for the host has asked for it.
    async fn lose_patience(&self) {
        time::sleep(PATIENCE).await;
        while self.lock().backoff.is_cautious() {
            time::sleep(PATIENCE).await;
        }
    }

    /// Leaves the host alone for `wait`, for instance because it was in a pause when the daemon stopped; no longer than a host may
    /// ask for, whatever a clock has made of it since.
    pub(crate) fn pause(&self, wait: Duration, words: String) {
        let why = Why {
            code: ErrorCode::RateLimited,
            words,
        };
        self.lock()
            .backoff
            .pause(Instant::now(), wait.min(retry_after::LONGEST), why);
    }

    /// The pause that is on, if one is.
    pub(crate) fn paused(&self) -> Option<Pause> {
        self.check_pause().err()
    }

    /// Requests a second that are made at most just now.
    pub(crate) fn rate(&self) -> f64 {
        self.lock().backoff.rate(Instant::now())
    }

    /// Goes on where an earlier gate to the same host stands, under its own limits.
    pub(crate) fn take_over(&self, earlier: &Self) {
        let backoff = earlier.lock().backoff.under(&self.limits);
        self.lock().backoff = backoff;
    }

    fn check_pause(&self) -> Result<(), Pause> {
        self.lock().backoff.paused(Instant::now()).cloned().map_or(Ok(()), Err)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn free(&self) -> MutexGuard<'_, VecDeque<Instant>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_unknown(&self) -> bool {
        let silent = |last: Instant| last.elapsed() > CONNECTIONS_LIVE;
        let led = |since: Instant| since.elapsed() < PATIENCE;
        self.led.is_some_and(led) || self.backoff.is_cautious() || self.last_answer.is_none_or(silent)
    }
}

#[cfg(test)]
mod tests;
