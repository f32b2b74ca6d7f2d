//! Ways to write a scalar.

use super::dice::Dice;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    /// Double-quoted, every character as an escape that can be one.
    Escaped,
}

/// A style that a key can have.
pub(super) fn key(text: &str, dice: &mut Dice<'_>) -> Style {
    any(text, dice)
}

/// A style that a text can have in one line.
pub(super) fn any(text: &str, dice: &mut Dice<'_>) -> Style {
    let is_line = !text.contains('\n');
    match dice.below(4) {
        0 if is_plain(text) => Style::Plain,
        0 | 1 if is_line => Style::Single,
        3 => Style::Escaped,
        _ => Style::Double,
    }
}

/// Whether a block can hold it; an image's line end is not counted.
pub(super) fn is_block(text: &str, is_image: bool) -> bool {
    let content = text.trim_end_matches('\n');
    let ends = text.len() - content.len();
    let is_simple = !content.is_empty() && !content.starts_with([' ', '\t']) && !content.ends_with(' ');
    is_simple && (is_image || ends <= 1)
}

/// The text in one line.
pub(super) fn line(text: &str, style: Style) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Single => format!("'{}'", text.replace('\'', "''")),
        Style::Double => format!(
            "\"{}\"",
            text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
        ),
        Style::Escaped => format!("\"{}\"", text.chars().map(escaped).collect::<String>()),
    }
}

/// A text in double quotes, broken in two lines where it may be.
pub(super) fn joined(written: &str, joint: &str, dice: &mut Dice<'_>) -> String {
    let boundary = |at: &usize| written.is_char_boundary(*at) && !written[..*at].contains('\\');
    let places: Vec<usize> = (1..written.len()).filter(boundary).collect();
    let Some(&at) = places.get(dice.below(places.len().max(1))) else {
        return written.to_owned();
    };
    // White space at the start of a line is not text.
    if written[at..].starts_with(' ') {
        return written.to_owned();
    }
    format!("{}{joint}{}", &written[..at], &written[at..])
}

fn escaped(char: char) -> String {
    match char {
        '\n' => "\\n".to_owned(),
        '/' => "\\/".to_owned(),
        char if char.is_ascii_alphabetic() => char.to_string(),
        char if char.is_ascii() => format!("\\x{:02x}", u32::from(char)),
        char => format!("\\u{:04X}", u32::from(char)),
    }
}

/// Whether it can stand without quotes, between brackets too; says no when in doubt.
fn is_plain(text: &str) -> bool {
    let allowed = |char: char| char.is_alphanumeric() || matches!(char, ' ' | '.' | '_' | '-' | '/' | ':' | '@' | '\'');
    text.starts_with(char::is_alphanumeric)
        && text.chars().all(allowed)
        && !text.contains(": ")
        && !text.ends_with([' ', ':'])
}
