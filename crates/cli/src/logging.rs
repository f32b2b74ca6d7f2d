//! The log, on standard error.

use std::io::IsTerminal;

use anyhow::anyhow;
use controller::config::LogFormat;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::environment;

/// Starts the log; `RUST_LOG` wins over `level`.
pub(crate) fn start(level: &str, format: LogFormat) -> anyhow::Result<()> {
    let log = fmt()
        .with_env_filter(filter(environment::log_filter().as_deref(), level)?)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    }
    .map_err(|error| anyhow!("starting the log: {error}"))
}

fn filter(rust_log: Option<&str>, level: &str) -> anyhow::Result<EnvFilter> {
    let filter = match rust_log {
        Some(text) => EnvFilter::try_new(text).map_err(|error| anyhow!("RUST_LOG is `{text}`: {error}"))?,
        // Libraries speak up only when something is wrong.
        None => EnvFilter::try_new(format!("warn,{}", ours(level)))?,
    };
    // It tells of each change in the folder of the configuration; if the log is written there, each line would be told by another one.
    // What goes wrong there it also says to its caller.
    Ok(filter.add_directive("notify=off".parse()?))
}

fn ours(level: &str) -> String {
    const CRATES: &[&str] = &[
        "tidemark",
        "controller",
        "registry_scanner",
        "git_writer",
        "status_api",
        "metadata_cache",
        "transport",
    ];
    CRATES
        .iter()
        .map(|name| format!("{name}={level}"))
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests;
