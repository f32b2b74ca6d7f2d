//! What is wrong with a configuration file, each with its place.

use std::fmt;

use yaml_spans::Location;

/// The most problems that are kept: nobody reads more, and aliases can make very many of one.
const MOST: usize = 500;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The key, like `repositories[0].url`; empty for the file as a whole.
    pub key: String,
    /// What is wrong and what to do about it.
    pub text: String,
}

/// Everything that is wrong with one file, in the order of the file; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    file: String,
    problems: Vec<Problem>,
    /// Some were left out.
    more: bool,
}

impl Problems {
    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Problem> {
        self.problems.iter()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.text)
    }
}

/// A line `FILE:LINE:COLUMN: key: problem` for each.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.problems.iter().enumerate() {
            let line_end = if number == 0 { "" } else { "\n" };
            write!(f, "{line_end}{}:{problem}", self.file)?;
        }
        if self.more {
            write!(
                f,
                "\n{}: and more; these are the first {MOST} that were found",
                self.file
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Collects problems while a file is read.
#[derive(Debug, Default)]
pub(crate) struct Report {
    problems: Vec<Problem>,
    more: bool,
}

impl Report {
    /// Notes a problem at a place of the text.
    pub(crate) fn add(&mut self, location: Location, key: &str, text: impl Into<String>) {
        if self.is_full() {
            self.more = true;
            return;
        }
        let (line, column) = (location.line, location.column);
        self.problems.push(Problem {
            line,
            column,
            key: key.to_owned(),
            text: text.into(),
        });
    }

    /// Whether there is no point in looking for more.
    pub(crate) fn is_full(&self) -> bool {
        self.problems.len() >= MOST
    }

    /// Whether something is wrong with `key` or in it.
    pub(crate) fn concerns(&self, key: &str) -> bool {
        self.problems.iter().any(|problem| {
            let rest = problem.key.strip_prefix(key);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    /// `value` if nothing is wrong, else everything that is.
    pub(crate) fn finish<T>(mut self, file: &str, value: Option<T>) -> Result<T, Problems> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => {
                self.problems.sort();
                self.problems.dedup();
                Err(Problems {
                    file: file.to_owned(),
                    problems: self.problems,
                    more: self.more,
                })
            }
        }
    }
}
