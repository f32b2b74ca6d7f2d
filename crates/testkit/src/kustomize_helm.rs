//! What Kustomize and Helm make of files, asked through the program of `tests/kustomize-helm`.

use crate::line_program::LineProgram;
use crate::sources::Sources;

const PROGRAM: LineProgram = LineProgram(Sources {
    name: "kustomize-helm",
    texts: [
        include_str!("../../../tests/kustomize-helm/main.go"),
        include_str!("../../../tests/kustomize-helm/go.mod"),
        include_str!("../../../tests/kustomize-helm/go.sum"),
    ],
});

/// Builds kustomizations and renders charts: a JSON line for each (see `tests/kustomize-helm/README.md`).
///
/// # Errors
///
/// The program is not built of the sources that are there now, or a question is none; with its own words.
pub fn kustomize_helm(questions: &str) -> anyhow::Result<String> {
    PROGRAM.ask(questions)
}

#[cfg(test)]
mod tests;
