//! When a host may be asked, and how it is left alone: a state machine over time, without IO and without a clock.
//!
//! A bucket of tokens holds the rate. A 429 halves the rate and begins a pause, as long as the host says, else longer each time.
//! After a pause one request goes alone; its answer, if it is no 429, ends the caution, and the rate grows again, twice as high after
//! each [`DOUBLING`]. What was under way when the host lost its patience counts as one refusal.

use std::time::Duration;

use tokio::time::Instant;

use crate::config::Limits;
use crate::error::ErrorCode;

/// After a refusal that does not say how long: the first pause, doubled each time.
pub(crate) const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// The longest of those pauses.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// No pause is shorter, whatever a host says.
pub(crate) const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// How long the rate needs to make good for one refusal.
///
/// Slow on purpose: where a host takes less than is configured, this is what lies between two refusals, whatever it takes. From the
/// lowest rate it is ten minutes to the whole.
const DOUBLING: Duration = Duration::from_secs(100);

/// The rate never falls below this part of the whole: six halves of halves.
const SLOWEST: f64 = 1.0 / 64.0;

/// So many good answers after a refusal, and the next one is the first again.
const GOOD_ANSWERS: u32 = 10;

/// So many requests without an answer, one after the other, and a host is left alone, where that is asked for.
const SILENCES: u32 = 3;

/// The first pause of a host that does not answer, doubled each time.
const FIRST_SILENCE: Duration = Duration::from_secs(15);

/// A part of a token that no clock can wait for.
const DUST: f64 = 1e-6;

/// The state.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    /// Requests a second, as configured.
    whole: f64,
    /// Requests at once after a rest, as configured.
    burst: f64,
    /// Requests a second just now.
    rate: f64,
    tokens: f64,
    /// The latest time that was seen; time that jumps back is not believed.
    now: Instant,
    pause: Option<Pause>,
    /// Nothing has shown yet that the host has patience again.
    cautious: bool,
    /// The one request that finds out is under way.
    probing: bool,
    /// The latest refusal: answers to requests that began before it say nothing of the time after it.
    refused: Option<Instant>,
    /// Refusals in a row.
    strikes: u32,
    good: u32,
    /// Requests in a row that got no answer.
    silences: u32,
    /// Pauses in a row because of that.
    mute: u32,
}

/// Until when a host is left alone, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pause {
    pub(crate) until: Instant,
    pub(crate) why: Why,
}

/// Why a host is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Why {
    /// What it means for a request that is not made.
    pub(crate) code: ErrorCode,
    /// In words that follow "it is left alone: ".
    pub(crate) words: String,
}

/// Whether a request may be made now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// Yes.
    Now(Begun),
    /// Not before this time has passed.
    In(Duration),
    /// Not before another one has been answered.
    AfterProbe,
    /// Not for long.
    Paused(Pause),
}

/// A request that is under way. Each is ended by exactly one call that takes it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    at: Instant,
    probe: bool,
}

/// How a host refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It was asked too often: 429.
    TooMany,
    /// It cannot serve anyone for a while: 503 that says how long.
    Unavailable,
}

impl Refusal {
    /// What it means for the request.
    pub(crate) fn code(self) -> ErrorCode {
        match self {
            Self::TooMany => ErrorCode::RateLimited,
            Self::Unavailable => ErrorCode::ServerError,
        }
    }

    /// What the host does, in words that follow its name.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::TooMany => "asks for fewer requests",
            Self::Unavailable => "is not available",
        }
    }
}

/// How long a refusal asks for, and a number from 0 to 1 that decides where in the last quarter a pause ends that we chose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Advice {
    pub(crate) wait: Option<Duration>,
    pub(crate) jitter: f64,
}

impl Backoff {
    /// A host of which nothing is known.
    pub(crate) fn new(limits: &Limits, now: Instant) -> Self {
        let whole = f64::from(limits.requests_per_second.get());
        let burst = f64::from(limits.burst.get());
        Self {
            whole,
            burst,
            rate: whole,
            tokens: burst,
            now,
            pause: None,
            cautious: false,
            probing: false,
            refused: None,
            strikes: 0,
            good: 0,
            silences: 0,
            mute: 0,
        }
    }

    /// The same host under other limits: what it asked for still holds, and it is asked the same part of them.
    pub(crate) fn under(&self, limits: &Limits) -> Self {
        let fresh = Self::new(limits, self.now);
        Self {
            rate: fresh.whole * self.rate / self.whole,
            tokens: self.tokens.min(fresh.burst),
            whole: fresh.whole,
            burst: fresh.burst,
            probing: false,
            ..self.clone()
        }
    }

    /// Whether a request may be made at `now`; `Leave::Now` takes a token.
    pub(crate) fn ask(&mut self, now: Instant) -> Leave {
        self.advance(now);
        if let Some(pause) = &self.pause {
            return Leave::Paused(pause.clone());
        }
        if self.probing {
            return Leave::AfterProbe;
        }
        if self.tokens < 1.0 - DUST {
            return Leave::In(Duration::from_secs_f64((1.0 - self.tokens) / self.rate));
        }
        self.tokens = (self.tokens - 1.0).max(0.0);
        self.probing = self.cautious;
        Leave::Now(Begun {
            at: self.now,
            probe: self.cautious,
        })
    }

