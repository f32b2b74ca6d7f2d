//! Printing what was chosen.

use std::io::{self, BufWriter, Write};

use domain::select::{Selection, TagVerdict};
use serde::{Serialize, Serializer};

use super::summary::summary;
use crate::commands::verdicts::{self, Page};

/// A selection as people see it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SelectionView<'a> {
    pick: Option<&'a str>,
    digest: Option<&'a str>,
    value: Option<String>,
    reason: &'static str,
    blocked_by: Option<&'a str>,
    #[serde(serialize_with = "each_verdict")]
    verdicts: &'a [TagVerdict<'a>],
}

/// A verdict as people see it.
#[derive(Serialize)]
struct VerdictView<'a> {
    tag: &'a str,
    verdict: &'static str,
    reason: String,
}

/// Each verdict is made into text when its turn comes: there may be a million.
fn each_verdict<S: Serializer>(verdicts: &[TagVerdict<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(verdicts.iter().map(|verdict| VerdictView {
        tag: verdict.tag,
        verdict: verdict.verdict.code(),
        reason: verdict.to_string(),
    }))
}

impl<'a> SelectionView<'a> {
    fn new(selection: &'a Selection<'a>) -> Self {
        let pick = selection.pick.as_ref();
        Self {
            pick: pick.and_then(|value| value.tag.as_ref()).map(|tag| tag.as_str()),
            digest: pick
                .and_then(|value| value.digest.as_ref())
                .map(|digest| digest.as_str()),
            value: pick.map(ToString::to_string),
            reason: selection.reason.code(),
            blocked_by: selection.blocked_by.as_deref(),
            verdicts: &selection.verdicts,
        }
    }
}

/// Prints the value alone on a line, or nothing.
pub(super) fn text(selection: &Selection<'_>) -> io::Result<()> {
    let out = io::stdout().lock();
    unless_gone(write_text(selection, out))
}

/// Prints everything, as one JSON object on one line.
pub(super) fn json(selection: &Selection<'_>) -> io::Result<()> {
    let out = BufWriter::new(io::stdout().lock());
    unless_gone(write_json(selection, out))
}

/// Prints the verdict on every tag to standard error, and what follows from them.
pub(super) fn explain(selection: &Selection<'_>) -> io::Result<()> {
    let page = Page::stderr();
    let out = BufWriter::new(anstream::stderr().lock());
    unless_gone(write_table(selection, &page, out))
}

pub(super) fn write_text(selection: &Selection<'_>, mut out: impl Write) -> io::Result<()> {
    if let Some(value) = &selection.pick {
        writeln!(out, "{value}")?;
    }
    out.flush()
}

pub(super) fn write_json(selection: &Selection<'_>, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, &SelectionView::new(selection))?;
    writeln!(out)?;
    out.flush()
}

pub(super) fn write_table(selection: &Selection<'_>, page: &Page, mut out: impl Write) -> io::Result<()> {
    verdicts::write(&selection.verdicts, page, &mut out)?;
    writeln!(out)?;
    verdicts::write_wrapped(&summary(selection), page, &mut out)?;
    out.flush()
}

/// A reader that has gone away wanted no more.
fn unless_gone(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}
