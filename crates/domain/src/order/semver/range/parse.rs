//! Reading ranges.

use super::super::is_prerelease;
use super::problem::Problem;
use super::{Alternative, Bound};
use crate::fault::{Fault, Flaw};

/// The longest range, in bytes.
const LONGEST: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    None,
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Tilde,
    Caret,
}

/// The spellings of the operators.
const OPERATORS: [(&str, Operator); 12] = [
    ("", Operator::None),
    ("=", Operator::Equal),
    ("!=", Operator::NotEqual),
    (">", Operator::Greater),
    (">=", Operator::GreaterEqual),
    ("=>", Operator::GreaterEqual),
    ("<", Operator::Less),
    ("<=", Operator::LessEqual),
    ("=<", Operator::LessEqual),
    ("~", Operator::Tilde),
    ("~>", Operator::Tilde),
    ("^", Operator::Caret),
];

/// A version as it stands in a range: perhaps with numbers missing or wild.
#[derive(Debug, Clone)]
struct Partial {
    /// The numbers before the first missing or wild one, without leading zeros.
    numbers: Vec<String>,
    wildcard: bool,
    prerelease: String,
}

/// Reads alternatives joined by `||`.
pub(super) fn alternatives(text: &str) -> Result<Vec<Alternative>, Fault> {
    let refuse = |flaw: Flaw<Problem>| flaw.of("a range", text);
    if text.len() > LONGEST {
        return Err(refuse(Flaw::new(
            text.floor_char_boundary(LONGEST),
            Problem::TooLong(LONGEST),
        )));
    }
    let mut alternatives = Vec::new();
    let mut start = 0;
    for part in text.split("||") {
        let mut reader = Reader { text: part, at: 0 };
        let alternative = reader.alternative();
        alternatives.push(alternative.map_err(|problem| refuse(reader.flaw(problem).after(start)))?);
        start += part.len() + 2;
    }
    Ok(alternatives)
}

/// A place in the text of one alternative.
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

    fn skip_comma(&mut self) -> bool {
        let comma = self.rest().starts_with(',');
        self.at += usize::from(comma);
        comma
    }

    /// A problem with what begins here.
    fn flaw(&self, problem: Problem) -> Flaw<Problem> {
        Flaw::of_span(self.at..self.at + problem.extent(self.rest()), problem)
    }

    /// Reads comparators joined by spaces or commas.
    fn alternative(&mut self) -> Result<Alternative, Problem> {
        let mut alternative = Alternative::default();
        self.skip_spaces();
        loop {
            self.comparator(&mut alternative)?;
            let spaces = self.skip_spaces();
            if self.rest().is_empty() {
                return Ok(alternative);
            }
            let comma = self.skip_comma();
            if !(spaces || comma) {
                return Err(self.unseparated());
            }
            self.skip_spaces();
        }
    }

    /// What is wrong where one comparator touches the next.
    fn unseparated(&self) -> Problem {
        match self.rest().chars().next() {
            Some('|') => Problem::SingleBar,
            Some('+') => Problem::Build,
            _ => Problem::NoSeparator,
        }
    }

    /// Reads one comparator, or `A - B`, into `alternative`.
    fn comparator(&mut self, alternative: &mut Alternative) -> Result<(), Problem> {
        let start = self.at;
        let operator = self.operator()?;
        let version = self.version(operator)?;
        alternative.names_prerelease |= !version.prerelease.is_empty();
        let Some(rest) = self.rest().trim_start_matches(' ').strip_prefix("- ") else {
            return apply(alternative, operator, &version).inspect_err(|_| self.at = start);
        };
        if operator != Operator::None {
            self.at = start;
            return Err(Problem::HyphenOperator);
        }
        self.at = self.text.len() - rest.trim_start_matches(' ').len();
        let end = self.hyphen_end()?;
        alternative.names_prerelease |= !end.prerelease.is_empty();
        apply(alternative, Operator::GreaterEqual, &version)?;
        apply(alternative, Operator::LessEqual, &end)
    }

    /// Reads the `B` of `A - B`.
    fn hyphen_end(&mut self) -> Result<Partial, Problem> {
        let start = self.at;
        let operator = self.operator()?;
        let end = match operator {
            Operator::None => self.version(operator)?,
            _ => {
                self.at = start;
                return Err(Problem::HyphenOperator);
            }
        };
        if end.numbers.is_empty() {
            self.at = start;
            return Err(Problem::NoEnd);
        }
        Ok(end)
    }

    fn operator(&mut self) -> Result<Operator, Problem> {
        let rest = self.rest();
        let written = &rest[..rest.find(|letter| !"=!<>~^".contains(letter)).unwrap_or(rest.len())];
        let known = OPERATORS.iter().find(|(spelling, _)| *spelling == written);
        let (_, operator) = known.ok_or_else(|| Problem::Operator(written.to_owned()))?;
        self.at += written.len();
        if *operator != Operator::None {
            self.skip_spaces();
        }
        Ok(*operator)
    }

    /// Reads a version up to the next space, comma, operator or bar.
    fn version(&mut self, operator: Operator) -> Result<Partial, Problem> {
        let rest = self.rest();
        let ends = |letter: char| " ,=!<>~^|+".contains(letter);
        match &rest[..rest.find(ends).unwrap_or(rest.len())] {
            "" if rest.starts_with('|') => Err(Problem::SingleBar),
            "" if operator != Operator::None => Err(Problem::NoVersion),
            "" => Err(Problem::Missing),
            word => {
                let version = partial(word)?;
                self.at += word.len();
                Ok(version)
            }
        }
    }
}

