//! `Retry-After` as servers really write it.

use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// No pause is shorter.
const SHORTEST: Duration = Duration::from_secs(1);

/// No pause is longer.
pub(crate) const LONGEST: Duration = Duration::from_secs(6 * 60 * 60);

/// Docker Hub's way before it spoke as others do: a time.
const X_RETRY_AFTER: &str = "x-retry-after";

/// Numbers this near to the present are a time and no count of seconds.
const NEAR: f64 = 7.0 * 86_400.0;

/// How long the server wants to be left alone, between one second and six hours; `None` if it does not say or cannot be
/// understood. Where it says so several times, the longest holds.
///
/// Reads whole and broken seconds, an HTTP date in each of its three forms (counted from the answer's own `Date`, else from `now`,
/// seconds since the epoch), Go's durations (`880.092µs`, which ghcr.io writes), and seconds since the epoch, which Docker Hub has
/// sent in `Retry-After` and in `X-Retry-After`.
pub(crate) fn retry_after(headers: &HeaderMap, now: i64) -> Option<Duration> {
    let now = date_of(headers).unwrap_or(now);
    let usual = headers.get_all(RETRY_AFTER).iter();
    let unusual = headers.get_all(X_RETRY_AFTER).iter();
    // Bytes, for `µ` is no ASCII.
    let texts = usual
        .chain(unusual)
        .map(|text| String::from_utf8_lossy(text.as_bytes()));
    texts.filter_map(|text| wait(text.trim(), now)).max()
}

/// The same out of a server's words: ghcr.io writes `retry-after: 880.092µs, allowed: 44000/minute` into its error.
pub(crate) fn retry_after_in(words: &str) -> Option<Duration> {
    let at = words.to_ascii_lowercase().find("retry-after:")? + "retry-after:".len();
    let text = words[at..].trim_start();
    let end = text.find([',', ';', ' ']).unwrap_or(text.len());
    number(&text[..end]).or_else(|| go_duration(&text[..end])).map(clamp)
}

fn wait(text: &str, now: i64) -> Option<Duration> {
    let date = |text: &str| seconds_of_date(text, now).map(|then| then.saturating_sub(now) as f64);
    let seconds = number(text).map(|number| {
        let from_now = number - now as f64;
        if from_now.abs() < NEAR { from_now } else { number }
    });
    seconds.or_else(|| go_duration(text)).or_else(|| date(text)).map(clamp)
}

fn date_of(headers: &HeaderMap) -> Option<i64> {
    seconds_of_date(headers.get(DATE)?.to_str().ok()?, 0)
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

/// The three forms of an HTTP date that a recipient must read (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, and the old
/// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`. `now` decides the century of the second one.
fn seconds_of_date(text: &str, now: i64) -> Option<i64> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    match words[..] {
        [name, day, month, year, time, "GMT"] if name.ends_with(',') => {
            seconds([digits(year, 4)?, month_of(month)?, digits(day, 2)?], time)
        }
        [name, date, time, "GMT"] if name.ends_with(',') => {
            let [day, month, year] = date.split('-').collect::<Vec<_>>()[..] else {
                return None;
            };
            seconds(
                [full_year(digits(year, 2)?, now), month_of(month)?, digits(day, 2)?],
                time,
            )
        }
        [_, month, day, time, year] => {
            let day = digits(day, day.len().clamp(1, 2))?;
            seconds([digits(year, 4)?, month_of(month)?, day], time)
        }
        _ => None,
    }
}

/// Of the years that end so, the one nearest to the present.
fn full_year(short: i64, now: i64) -> i64 {
    let this_year = 1970 + now.div_euclid(31_556_952);
    let candidate = this_year - this_year.rem_euclid(100) + short;
    if candidate > this_year + 50 {
        candidate - 100
    } else {
        candidate
    }
}

fn seconds([year, month, day]: [i64; 3], time: &str) -> Option<i64> {
    let [hour, minute, second] = time.split(':').collect::<Vec<_>>()[..] else {
        return None;
    };
    let [hour, minute, second] = [digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?];
    // A leap second is the 61st.
    let plausible = (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    plausible.then(|| days_since_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

fn digits(text: &str, length: usize) -> Option<i64> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn month_of(name: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    Some(MONTHS.iter().position(|month| *month == name)? as i64 + 1)
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
