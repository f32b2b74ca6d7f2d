//! Constraints and versions as the rows of differences look at them.
//!
//! This reads only what both or one of the two accepts, and is no third opinion about what is valid.

/// A comparator of a constraint.
#[derive(Debug, Clone)]
pub(super) struct Comparator {
    /// The operator, in its usual spelling; empty for none.
    pub(super) operator: &'static str,
    /// What stands between the dots.
    pub(super) parts: Vec<String>,
    /// What follows the first `-`; empty if nothing does.
    pub(super) prerelease: String,
    /// Whether it is the `B` of `A - B`.
    pub(super) ends_hyphen: bool,
}

/// The numbers of a version, and its pre-release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) numbers: [u128; 3],
    pub(super) prerelease: String,
}

/// The numbers; whether it is a release; of each identifier whether it is a word, the number, the word.
type Rank<'a> = ([u128; 3], bool, Vec<(bool, u128, &'a str)>);

/// The operators and what they stand for, longer ones first.
const OPERATORS: [(&str, &str); 11] = [
    ("!=", "!="),
    (">=", ">="),
    ("=>", ">="),
    ("<=", "<="),
    ("=<", "<="),
    ("~>", "~"),
    ("=", "="),
    (">", ">"),
    ("<", "<"),
    ("~", "~"),
    ("^", "^"),
];

/// Reads the comparators of one alternative.
pub(super) fn comparators(alternative: &str) -> Vec<Comparator> {
    let mut found: Vec<Comparator> = Vec::new();
    let mut after_hyphen = false;
    let mut rest = alternative.trim();
    while !rest.is_empty() {
        let (spelling, operator) = *OPERATORS
            .iter()
            .find(|(spelling, _)| rest.starts_with(spelling))
            .unwrap_or(&("", ""));
        rest = rest[spelling.len()..].trim_start();
        let end = rest.find([' ', ',', '\t', '\n']).unwrap_or(rest.len());
        match (&rest[..end], found.last_mut()) {
            ("-", Some(first)) => {
                first.operator = ">=";
                after_hyphen = true;
            }
            (word, _) => {
                let mut comparator = Comparator::read(operator, word);
                if after_hyphen {
                    (comparator.operator, comparator.ends_hyphen) = ("<=", true);
                    after_hyphen = false;
                }
                found.push(comparator);
            }
        }
        rest = rest[end..].trim_start_matches([' ', ',', '\t', '\n']);
    }
    found
}

impl Comparator {
    fn read(operator: &'static str, word: &str) -> Self {
        let word = word.strip_prefix('v').unwrap_or(word);
        let word = word.split('+').next().unwrap_or(word);
        let (core, prerelease) = word.split_once('-').unwrap_or((word, ""));
        Self {
            operator,
            parts: core.split('.').map(str::to_owned).collect(),
            prerelease: prerelease.to_owned(),
            ends_hyphen: false,
        }
    }

    pub(super) fn has_wildcard(&self) -> bool {
        self.parts.iter().any(|part| is_wildcard(part))
    }

    /// Whether something that is no wildcard follows a wildcard.
    pub(super) fn has_number_after_wildcard(&self) -> bool {
        let mut parts = self.parts.iter().skip_while(|part| !is_wildcard(part));
        parts.any(|part| !is_wildcard(part))
    }

    /// How many numbers stand before the first wildcard or the end.
    pub(super) fn written(&self) -> usize {
        self.parts.iter().take_while(|part| !is_wildcard(part)).count()
    }

    /// The version it names, missing and wild numbers 0.
    pub(super) fn version(&self) -> Version {
        let mut numbers = [0; 3];
        for (place, part) in numbers.iter_mut().zip(&self.parts[..self.written()]) {
            *place = number(part);
        }
        Version {
            numbers,
            prerelease: self.prerelease.clone(),
        }
    }

    /// Whether `version` has the numbers that are written.
    pub(super) fn shares_numbers(&self, version: &Version) -> bool {
        let written = self.written().min(3);
        self.version().numbers[..written] == version.numbers[..written]
    }
}

impl Version {
    pub(super) fn read(text: &str) -> Self {
        Comparator::read("", text).version()
    }

    pub(super) fn is_prerelease(&self) -> bool {
        !self.prerelease.is_empty()
    }

    /// Whether it ranks above `other`.
    pub(super) fn is_above(&self, other: &Self) -> bool {
        self.rank() > other.rank()
    }

    /// Identifiers in semver.org's order: numbers by value before words by bytes; a release above its pre-releases.
    fn rank(&self) -> Rank<'_> {
        let identifier = |part| match is_number(part) {
            true => (false, number(part), ""),
            false => (true, 0, part),
        };
        let identifiers = self.prerelease.split('.').map(identifier).collect();
        (self.numbers, !self.is_prerelease(), identifiers)
    }
}

pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_wildcard(part: &str) -> bool {
    matches!(part, "x" | "X" | "*")
}

/// A number; what is too large for the arithmetic of the rows is as large as can be.
fn number(text: &str) -> u128 {
    text.parse().unwrap_or(u128::MAX)
}
