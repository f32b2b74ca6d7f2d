//! Tags, and which of them are no text where they stand without quotes.

/// What plain YAML makes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::editing) enum Plain {
    /// A string, in YAML 1.1 and 1.2.
    Text,
    /// A number, a truth value, a date or nothing at all, in one of them at least.
    NoText,
    /// As [`Plain::NoText`] by the type library of YAML 1.1, though the readers that people use take it for text.
    NoTextOnPaper,
}

use Plain::{NoText, NoTextOnPaper, Text};

/// Tags to be written, each looked up by hand in the type library of YAML 1.1 and the core schema of 1.2.
pub(in crate::editing) const TAGS: &[(&str, Plain)] = &[
    ("1.4.7", Text),
    ("v2.0.1", Text),
    ("1.10", NoText),
    ("latest", Text),
    ("1e3", NoText),
    ("0x1F", NoText),
    ("012", NoText),
    ("1.27.3-alpine3.20", Text),
    ("1_000", NoText),
    ("no", NoText),
    ("on", NoText),
    ("null", NoText),
    ("main-20240101-4f2c1d9", Text),
    ("2024-01-01", NoText),
    ("22", NoText),
    ("7", NoText),
    ("0", NoText),
    ("00", NoText),
    ("08", NoText),
    ("0o17", NoText),
    ("0b101", NoText),
    ("0xfe_ed", NoText),
    ("123_456.7", NoText),
    ("1.", NoText),
    ("1.e3", NoText),
    ("1.5e3", NoText),
    ("1E5", NoText),
    ("123e4567", NoText),
    ("20240101", NoText),
    ("1234567", NoText),
    ("yes", NoText),
    ("Yes", NoText),
    ("off", NoText),
    ("OFF", NoText),
    ("true", NoText),
    ("False", NoText),
    ("NULL", NoText),
    ("Null", NoText),
    ("y", NoTextOnPaper),
    ("N", NoTextOnPaper),
    ("2024-1-1", Text),
    ("2024-01-01-rc1", Text),
    ("2024.01.01", Text),
    ("1.5.0-rc.1", Text),
    ("1.5.0_build.7", Text),
    ("sha-4f2c1d9", Text),
    ("4f2c1d9", Text),
    ("1e3-alpine", Text),
    ("0x", Text),
    ("0xg", Text),
    ("nan", Text),
    ("inf", Text),
    ("nO", Text),
    ("nil", Text),
    ("none", Text),
    ("v1", Text),
    ("_1", Text),
    ("1-", Text),
    ("1.2.3", Text),
    ("10.04", NoText),
    ("1.26", NoText),
    ("007", NoText),
    ("5", NoText),
    ("60", NoText),
    ("30.5", NoText),
    ("2222", NoText),
];

/// Whole references that YAML 1.1 takes for numbers to the base of sixty, and some that it does not.
pub(in crate::editing) const REFERENCES: &[(&str, Plain)] = &[
    ("22:22", NoText),
    ("22:08", NoText),
    ("22:5", NoText),
    ("22:30.5", NoText),
    ("22:60", Text),
    ("22:v1", Text),
    ("22:1.5.0", Text),
    ("22:1e3", Text),
];

/// Whether `text` needs quotes, wherever it stands.
pub(super) fn needs_quotes(text: &str) -> bool {
    let mut known = TAGS.iter().chain(REFERENCES);
    let is_no_text = known.any(|&(known, plain)| known == text && plain != Text);
    // An address of IP version 6 would begin a list.
    is_no_text || text.starts_with('[')
}
