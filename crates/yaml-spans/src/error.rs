//! Why a text is not taken.

use granit_parser::{ErrorKind, ScanError};

use crate::{Location, MAX_BYTES, MAX_DEPTH, MAX_DOCUMENTS, MAX_NODES};

/// A text could not be read as YAML, or is larger than the limits allow.
///
/// The message does not say where; that is [`location`](Self::location).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct ParseError {
    problem: Problem,
    location: Location,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    #[error("not valid YAML: {0}")]
    Syntax(String),
    #[error("larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    #[error("more than {MAX_DOCUMENTS} documents")]
    TooManyDocuments,
    #[error("more than {MAX_NODES} nodes, counted through aliases")]
    TooManyNodes,
    #[error("an alias stands inside the node that it names")]
    CyclicAlias,
}

impl ParseError {
    pub(crate) fn new(problem: Problem, location: Location) -> Self {
        Self { problem, location }
    }

    /// What the parser says of a part of the text that begins on line `first`.
    pub(crate) fn from_scan(error: &ScanError, first: usize) -> Self {
        let marker = error.marker();
        let location = Location {
            line: first - 1 + marker.line().max(1),
            column: marker.col() + 1,
        };
        // The scanner looks ahead, and may meet its own limit before the tree meets ours.
        let problem = match error.kind() {
            ErrorKind::RecursionLimitExceeded => Problem::TooDeep,
            _ => Problem::Syntax(error.info()),
        };
        Self::new(problem, location)
    }

    /// Where the text stopped making sense, or where a limit was passed.
    pub fn location(&self) -> Location {
        self.location
    }

    /// The kind of problem: `notYaml`, `tooLarge`, `tooDeep`, `tooManyDocuments` or `tooManyNodes`.
    pub fn code(&self) -> &'static str {
        match self.problem {
            Problem::Syntax(_) => "notYaml",
            Problem::TooLarge => "tooLarge",
            Problem::TooDeep => "tooDeep",
            Problem::TooManyDocuments => "tooManyDocuments",
            // Counted through, such an alias stands for endlessly many nodes.
            Problem::TooManyNodes | Problem::CyclicAlias => "tooManyNodes",
        }
    }
}
