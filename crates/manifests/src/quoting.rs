//! Which text stays text when it is written without quotes.
//!
//! Readers of YAML 1.1 are still most of them, and see numbers, dates and
//! truth where YAML 1.2 sees text; a tag like `1.10` or `no` must survive both.

use yaml_spans::{Value, plain_value};

/// Whether `text`, written plain, is read as this text, by YAML 1.1 and by the core schema of 1.2 alike.
pub fn plain_is_text(text: &str) -> bool {
    is_plain(text) && matches!(plain_value(text), Value::Text(_)) && !is_typed_1_1(text)
}

/// Whether `text` can be written plain at all, between brackets too.
pub(crate) fn is_plain(text: &str) -> bool {
    let allowed_within = |char: char| match char {
        '[' | ']' | '{' | '}' | ',' => false,
        char => !char.is_control() && !matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}'),
    };
    let mut chars = text.chars();
    let starts = match chars.next() {
        None | Some(' ' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`') => false,
        Some('-' | '?' | ':') => chars.next().is_some_and(|next| next != ' '),
        Some(_) => true,
    };
    let is_marker = text == "---" || text.starts_with("--- ") || text == "..." || text.starts_with("... ");
    starts
        && !is_marker
        && text.chars().all(allowed_within)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
}

/// Whether YAML 1.1 (its type repository, as PyYAML reads it) sees something other than text.
fn is_typed_1_1(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    is_word(text) || is_whole(unsigned) || is_fraction(unsigned) || is_date(text)
}

/// Null, truth, infinity, the merge key and the default key.
fn is_word(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let words = [
        "", "~", "null", "Null", "NULL", "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "true", "True",
        "TRUE", "false", "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF", "<<", "=", ".nan", ".NaN", ".NAN",
    ];
    words.contains(&text) || [".inf", ".Inf", ".INF"].contains(&unsigned)
}

/// Binary, octal, decimal, hexadecimal, and to the base of sixty.
fn is_whole(unsigned: &str) -> bool {
    let radix = |prefix: &str, digit: fn(u8) -> bool| {
        let digits = unsigned.strip_prefix(prefix);
        digits.is_some_and(|digits| !digits.is_empty() && all(digits, digit))
    };
    let decimal = |text: &str| text.starts_with(|first: char| matches!(first, '1'..='9')) && all(text, is_digit);
    let sixty = unsigned.split_once(':');
    unsigned == "0"
        || radix("0b", |byte| matches!(byte, b'0' | b'1' | b'_'))
        || radix("0x", |byte| byte.is_ascii_hexdigit() || byte == b'_')
        || radix("0", |byte| matches!(byte, b'0'..=b'7' | b'_'))
        || decimal(unsigned)
        || sixty.is_some_and(|(first, rest)| decimal(first) && rest.split(':').all(is_sixtieth))
}

/// Numbers with a point, also to the base of sixty.
fn is_fraction(unsigned: &str) -> bool {
    let Some((whole, fraction)) = unsigned.split_once('.') else {
        return false;
    };
    if let Some((first, rest)) = whole.split_once(':') {
        return is_number(first) && rest.split(':').all(is_sixtieth) && all(fraction, is_digit);
    }
    let (digits, power) = match fraction.split_once(['e', 'E']) {
        Some((digits, power)) => (digits, Some(power)),
        None => (fraction, None),
    };
    let power_fits = power.is_none_or(|power| {
        let signed = power.strip_prefix(['-', '+']);
        signed.is_some_and(|power| !power.is_empty() && power.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let whole_fits = if whole.is_empty() {
        is_number(digits)
    } else {
        is_number(whole)
    };
    whole_fits && all(digits, is_digit) && power_fits
}

/// `2024-01-01`, or with a time of day behind.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let day_end = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (day, time) = rest.split_at(day_end);
    if !is_count(year, 4..=4) || !is_count(month, 1..=2) || !is_count(day, 1..=2) {
        return false;
    }
    match time.strip_prefix(['T', 't']).or_else(|| time.strip_prefix([' ', '\t'])) {
        None => time.is_empty() && month.len() == 2 && day.len() == 2,
        Some(time) => is_time(time.trim_start_matches([' ', '\t'])),
    }
}

/// `9:05:00`, with a fraction and a zone at will.
fn is_time(time: &str) -> bool {
    let mut parts = time.splitn(3, ':');
    let (Some(hours), Some(minutes), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let (seconds, mut zone) = rest.split_at(rest.len().min(2));
    if let Some(fraction) = zone.strip_prefix('.') {
        zone = fraction.trim_start_matches(|char: char| char.is_ascii_digit());
    }
    let clock = is_count(hours, 1..=2) && is_count(minutes, 2..=2) && is_count(seconds, 2..=2);
    clock && is_zone(zone.trim_start_matches([' ', '\t']))
}

fn is_zone(zone: &str) -> bool {
    if matches!(zone, "" | "Z") {
        return true;
    }
    let Some(offset) = zone.strip_prefix(['-', '+']) else {
        return false;
    };
    let (hours, minutes) = offset.split_once(':').unwrap_or((offset, "00"));
    is_count(hours, 1..=2) && is_count(minutes, 2..=2)
}

fn is_sixtieth(part: &str) -> bool {
    let digits = match part.len() {
        2 => part
            .strip_prefix(|first: char| matches!(first, '0'..='5'))
            .unwrap_or_default(),
        _ => part,
    };
    is_count(digits, 1..=1)
}

fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit()) && all(text, is_digit)
}

fn is_count(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

fn all(text: &str, allowed: fn(u8) -> bool) -> bool {
    text.bytes().all(allowed)
}

#[cfg(test)]
mod tests;
