//! Programs of `tests/` in Go, which answer a line of JSON for each line that they are asked.

use std::fs::File;

use anyhow::Context;

use crate::folder::Folder;
use crate::process::{command, run};
use crate::sources::Sources;

/// A program that answers.
pub(crate) struct LineProgram(pub(crate) Sources);

impl LineProgram {
    /// Answers questions, all in one run.
    ///
    /// # Errors
    ///
    /// The program is not built of the sources that are there now, or a question is none; with its own words.
    pub(crate) fn ask(&self, questions: &str) -> anyhow::Result<String> {
        let folder = Folder::in_memory()?;
        // A file and no pipe: nobody has to write and read at once.
        let questions = folder.write("questions.jsonl", questions)?;
        let questions = File::open(questions).context("opening the questions")?;
        let output = run(command(&self.0.built()?, folder.path()).stdin(questions))?;
        String::from_utf8(output.stdout).context("reading the answers")
    }
}
