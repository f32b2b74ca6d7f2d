//! What the commands that talk to a running daemon share.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use comfy_table::{Cell, Table, presets};
use jiff::Timestamp;
use serde::Serialize;
use status_api::{Client, Token};
use transport::{chain, one_line};

use crate::environment;
use crate::output::{self, ToldProblem};

#[cfg(test)]
mod tests;

/// Where a daemon listens when nothing is said.
const DEFAULT_SERVER: &str = "http://127.0.0.1:3030";

/// Characters of a table's cell, at most.
const CELL: usize = 120;

/// Which daemon to ask, and how to show the answer.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Remote {
    /// Address of the daemon [default: TIDEMARK_SERVER, else http://127.0.0.1:3030]
    #[arg(long, value_name = "URL")]
    server: Option<String>,

    /// File of the token that the daemon wants [default: TIDEMARK_TOKEN_FILE, else none is sent]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,

    /// How to print the answer
    #[arg(short, long, value_enum, default_value_t = Output::Text)]
    pub(crate) output: Output,
}

/// How to print an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// Tables for people
    Text,
    /// The JSON of the API
    Json,
}

impl Output {
    /// Prints `view` to programs, or to people the text that says the same.
    pub(crate) fn print(self, view: &impl Serialize, text: impl FnOnce() -> String) -> anyhow::Result<()> {
        match self {
            Self::Json => output::json(view),
            Self::Text => output::text(&text()),
        }
    }
}

impl Remote {
    /// The address to ask.
    pub(crate) fn server(&self) -> String {
        self.server
            .clone()
            .or_else(environment::server)
            .unwrap_or_else(|| DEFAULT_SERVER.to_owned())
    }

    /// A client of the daemon; where the arguments do not make one the reason has been told.
    pub(crate) fn client(&self) -> Result<Client, ToldProblem> {
        let usage = |error: &dyn Error| refuse(error, ExitCode::from(2));
        let client = Client::new(&self.server()).map_err(|error| usage(&error))?;
        let Some(file) = self.token_file.clone().or_else(environment::token_file) else {
            return Ok(client);
        };
        let token = Token::read(&file).map_err(|error| refuse(&error, ExitCode::FAILURE))?;
        client.with_token(token).map_err(|error| usage(&error))
    }
}

fn refuse(error: &dyn Error, code: ExitCode) -> ToldProblem {
    output::problem(&format!("tidemark: {}", chain(error)));
    ToldProblem(code)
}

/// A table without lines around or in it, made safe for a terminal.
pub(crate) fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header.map(|name| Cell::new(name.to_uppercase())));
    for row in rows {
        table.add_row(row.map(|text| Cell::new(one_line(&text, CELL))));
    }
    if let Some(first) = table.column_mut(0) {
        first.set_padding((0, 1));
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// How long before `now` a time was, or how long after; as written where it is none.
pub(crate) fn ago(time: &str, now: &str) -> String {
    let (Ok(then), Ok(now)) = (time.parse::<Timestamp>(), now.parse::<Timestamp>()) else {
        return one_line(time, CELL);
    };
    let seconds = now.as_second().saturating_sub(then.as_second());
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("{} ago", span(seconds.unsigned_abs())),
        _ => format!("in {}", span(seconds.unsigned_abs())),
    }
}

/// A span of time in its largest fitting unit.
pub(crate) fn span(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// `1 image`, `2 images`.
pub(crate) fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}
