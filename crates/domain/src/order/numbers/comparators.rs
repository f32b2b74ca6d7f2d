//! Ranges of the kind `version`: comparators that must all hold.

use std::cmp::Ordering;

use thiserror::Error;

use super::{MOST, Numbers, compare_rows};

/// The longest text, in bytes.
const LONGEST: usize = 4096;

/// Fewer numbers than this stand for all versions that begin with them.
const WHOLE: usize = 3;

/// Comparators that must all hold; none for `*`.
#[derive(Debug, Clone)]
pub(crate) struct Comparators {
    text: String,
    all: Vec<Comparator>,
}

/// A text is no row of comparators.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a range of versions: {problem} (byte {at})")]
pub(crate) struct ComparatorError {
    pub(crate) text: String,
    pub(crate) at: usize,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
enum Problem {
    #[error("it is longer than {LONGEST} bytes")]
    TooLong,
    #[error("a comparator is missing here; write `*` for every version")]
    Missing,
    #[error("`{0}` is no operator of `version`; there are = != > >= < <=")]
    Operator(String),
    #[error("a version must follow the operator")]
    NoVersion,
    #[error("`{0}` is no version; write one to {MOST} numbers joined by dots, as in `>=9.9 <10`")]
    Version(String),
    #[error("a version has at most {MOST} numbers")]
    TooMany,
    #[error("wildcards are for `semver`; leave the number out, as in `=9.9`")]
    Wildcard,
    #[error("`*` stands alone")]
    Star,
    #[error("the range sees the numbers alone; choose the text behind them by `suffix`, as in `suffix: \"-{0}\"`")]
    Text(String),
    #[error("`||` is for `semver`; `version` knows comparators that must all hold")]
    Alternatives,
    #[error("a space or a comma must stand between two comparators")]
    NoSeparator,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
}

/// The spellings of the operators.
const OPERATORS: [(&str, Operator); 7] = [
    ("", Operator::Equal),
    ("=", Operator::Equal),
    ("!=", Operator::NotEqual),
    (">", Operator::Greater),
    (">=", Operator::GreaterEqual),
    ("<", Operator::Less),
    ("<=", Operator::LessEqual),
];

#[derive(Debug, Clone)]
struct Comparator {
    operator: Operator,
    /// Without leading zeros; 0 is empty.
    numbers: Vec<String>,
}

impl Comparators {
    /// Reads comparators joined by spaces or commas; an empty text is `*`.
    pub(crate) fn parse(text: &str) -> Result<Self, ComparatorError> {
        let text = match text.trim_matches(' ') {
            "" => "*",
            text => text,
        };
        let mut reader = Reader { text, at: 0 };
        let all = match text {
            "*" => Ok(Vec::new()),
            _ if text.len() > LONGEST => Err(Problem::TooLong),
            _ => reader.comparators(),
        };
        let all = all.map_err(|problem| ComparatorError {
            text: shown(text, 160),
            at: reader.at,
            problem,
        })?;
        Ok(Self {
            text: text.to_owned(),
            all,
        })
    }

    /// The text as written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether all comparators hold for the numbers of a version.
    pub(crate) fn hold(&self, version: &Numbers<'_>) -> bool {
        self.all.iter().all(|comparator| comparator.holds(version))
    }
}

impl Comparator {
    fn holds(&self, version: &Numbers<'_>) -> bool {
        let looked_at = if self.numbers.len() < WHOLE {
            self.numbers.len()
        } else {
            usize::MAX
        };
        let order = compare_rows(
            version.numbers().take(looked_at),
            self.numbers.iter().map(String::as_str),
        );
        match self.operator {
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterEqual => order != Ordering::Less,
            Operator::Less => order == Ordering::Less,
            Operator::LessEqual => order != Ordering::Greater,
        }
    }
}

/// As much of a stranger's text as a message shows.
fn shown(text: &str, length: usize) -> String {
    text.chars().take(length).flat_map(char::escape_debug).collect()
}

/// A place in the text.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_spaces(&mut self) -> bool {
        let start = self.at;
        self.at = self.text.len() - self.rest().trim_start_matches(' ').len();
        self.at > start
    }

    fn comparators(&mut self) -> Result<Vec<Comparator>, Problem> {
        let mut all = Vec::new();
        loop {
            let comparator = self.comparator()?;
            all.push(comparator);
            let spaces = self.skip_spaces();
            let comma = self.rest().starts_with(',');
            self.at += usize::from(comma);
            match self.rest().chars().next() {
                None if !comma => return Ok(all),
                Some('|') => return Err(Problem::Alternatives),
                _ if !(spaces || comma) => return Err(Problem::NoSeparator),
                _ => self.skip_spaces(),
            };
        }
    }

    fn comparator(&mut self) -> Result<Comparator, Problem> {
        let rest = self.rest();
        let written = &rest[..rest.find(|letter| !"=!<>~^".contains(letter)).unwrap_or(rest.len())];
        let known = OPERATORS.iter().find(|(spelling, _)| *spelling == written);
        let &(_, operator) = known.ok_or_else(|| Problem::Operator(shown(written, 8)))?;
        self.at += written.len();
        if !written.is_empty() {
            self.skip_spaces();
        }
        let rest = self.rest();
        let end = rest.find(|letter| " ,=!<>~^|".contains(letter));
        let numbers = match &rest[..end.unwrap_or(rest.len())] {
            "" if rest.starts_with('|') => return Err(Problem::Alternatives),
            "" if !written.is_empty() => return Err(Problem::NoVersion),
            "" => return Err(Problem::Missing),
            word => numbers(word)?,
        };
        self.at += end.unwrap_or(rest.len());
        Ok(Comparator { operator, numbers })
    }
}

/// Reads `v?N(.N)*`.
fn numbers(word: &str) -> Result<Vec<String>, Problem> {
    let body = word.strip_prefix('v').unwrap_or(word);
    if word == "*" {
        return Err(Problem::Star);
    }
    if let Some((core, text)) = body.split_once('-')
        && super::are_numbers(core)
    {
        return Err(Problem::Text(shown(text, 40)));
    }
    if body.split('.').any(|part| matches!(part, "x" | "X" | "*")) {
        return Err(Problem::Wildcard);
    }
    if !super::are_numbers(body) {
        return Err(Problem::Version(shown(word, 80)));
    }
    let numbers: Vec<String> = body
        .split('.')
        .map(|number| number.trim_start_matches('0').to_owned())
        .collect();
    if numbers.len() > MOST {
        return Err(Problem::TooMany);
    }
    Ok(numbers)
}
