//! The constraints of github.com/Masterminds/semver, asked through the program of `tests/masterminds`.

use crate::line_program::LineProgram;
use crate::sources::Sources;

const PROGRAM: LineProgram = LineProgram(Sources {
    name: "masterminds",
    texts: [
        include_str!("../../../tests/masterminds/main.go"),
        include_str!("../../../tests/masterminds/go.mod"),
        include_str!("../../../tests/masterminds/go.sum"),
    ],
});

/// Answers questions about constraints: a JSON line for each (see `tests/masterminds/README.md`).
///
/// # Errors
///
/// The program is not built of the sources that are there now, or a question is none; with its own words.
pub fn masterminds(questions: &str) -> anyhow::Result<String> {
    PROGRAM.ask(questions)
}

#[cfg(test)]
mod tests;
