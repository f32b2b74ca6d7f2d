//! What a scalar reads, worked out a second way from the bytes it was written in.

use std::iter::Peekable;
use std::str::Chars;

use yaml_spans::{Scalar, Style};

pub(super) fn check(scalar: Scalar<'_>, raw: &str) {
    let text = scalar.text();
    let expected = match scalar.style() {
        Style::Plain => folded(raw),
        Style::SingleQuoted => folded(inside(raw, '\'')).replace("''", "'"),
        Style::DoubleQuoted => unescaped(inside(raw, '"')),
        Style::Literal | Style::Folded => return block(scalar, raw),
    };
    assert_eq!(text, expected, "{raw:?}");
    // The value does not panic, and is text where quotes say so.
    let is_text = matches!(scalar.value(), yaml_spans::Value::Text(_));
    let untagged = scalar.node().tag().is_none();
    assert!(
        is_text || scalar.style() == Style::Plain || !untagged,
        "{raw:?} is text"
    );
}

fn inside(raw: &str, quote: char) -> &str {
    let inside = raw.strip_prefix(quote).and_then(|raw| raw.strip_suffix(quote));
    inside.unwrap_or_else(|| panic!("{raw:?} begins and ends with {quote}"))
}

/// Lines joined: one line end is a blank, and each one more a line feed.
fn folded(raw: &str) -> String {
    let raw = raw.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::new();
    let mut breaks = 0;
    for (number, line) in raw.split('\n').enumerate() {
        let is_last = number == raw.matches('\n').count();
        let line = if number == 0 {
            line
        } else {
            line.trim_start_matches([' ', '\t'])
        };
        let kept = if is_last {
            line
        } else {
            line.trim_end_matches([' ', '\t'])
        };
        join(&mut out, number, kept.is_empty() && !is_last, &mut breaks);
        out.push_str(kept);
    }
    out
}

/// Puts between two lines what stands for the line ends there.
fn join(out: &mut String, number: usize, is_empty: bool, breaks: &mut usize) {
    if number > 0 {
        *breaks += 1;
    }
    if is_empty && number > 0 {
        return;
    }
    match *breaks {
        0 => {}
        1 => out.push(' '),
        more => out.push_str(&"\n".repeat(more - 1)),
    }
    *breaks = 0;
}

/// As [`folded`], with escapes.
fn unescaped(raw: &str) -> String {
    let raw = raw.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::new();
    // What an escape stands for is never trimmed.
    let mut fixed = 0;
    let mut chars = raw.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\\' => {
                match chars.next().expect("an escape has a letter") {
                    '\n' => out.push_str(&empty_lines(&mut chars)),
                    letter => out.push(escape(letter, &mut chars)),
                }
                fixed = out.len();
            }
            '\n' => {
                let kept = out[fixed..].trim_end_matches([' ', '\t']).len();
                out.truncate(fixed + kept);
                let feeds = empty_lines(&mut chars);
                out.push_str(if feeds.is_empty() { " " } else { &feeds });
                fixed = out.len();
            }
            char => out.push(char),
        }
    }
    out
}

/// A line feed for each empty line; the white space at the start of the next one goes.
fn empty_lines(chars: &mut Peekable<Chars<'_>>) -> String {
    let mut feeds = String::new();
    while let Some(char) = chars.next_if(|char| matches!(char, ' ' | '\t' | '\n')) {
        if char == '\n' {
            feeds.push(char);
        }
    }
    feeds
}

fn hexadecimal(chars: &mut Peekable<Chars<'_>>, digits: usize) -> char {
    let text: String = chars.take(digits).collect();
    let number = u32::from_str_radix(&text, 16).expect("digits follow");
    char::from_u32(number).expect("the number is a character")
}

fn escape(letter: char, chars: &mut Peekable<Chars<'_>>) -> char {
    match letter {
        'x' => hexadecimal(chars, 2),
        'u' => hexadecimal(chars, 4),
        'U' => hexadecimal(chars, 8),
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        same @ (' ' | '"' | '/' | '\\') => same,
        other => panic!("no escape is \\{other}"),
    }
}

/// White space aside, a block reads what it is written with.
fn block(scalar: Scalar<'_>, raw: &str) {
    let black = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(black(scalar.text()), black(raw));
    assert!(
        raw.is_empty() || !scalar.text().is_empty(),
        "{raw:?} reads as something"
    );
    if scalar.style() == Style::Literal {
        assert_eq!(trimmed_lines(scalar.text()), trimmed_lines(raw), "{raw:?}");
    }
}

/// The lines without the white space around them and around all.
fn trimmed_lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines = text.trim_matches([' ', '\t', '\n']).lines();
    lines.map(|line| line.trim_matches([' ', '\t']).to_owned()).collect()
}
