//! Why a text is no range, worded for the person who wrote it.

use thiserror::Error;

use crate::fault::shown;
use crate::{advice, near};

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Problem {
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    #[error("a comparator is missing here; write `*` for every release")]
    Missing,
    #[error("`||` stands between alternatives, not `|`")]
    SingleBar,
    #[error("a space or a comma must stand between two comparators")]
    NoSeparator,
    #[error("`{}` is no operator{}", shown(.0, 8), instead(.0))]
    Operator(String),
    #[error("a version must follow the operator")]
    NoVersion,
    #[error("`{}` is no version; {advice}", shown(word, 40))]
    Version { word: String, advice: String },
    #[error("a version of `semver` has at most three numbers; the kind `version` reads up to eight")]
    FourNumbers,
    #[error("only wildcards may follow a wildcard")]
    AfterWildcard,
    #[error("a wildcard has no pre-release; write {}", numbered(.0))]
    WildcardPrerelease(String),
    #[error("a wildcard cannot follow `{0}`; leave it out or write `{0}=`")]
    WildcardAfter(&'static str),
    #[error("`{0}*` would hold for nothing; leave it out")]
    Nothing(&'static str),
    #[error("`A - *` has no end; write `>=A`")]
    NoEnd,
    #[error("the two versions of `A - B` stand without operators")]
    HyphenOperator,
    #[error("build metadata (`+…`) cannot occur in a tag; leave it out")]
    Build,
}

impl Problem {
    /// A word that should be a version.
    pub(super) fn version(word: &str) -> Self {
        Self::Version {
            word: word.to_owned(),
            advice: advice(word),
        }
    }

    /// How many bytes are meant of the text that begins where the problem is.
    pub(super) fn extent(&self, rest: &str) -> usize {
        match self {
            Self::TooLong(_) => rest.len(),
            Self::SingleBar => 1,
            Self::Operator(written) => written.len(),
            _ => rest.find([' ', ',', '|']).unwrap_or(rest.len()),
        }
    }
}

/// What to write instead of an operator that does not exist.
fn instead(operator: &str) -> String {
    match near::operator(operator) {
        Some(meant) => near::question(Some(meant)),
        None => "; there are = != > >= < <= ~ ^".to_owned(),
    }
}

/// What to write instead of a word that is no version.
fn advice(word: &str) -> String {
    let core = word.strip_prefix('v').unwrap_or(word);
    let numbers = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let wild = |part: &str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    if core.split('.').skip(1).any(wild) {
        return "a wildcard is written `x`, `X` or `*`".to_owned();
    }
    if word.starts_with('-') {
        return "two ends are written `1.2 - 1.4`, with a version and a space on both sides of the `-`".to_owned();
    }
    match core.split_once('-') {
        Some((core, _)) if numbers(core) && !core.is_empty() => {
            "behind `-` stands a pre-release: letters, digits and `-`, joined by dots, numbers without leading zeros"
                .to_owned()
        }
        _ => advice::on_version(word, "write one to three numbers joined by dots, as in `1.4`"),
    }
}

/// What stands behind `-` is a pre-release to `semver`, and perhaps a variant to the person.
fn numbered(prerelease: &str) -> String {
    let known = [
        "0", "a", "b", "alpha", "beta", "dev", "pre", "preview", "rc", "snapshot",
    ];
    let first = prerelease.split('.').next().unwrap_or_default();
    let name = first.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let shown = shown(prerelease, 40);
    if first == "0" || known.contains(&name.to_ascii_lowercase().as_str()) {
        format!("the numbers, as in `>=1.2-{shown}`")
    } else {
        format!("`suffix: \"-{shown}\"` beside the range for tags that end so")
    }
}
