#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod commands;
mod diff;
mod environment;
mod excerpt;
mod logging;
mod output;

use std::process::ExitCode;

use clap::Parser;

use self::commands::Command;
use self::output::ToldProblem;

/// Keeps the container images that a GitOps repository deploys at the high-water mark.
#[derive(Debug, Parser)]
#[command(name = "tidemark", version, propagate_version = true, max_term_width = 120)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    match command.run() {
        Ok(code) => code,
        Err(error) => match error.downcast() {
            Ok(ToldProblem(code)) => code,
            Err(error) => {
                output::problem(&format!("tidemark: {error:#}"));
                ExitCode::FAILURE
            }
        },
    }
}
