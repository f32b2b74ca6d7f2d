//! `tidemark digest REF`: what a tag stands for now.

use std::process::ExitCode;

use domain::reference::Reference;
use serde_json::json;

use super::registry::Asking;
use super::remote::Output;
use crate::output;

/// Print the digest that a tag stands for now
///
/// Asks with HEAD, which no registry counts as a pull. Without a tag, `latest` is asked for.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tidemark digest nginx:1.27
  tidemark digest ghcr.io/acme/api:1.4.0 -o json

Exit status: 0 the digest was printed, 1 it could not be had, 2 wrong usage.")]
pub(crate) struct Args {
    /// The image with its tag
    #[arg(value_name = "REF", value_parser = Reference::parse)]
    reference: Reference,

    #[command(flatten)]
    asking: Asking,
}

/// Asks and prints.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let scanner = args.asking.scanner()?;
    let head = scanner.head(&args.reference).await?;
    match args.asking.output {
        Output::Text => output::text(&format!("{}\n", head.digest))?,
        Output::Json => output::json(&json!({
            "reference": args.reference.canonical(),
            "digest": head.digest.as_str(),
            "mediaType": head.media_type,
            "size": head.size,
        }))?,
    }
    Ok(ExitCode::SUCCESS)
}
