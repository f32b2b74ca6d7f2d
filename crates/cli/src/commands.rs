//! The commands: each has its arguments, and a `run` that says how the process ends.

mod config;
mod credentials;
mod demo;
mod digest;
mod edit;
mod explain;
mod inspect;
mod problems;
mod reference;
mod registry;
mod remote;
mod run;
mod scan;
mod select;
mod status;
mod tags;
mod verdicts;

use std::process::ExitCode;

use anyhow::Context;
use tokio::runtime::Builder;

/// What can be done.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Demo(demo::Args),
    Run(run::Args),
    Config(config::Args),
    Status(status::Args),
    Explain(explain::Args),
    Scan(scan::Args),
    #[command(name = "ref")]
    Reference(reference::Args),
    Select(select::Args),
    Edit(edit::Args),
    Credentials(credentials::Args),
    Tags(tags::Args),
    Digest(digest::Args),
    Inspect(inspect::Args),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Config(args) => config::run(args),
            Self::Reference(args) => reference::run(args),
            Self::Select(args) => select::run(&args),
            Self::Edit(args) => edit::run(args),
            Self::Credentials(args) => credentials::run(args),
            Self::Demo(args) => wait(demo::run(args)),
            Self::Run(args) => wait(run::run(args)),
            Self::Status(args) => wait(status::run(args)),
            Self::Explain(args) => wait(explain::run(args)),
            Self::Scan(args) => wait(scan::run(args)),
            Self::Tags(args) => wait(tags::run(args)),
            Self::Digest(args) => wait(digest::run(args)),
            Self::Inspect(args) => wait(inspect::run(args)),
        }
    }
}

/// Runs what waits for others, on this thread: there is far more to wait for than to compute, and what computes or blocks for long has
/// threads of its own. So an answer is read where it is waited for, and no thread has to be woken for each.
fn wait(command: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    runtime.block_on(command)
}
