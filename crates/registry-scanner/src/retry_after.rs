//! `Retry-After` as servers really write it.

use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// No pause is shorter.
const SHORTEST: Duration = Duration::from_secs(1);

/// No pause is longer.
const LONGEST: Duration = Duration::from_secs(6 * 60 * 60);

/// How long the server wants to be left alone, between one second and six hours; `None` if it does not say or cannot be
/// understood.
///
/// Reads whole and broken seconds, an HTTP date (counted from the answer's own `Date`, else from `now`, seconds since the
/// epoch), and Go's durations (`880.092µs`, which ghcr.io sends).
pub(crate) fn retry_after(headers: &HeaderMap, now: i64) -> Option<Duration> {
    // Bytes, for `µ` is no ASCII.
    let text = headers.get(RETRY_AFTER)?;
    let text = String::from_utf8_lossy(text.as_bytes());
    let text = text.trim();
    let date = |text: &str| seconds_of_date(text).map(|then| then - date_of(headers).unwrap_or(now));
    let seconds = number(text)
        .or_else(|| go_duration(text))
        .or_else(|| date(text).map(|seconds| seconds as f64))?;
    Some(clamp(seconds))
}

fn date_of(headers: &HeaderMap) -> Option<i64> {
    seconds_of_date(headers.get(DATE)?.to_str().ok()?)
}

fn clamp(seconds: f64) -> Duration {
    let bounded = seconds.clamp(SHORTEST.as_secs_f64(), LONGEST.as_secs_f64());
    Duration::from_secs_f64(bounded)
}

/// Digits with at most one point among them: no sign, no exponent, no `inf`.
fn number(text: &str) -> Option<f64> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if plain { text.parse().ok() } else { None }
}

/// `1h2m3.5s`, `880.092µs`: numbers, each with its unit.
fn go_duration(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let unit_at = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let value = number(&rest[..unit_at])?;
        let unit_end = rest[unit_at..]
            .find(|c: char| c.is_ascii_digit())
            .map_or(rest.len(), |at| unit_at + at);
        let scale = match &rest[unit_at..unit_end] {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" | "μs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        total += value * scale;
        rest = &rest[unit_end..];
    }
    (!text.is_empty()).then_some(total)
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form of an HTTP date that is still written (RFC 9110 §5.6.7).
fn seconds_of_date(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (_, rest) = text.split_once(", ")?;
    let [day, month, year, time, "GMT"] = rest.split(' ').collect::<Vec<_>>()[..] else {
        return None;
    };
    let [hour, minute, second] = time.split(':').collect::<Vec<_>>()[..] else {
        return None;
    };
    let digits = |text: &str, length: usize| {
        let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<i64>().ok()).flatten()
    };
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let days = days_since_epoch(digits(year, 4)?, month, digits(day, 2)?);
    Some(days * 86_400 + digits(hour, 2)? * 3600 + digits(minute, 2)? * 60 + digits(second, 2)?)
}

/// Days of the civil calendar since 1970-01-01 (years from March on, so that the leap day is the last of a year).
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests;
