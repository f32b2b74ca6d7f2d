//! Laws of pauses: `Retry-After`, the headers of a quota, and those that count requests.

use std::time::Duration;

use http::header::{DATE, HeaderName, RETRY_AFTER};
use http::{HeaderMap, HeaderValue};
use jiff::fmt::rfc2822::DateTimeParser;
use registry_scanner::fuzzing::{left, quota, retry_after, retry_after_in};

const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(6 * 3600);
const LONGEST_WINDOW: Duration = Duration::from_secs(7 * 24 * 3600);
/// 2026-01-01.
const NOW: i64 = 1_767_225_600;
/// The last second of 9999.
const LAST: i64 = 253_402_300_799;

/// Lines: two `Retry-After`, a `Date`, `ratelimit-limit`, `ratelimit-remaining`. The first two also stand for `RateLimit-Reset` and
/// `RateLimit`.
pub(crate) fn check(data: &[u8]) {
    let lines: Vec<Option<HeaderValue>> = data
        .split(|&byte| byte == b'\n')
        .take(5)
        .map(|line| HeaderValue::from_bytes(line).ok())
        .collect();
    let line = |at: usize| lines.get(at).cloned().flatten();
    let date = line(2);
    for at in 0..2 {
        if let Some(advice) = line(at) {
            check_advice(&advice, date.as_ref());
        }
    }
    longer_waits_longer(line(0).as_ref(), line(1).as_ref());
    check_quota(line(3).as_ref(), line(4).as_ref());
    check_left([
        ("ratelimit-reset", line(0)),
        ("ratelimit", line(1)),
        ("ratelimit-limit", line(3)),
        ("ratelimit-remaining", line(4)),
    ]);
}

