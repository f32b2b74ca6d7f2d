//! `tidemark run`: the daemon.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use controller::config::{LogConfig, load};
use controller::{ConfigFile, Daemon, OnceReport, dry_run, run_once};
use status_api::view::FileProblemView;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::problems;
use super::remote::counted;
use crate::diff::unified;
use crate::environment::environment;
use crate::{logging, output};

/// Problems that are told one by one.
const TOLD: usize = 50;

/// Keep the repositories of a configuration up to date, until it is told to stop.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tidemark run --config config.yaml              the daemon
  tidemark run --config config.yaml --once       one full pass
  tidemark run --config config.yaml --dry-run    the diff that one pass would commit

With --once and --dry-run, standard error has a line for each file, marker, annotation, rule and
policy that could not be used. These are no failures.

The daemon stops in order on SIGTERM and SIGINT, within ten seconds. Its API and page are at
`http.listen`.

Exit status: 0 all went well, 1 something failed (the rest is done), 2 wrong usage.")]
pub(crate) struct Args {
    /// The configuration file; `tidemark config schema` tells what may stand in it
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Make one full pass, then exit
    #[arg(long)]
    once: bool,
    /// Print the diff that one pass would commit, and write nothing, the state included (implies --once)
    #[arg(long)]
    dry_run: bool,
}

/// Runs the daemon, or one pass.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let environment = environment();
    let config = match load(&args.config, &environment) {
        Ok(config) => config,
        Err(error) => {
            for line in error.lines() {
                output::problem(&line);
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    start_log(config.log)?;
    if args.dry_run {
        let would = dry_run(config).await?;
        if would.would_write.is_empty() {
            output::problem(&nothing(would.targets));
        }
        return report(&would);
    }
    if args.once {
        return report(&run_once(config).await?);
    }
    let file = ConfigFile {
        path: args.config,
        environment,
    };
    let daemon = Daemon::build(config, Some(file)).await?;
    daemon.run(stopped_by_signals()?).await?;
    Ok(ExitCode::SUCCESS)
}

fn start_log(log: LogConfig) -> anyhow::Result<()> {
    logging::start(log.level.as_str(), log.format)
}

/// Why a dry run shows nothing.
fn nothing(targets: usize) -> String {
    match targets {
        0 => "Nothing to commit: no annotation, no marker and no rule opts an image in.".to_owned(),
        _ => format!("Nothing to commit; {} looked at.", counted(targets, "image")),
    }
}

/// What could not be used or is of no use, a line each.
fn problems(report: &OnceReport) -> String {
    let line = |(repository, problem): &(Option<String>, _)| {
        problems::line(repository.as_deref(), &FileProblemView::from(problem))
    };
    problems::first(TOLD, report.problems.len(), report.problems.iter().map(line))
}

/// Diffs on standard output; problems and failures on standard error.
fn report(report: &OnceReport) -> anyhow::Result<ExitCode> {
    for (repository, changes) in &report.would_write {
        output::text(&format!("# {repository}\n"))?;
        for change in changes {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            output::text(&unified(&change.path, &text(&change.before), &text(&change.after)))?;
        }
    }
    for line in problems(report).lines() {
        output::problem(line);
    }
    for failure in &report.failures {
        output::problem(failure);
    }
    Ok(if report.failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A token that SIGTERM and SIGINT cancel; a second one of them ends the process at once.
pub(crate) fn stopped_by_signals() -> anyhow::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for SIGINT")?;
    let shutdown = CancellationToken::new();
    let token = shutdown.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => info!("Stopping on SIGTERM"),
            _ = interrupt.recv() => info!("Stopping on SIGINT"),
        }
        token.cancel();
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        std::process::abort();
    });
    Ok(shutdown)
}