/// Reads one to three numbers or wildcards, and a pre-release.
fn partial(word: &str) -> Result<Partial, Problem> {
    let bad = || Problem::version(word);
    let body = word.strip_prefix('v').unwrap_or(word);
    let (core, prerelease) = match body.split_once('-') {
        Some((core, prerelease)) if is_prerelease(prerelease) => (core, prerelease),
        Some(_) => return Err(bad()),
        None => (body, ""),
    };
    let mut version = Partial {
        numbers: Vec::new(),
        wildcard: false,
        prerelease: prerelease.to_owned(),
    };
    for (place, part) in core.split('.').enumerate() {
        let number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        match part {
            _ if place == 3 => return Err(Problem::FourNumbers),
            "x" | "X" | "*" => version.wildcard = true,
            _ if !number => return Err(bad()),
            _ if version.wildcard => return Err(Problem::AfterWildcard),
            _ => version.numbers.push(trimmed(part)),
        }
    }
    if version.wildcard && !prerelease.is_empty() {
        return Err(Problem::WildcardPrerelease(prerelease.to_owned()));
    }
    Ok(version)
}

/// A number without its leading zeros.
fn trimmed(number: &str) -> String {
    match number.trim_start_matches('0') {
        "" => "0".to_owned(),
        number => number.to_owned(),
    }
}

/// Turns a comparator into bounds.
fn apply(alternative: &mut Alternative, operator: Operator, version: &Partial) -> Result<(), Problem> {
    let every = version.numbers.is_empty();
    match operator {
        Operator::Greater if version.wildcard => return Err(Problem::WildcardAfter(">")),
        Operator::Less if version.wildcard => return Err(Problem::WildcardAfter("<")),
        Operator::NotEqual if every => return Err(Problem::Nothing("!=")),
        Operator::LessEqual if every => return Err(Problem::Nothing("<=")),
        _ if every => {}
        Operator::None | Operator::Equal => {
            alternative.raise(version.start());
            alternative.lower(version.end());
        }
        Operator::NotEqual => alternative.except.push((version.start(), version.end())),
        Operator::GreaterEqual => alternative.raise(version.start()),
        Operator::Greater => alternative.raise(version.after()),
        Operator::Less => alternative.lower(version.before()),
        Operator::LessEqual => alternative.lower(version.end()),
        Operator::Tilde => {
            alternative.raise(version.start());
            alternative.lower(below(version.next(version.written().min(2))));
        }
        Operator::Caret => {
            alternative.raise(version.start());
            alternative.lower(below(version.next(version.caret_place())));
        }
    }
    Ok(())
}

impl Partial {
    /// How many numbers count as written: a pre-release fills up with zeros.
    fn written(&self) -> usize {
        if self.prerelease.is_empty() {
            self.numbers.len()
        } else {
            3
        }
    }

    /// The numbers, filled with zeros, and the pre-release.
    fn filled(&self) -> String {
        match self.prerelease.as_str() {
            "" => filled(&self.numbers),
            prerelease => format!("{}-{prerelease}", filled(&self.numbers)),
        }
    }

    /// The lower bound at the first version that it stands for.
    fn start(&self) -> Bound {
        Bound::new(self.filled(), true)
    }

    /// The upper bound behind the last version that it stands for.
    fn end(&self) -> Bound {
        if self.written() == 3 {
            self.start()
        } else {
            below(self.next(self.written()))
        }
    }

    /// The lower bound behind the last version that it stands for.
    fn after(&self) -> Bound {
        match self.written() {
            3 => Bound::new(self.filled(), false),
            written => Bound::new(self.next(written), true),
        }
    }

    /// The upper bound `<X.Y.Z`.
    fn before(&self) -> Bound {
        if self.prerelease.is_empty() {
            below(self.filled())
        } else {
            Bound::new(self.filled(), false)
        }
    }

    /// The version that adds one to the number at `place`, counted from one.
    fn next(&self, place: usize) -> String {
        let mut numbers = self.numbers.clone();
        numbers.resize(place, "0".to_owned());
        if let Some(last) = numbers.last_mut() {
            *last = successor(last);
        }
        filled(&numbers)
    }

    /// The number that `^` lets grow no further: the first that is not 0, or the last written.
    fn caret_place(&self) -> usize {
        let first = self.numbers.iter().position(|number| number != "0");
        first.map_or(self.written(), |place| place + 1)
    }
}

/// Three numbers joined by dots, missing ones 0.
fn filled(numbers: &[String]) -> String {
    let number = |place: usize| numbers.get(place).map_or("0", String::as_str);
    format!("{}.{}.{}", number(0), number(1), number(2))
}

/// `<X.Y.Z` without the pre-releases of the bound: below its first one, `X.Y.Z-0`.
fn below(numbers: String) -> Bound {
    Bound::new(numbers + "-0", false)
}

/// A decimal number plus one, whatever its length.
fn successor(number: &str) -> String {
    let kept = number.trim_end_matches('9');
    let zeros = "0".repeat(number.len() - kept.len());
    match kept.as_bytes().split_last() {
        Some((last, _)) => format!("{}{}{zeros}", &kept[..kept.len() - 1], char::from(last + 1)),
        None => format!("1{zeros}"),
    }
}
