//! Why a file is left alone.

use yaml_spans::{Location, ParseError};

/// A file that must not be edited, whatever it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Refusal {
    problem: Problem,
    location: Location,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    #[error("not UTF-8")]
    NotUtf8,
    #[error(transparent)]
    Parse(ParseError),
    #[error("duplicate key `{0}` on the way to an image; remove one of the two")]
    DuplicateKey(String),
    #[error("holds template actions (`{{{{ … }}}}`), so it is no manifest yet")]
    Template,
    #[error("its images take more than {0} MiB to keep, counted through aliases; split the file")]
    TooMuchText(usize),
    #[error("the edited text could not be proven to differ in the image alone: {0}")]
    Unproven(&'static str),
}

impl Refusal {
    pub(crate) fn new(problem: Problem, location: Location) -> Self {
        Self { problem, location }
    }

    pub(crate) fn from_parse(error: ParseError) -> Self {
        let location = error.location();
        Self::new(Problem::Parse(error), location)
    }

    /// The same, somewhere else.
    pub(crate) fn at(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// Where in the file.
    pub fn location(&self) -> Location {
        self.location
    }

    /// The kind of refusal, in lower camel case, for machines.
    pub fn code(&self) -> &'static str {
        match &self.problem {
            Problem::NotUtf8 => "notUtf8",
            Problem::Parse(error) => error.code(),
            Problem::DuplicateKey(_) => "duplicateKey",
            Problem::Template => "helmTemplate",
            Problem::TooMuchText(_) => "tooLarge",
            Problem::Unproven(_) => "unproven",
        }
    }
}
