//! `GET /api/v1/problems`

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::page::Page;
use crate::{board::Snapshot, report::FileProblem};

/// Problems that are named in one answer at most, for each that has them.
pub(crate) const NAMED: usize = 100;

/// A part of all problems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemsView {
    /// All problems there are.
    pub total: usize,
    /// Where the next part begins; absent in the last one.
    pub next_offset: Option<usize>,
    /// Those of the configuration, then by git repository.
    pub problems: Vec<KnownProblemView>,
}

/// Something that could not be used or is of no use, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KnownProblemView {
    /// The git repository's name in the configuration; absent for a problem of the configuration itself.
    pub repository: Option<String>,
    /// What and where.
    #[serde(flatten)]
    pub problem: FileProblemView,
}

/// Something in a git repository, or in the configuration, that could not be used or is of no use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileProblemView {
    /// The file; of the configuration the key, `rules[2]`.
    pub path: String,
    /// The line, from 1, where one is known.
    pub line: Option<u32>,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for FileProblemView {
    /// `PATH[:LINE]: MESSAGE`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// A part of the Board's problems; of one path alone where one is given.
pub(crate) fn problems(board: &Snapshot, path: Option<&str>, page: Page) -> ProblemsView {
    let all = board.problems();
    let asked: Vec<_> = all
        .filter(|(_, problem)| path.is_none_or(|path| problem.path == path))
        .collect();
    let part = page.of(asked.into_iter());
    let view = |(repository, known): (Option<&str>, &FileProblem)| KnownProblemView {
        repository: repository.map(str::to_owned),
        problem: known.into(),
    };
    ProblemsView {
        total: part.total,
        next_offset: part.next_offset,
        problems: part.items.into_iter().map(view).collect(),
    }
}

impl From<&FileProblem> for FileProblemView {
    fn from(problem: &FileProblem) -> Self {
        Self {
            path: problem.path.clone(),
            line: problem.line,
            message: problem.message.clone(),
        }
    }
}
