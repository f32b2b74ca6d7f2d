//! `tidemark ref`: an image reference taken apart.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use domain::reference::Reference;
use serde::Serialize;

/// The reference is none.
const USAGE: u8 = 2;

/// Take an image reference apart, as JSON
///
/// Prints its registry, repository, tag and digest, and its canonical and its familiar spelling. Nothing is asked of any registry.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tidemark ref nginx:1.27
  tidemark ref registry.example.com:5000/team/app@sha256:…
  tidemark ref nginx | jq -r .canonical

Exit status: 0 it is a reference, 2 it is none.")]
pub(crate) struct Args {
    /// The reference.
    #[arg(
        help = "The reference: [REGISTRY/]REPOSITORY[:TAG][@DIGEST]",
        value_name = "REF",
        allow_hyphen_values = true
    )]
    reference: String,
}

/// A reference as people see it.
#[derive(Debug, Serialize)]
struct ReferenceView<'a> {
    registry: &'a str,
    repository: &'a str,
    tag: Option<&'a str>,
    digest: Option<&'a str>,
    canonical: String,
    familiar: String,
}

impl<'a> ReferenceView<'a> {
    fn new(reference: &'a Reference) -> Self {
        Self {
            registry: reference.repository.registry().as_str(),
            repository: reference.repository.path(),
            tag: reference.tag.as_ref().map(|tag| tag.as_str()),
            digest: reference.digest.as_ref().map(|digest| digest.as_str()),
            canonical: reference.canonical(),
            familiar: reference.familiar(),
        }
    }
}

/// Prints the parts of a reference.
///
/// # Errors
///
/// Standard output cannot be written to.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Args { reference } = args;
    let reference = match Reference::parse(&reference) {
        Ok(reference) => reference,
        Err(error) => {
            anstream::eprintln!("error: {error}");
            return Ok(ExitCode::from(USAGE));
        }
    };
    print(&ReferenceView::new(&reference)).context("writing to standard output")?;
    Ok(ExitCode::SUCCESS)
}

/// Writes to standard output; a reader that has gone away wanted no more.
fn print(view: &ReferenceView<'_>) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(view)?;
    text.push('\n');
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}
