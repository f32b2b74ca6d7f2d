//! Laws of the ranges of `semver:` and the comparators of `version:` (`contracts/policies.md` §1 and §2).

mod comparators;
mod number;
mod semver;
mod version;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use domain::reference::Tag;
use domain::select::Candidate;

use crate::selecting::{bare, is_candidate, policy, verdicts};

/// How many versions are looked at beside those in the ranges themselves.
const MOST: usize = 8;

/// The longest range that is looked at, in bytes: two joined must stay below what a policy may hold.
const LONGEST: usize = 500;

/// A kind of policy that reads versions, as the contract has it.
trait Kind {
    /// The kind's name.
    const NAME: &'static str;

    /// A range, read.
    type Range;

    /// Reads a range; `None` if it is none.
    ///
    /// # Errors
    ///
    /// The contract does not say whether it is one.
    fn range(text: &str) -> Result<Option<Self::Range>, Unsaid>;

    /// The verdict on a tag that is no candidate; `None` for one that is.
    ///
    /// # Errors
    ///
    /// The contract does not say.
    fn verdict(range: &Self::Range, tag: &str, prereleases: bool) -> Result<Option<&'static str>, Unsaid>;

    /// The order of two tags, if both read.
    fn compare(one: &str, other: &str) -> Option<Ordering>;
}

/// The contract does not say.
struct Unsaid;

pub(crate) fn check(text: &str) {
    let mut lines = text.lines();
    let one = lines.next().unwrap_or_default();
    let other = lines.next().unwrap_or_default();
    let written: Vec<&str> = lines.take(MOST).collect();
    if one.len().max(other.len()) > LONGEST {
        return;
    }
    check_kind::<semver::Semver>(one, other, &written);
    check_kind::<version::Version>(one, other, &written);
}

fn check_kind<K: Kind>(one: &str, other: &str, written: &[&str]) {
    let tags = tags(one, other, written);
    for range in [one, other] {
        agrees::<K>(range, &tags);
        agrees::<K>(&format!("!={range}"), &tags);
    }
    for both in [" || ", ", ", " ", " - "] {
        agrees::<K>(&format!("{one}{both}{other}"), &tags);
    }
    alternatives_are_or::<K>(one, other, &tags);
    commas_are_and::<K>(one, other, &tags);
    is_ordered::<K>(&tags);
}

/// The versions to ask about: those written, those in the ranges, and those beside them.
fn tags(one: &str, other: &str, written: &[&str]) -> Vec<Candidate> {
    let mut tags: BTreeSet<String> = written.iter().map(|&tag| tag.to_owned()).collect();
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '.' || letter == '-';
    for word in [one, other]
        .iter()
        .flat_map(|range| range.split(|letter| !is_part(letter)))
    {
        if Tag::is_valid(word) && word.len() < 64 && tags.len() < 3 * MOST {
            tags.extend(number::beside(word));
        }
    }
    bare(tags.iter().map(String::as_str))
}

/// A range holds what the contract says; what it refuses is refused.
fn agrees<K: Kind>(range: &str, tags: &[Candidate]) {
    let Ok(model) = K::range(range) else { return };
    for prereleases in [false, true] {
        let switches: &[&str] = if prereleases { &["prerelease"] } else { &[] };
        let policy = policy(K::NAME, range, switches);
        let (Ok(policy), Some(model)) = (&policy, &model) else {
            assert_eq!(policy.is_ok(), model.is_some(), "{}:{range}: {policy:?}", K::NAME);
            continue;
        };
        for (tag, verdict) in verdicts(policy, tags, None) {
            let Ok(expected) = K::verdict(model, tag, prereleases) else {
                continue;
            };
            let found = (!is_candidate(&verdict)).then(|| verdict.code());
            assert_eq!(found, expected, "{policy}: {tag:?}");
        }
    }
}

/// Which tags a range holds, whether or not it is known to be one.
fn held<K: Kind>(range: &str, prereleases: bool, tags: &[Candidate]) -> Option<Vec<bool>> {
    let switches: &[&str] = if prereleases { &["prerelease"] } else { &[] };
    let policy = policy(K::NAME, range, switches).ok()?;
    let verdicts = verdicts(&policy, tags, None);
    Some(
        tags.iter()
            .map(|tag| is_candidate(&verdicts[tag.tag.as_str()]))
            .collect(),
    )
}

/// `A || B` holds what A holds or B holds.
fn alternatives_are_or<K: Kind>(one: &str, other: &str, tags: &[Candidate]) {
    for prereleases in [false, true] {
        let held = |range: &str| held::<K>(range, prereleases, tags);
        let joined = format!("{one} || {other}");
        if let (Some(one), Some(other), Some(either)) = (held(one), held(other), held(&joined)) {
            let expected: Vec<bool> = one.iter().zip(&other).map(|(one, other)| *one || *other).collect();
            assert_eq!(either, expected, "{joined:?} over {tags:?}");
        }
    }
}

/// `A, B` holds what both hold, once pre-releases are not asked about.
fn commas_are_and<K: Kind>(one: &str, other: &str, tags: &[Candidate]) {
    let alternatives = one.contains("||") || other.contains("||");
    let empty = one.trim_matches(' ').is_empty() || other.trim_matches(' ').is_empty();
    let joined = format!("{one}, {other}");
    if alternatives || empty || K::range(&joined).is_err() {
        return;
    }
    let held = |range: &str| held::<K>(range, true, tags);
    if let (Some(one), Some(other)) = (held(one), held(other)) {
        let both = held(&joined).unwrap_or_else(|| panic!("{joined:?} is refused, its parts are not"));
        let expected: Vec<bool> = one.iter().zip(&other).map(|(one, other)| *one && *other).collect();
        assert_eq!(both, expected, "{joined:?} over {tags:?}");
    }
}

/// The order of versions is the contract's, from either side.
fn is_ordered<K: Kind>(tags: &[Candidate]) {
    let policy = policy(K::NAME, "*", &["prerelease", "allowDowngrade"]).expect("`*` is a range");
    for current in tags.iter().take(MOST) {
        let readable = K::compare(&current.tag, &current.tag).is_some();
        if !readable || !Tag::is_valid(&current.tag) {
            continue;
        }
        let found = verdicts(&policy, tags, Some(&current.tag));
        // The pick is named so whatever its rank, so the best tells nothing here.
        for (tag, verdict) in found {
            let expected = match K::compare(tag, &current.tag) {
                Some(Ordering::Less) => "older",
                Some(Ordering::Equal) if tag == current.tag => "current",
                Some(Ordering::Equal) => "equal",
                Some(Ordering::Greater) => "newer",
                None => continue,
            };
            let exempt = verdict.code() == "picked" || !Tag::is_valid(tag) || tag.eq_ignore_ascii_case("latest");
            assert!(
                exempt || verdict.code() == expected,
                "{}: {tag:?} beside {:?} is {verdict:?}",
                K::NAME,
                current.tag
            );
        }
    }
}
