//! `tidemark tags IMAGE`: all tags of an image.

use std::process::ExitCode;

use domain::reference::Repository;
use serde_json::json;

use super::registry::Asking;
use super::remote::Output;
use crate::output;

/// List the tags of an image
///
/// Asks the registry as the daemon does. A list that is not whole is an error, never a shorter list.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tidemark tags ghcr.io/acme/api
  tidemark tags nginx | tidemark select --policy 'semver:1.x'
  tidemark tags registry.example.com:5000/team/app --config tidemark.yaml -o json

Exit status: 0 the whole list was printed, 1 it could not be had, 2 wrong usage.")]
pub(crate) struct Args {
    /// The image, without tag and digest
    #[arg(value_name = "IMAGE", value_parser = Repository::parse)]
    image: Repository,

    #[command(flatten)]
    asking: Asking,
}

/// Asks and prints.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let scanner = args.asking.scanner()?;
    let listing = scanner.tags(&args.image).await?;
    let tags = &listing.tags;
    match args.asking.output {
        Output::Text => output::text(&tags.iter().map(|tag| format!("{tag}\n")).collect::<String>())?,
        Output::Json => output::json(&json!({
            "image": args.image.to_string(),
            "tags": tags.iter().collect::<Vec<_>>(),
            "invalid": listing.invalid,
        }))?,
    }
    Ok(ExitCode::SUCCESS)
}
