//! Why a text is no row of comparators, worded for the person who wrote it.

use thiserror::Error;

use crate::fault::shown;
use crate::order::numbers::MOST;
use crate::{advice, near};

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Problem {
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    #[error("a comparator is missing here; write `*` for every version")]
    Missing,
    #[error("`{}` is no operator of `version`{}", shown(.0, 8), instead(.0))]
    Operator(String),
    #[error("a version must follow the operator")]
    NoVersion,
    #[error("`{}` is no version; {advice}", shown(word, 40))]
    Version { word: String, advice: String },
    #[error("a version has at most {MOST} numbers")]
    TooMany,
    #[error("wildcards are for `semver`; leave the number out, as in `=9.9`")]
    Wildcard,
    #[error("`*` stands alone")]
    Star,
    #[error("the range sees the numbers alone; write `suffix: \"-{}\"` beside it for tags that end so", shown(.0, 40))]
    Text(String),
    #[error("`||` is for `semver`; comparators of `version` must all hold")]
    Alternatives,
    #[error("a space or a comma must stand between two comparators")]
    NoSeparator,
}

impl Problem {
    /// A word that should be a version.
    pub(super) fn version(word: &str) -> Self {
        let usual = format!("write one to {MOST} numbers joined by dots, as in `>=9.9 <10`");
        Self::Version {
            word: word.to_owned(),
            advice: advice::on_version(word, &usual),
        }
    }

    /// How many bytes are meant of the text that begins where the problem is.
    pub(super) fn extent(&self, rest: &str) -> usize {
        match self {
            Self::TooLong(_) => rest.len(),
            Self::Alternatives => rest.len() - rest.trim_start_matches('|').len(),
            Self::Operator(written) => written.len(),
            _ => rest.find([' ', ',', '|']).unwrap_or(rest.len()),
        }
    }
}

/// What to write instead of an operator that does not exist here.
fn instead(operator: &str) -> String {
    match near::operator(operator).unwrap_or(operator) {
        "~" | "^" | "~>" => "; write both ends, as in `>=9.9 <10`".to_owned(),
        "=>" => near::question(Some(">=")),
        "=<" => near::question(Some("<=")),
        meant if meant != operator => near::question(Some(meant)),
        _ => "; there are = != > >= < <=".to_owned(),
    }
}
