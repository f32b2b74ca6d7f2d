//! What the commands that ask a registry share.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use controller::config::scanner_for_cli;
use registry_scanner::Scanner;

use super::remote::Output;
use crate::environment::environment;
use crate::output::ToldProblem;

/// How a registry is asked, and how to show the answer.
#[derive(Debug, clap::Args)]
pub(super) struct Asking {
    /// Hosts, CAs and credentials of this configuration [default: the Docker config's credentials]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// How to print the answer
    #[arg(short, long, value_enum, default_value_t = Output::Text)]
    pub(super) output: Output,
}

impl Asking {
    /// The scanner as the daemon would have it; with an unusable configuration the problems have been told.
    pub(super) fn scanner(&self) -> Result<Scanner, ToldProblem> {
        match scanner_for_cli(self.config.as_deref(), &environment()) {
            Ok(config) => Ok(Scanner::new(config)),
            Err(error) => {
                for line in error.lines() {
                    let _ = writeln!(anstream::stderr(), "{line}");
                }
                Err(ToldProblem(ExitCode::FAILURE))
            }
        }
    }
}
