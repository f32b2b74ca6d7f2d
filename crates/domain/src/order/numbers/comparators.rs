//! Ranges of the kind `version`: comparators that must all hold.

mod problem;

use std::cmp::Ordering;

use super::{MOST, Numbers, compare_rows};
use crate::choose::Side;
use crate::fault::{Fault, Flaw};
use crate::order::Rows;

use problem::Problem;

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
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        let mut reader = Reader { text, at: 0 };
        let (all, text) = match text.trim_matches(' ') {
            "" | "*" => (Ok(Vec::new()), "*"),
            _ if text.len() > LONGEST => {
                reader.at = text.floor_char_boundary(LONGEST);
                (Err(Problem::TooLong(LONGEST)), text)
            }
            trimmed => (reader.comparators(), trimmed),
        };
        let all = all.map_err(|problem| reader.flaw(problem).of("a range of versions", reader.text))?;
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

    /// The numbers that versions inside begin with.
    pub(crate) fn rows(&self) -> Rows {
        self.all
            .iter()
            .fold(Rows::ALL, |rows, comparator| comparator.narrow(rows))
    }

    /// On which side of the range a version is that is outside, if all comparators that do not hold agree about it.
    pub(crate) fn side(&self, version: &Numbers<'_>) -> Option<Side> {
        let failing = self.all.iter().filter(|comparator| !comparator.holds(version));
        let mut sides = failing.map(|comparator| comparator.operator.side(comparator.order(version)));
        let side = sides.next()??;
        sides.all(|other| other == Some(side)).then_some(side)
    }
}

impl Operator {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order == Ordering::Equal,
            Self::NotEqual => order != Ordering::Equal,
            Self::Greater => order == Ordering::Greater,
            Self::GreaterEqual => order != Ordering::Less,
            Self::Less => order == Ordering::Less,
            Self::LessEqual => order != Ordering::Greater,
        }
    }

    /// On which side of what holds a version is that compares so, though it should not.
    fn side(self, order: Ordering) -> Option<Side> {
        match (self, order) {
            (Self::NotEqual, _) => None,
            (Self::Greater, _) | (_, Ordering::Less) => Some(Side::Below),
            (Self::Less, _) | (_, Ordering::Greater) => Some(Side::Above),
            (_, Ordering::Equal) => None,
        }
    }
}

impl Comparator {
    fn holds(&self, version: &Numbers<'_>) -> bool {
        self.operator.holds(self.order(version))
    }

    /// The rows that hold, of those that have held so far.
    fn narrow(&self, rows: Rows) -> Rows {
        let numbers = &self.numbers;
        // What stands for all versions that begin so ends with these; else more numbers may stand behind the three.
        match self.operator {
            Operator::NotEqual => rows,
            Operator::Equal => rows.from(numbers).upto(numbers),
            Operator::Greater | Operator::GreaterEqual => rows.from(numbers),
            Operator::Less if numbers.len() < WHOLE => rows.before(numbers),
            Operator::Less | Operator::LessEqual => rows.upto(numbers),
        }
    }

    /// The order of a version and the comparator's.
    fn order(&self, version: &Numbers<'_>) -> Ordering {
        let looked_at = if self.numbers.len() < WHOLE {
            self.numbers.len()
        } else {
            usize::MAX
        };
        compare_rows(
            version.numbers().take(looked_at),
            self.numbers.iter().map(String::as_str),
        )
    }
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

    /// A problem with what begins here.
    fn flaw(&self, problem: Problem) -> Flaw<Problem> {
        Flaw::of_span(self.at..self.at + problem.extent(self.rest()), problem)
    }

    fn comparators(&mut self) -> Result<Vec<Comparator>, Problem> {
        let mut all = Vec::new();
        self.skip_spaces();
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
        let &(_, operator) = known.ok_or_else(|| Problem::Operator(written.to_owned()))?;
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
        return Err(Problem::Text(text.to_owned()));
    }
    if body.split('.').any(|part| matches!(part, "x" | "X" | "*")) {
        return Err(Problem::Wildcard);
    }
    if !super::are_numbers(body) {
        return Err(Problem::version(word));
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
