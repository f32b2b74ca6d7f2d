//! `tidemark edit`: the editor, offline.

mod arguments;
mod files;
mod report;
mod write;

use std::{
    collections::HashSet,
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use anyhow::Context as _;
use manifests::{Edit, Edited, FileKind, Manifest, unified_diff};

pub(crate) use arguments::Args;
use arguments::{Output, Wish};
use files::{Found, Problem};
use report::{FileReport, Report};

/// What becomes of an edited file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Its diff is printed.
    Show,
    /// It is replaced.
    Write,
}

/// Changes an image in files, or shows what would change.
///
/// # Errors
///
/// Standard output or standard error cannot be written to. What is wrong with
/// a file is told on standard error, and by the exit code.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let report = edit_files(args, &mut io::stdout().lock(), &mut io::stderr().lock());
    match report {
        Ok(report) => Ok(ExitCode::from(report.exit_code())),
        // A reader that has gone away wanted no more.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::FAILURE),
        Err(error) => Err(error).context("saying what was changed"),
    }
}

/// Edits all files that are asked for, and says on `out` what was done and on `log` what was not.
fn edit_files(args: Args, out: &mut dyn Write, log: &mut dyn Write) -> io::Result<Report> {
    let Args {
        wish,
        write,
        output,
        files,
    } = args;
    let mode = if write { Mode::Write } else { Mode::Show };
    let mut report = Report::default();
    let mut done = HashSet::new();
    for found in files::find(&files) {
        let (path, outcome) = match found {
            // Given twice, or reached in two ways.
            Ok(Found { real, .. }) if done.contains(&real) => continue,
            Ok(Found { path, real, kind }) => {
                let outcome = edit_file(&wish, mode, &path, &real, kind);
                done.insert(real);
                (path, outcome)
            }
            Err((path, problem)) => (path, Err(problem)),
        };
        let file = outcome.unwrap_or_else(|problem| FileReport::refused(&path, &problem));
        file.complain(log)?;
        if output == Output::Text {
            out.write_all(file.shown.as_bytes())?;
        }
        report.add(file);
    }
    if output == Output::Json {
        writeln!(out, "{}", report.json())?;
    }
    out.flush()?;
    if report.is_silent() {
        writeln!(
            log,
            "nothing to change: `{}` is not written there, or is so already",
            wish.image
        )?;
    }
    Ok(report)
}

/// Edits one file, and writes it if that is asked for.
fn edit_file(wish: &Wish, mode: Mode, path: &Path, real: &Path, kind: FileKind) -> Result<FileReport, Problem> {
    let bytes = files::read(real)?;
    let manifest = Manifest::read_bytes_as(kind, &bytes)?;
    let edited = manifest.edit(&edits(wish, &manifest))?;
    let mut file = FileReport::new(path, &manifest, &edited);
    if mode == Mode::Write && !edited.changes.is_empty() {
        write::replace(real, edited.text.as_bytes())?;
    }
    file.shown = shown(mode, path, &manifest, &edited);
    Ok(file)
}

/// What is to become of the places that are asked for.
fn edits(wish: &Wish, manifest: &Manifest) -> Vec<Edit> {
    let places = manifest.places().iter().enumerate();
    let wanted = places.filter(|(_, place)| wish.is_for(place));
    let edit = |(place, _)| Edit {
        place,
        to: wish.to.clone(),
        name: wish.name.clone(),
    };
    wanted.map(edit).collect()
}

/// The diff, or the line that says that it was written.
fn shown(mode: Mode, path: &Path, manifest: &Manifest, edited: &Edited) -> String {
    let path = path.display();
    // An image that is written in several scalars is one, and so is a scalar that several show.
    let images = edited.changes.iter().map(|change| change.places[0]);
    match images.collect::<HashSet<_>>().len() {
        0 => String::new(),
        _ if mode == Mode::Show => unified_diff(&path.to_string(), manifest.text(), edited),
        1 => format!("{path}: 1 image changed\n"),
        count => format!("{path}: {count} images changed\n"),
    }
}

#[cfg(test)]
mod tests;
