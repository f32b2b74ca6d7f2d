//! `tidemark explain [TARGET]`: why something was updated, or was not.

mod detail;
mod find;

use std::process::ExitCode;

use anyhow::bail;
use serde::Serialize;
use status_api::view::{KnownProblemView, TargetView};

use super::problems;
use super::remote::{Output, Remote, counted, table};
use super::status::workload;
use super::verdicts::Page;
use crate::output;

#[cfg(test)]
mod tests;

/// Problems that are told one by one.
const TOLD: usize = 200;

/// Explain why an image was updated, or was not
///
/// Shows what opted a target in, what was decided about it and why, and what its policy says of the foremost tags. What fits several targets
/// lists them. Without TARGET, and for a file that could not be used, the problems are listed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tidemark explain shop/Deployment/api
  tidemark explain shop/Deployment/api/sidecar
  tidemark explain apps/values.yaml
  tidemark explain apps/values.yaml:12
  tidemark explain ghcr.io/acme/api
  tidemark explain shop/Deployment/api -o json | jq .decision
  tidemark explain -o json | jq -r '.problems[].path'

Exit status: 0 there is an answer, 1 there is no such target or no daemon, 2 wrong usage.")]
pub(crate) struct Args {
    /// NAMESPACE/KIND/NAME[/CONTAINER] (`default` for no namespace), the `PATH[:LINE]` of a file in its repository, an image name, the name of
    /// a policy, `rules[NUMBER]`, or the id that the API shows
    #[arg(value_name = "TARGET")]
    target: Option<String>,

    #[command(flatten)]
    remote: Remote,
}

/// What is shown where not exactly one target fits.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Several {
    total: usize,
    targets: Vec<TargetView>,
    problems: Vec<KnownProblemView>,
}

/// Asks and prints.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let client = args.remote.client()?;
    let shape = args.remote.output;
    let Some(name) = args.target else {
        let all = Several::new(Vec::new(), client.problems(None).await?);
        return all.print(shape);
    };
    let targets = client.targets().await?;
    let fitting = find::fitting(&targets, &name);
    if let [target] = fitting[..] {
        let detail = client.target(&target.id).await?;
        match shape {
            Output::Json => output::json(&detail)?,
            Output::Text => output::text(&detail::render(&detail, &Page::stdout())?)?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let all = client.problems(None).await?;
    let known = all.len();
    let told: Vec<KnownProblemView> = all.into_iter().filter(|known| find::is_about(known, &name)).collect();
    if fitting.is_empty() && told.is_empty() {
        bail!(find::nothing(&targets, known, &name));
    }
    Several::new(fitting.into_iter().cloned().collect(), told).print(shape)
}

impl Several {
    fn new(targets: Vec<TargetView>, problems: Vec<KnownProblemView>) -> Self {
        Self {
            total: targets.len(),
            targets,
            problems,
        }
    }

    fn print(&self, shape: Output) -> anyhow::Result<ExitCode> {
        shape.print(self, || self.render())?;
        Ok(ExitCode::SUCCESS)
    }

    fn render(&self) -> String {
        let parts = match (&self.targets[..], &self.problems[..]) {
            ([], []) => vec!["No problem is known.\n".to_owned()],
            (targets, []) => vec![list(targets)],
            ([], problems) => vec![told(problems)],
            (targets, problems) => vec![list(targets), told(problems)],
        };
        parts.join("\n")
    }
}

fn list(targets: &[TargetView]) -> String {
    let row = |target: &TargetView| {
        [
            target.id.clone(),
            workload(target),
            target.image.clone(),
            target.current.clone(),
            target.decision.reason.clone(),
            format!("{}:{}", target.path, target.line),
        ]
    };
    let header = ["id", "target", "image", "current", "reason", "written in"];
    let rows = table(header, targets.iter().map(row));
    format!("{} fit; say which:\n\n{rows}", counted(targets.len(), "target"))
}

fn told(found: &[KnownProblemView]) -> String {
    let line = |known: &KnownProblemView| problems::line(known.repository.as_deref(), &known.problem);
    let lines = problems::first(TOLD, found.len(), found.iter().map(line));
    format!("{}:\n{lines}", counted(found.len(), "problem"))
}
