//! Headers that tell how many requests are left, so that nobody has to find out by a 429.
//!
//! - `RateLimit-Remaining` with `RateLimit-Reset`: the IETF's drafts up to 06 (seconds until then), GitLab (a time);
//! - `X-RateLimit-Remaining` with `X-RateLimit-Reset`: GitHub and Docker Hub's own API (a time), others (seconds until then);
//! - `RateLimit: limit=100, remaining=0, reset=30`: draft 07;
//! - `RateLimit: "default";r=0;t=30`: the drafts from 08 on, one member for each policy.
//!
//! Docker Hub's `ratelimit-remaining: 76;w=21600` speaks of pulls and not of requests: it names no reset, and is read by `quota`.

use std::time::Duration;

use http::HeaderMap;

use crate::retry_after;

/// Beyond this, and not before, a number of seconds is a time: nobody waits for thirty years.
const TIMES: f64 = 1e9;

/// Beyond this a time is in milliseconds.
const MILLISECONDS: f64 = 1e11;

/// The shortest wait that is told from none, in seconds.
const SHORTEST: f64 = 1e-3;

/// What is left, by a host's own count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    /// Requests.
    pub(crate) requests: u64,
    /// When there will be more: later than now, and within the six hours that a host may ask for.
    pub(crate) reset: Duration,
}

/// What an answer says is left; of several counts the one with the least, and of those the one that lasts longest.
///
/// `None` if it does not say, says it in another way, or makes no sense: a limit of nothing, a reset that is over. `now` is in
/// seconds since the epoch.
pub(crate) fn left(headers: &HeaderMap, now: i64) -> Option<Left> {
    let pairs = [("ratelimit-", headers), ("x-ratelimit-", headers)];
    let pairs = pairs
        .into_iter()
        .filter_map(|(prefix, headers)| pair(headers, prefix, now));
    let members = headers
        .get_all("ratelimit")
        .iter()
        .filter_map(|value| value.to_str().ok());
    let members = members.flat_map(|text| structured(text, now));
    pairs
        .chain(members)
        .min_by_key(|left| (left.requests, std::cmp::Reverse(left.reset)))
}

/// The three headers that begin with `prefix`.
fn pair(headers: &HeaderMap, prefix: &str, now: i64) -> Option<Left> {
    let text = |name: &str| headers.get(format!("{prefix}{name}"))?.to_str().ok();
    if text("limit").is_some_and(|limit| limit.trim() == "0") {
        return None;
    }
    of(text("remaining")?, text("reset")?, now)
}

/// The members of a `RateLimit` header.
fn structured(text: &str, now: i64) -> Vec<Left> {
    let members = split(text, ',');
    let draft_07 = |name: &str| {
        let mut pairs = members.iter().filter_map(|member| member.split_once('='));
        pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value)
    };
    if let (Some(remaining), Some(reset)) = (draft_07("remaining"), draft_07("reset")) {
        return of(remaining, reset, now).into_iter().collect();
    }
    let later = |member: &&str| {
        let parameters = split(member, ';');
        let parameter = |name| parameters.iter().find_map(|text| text.trim().strip_prefix(name));
        of(parameter("r=")?, parameter("t=")?, now)
    };
    members.iter().filter_map(later).collect()
}

/// Splits at `separator` outside of quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        !quoted && c == separator
    })
    .collect()
}

fn of(remaining: &str, reset: &str, now: i64) -> Option<Left> {
    let requests = remaining.trim().parse().ok()?;
    let reset = until(number(reset.trim())?, now);
    (reset > 0.0).then(|| Left {
        requests,
        reset: Duration::from_secs_f64(reset.clamp(SHORTEST, retry_after::LONGEST.as_secs_f64())),
    })
}

/// Seconds from now, of a number that is this or a time.
fn until(number: f64, now: i64) -> f64 {
    match number {
        seconds if seconds < TIMES => seconds,
        time if time < MILLISECONDS => time - now as f64,
        time => time / 1000.0 - now as f64,
    }
}

fn number(text: &str) -> Option<f64> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
