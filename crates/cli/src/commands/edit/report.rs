//! What is said about the files.

use std::{
    io::{self, Write},
    path::Path,
};

use manifests::{Edited, Manifest};
use serde::Serialize;

use super::files::Problem;

/// What was done, as `-o json` says it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    /// The files that were changed or refused.
    files: Vec<FileReport>,
    /// Whether it was told of some that there is nothing to set.
    #[serde(skip)]
    has_notes: bool,
}

/// What was done to one file.
#[derive(Debug, Serialize)]
pub(super) struct FileReport {
    path: String,
    changes: Vec<ChangeReport>,
    refused: Vec<RefusalReport>,
    /// What was left alone and is no error, and its line.
    #[serde(skip)]
    notes: Vec<(usize, String)>,
    /// What people are to see of it.
    #[serde(skip)]
    pub(super) shown: String,
}

#[derive(Debug, Serialize)]
struct ChangeReport {
    line: usize,
    column: usize,
    place: String,
    old: String,
    new: String,
}

#[derive(Debug, Serialize)]
struct RefusalReport {
    line: Option<usize>,
    code: &'static str,
    reason: String,
}

impl Report {
    pub(super) fn add(&mut self, file: FileReport) {
        self.has_notes |= !file.notes.is_empty();
        if !file.changes.is_empty() || !file.refused.is_empty() {
            self.files.push(file);
        }
    }

    /// Whether nothing was changed and nothing refused.
    fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether nothing was changed, and nobody was told why.
    pub(super) fn is_silent(&self) -> bool {
        self.is_empty() && !self.has_notes
    }

    /// 1 goes before 3: what was refused needs somebody to look.
    pub(super) fn exit_code(&self) -> u8 {
        if self.files.iter().any(|file| !file.refused.is_empty()) {
            1
        } else if self.is_empty() {
            3
        } else {
            0
        }
    }

    pub(super) fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts and numbers are always JSON")
    }
}

impl FileReport {
    pub(super) fn new(path: &Path, manifest: &Manifest, edited: &Edited) -> Self {
        let changes = edited.changes.iter().map(|change| ChangeReport {
            line: change.location.line,
            column: change.location.column,
            place: change.spot.clone(),
            old: change.old.clone(),
            new: change.new.clone(),
        });
        let refused = edited.refused.iter().map(|refused| RefusalReport {
            line: Some(refused.location.line),
            code: refused.code,
            reason: refused.reason.clone(),
        });
        let places = edited.nothing_to_set.iter().map(|&index| &manifest.places()[index]);
        let unset = places.map(|place| {
            (
                place.location.line,
                format!("{place}: nothing to set: no tag is written there"),
            )
        });
        let notes = manifest.notes().iter();
        let notes = notes
            .map(|note| (note.location.line, note.message.clone()))
            .chain(unset);
        Self {
            path: path.display().to_string(),
            changes: changes.collect(),
            refused: refused.collect(),
            notes: notes.collect(),
            shown: String::new(),
        }
    }

    pub(super) fn refused(path: &Path, problem: &Problem) -> Self {
        let refusal = RefusalReport {
            line: problem.line(),
            code: problem.code(),
            reason: problem.to_string(),
        };
        Self {
            path: path.display().to_string(),
            changes: Vec::new(),
            refused: vec![refusal],
            notes: Vec::new(),
            shown: String::new(),
        }
    }

    /// Says on `log` what was refused, and what there was nothing to set of.
    pub(super) fn complain(&self, log: &mut dyn Write) -> io::Result<()> {
        for (line, note) in &self.notes {
            writeln!(log, "{}:{line}: {note}", self.path)?;
        }
        self.refused
            .iter()
            .try_for_each(|RefusalReport { line, reason, .. }| match line {
                Some(line) => writeln!(log, "{}:{line}: {reason}", self.path),
                None => writeln!(log, "{}: {reason}", self.path),
            })
    }
}
