//! A policy, a current value and tags, as lines of text.

use domain::reference::{Digest, Platform, Timestamp, Value};
use domain::scan::Created;
use domain::select::Candidate;

/// How many tags are looked at.
const MOST: usize = 40;

/// What is chosen from.
///
/// ```text
/// {semver: "1.x", platforms: [linux/arm64]}
///
/// 1.4.0@a
/// 1.4.0 ? a linux/arm64
/// 1.9.2 1717200000 b linux/amd64,linux/arm64
/// 1.9.3 -
/// ```
///
/// The policy ends at an empty line. Then the current value, `-` for none; then
/// tags, each with its build time in seconds (`-` if it is known to have none),
/// its digest and its platforms, `?` or nothing where they are not known. A
/// digest is one hexadecimal digit, which stands for 64.
pub(super) struct Input<'a> {
    pub(super) policy: &'a str,
    pub(super) current: Option<Value>,
    pub(super) candidates: Vec<Candidate>,
}

impl<'a> Input<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let (policy, rest) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = rest.lines();
        Self {
            policy,
            current: lines.next().and_then(value),
            candidates: lines.take(MOST).map(candidate).collect(),
        }
    }
}

/// `TAG`, `TAG@a` or `@a`.
fn value(text: &str) -> Option<Value> {
    match text.rsplit_once('@') {
        Some((tag, letter)) => Value::parse(&format!("{tag}@{}", digest(letter)?)).ok(),
        None if text == "-" => None,
        None => Value::parse(text).ok(),
    }
}

fn digest(letter: &str) -> Option<Digest> {
    Digest::parse(&format!("sha256:{}", letter.get(..1)?.repeat(64))).ok()
}

fn candidate(line: &str) -> Candidate {
    let mut words = line.split(' ');
    let mut next = || words.next().unwrap_or("?");
    Candidate {
        tag: next().to_owned(),
        created: created(next()),
        digest: digest(next()),
        platforms: platforms(next()),
    }
}

fn created(word: &str) -> Created {
    match (word, word.parse()) {
        (_, Ok(seconds)) => Created::At(Timestamp::from_unix_seconds(seconds)),
        ("-", _) => Created::Never,
        _ => Created::Unknown,
    }
}

fn platforms(word: &str) -> Option<Vec<Platform>> {
    if word == "?" {
        return None;
    }
    Some(word.split(',').filter_map(|text| Platform::parse(text).ok()).collect())
}
