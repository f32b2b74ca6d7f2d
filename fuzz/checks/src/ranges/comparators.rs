//! Comparators as text: an operator and a version with numbers missing, read alike by both kinds.

use super::number::is_number;

/// What may follow an operator.
#[derive(Debug, Clone)]
pub(super) struct Comparator<'a> {
    pub(super) operator: &'a str,
    /// The numbers before the first wildcard.
    pub(super) numbers: Vec<&'a str>,
    pub(super) wildcard: bool,
    pub(super) prerelease: Option<&'a str>,
    /// What was written behind the operator.
    pub(super) word: &'a str,
}

/// Cuts comparators joined by spaces or a comma apart; `None` if a comma is astray or there is none.
///
/// An operator stays with the version behind it, however many spaces are between.
pub(super) fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    for part in text.split(',') {
        let mut pending = String::new();
        let mut any = false;
        for word in part.split(' ').filter(|word| !word.is_empty()) {
            if !pending.is_empty() && word.starts_with(is_operator) {
                return None;
            }
            pending.push_str(word);
            if word.chars().all(is_operator) {
                continue;
            }
            words.push(std::mem::take(&mut pending));
            any = true;
        }
        if !any || !pending.is_empty() {
            return None;
        }
    }
    Some(words)
}

fn is_operator(letter: char) -> bool {
    "=!<>~^".contains(letter)
}

impl<'a> Comparator<'a> {
    /// Reads one comparator without spaces; `None` if it is none.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let (operator, word) = text.split_at(text.find(|letter| !is_operator(letter))?);
        let body = word.strip_prefix('v').unwrap_or(word);
        let (core, prerelease) = match body.split_once('-') {
            Some((core, prerelease)) => (core, Some(prerelease)),
            None => (body, None),
        };
        let (mut numbers, mut wildcard) = (Vec::new(), false);
        for part in core.split('.') {
            match part {
                "x" | "X" | "*" => wildcard = true,
                _ if wildcard || !is_number(part) => return None,
                _ => numbers.push(part),
            }
        }
        Some(Self {
            operator,
            numbers,
            wildcard,
            prerelease,
            word,
        })
    }
}
