//! Answers that say "not now", and for how long.

use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;

use super::RegistryClient;
use super::answer::{Answer, words};
use super::ask::{Kind, Outgoing};
use crate::backoff::{LONGEST_PAUSE, Refusal, Why};
use crate::error::{Failure, Who};
use crate::pace::Turn;
use crate::quota::quota;
use crate::ratelimit::{self, Left};
use crate::retry_after::{retry_after, retry_after_in};

/// How Docker Hub says that it is the quota of pulls that is used up, and not its patience.
const PULL_LIMIT: &str = "pull rate limit";

impl RegistryClient {
    /// What an answer means that says "not now"; `None` for all others.
    pub(super) fn refused(
        &self,
        answer: &Answer,
        out: &Outgoing<'_>,
        turn: &mut Turn<'_>,
        who: &Who,
    ) -> Option<Failure> {
        // The body of a good answer is as large as what was asked for, and is nobody's words.
        if !matches!(answer.status.as_u16(), 403 | 429 | 503) {
            return None;
        }
        let words = words(&answer.body, &self.told.redactor(out.secrets));
        let how = refusal(answer, &words)?;
        if *who == Who::Registry && self.is_out_of_pulls(answer, out.kind, &words) {
            // The host itself is well: lists are no pulls.
            turn.answered();
            let wait = self
                .pulls
                .refused(&answer.headers, out.kind == Kind::Head, Instant::now());
            return Some(Failure::PullsSpent { wait });
        }
        let said = if words.is_empty() {
            String::new()
        } else {
            format!(": {words}")
        };
        let why = Why {
            code: how.code(),
            words: format!("it answered {}{said}", answer.status),
        };
        let wait = turn.refused(how, advice(&answer.headers, &words), why);
        let who = who.clone();
        Some(Failure::Refused { who, how, wait, words })
    }

    /// Whether a refusal is about pulls: Docker Hub says so in words, and to a `HEAD`, which has none, in its headers.
    fn is_out_of_pulls(&self, answer: &Answer, kind: Kind, words: &str) -> bool {
        let none_left = || quota(&answer.headers).is_some_and(|quota| quota.remaining == 0);
        match kind {
            Kind::Manifest => words.to_ascii_lowercase().contains(PULL_LIMIT) || none_left(),
            Kind::Head => none_left(),
            Kind::List | Kind::Blob | Kind::Token | Kind::Ping => false,
        }
    }
}

/// Whether an answer says "not now". GitHub says it with 403 too, and so without looking the next credential would be tried.
fn refusal(answer: &Answer, words: &str) -> Option<Refusal> {
    let none_left = || left_of(&answer.headers).is_some_and(|left| left.requests == 0);
    let limited = || none_left() || words.to_ascii_lowercase().contains("rate limit");
    match answer.status.as_u16() {
        429 => Some(Refusal::TooMany),
        403 if limited() => Some(Refusal::TooMany),
        503 if retry_after(&answer.headers, unix_now()).is_some() => Some(Refusal::Unavailable),
        _ => None,
    }
}

/// How long a refusal asks for: in its headers, else in its words, else until its count begins anew.
fn advice(headers: &HeaderMap, words: &str) -> Option<Duration> {
    let reset = || {
        let none_left = left_of(headers).filter(|left| left.requests == 0)?;
        Some(none_left.reset.min(LONGEST_PAUSE))
    };
    retry_after(headers, unix_now())
        .or_else(|| retry_after_in(words))
        .or_else(reset)
}

/// What an answer says is left of the requests that its server allows.
pub(super) fn left_of(headers: &HeaderMap) -> Option<Left> {
    ratelimit::left(headers, unix_now())
}

/// For dates in `Retry-After` of servers that send no `Date`, and for since when something is known of a registry; nothing else here
/// reads the wall clock.
pub(crate) fn unix_now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
