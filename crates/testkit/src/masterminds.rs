//! The constraints of github.com/Masterminds/semver, asked through the program of `tests/masterminds`.

use std::fs::File;

use anyhow::Context;

use crate::folder::Folder;
use crate::process::{built, command, run};

/// What the program is built of, in the order of `.ci/install-servers`.
const SOURCES: [&str; 3] = [
    include_str!("../../../tests/masterminds/main.go"),
    include_str!("../../../tests/masterminds/go.mod"),
    include_str!("../../../tests/masterminds/go.sum"),
];

/// Answers questions about constraints: a JSON line for each (see `tests/masterminds/README.md`).
///
/// # Errors
///
/// The program is not built of the sources that are there now, or a question is none; with its own words.
pub fn masterminds(questions: &str) -> anyhow::Result<String> {
    let folder = Folder::in_memory()?;
    // A file and no pipe: nobody has to write and read at once.
    let questions = folder.write("questions.jsonl", questions)?;
    let questions = File::open(questions).context("opening the questions")?;
    let output = run(command(&built(&name())?, folder.path()).stdin(questions))?;
    String::from_utf8(output.stdout).context("reading the answers")
}

/// The name that the program is built under; it changes with the sources.
fn name() -> String {
    let digest = memory_registry::digest(SOURCES.concat().as_bytes());
    let (_, sum) = digest.split_once(':').expect("a digest names its algorithm");
    format!("masterminds-{}", &sum[..12])
}

#[cfg(test)]
mod tests;
