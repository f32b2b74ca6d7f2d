//! `tidemark select`: the policy engine, offline (`contracts/policies.md` §7).

mod input;
mod report;
mod summary;
mod time;

use std::fmt::Display;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use controller::policy_text::{PolicyTextError, parse_policy};
use domain::policy::Policy;
use domain::reference::{Timestamp, Value};
use domain::select::select;

use crate::excerpt::Excerpt;
use crate::output;

#[cfg(test)]
mod tests;

/// An argument is none.
const USAGE: u8 = 2;

/// There is nothing to write.
const NOTHING_TO_DO: u8 = 3;

/// Choose a tag by a policy, offline
///
/// Reads tags from a file or from standard input and prints the value that the daemon would write: a tag, or a tag with a
/// digest. Tags come one a line, as JSON lines such as {"tag": "1.4.0", "created": "2026-01-31T08:00:00Z", "digest":
/// "sha256:…", "platforms": ["linux/amd64"]}, or as one JSON array of either; all but "tag" may be left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  printf '1.4.0\\n1.9.2\\n2.0.0\\n' | tidemark select --policy 'semver:^1'
  tidemark tags nginx | tidemark select --policy '{semver: 1.x, suffix: keep}' --current 1.27.3-alpine --explain
  tidemark select --policy digest:stable --current stable@sha256:… --tags tags.jsonl -o json

Exit status: 0 there is something to write, 3 there is nothing, 2 the policy or an option is invalid, 1 the tags cannot be read.")]
pub(crate) struct Args {
    /// The policy.
    #[arg(
        help = "The policy: KIND[:ARGUMENT], or a YAML or JSON mapping",
        long,
        value_name = "POLICY",
        allow_hyphen_values = true
    )]
    policy: String,

    /// The current value: TAG, TAG@DIGEST or @DIGEST
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    current: Option<String>,

    /// The time to judge by, in RFC 3339 [default: the clock's]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    now: Option<String>,

    /// Show what becomes of the tags and why, on standard error
    ///
    /// A table as wide as the terminal, the pick first, and a line that says what it comes to. A terminal gets at most ten tags of
    /// each verdict; everything else gets them all (`2>&1 | less`).
    #[arg(long)]
    explain: bool,

    /// The file to read the tags from [default: standard input]
    #[arg(long, value_name = "FILE")]
    tags: Option<PathBuf>,

    /// How to print the answer
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = Output::Text)]
    output: Output,
}

/// How the answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// The value alone.
    Text,
    /// The value, the reason and all verdicts.
    Json,
}

/// What is chosen by.
struct Choice {
    policy: Policy,
    current: Option<Value>,
    now: Timestamp,
}

/// Chooses a tag and prints what would be written.
///
/// # Errors
///
/// The tags cannot be read, contradict each other, or standard output cannot be written to.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let choice = match choice(args) {
        Ok(choice) => choice,
        Err(message) => {
            output::problem(&format!("error: {message}"));
            return Ok(ExitCode::from(USAGE));
        }
    };
    let candidates = match &args.tags {
        Some(path) => input::read_file(path).with_context(|| format!("reading the tags from {}", path.display()))?,
        None => input::read_stdin().context("reading the tags from standard input")?,
    };
    let selection = select(&choice.policy, &candidates, choice.current.as_ref(), choice.now)?;
    if args.explain {
        report::explain(&selection).context("writing to standard error")?;
    }
    match args.output {
        Output::Text => report::text(&selection),
        Output::Json => report::json(&selection),
    }
    .context("writing to standard output")?;
    Ok(if selection.pick.is_some() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NOTHING_TO_DO)
    })
}

/// Reads what was given on the command line; the message says what is wrong with it.
fn choice(args: &Args) -> Result<Choice, String> {
    let bad = |option: &str, error: &dyn Display| format!("{option}: {error}");
    let current = args.current.as_deref().map(Value::parse).transpose();
    let now = args.now.as_deref().map(time::parse).transpose();
    Ok(Choice {
        policy: parse_policy(&args.policy).map_err(|error| refusal(&args.policy, &error))?,
        current: current.map_err(|error| bad("--current", &error))?,
        now: now.map_err(|error| bad("--now", &error))?.unwrap_or_else(time::now),
    })
}

/// Says why the text is no policy, and draws where.
fn refusal(text: &str, error: &PolicyTextError) -> String {
    let spot = error.spot(text).filter(|(text, _)| !text.trim().is_empty());
    let Some((text, span)) = spot else {
        return format!("--policy: {error}");
    };
    let said = match error {
        PolicyTextError::Invalid(error) if error.part().is_empty() => error.reason().to_owned(),
        PolicyTextError::Invalid(error) => format!("{}: {}", error.part(), error.reason()),
        error => error.to_string(),
    };
    format!("--policy: {said}\n{}", Excerpt::new(text, span))
}
