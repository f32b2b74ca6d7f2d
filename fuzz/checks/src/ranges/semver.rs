//! Ranges of semantic versions, read a second way: each comparator is a question, and no bound is ever computed.

use std::cmp::Ordering;

use super::comparators::{Comparator, words};
use super::number::{compare, compare_all, is_number, successor};
use super::{Kind, Unsaid};

pub(super) struct Semver;

/// One to three numbers and a pre-release.
struct Version<'a> {
    numbers: Vec<&'a str>,
    prerelease: Option<&'a str>,
}

/// Alternatives, each with its comparators as text.
pub(super) struct Range(Vec<Vec<String>>);

impl Kind for Semver {
    const NAME: &'static str = "semver";
    type Range = Range;

    fn range(text: &str) -> Result<Option<Range>, Unsaid> {
        // A hyphen without a space on each side, and odd white space, are not spoken of.
        if text.len() > 1000 || !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(Unsaid);
        }
        let text = if text.trim_matches(' ').is_empty() { "*" } else { text };
        Ok(text.split("||").map(alternative).collect::<Option<_>>().map(Range))
    }

    fn verdict(range: &Range, tag: &str, prereleases: bool) -> Result<Option<&'static str>, Unsaid> {
        if !domain::reference::Tag::is_valid(tag) {
            return Ok(Some("invalidTag"));
        }
        if tag.eq_ignore_ascii_case("latest") {
            return Ok(Some("filtered"));
        }
        let Some(version) = Version::read(tag) else {
            return Ok(Some("unreadable"));
        };
        let holds = |named: bool| {
            range.0.iter().any(|comparators| {
                let may =
                    version.prerelease.is_none() || named || comparators.iter().any(|text| carries_prerelease(text));
                may && comparators.iter().all(|text| version.is_within(text))
            })
        };
        Ok(match () {
            () if holds(prereleases) => None,
            () if holds(true) => Some("prerelease"),
            () => Some("outOfRange"),
        })
    }

    fn compare(one: &str, other: &str) -> Option<Ordering> {
        Some(Version::read(one)?.order(&Version::read(other)?))
    }
}

/// Reads one alternative; `A - B` becomes two comparators.
fn alternative(text: &str) -> Option<Vec<String>> {
    let mut comparators = Vec::new();
    let mut words = words(text)?.into_iter().peekable();
    // A comma beside the hyphen is a stray one.
    if text.split(',').any(has_loose_hyphen) {
        return None;
    }
    while let Some(word) = words.next() {
        if words.peek().is_some_and(|next| next == "-") {
            words.next();
            let end = words.next()?;
            if !(is_plain(&word)? && is_plain(&end)?) || Comparator::read(&end)?.numbers.is_empty() {
                return None;
            }
            comparators.push(format!(">={word}"));
            comparators.push(format!("<={end}"));
        } else {
            comparators.push(word);
        }
    }
    comparators
        .iter()
        .all(|text| is_comparator(text))
        .then_some(comparators)
}

/// Whether a hyphen lacks one of its two versions.
fn has_loose_hyphen(part: &str) -> bool {
    let part = part.trim_matches(' ');
    part == "-" || part.starts_with("- ") || part.ends_with(" -")
}

/// Whether a comparator stands without an operator.
fn is_plain(text: &str) -> Option<bool> {
    Some(Comparator::read(text)?.operator.is_empty())
}

fn is_comparator(text: &str) -> bool {
    let Some(comparator) = Comparator::read(text) else {
        return false;
    };
    let Comparator {
        operator,
        numbers,
        wildcard,
        prerelease,
        word,
    } = &comparator;
    let known = ["", "=", "!=", ">", ">=", "=>", "<", "<=", "=<", "~", "~>", "^"].contains(operator);
    let allowed = match *operator {
        ">" | "<" => !wildcard,
        "!=" | "<=" | "=<" => !numbers.is_empty(),
        _ => true,
    };
    let parts = word.split('-').next().unwrap_or_default().split('.').count();
    known && allowed && parts <= 3 && prerelease.is_none_or(|prerelease| !wildcard && is_prerelease(prerelease))
}

fn carries_prerelease(text: &str) -> bool {
    Comparator::read(text).is_some_and(|comparator| comparator.prerelease.is_some())
}

fn is_prerelease(text: &str) -> bool {
    text.split('.').all(|part| {
        let letters = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        !part.is_empty() && letters && !(is_number(part) && part.len() > 1 && part.starts_with('0'))
    })
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (core, prerelease) = match text.split_once('-') {
            Some((core, prerelease)) => (core, Some(prerelease)),
            None => (text, None),
        };
        let numbers: Vec<&str> = core.split('.').collect();
        let reads = numbers.len() <= 3 && numbers.iter().all(|number| is_number(number));
        (reads && prerelease.is_none_or(is_prerelease)).then_some(Self { numbers, prerelease })
    }

    fn order(&self, other: &Self) -> Ordering {
        compare_all(&self.numbers, &other.numbers).then_with(|| match (self.prerelease, other.prerelease) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(one), Some(other)) => order_prereleases(one, other),
        })
    }

    /// How the first `count` numbers stand to those of a comparator.
    fn order_first(&self, count: usize, numbers: &[&str]) -> Ordering {
        let own = &self.numbers[..count.min(self.numbers.len())];
        compare_all(own, &numbers[..count.min(numbers.len())])
    }

    /// Whether a comparator holds, pre-releases or not.
    fn is_within(&self, text: &str) -> bool {
        let comparator = Comparator::read(text).expect("the range was read");
        let Comparator {
            operator,
            numbers,
            prerelease,
            ..
        } = &comparator;
        if numbers.is_empty() {
            return true;
        }
        let count = if prerelease.is_some() { 3 } else { numbers.len() };
        let bound = Version {
            numbers: numbers.clone(),
            prerelease: *prerelease,
        };
        let order = self.order(&bound);
        let first = self.order_first(count, numbers);
        let equal = if count == 3 {
            order.is_eq()
        } else {
            first.is_eq() && order.is_ge()
        };
        match *operator {
            "" | "=" => equal,
            "!=" => !equal,
            ">" if count == 3 => order.is_gt(),
            ">" => first.is_gt() && !self.is_prerelease_of_next(numbers),
            ">=" | "=>" => order.is_ge(),
            "<" if prerelease.is_some() => order.is_lt(),
            "<" => compare_all(&self.numbers, numbers).is_lt(),
            "<=" | "=<" if count == 3 => order.is_le(),
            "<=" | "=<" => first.is_le(),
            "~" | "~>" => order.is_ge() && self.order_first(count.min(2), numbers).is_eq(),
            "^" => {
                let nonzero = numbers.iter().position(|number| compare(number, "0").is_ne());
                order.is_ge()
                    && self
                        .order_first(nonzero.map_or(count, |place| place + 1), numbers)
                        .is_eq()
            }
            _ => unreachable!("the range was read"),
        }
    }

    /// Whether this is a pre-release of the version that `>1.2` begins at, 1.3.0.
    fn is_prerelease_of_next(&self, numbers: &[&str]) -> bool {
        let Some((last, before)) = numbers.split_last() else {
            return false;
        };
        let last = successor(last);
        let next: Vec<&str> = before.iter().copied().chain([last.as_str()]).collect();
        self.prerelease.is_some() && compare_all(&self.numbers, &next).is_eq()
    }
}

/// semver.org 2.0.0 §11, 4.
fn order_prereleases(one: &str, other: &str) -> Ordering {
    let (ones, others): (Vec<&str>, Vec<&str>) = (one.split('.').collect(), other.split('.').collect());
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
