//! The two ways out: data on standard output, everything else on standard error.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use serde::Serialize;

/// Writes data. A reader that has gone away (`| head`) is no error.
pub(crate) fn text(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Tells a problem on a line of its own. If even that cannot be written, nobody is there to be told.
pub(crate) fn problem(problem: &(impl Display + ?Sized)) {
    let _ = writeln!(anstream::stderr().lock(), "{problem}");
}

/// A problem that has been told already; what is left is how the process ends.
#[derive(Debug, thiserror::Error)]
#[error("the problem has been told")]
pub(crate) struct ToldProblem(pub(crate) ExitCode);

/// Prints a view as indented JSON.
pub(crate) fn json(view: &impl Serialize) -> anyhow::Result<()> {
    let indented = serde_json::to_string_pretty(view).context("writing the answer as JSON")?;
    text(&format!("{indented}\n"))
}
