//! `tidemark config`: what may stand in a configuration, what is wrong with one, and what one means.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use controller::config::{Config, Environment, LoadError, load, parse, schema_text};

use crate::environment::environment;
use crate::output;

/// Check, explain and show the configuration of the daemon
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tidemark config check config.yaml             every problem at once, each with its place
  tidemark config schema > schema.json          the JSON Schema, for editors
  tidemark config print --config config.yaml    what is in force, defaults included")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Check(CheckArgs),
    /// Print the JSON Schema of the configuration file
    #[command(
        after_help = "Editors that know YAML language servers read it from the first line of a file:
  # yaml-language-server: $schema=schema.json"
    )]
    Schema,
    Print(PrintArgs),
}

/// Print everything that is wrong with a configuration file
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each problem is a line `FILE:LINE:COLUMN: key: problem` on standard output, in the order of the
file. Files that the configuration names (passwords, keys, certificates) are not read.

Exit status: 0 the file is a configuration, 1 something is wrong with it, 2 wrong usage.

Example:
  tidemark config check config.yaml"
)]
struct CheckArgs {
    /// The configuration file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Print the configuration that is in force, defaults included
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The output is a configuration file itself, with absolute paths. Secrets are never part of it, only
the paths of their files. Without --config it shows the defaults.

Examples:
  tidemark config print
  tidemark config print --config config.yaml"
)]
struct PrintArgs {
    /// The configuration file; without it, all defaults
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Checks, explains or shows a configuration.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let environment = environment();
    match args.command {
        Command::Check(args) => check(&args.file, &environment),
        Command::Schema => done(&schema_text()),
        Command::Print(args) => print(args.config.as_deref(), &environment),
    }
}

fn done(text: &str) -> anyhow::Result<ExitCode> {
    output::text(text)?;
    Ok(ExitCode::SUCCESS)
}

/// The problems are what was asked for, so they are data; a file that cannot be read is a failure of the command.
fn check(file: &Path, environment: &Environment) -> anyhow::Result<ExitCode> {
    match load(file, environment) {
        Ok(config) => done(&confirmation(file, &config)),
        Err(LoadError::Problems(problems)) => {
            output::text(&format!("{problems}\n"))?;
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}

fn confirmation(file: &Path, config: &Config) -> String {
    let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    format!(
        "{}: fine ({}, {}, {})\n",
        file.display(),
        count(config.repositories.len(), "repository", "repositories"),
        count(config.policies.iter().len(), "policy", "policies"),
        count(config.rules.iter().len(), "rule", "rules"),
    )
}

fn print(file: Option<&Path>, environment: &Environment) -> anyhow::Result<ExitCode> {
    let loaded = match file {
        Some(file) => load(file, environment),
        None => parse("(defaults)", b"{}", Path::new("/"), environment).map_err(LoadError::Problems),
    };
    match loaded {
        Ok(config) => done(&config.print()),
        Err(error) => {
            for line in error.lines() {
                output::problem(&line);
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

#[cfg(test)]
mod tests;
