//! Durations and sizes as people write them: `1h30m`, `64MiB`. A number without a unit is refused, never guessed at.

use std::time::Duration;

/// Longest duration that is taken: ten years, so that adding one to a clock can never overflow.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// The units of a duration, largest first, with their milliseconds.
const DURATION_UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// The units of a size, largest first, with their bytes.
const SIZE_UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Reads `30s`, `5m`, `24h`, `250ms`, or several of them from the largest unit down: `1h30m`.
///
/// # Errors
///
/// What is wrong with the text, and what to write instead.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    if let Some(number) = bare_number(text) {
        return Err(format!(
            "a duration needs a unit: write `{number}s`, `{number}m` or `{number}h`"
        ));
    }
    let millis = sum_of_parts(text).ok_or_else(|| {
        "a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`"
            .to_owned()
    })?;
    let duration = Duration::from_millis(millis);
    if duration > LONGEST {
        return Err("a duration is at most ten years (`87600h`)".to_owned());
    }
    Ok(duration)
}

/// Writes what [`parse_duration`] reads, in as few units as say it exactly.
pub(crate) fn print_duration(duration: Duration) -> String {
    let mut rest = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    if rest == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    for (unit, millis) in DURATION_UNITS {
        if rest >= millis {
            text.push_str(&format!("{}{unit}", rest / millis));
            rest %= millis;
        }
    }
    text
}

/// Reads `64MiB`, `1GiB`, `512KiB` or `100B`: the number of bytes.
///
/// # Errors
///
/// What is wrong with the text, and what to write instead.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    if let Some(number) = bare_number(text) {
        return Err(format!(
            "a size needs a unit: write `{number}MiB`, `{number}KiB` or `{number}B`"
        ));
    }
    let wrong = || "a size is a whole number with one of the units `GiB`, `MiB`, `KiB`, `B`: `64MiB`".to_owned();
    let (number, unit) = split_number(text).ok_or_else(wrong)?;
    let (_, bytes) = SIZE_UNITS
        .into_iter()
        .find(|(name, _)| *name == unit)
        .ok_or_else(wrong)?;
    number
        .checked_mul(bytes)
        .ok_or_else(|| "the size is larger than any memory".to_owned())
}

/// Writes what [`parse_size`] reads, in the largest unit that says it exactly.
pub(crate) fn print_size(bytes: u64) -> String {
    let exact = SIZE_UNITS
        .into_iter()
        .find(|(_, unit)| bytes >= *unit && bytes.is_multiple_of(*unit));
    match exact {
        Some((name, unit)) => format!("{}{name}", bytes / unit),
        None => "0B".to_owned(),
    }
}

/// The text again if it is nothing but a number.
fn bare_number(text: &str) -> Option<&str> {
    let number = text.trim();
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (plain && number.bytes().any(|byte| byte.is_ascii_digit())).then_some(number)
}

/// The milliseconds that the parts add up to; `None` where the text is no duration.
fn sum_of_parts(text: &str) -> Option<u64> {
    let mut units = DURATION_UNITS.into_iter();
    let mut rest = text;
    let mut sum = 0_u64;
    while !rest.is_empty() {
        let (number, tail) = split_number(rest)?;
        let unit_end = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, after) = tail.split_at(unit_end);
        // The iterator only moves on, so that a unit out of order or given twice is not found any more.
        let (_, millis) = units.find(|(name, _)| *name == unit)?;
        sum = sum.checked_add(number.checked_mul(millis)?)?;
        rest = after;
    }
    (!text.is_empty()).then_some(sum)
}

fn split_number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests;
