//! Programs of `tests/` in Go, which answer a line of JSON for each line that they are asked.

use std::fs::File;

use anyhow::Context;

use crate::folder::Folder;
use crate::process::{built, command, run};

/// Such a program.
pub(crate) struct LineProgram {
    /// The folder below `tests/`.
    pub(crate) name: &'static str,
    /// What it is built of, in the order of `.ci/install-servers`: `main.go`, `go.mod` and `go.sum`.
    pub(crate) sources: [&'static str; 3],
}

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
        let output = run(command(&built(&self.built_name())?, folder.path()).stdin(questions))?;
        String::from_utf8(output.stdout).context("reading the answers")
    }

    /// The name that the program is built under; it changes with the sources.
    fn built_name(&self) -> String {
        let digest = memory_registry::digest(self.sources.concat().as_bytes());
        let (_, sum) = digest.split_once(':').expect("a digest names its algorithm");
        format!("{}-{}", self.name, &sum[..12])
    }
}