fn check_left(lines: [(&'static str, Option<HeaderValue>); 4]) {
    let headers: HeaderMap = lines
        .into_iter()
        .filter_map(|(name, line)| Some((HeaderName::from_static(name), line?)))
        .collect();
    for now in [i64::MIN, 0, NOW, LAST, i64::MAX] {
        if let Some((_, reset)) = left(&headers, now) {
            assert!(reset > Duration::ZERO && reset <= LONGEST, "{headers:?}: {reset:?}");
        }
    }
}

fn pause(advice: &HeaderValue, date: Option<&HeaderValue>, now: i64) -> Option<Duration> {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, advice.clone());
    if let Some(date) = date {
        headers.insert(DATE, date.clone());
    }
    let pause = retry_after(&headers, now);
    if let Some(pause) = pause {
        assert!((SHORTEST..=LONGEST).contains(&pause), "{advice:?}: {pause:?}");
    }
    headers.append(RETRY_AFTER, HeaderValue::from_static("7s"));
    let longest = pause.max(Some(Duration::from_secs(7)));
    assert_eq!(retry_after(&headers, now), longest, "the longest holds: {advice:?}");
    pause
}

fn check_advice(advice: &HeaderValue, date: Option<&HeaderValue>) {
    let found = pause(advice, None, NOW);
    for now in [0, NOW, LAST] {
        pause(advice, date, now);
        pause(advice, None, now);
    }
    let Ok(text) = str::from_utf8(advice.as_bytes()) else {
        return;
    };
    for words in [text.to_owned(), format!("refused: Retry-After: {text}, or so")] {
        let said = retry_after_in(&words);
        assert!(
            said.is_none_or(|pause| (SHORTEST..=LONGEST).contains(&pause)),
            "{words:?}: {said:?}"
        );
    }
    let text = text.trim();
    let wanted = digits(text).map(from_now).or_else(|| go_duration(text));
    if let Some(seconds) = wanted {
        let found = found.unwrap_or_else(|| panic!("{text:?} says nothing"));
        let wanted = seconds.clamp(SHORTEST.as_secs_f64(), LONGEST.as_secs_f64());
        assert!((found.as_secs_f64() - wanted).abs() < 1e-6, "{text:?}: {found:?}");
        return;
    }
    if let Some(then) = instant(text) {
        let server = date.and_then(|date| instant(date.to_str().ok()?));
        let clocks = server.map_or_else(|| vec![(None, NOW)], |server| vec![(None, NOW), (date, server)]);
        for (date, now) in clocks {
            let wanted = Duration::from_secs(u64::try_from(then - now).unwrap_or(0)).clamp(SHORTEST, LONGEST);
            assert_eq!(pause(advice, date, NOW), Some(wanted), "{text:?} {date:?}");
        }
        return;
    }
    assert!(
        found.is_none() || text.contains(':'),
        "{text:?} is nonsense, not {found:?}"
    );
}

/// A number near to the present is a time.
fn from_now(number: f64) -> f64 {
    let away = number - NOW as f64;
    if away.abs() < 7.0 * 86_400.0 { away } else { number }
}

/// Seconds, whole or broken.
fn digits(text: &str) -> Option<f64> {
    let (whole, broken) = text.split_once('.').unwrap_or((text, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(broken) {
        return None;
    }
    format!("{whole}.{broken}0").parse().ok()
}

/// Units and numbers by turns, as Go prints them.
fn go_duration(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 8] = [
        ("ns", 1e-9),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("μs", 1e-6),
        ("ms", 1e-3),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3600.0),
    ];
    let (mut rest, mut sum) = (text, 0.0);
    loop {
        let end = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
            .count();
        let number = digits(&rest[..end])?;
        rest = &rest[end..];
        let letters = rest.bytes().take_while(|byte| !byte.is_ascii_digit()).count();
        let (_, scale) = UNITS
            .into_iter()
            .find(|(unit, _)| rest.as_bytes().get(..letters) == Some(unit.as_bytes()))?;
        sum += number * scale;
        rest = &rest[letters..];
        if rest.is_empty() {
            return Some(sum);
        }
    }
}

/// An HTTP date, read by somebody else.
fn instant(text: &str) -> Option<i64> {
    let [name, day, month, year, time, zone] = text.split(' ').collect::<Vec<_>>()[..] else {
        return None;
    };
    let lengths = [name.len(), day.len(), month.len(), year.len(), time.len()];
    let as_written = lengths == [4, 2, 3, 4, 8]
        && zone == "GMT"
        && !time.ends_with(":60")
        // It also passes over blanks, and adds to years of three digits.
        && [day, year].iter().all(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    let parsed = DateTimeParser::new()
        .parse_timestamp(text)
        .ok()
        .filter(|_| as_written)?;
    // It reads months in any case.
    let upper = month.starts_with(|c: char| c.is_ascii_uppercase()) && month[1..] == month[1..].to_ascii_lowercase();
    upper.then(|| parsed.as_second())
}

fn longer_waits_longer(one: Option<&HeaderValue>, other: Option<&HeaderValue>) {
    let read = |value: Option<&HeaderValue>| {
        let value = value?;
        let seconds = digits(value.to_str().ok()?.trim())?;
        (from_now(seconds) == seconds).then(|| (seconds, pause(value, None, NOW)))
    };
    if let (Some((a, wait_a)), Some((b, wait_b))) = (read(one), read(other)) {
        assert!(a > b || wait_a <= wait_b, "{one:?}, {other:?}");
    }
}

fn check_quota(limit: Option<&HeaderValue>, remaining: Option<&HeaderValue>) {
    let mut headers = HeaderMap::new();
    for (name, value) in [("ratelimit-limit", limit), ("ratelimit-remaining", remaining)] {
        if let Some(value) = value {
            headers.insert(HeaderName::from_static(name), value.clone());
        }
    }
    let found = quota(&headers);
    if let Some(found) = found {
        assert!(found.limit > 0 && found.remaining <= found.limit, "{found:?}");
        assert!((SHORTEST..=LONGEST_WINDOW).contains(&found.window), "{found:?}");
    }
    let plain = |value: Option<&HeaderValue>| plain(value?.to_str().ok()?);
    let (Some((limit, window)), Some((remaining, _))) = (plain(limit), plain(remaining)) else {
        return;
    };
    if limit == 0 {
        assert_eq!(found, None);
        return;
    }
    let found = found.unwrap_or_else(|| panic!("{headers:?} says nothing"));
    assert_eq!((found.limit, found.remaining), (limit, remaining.min(limit)));
    if let Some(window) = window {
        let window = Duration::from_secs(window).clamp(SHORTEST, LONGEST_WINDOW);
        assert_eq!(found.window, window, "{headers:?}");
    }
}

/// `100` or `100;w=21600`.
fn plain(text: &str) -> Option<(u64, Option<u64>)> {
    let number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse().ok())?
    };
    match text.split_once(";w=") {
        Some((count, window)) => Some((number(count)?, Some(number(window)?))),
        None => Some((number(text)?, None)),
    }
}
