//! Comparators of versions with up to eight numbers, read a second way.

use std::cmp::Ordering;

use super::comparators::{Comparator, words};
use super::number::{compare, compare_all, is_number};
use super::{Kind, Unsaid};

pub(super) struct Version;

/// The numbers of a tag, and the text behind them.
struct Read<'a> {
    numbers: Vec<&'a str>,
    text: Option<&'a str>,
}

impl Kind for Version {
    const NAME: &'static str = "version";
    /// Comparators, as text.
    type Range = Vec<String>;

    fn range(text: &str) -> Result<Option<Vec<String>>, Unsaid> {
        if text.len() > 1000 || !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(Unsaid);
        }
        let text = if text.trim_matches(' ').is_empty() { "*" } else { text };
        let Some(words) = words(text) else { return Ok(None) };
        for word in &words {
            match Comparator::read(word) {
                // Alternatives and hyphens are of `semver`; so are wildcards, but for `*` alone, and nothing is said of them here.
                None => return if word.contains('|') { Ok(None) } else { Err(Unsaid) },
                Some(comparator) if comparator.word == "*" && comparator.operator.is_empty() && words.len() == 1 => {}
                Some(Comparator {
                    operator: "" | "=" | "!=" | ">" | ">=" | "<" | "<=",
                    wildcard: false,
                    prerelease: None,
                    numbers,
                    ..
                }) if numbers.len() <= 8 => {}
                Some(_) => return Err(Unsaid),
            }
        }
        Ok(Some(words))
    }

    fn verdict(range: &Vec<String>, tag: &str, _: bool) -> Result<Option<&'static str>, Unsaid> {
        if !domain::reference::Tag::is_valid(tag) {
            return Ok(Some("invalidTag"));
        }
        if tag.eq_ignore_ascii_case("latest") {
            return Ok(Some("filtered"));
        }
        if tag.contains('-') && tag.ends_with('-') {
            return Err(Unsaid);
        }
        let Some(read) = Read::of(tag) else {
            return Ok(Some("unreadable"));
        };
        let inside = range.iter().all(|text| read.is_within(text));
        Ok((!inside).then_some("outOfRange"))
    }

    fn compare(one: &str, other: &str) -> Option<Ordering> {
        if one.ends_with('-') || other.ends_with('-') {
            return None;
        }
        let (one, other) = (Read::of(one)?, Read::of(other)?);
        let texts = match (one.text, other.text) {
            (Some(one), Some(other)) => natural(one.as_bytes(), other.as_bytes()),
            (one, other) => one.is_some().cmp(&other.is_some()),
        };
        Some(compare_all(&one.numbers, &other.numbers).then(texts))
    }
}

impl<'a> Read<'a> {
    fn of(tag: &'a str) -> Option<Self> {
        let tag = tag.strip_prefix('v').unwrap_or(tag);
        let (core, text) = match tag.split_once('-') {
            Some((core, text)) => (core, Some(text)),
            None => (tag, None),
        };
        let numbers: Vec<&str> = core.split('.').collect();
        let reads = numbers.len() <= 8 && numbers.iter().all(|number| is_number(number));
        reads.then_some(Self { numbers, text })
    }

    fn is_within(&self, text: &str) -> bool {
        let comparator = Comparator::read(text).expect("the range was read");
        let numbers = &comparator.numbers;
        if numbers.is_empty() {
            return true;
        }
        // A partial number stands for all that begin with it.
        let own = if numbers.len() < 3 {
            &self.numbers[..numbers.len().min(self.numbers.len())]
        } else {
            &self.numbers
        };
        let order = compare_all(own, numbers);
        match comparator.operator {
            "" | "=" => order.is_eq(),
            "!=" => order.is_ne(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            _ => unreachable!("the range was read"),
        }
    }
}

/// Runs of digits and of other bytes; digits as numbers, a digit run before another run, the end before everything.
fn natural(one: &[u8], other: &[u8]) -> Ordering {
    let (ones, others) = (runs(one), runs(other));
    let parts = ones
        .iter()
        .zip(&others)
        .map(|(one, other)| match (is_number(one), is_number(other)) {
            (true, true) => compare(one, other),
            (false, false) => one.cmp(other),
            (one, other) => other.cmp(&one),
        });
    parts
        .fold(Ordering::Equal, Ordering::then)
        .then(ones.len().cmp(&others.len()))
}

fn runs(text: &[u8]) -> Vec<String> {
    let chunks = text.chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit());
    chunks.map(|run| String::from_utf8_lossy(run).into_owned()).collect()
}