    /// The host answered with patience.
    pub(crate) fn answered(&mut self, request: &Begun, now: Instant) {
        self.advance(now);
        self.end(request);
        if self.is_news(request) {
            self.cautious = false;
            self.good = self.good.saturating_add(1);
            self.silences = 0;
            self.mute = 0;
        }
    }

    /// The host refused. Returns how long it is left alone from now on.
    pub(crate) fn refused(
        &mut self,
        request: &Begun,
        now: Instant,
        how: Refusal,
        advice: Advice,
        why: Why,
    ) -> Duration {
        self.advance(now);
        self.end(request);
        let news = self.is_news(request);
        if news {
            self.refused = Some(self.now);
            self.cautious = true;
        }
        if news && how == Refusal::TooMany {
            self.slow_down();
        }
        match advice.wait {
            Some(wait) => self.extend(wait, why),
            None if news => self.extend(doubled(FIRST_PAUSE, self.strikes, advice.jitter), why),
            // It belongs to a refusal that has had its pause.
            None => {}
        }
        let pause = self.pause.as_ref();
        pause.map_or(Duration::ZERO, |pause| pause.until.saturating_duration_since(self.now))
    }

    /// No answer came. A host that gives none again and again is left alone if `patience` says so.
    pub(crate) fn silent(&mut self, request: &Begun, now: Instant, patience: Patience, jitter: f64, why: Why) {
        self.advance(now);
        self.end(request);
        if !self.is_news(request) {
            return;
        }
        self.silences = self.silences.saturating_add(1);
        if patience == Patience::Bounded && (self.silences >= SILENCES || self.mute > 0) {
            self.mute = self.mute.saturating_add(1);
            self.silences = 0;
            self.refused = Some(self.now);
            self.cautious = true;
            self.extend(doubled(FIRST_SILENCE, self.mute, jitter), why);
        }
    }

    /// Whoever asked gave up, or never asked.
    pub(crate) fn given_up(&mut self, request: &Begun) {
        self.end(request);
    }

    /// The host says that nothing is left for `wait`, without having refused anything.
    pub(crate) fn spent(&mut self, now: Instant, wait: Duration, why: Why) {
        self.advance(now);
        self.extend(wait.min(LONGEST_PAUSE), why);
    }

    /// Leaves the host alone for `wait`.
    pub(crate) fn pause(&mut self, now: Instant, wait: Duration, why: Why) {
        self.advance(now);
        self.cautious = true;
        self.refused = Some(self.now);
        self.extend(wait, why);
    }

    /// The pause that is on, if one is.
    pub(crate) fn paused(&mut self, now: Instant) -> Option<&Pause> {
        self.advance(now);
        self.pause.as_ref()
    }

    /// Whether the next request finds out if the host has patience again, or is just about to.
    pub(crate) fn is_cautious(&self) -> bool {
        self.cautious
    }

    /// Requests a second that are made at most just now.
    pub(crate) fn rate(&mut self, now: Instant) -> f64 {
        self.advance(now);
        self.rate
    }

    /// A refusal that was already answered with a pause is no news.
    fn is_news(&self, request: &Begun) -> bool {
        self.refused.is_none_or(|refused| request.at > refused)
    }

    fn end(&mut self, request: &Begun) {
        if request.probe {
            self.probing = false;
        }
    }

    fn slow_down(&mut self) {
        if self.good >= GOOD_ANSWERS {
            self.strikes = 0;
        }
        self.strikes = self.strikes.saturating_add(1);
        self.good = 0;
        self.rate = (self.rate / 2.0).max(self.whole * SLOWEST);
        self.tokens = 0.0;
    }

    /// A shorter pause never cuts a longer one.
    fn extend(&mut self, wait: Duration, why: Why) {
        let until = self.now + wait.max(SHORTEST_PAUSE);
        if self.pause.as_ref().is_none_or(|known| known.until < until) {
            self.pause = Some(Pause { until, why });
        }
    }

    fn advance(&mut self, now: Instant) {
        let now = now.max(self.now);
        let mut from = self.now;
        self.now = now;
        if let Some(until) = self.pause.as_ref().map(|pause| pause.until) {
            // A pause brings one token and not a burst.
            let passed = until.min(now).saturating_duration_since(from).as_secs_f64();
            self.tokens = self.tokens.max((self.tokens + passed * self.whole).min(1.0));
            from = from.max(until.min(now));
            self.pause.take_if(|pause| pause.until <= now);
        }
        let open = now.saturating_duration_since(from).as_secs_f64();
        let most = (self.burst * self.rate / self.whole).max(1.0);
        self.tokens = (self.tokens + open * self.rate).min(most);
        if !self.cautious {
            let grown = self.rate * (open / DOUBLING.as_secs_f64()).exp2();
            self.rate = grown.min(self.whole);
        }
    }
}

/// Whether a host that does not answer is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// No: whoever scans has a schedule of their own for that.
    Endless,
    /// Yes, after some requests.
    Bounded,
}

/// The pause after the `count`th time, counted from 1: doubled each time, and up to a quarter shorter so that not all come back at once.
fn doubled(first: Duration, count: u32, jitter: f64) -> Duration {
    let factor = 1_u32.checked_shl(count.saturating_sub(1)).unwrap_or(u32::MAX);
    let longest = first.saturating_mul(factor).min(LONGEST_PAUSE);
    longest.mul_f64(0.75 + 0.25 * jitter.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests;
