//! `tidemark credentials REF`: which credentials would be tried for an image, and never a secret.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use controller::config::scanner_for_cli;
use domain::reference::{Reference, Repository};
use registry_scanner::DockerConfigFile;
use registry_scanner::docker_config::{Candidate, DockerConfig, Found, Offer, Skipped};
use serde::Serialize;
use transport::one_line;

use super::remote::{Output, table};
use crate::environment::environment;
use crate::output;

#[cfg(test)]
mod tests;

/// The request would be anonymous.
const NONE: u8 = 3;

/// Show which credentials would be tried for an image, in order
///
/// Reads the Docker config file as the scanner does, and never prints a secret. Helpers are listed, not run. A tag or digest of
/// the image does not matter.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tidemark credentials ghcr.io/acme/api
  tidemark credentials registry.example.com:5000/team/app --docker-config ./config.json
  tidemark credentials nginx -o json | jq .candidates

Exit status: 0 there are some, 3 there are none (the request would be anonymous), 1 the file cannot be read, 2 wrong usage.")]
pub(crate) struct Args {
    /// The image
    #[arg(value_name = "REF", value_parser = Reference::parse)]
    reference: Reference,

    /// The Docker config file [default: config.json in $DOCKER_CONFIG, else in ~/.docker]
    #[arg(long, value_name = "FILE")]
    docker_config: Option<PathBuf>,

    /// How to print the answer
    #[arg(short, long, value_enum, default_value_t = Output::Text)]
    output: Output,
}

/// Reads the file and prints what applies.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let repository = args.reference.repository;
    let file = match args.docker_config {
        Some(path) => Some(DockerConfigFile::Named(path)),
        None => scanner_for_cli(None, &environment())?.docker_config,
    };
    let (found, source) = read(&repository, file.as_ref())?;
    let view = View::of(&repository, found, &source);
    match args.output {
        Output::Json => output::json(&view)?,
        Output::Text => print_text(&view)?,
    }
    Ok(if view.candidates.is_empty() {
        ExitCode::from(NONE)
    } else {
        ExitCode::SUCCESS
    })
}

fn read(repository: &Repository, file: Option<&DockerConfigFile>) -> anyhow::Result<(Found, PathBuf)> {
    let (path, config) = match file {
        None => return Ok((Found::default(), PathBuf::new())),
        Some(DockerConfigFile::Named(path)) => (path, DockerConfig::read(path)?),
        Some(DockerConfigFile::Usual(path)) => match DockerConfig::read(path) {
            Err(error) if error.is_missing() => return Ok((Found::default(), path.clone())),
            read => (path, read?),
        },
    };
    Ok((config.find(repository), path.clone()))
}

/// What is printed with `-o json`.
#[derive(Debug, Serialize)]
struct View {
    image: String,
    candidates: Vec<CandidateView>,
    skipped: Vec<SkippedView>,
}

#[derive(Debug, Serialize)]
struct CandidateView {
    key: String,
    kind: &'static str,
    username: Option<String>,
    helper: Option<String>,
    source: String,
}

#[derive(Debug, Serialize)]
struct SkippedView {
    key: String,
    reason: String,
}

impl View {
    fn of(repository: &Repository, found: Found, source: &Path) -> Self {
        let source = source.display().to_string();
        Self {
            image: repository.to_string(),
            candidates: found
                .candidates
                .into_iter()
                .map(|candidate| CandidateView::of(candidate, &source))
                .collect(),
            skipped: found
                .skipped
                .into_iter()
                .map(|Skipped { key, reason }| SkippedView { key, reason })
                .collect(),
        }
    }
}

impl CandidateView {
    fn of(candidate: Candidate, source: &str) -> Self {
        let (kind, username, helper) = match candidate.offer {
            Offer::Credential(credential) => (credential.kind(), credential.username().map(str::to_owned), None),
            Offer::Helper(name) => ("helper", None, Some(name)),
        };
        Self {
            key: candidate.key,
            kind,
            username,
            helper,
            source: source.to_owned(),
        }
    }
}

fn print_text(view: &View) -> anyhow::Result<()> {
    if !view.candidates.is_empty() {
        output::text(&text(view))?;
    }
    let mut aside = anstream::stderr().lock();
    for SkippedView { key, reason } in &view.skipped {
        writeln!(aside, "skipped `{}`: {reason}", one_line(key, 200)).context("writing to standard error")?;
    }
    if view.candidates.is_empty() {
        writeln!(
            aside,
            "no credential for {}: the request would be anonymous",
            view.image
        )
        .context("writing to standard error")?;
    }
    Ok(())
}

fn text(view: &View) -> String {
    let dash = || "-".to_owned();
    let row = |candidate: &CandidateView| {
        let who = candidate.username.clone().or_else(|| candidate.helper.clone());
        [
            candidate.key.clone(),
            candidate.kind.to_owned(),
            who.unwrap_or_else(dash),
            candidate.source.clone(),
        ]
    };
    table(
        ["key", "kind", "user or helper", "source"],
        view.candidates.iter().map(row),
    )
}
