//! The commands: each has its arguments, and a `run` that says how the process ends.

mod demo;
mod edit;
mod explain;
mod remote;
mod run;
mod status;

use std::process::ExitCode;

use anyhow::Context;
use tokio::runtime::Builder;

/// What can be done.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Demo(demo::Args),
    Run(run::Args),
    Status(status::Args),
    Explain(explain::Args),
    Edit(edit::Args),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Edit(args) => edit::run(args),
            Self::Demo(args) => wait(demo::run(args)),
            Self::Run(args) => wait(run::run(args)),
            Self::Status(args) => wait(status::run(args)),
            Self::Explain(args) => wait(explain::run(args)),
        }
    }
}

/// Runs what waits for others.
fn wait(command: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    runtime.block_on(command)
}
