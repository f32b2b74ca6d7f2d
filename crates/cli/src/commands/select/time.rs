//! Times as RFC 3339 writes them.

use domain::reference::Timestamp;

/// A text is no time.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is not a time; write it as RFC 3339 has it, 2026-01-31T08:00:00Z", .0.escape_debug())]
pub(super) struct TimeError(String);

/// The bytes of a date and a time.
const DATE_TIME: usize = "2026-01-31T08:00:00".len();

/// The digits of a second's fraction that matter.
const NANOSECONDS: usize = 9;

/// Years that nanoseconds in 64 bits reach; what is beyond is cut, as [`Timestamp`] does.
const YEARS: std::ops::RangeInclusive<i16> = 1678..=2261;

/// Reads `YYYY-MM-DDTHH:MM:SS[.FRACTION]` and `Z` or an offset.
pub(super) fn parse(text: &str) -> Result<Timestamp, TimeError> {
    let error = || TimeError(text.chars().take(80).collect());
    let normal = normal(text).ok_or_else(error)?;
    let civil: jiff::civil::DateTime = normal[..DATE_TIME].parse().map_err(|_| error())?;
    if !YEARS.contains(&civil.year()) {
        let seconds = if civil.year() < *YEARS.start() {
            i64::MIN
        } else {
            i64::MAX
        };
        return Ok(Timestamp::from_unix_seconds(seconds));
    }
    let time: jiff::Timestamp = normal.parse().map_err(|_| error())?;
    Ok(timestamp(time))
}

/// The clock's time.
pub(super) fn now() -> Timestamp {
    timestamp(jiff::Timestamp::now())
}

fn timestamp(time: jiff::Timestamp) -> Timestamp {
    let nanoseconds = time.as_nanosecond();
    let nearest = if nanoseconds < 0 { i64::MIN } else { i64::MAX };
    Timestamp::from_unix_nanoseconds(i64::try_from(nanoseconds).unwrap_or(nearest))
}

/// The text without the digits beyond nanoseconds; `None` unless it has the shape of RFC 3339, which is narrower than what `jiff` reads.
fn normal(text: &str) -> Option<String> {
    let (date_time, rest) = text.split_at_checked(DATE_TIME)?;
    let shaped = matches!(
        shape(date_time).as_str(),
        "0000-00-00T00:00:00" | "0000-00-00t00:00:00" | "0000-00-00 00:00:00"
    );
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (fraction, offset) = rest.split_at(rest.find(['Z', 'z', '+', '-'])?);
    let fraction = match fraction.strip_prefix('.') {
        Some(fraction) if digits(fraction) => format!(".{}", &fraction[..fraction.len().min(NANOSECONDS)]),
        None if fraction.is_empty() => String::new(),
        _ => return None,
    };
    (shaped && is_offset(offset)).then(|| format!("{date_time}{fraction}{offset}"))
}

/// Whether a text is `Z`, or hours and minutes with a sign.
fn is_offset(text: &str) -> bool {
    match shape(text).as_str() {
        "Z" | "z" => true,
        "+00:00" | "-00:00" => &text[1..3] <= "23" && &text[4..] <= "59",
        _ => false,
    }
}

/// The text with every digit a 0.
fn shape(text: &str) -> String {
    let zero = |letter: char| if letter.is_ascii_digit() { '0' } else { letter };
    text.chars().map(zero).collect()
}
