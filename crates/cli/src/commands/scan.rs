//! `tidemark scan IMAGE…`: what a person asks for goes before what is merely due.

mod told;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Duration;

use controller::config::parse_duration;
use domain::reference::Repository;
use jiff::Timestamp;
use status_api::view::{AskedScanView, ImageView, ScansView};
use status_api::{AskError, Client};
use tokio::time::{Instant, sleep};
use transport::{chain, one_line};

use self::told::Told;
use super::remote::Remote;
use crate::output;

/// How often the daemon is asked whether a scan has ended.
const STEP: Duration = Duration::from_millis(250);

/// Scan images now
///
/// Asks a running daemon to scan images that it keeps up to date, before those that are merely due, and waits for the result. The
/// limits of the registry hold for such a scan as for any other: it waits while the registry is left alone. What the scan brings is
/// decided and committed as always; `tidemark explain IMAGE` says more. All images are scanned, or none.
///
/// The daemon takes this from those only who have its token (`http.auth.mode: token`).
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tidemark scan ghcr.io/acme/api --token-file ~/.tidemark-token
  tidemark scan ghcr.io/acme/api ghcr.io/acme/web --timeout 10m
  tidemark scan nginx --no-wait -o json | jq -r '.images[].notBefore'

Exit status: 0 all were scanned (with --no-wait: will be), 1 one was not, or the daemon refuses it, 2 wrong usage.")]
pub(crate) struct Args {
    /// The images, without tag and digest
    #[arg(value_name = "IMAGE", required = true, value_parser = Repository::parse)]
    images: Vec<Repository>,

    /// End as soon as the daemon has taken it
    #[arg(long)]
    no_wait: bool,

    /// How long to wait for the scans; they are made even if this is over
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = parse_duration)]
    timeout: Duration,

    #[command(flatten)]
    remote: Remote,
}

/// Asks, waits and prints.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (client, shape) = (args.remote.client()?, args.remote.output);
    let deadline = Instant::now() + args.timeout;
    let names: BTreeSet<String> = args.images.iter().map(ToString::to_string).collect();
    let names: Vec<String> = names.into_iter().collect();
    let taken = match client.scan(&names).await {
        Ok(taken) => taken,
        Err(error) => return Ok(refused(&names, &error)),
    };
    if args.no_wait {
        shape.print(&taken, || told::taken(&taken))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut all = Vec::new();
    for asked in &taken.images {
        let image = until_scanned(&client, &taken, asked, deadline).await?;
        all.push(Told::new(&taken, asked, image));
    }
    shape.print(&told::views(&all), || told::table(&all))?;
    let done = all.iter().all(Told::is_scanned);
    Ok(if done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says why nothing was asked for, each image that is to blame with its reason.
fn refused(names: &[String], error: &AskError) -> ExitCode {
    output::problem(&format!("tidemark: {}", chain(error)));
    for part in error.parts() {
        let number = part
            .pointer
            .strip_prefix("#/images/")
            .and_then(|number| number.parse().ok());
        let name = number.and_then(|number: usize| names.get(number));
        let name = name.map_or(part.pointer.as_str(), String::as_str);
        output::problem(&one_line(&format!("{name}: {}", part.detail), 700));
    }
    ExitCode::FAILURE
}

/// What is known of an image once nobody waits for its scan any more, or when the time is over or will be.
async fn until_scanned(
    client: &Client,
    taken: &ScansView,
    asked: &AskedScanView,
    deadline: Instant,
) -> Result<Option<ImageView>, AskError> {
    let earliest = Instant::now() + wait(taken, asked);
    loop {
        let image = match client.image(&asked.name).await {
            Ok(image) => image,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        if image.asked.is_none() || earliest.max(Instant::now() + STEP) > deadline {
            return Ok(Some(image));
        }
        sleep(STEP).await;
    }
}

/// How long a scan waits at least, by the daemon's clock.
fn wait(taken: &ScansView, asked: &AskedScanView) -> Duration {
    let (Ok(now), Ok(then)) = (taken.now.parse::<Timestamp>(), asked.not_before.parse::<Timestamp>()) else {
        return Duration::ZERO;
    };
    then.duration_since(now).try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests;
