//! `tidemark explain TARGET`: why something was updated, or was not.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use domain::reference::Repository;
use status_api::Client;
use status_api::view::{TargetDetailView, TargetView, TargetsView, VerdictsView};
use transport::one_line;

use super::remote::{Output, Remote, counted, table};
use super::status::workload;
use super::verdicts::{self, Page};
use crate::output;

#[cfg(test)]
mod tests;

/// Explain why an image was updated, or was not
///
/// Shows what was decided about a target and why, and what its policy says of the foremost tags. What fits several targets lists them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tidemark explain shop/Deployment/api
  tidemark explain shop/Deployment/api/sidecar
  tidemark explain ghcr.io/acme/api
  tidemark explain shop/Deployment/api -o json | jq .decision

Exit status: 0 there is an answer, 1 there is no such target or no daemon, 2 wrong usage.")]
pub(crate) struct Args {
    /// NAMESPACE/KIND/NAME[/CONTAINER] (`-` for no namespace), the id that the API shows, or an image name
    #[arg(value_name = "TARGET")]
    target: String,

    #[command(flatten)]
    remote: Remote,
}

/// Asks and prints.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let client = match args.remote.client() {
        Ok(client) => client,
        Err(code) => return Ok(code),
    };
    let mut fitting = find(&client, &args.target).await?;
    if fitting.len() > 1 {
        several(fitting, args.remote.output)?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(target) = fitting.pop() else {
        bail!(
            "nothing that is opted in is called `{}`; a name is NAMESPACE/KIND/NAME[/CONTAINER] or an image's, and opted in is what an \
             annotation `tidemark.dev/policy` or a rule is for",
            one_line(&args.target, 200)
        );
    };
    let detail = client.target(&target.id).await?;
    match args.remote.output {
        Output::Json => output::json(&detail)?,
        Output::Text => output::text(&render(&detail, &Page::stdout())?)?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn find(client: &Client, name: &str) -> anyhow::Result<Vec<TargetView>> {
    let targets = client.targets().await?;
    if targets.is_empty() {
        return Err(anyhow!("the daemon knows no targets yet"));
    }
    Ok(fitting(targets, name))
}

/// The targets that `name` means: by id, else by workload, else by image.
fn fitting(targets: Vec<TargetView>, name: &str) -> Vec<TargetView> {
    let image = Repository::parse(name).ok().map(|repository| repository.to_string());
    let tests: [&dyn Fn(&TargetView) -> bool; 3] = [
        &|target| target.id == name,
        &|target| is_workload(target, name),
        &|target| image.as_deref() == Some(target.image.as_str()),
    ];
    let found = tests.iter().find(|test| targets.iter().any(test));
    match found {
        Some(test) => targets.into_iter().filter(|target| test(target)).collect(),
        None => Vec::new(),
    }
}

/// Whether `name` is `NAMESPACE/KIND/NAME[/CONTAINER]` of the target; the case of the kind does not matter.
fn is_workload(target: &TargetView, name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    let (namespace, kind, object, container) = match parts[..] {
        [namespace, kind, object] => (namespace, kind, object, None),
        [namespace, kind, object, container] => (namespace, kind, object, Some(container)),
        _ => return false,
    };
    target.namespace.as_deref().unwrap_or("-") == namespace
        && target.kind.eq_ignore_ascii_case(kind)
        && target.name == object
        && container.is_none_or(|container| target.container.as_deref() == Some(container))
}

fn several(targets: Vec<TargetView>, shape: Output) -> anyhow::Result<()> {
    match shape {
        Output::Json => output::json(&TargetsView {
            total: targets.len(),
            next_offset: None,
            targets,
        }),
        Output::Text => output::text(&list(&targets)),
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
        ]
    };
    let rows = table(["id", "target", "image", "current", "reason"], targets.iter().map(row));
    format!("{} fit; say which:\n\n{rows}", counted(targets.len(), "target"))
}

fn render(detail: &TargetDetailView, page: &Page) -> anyhow::Result<String> {
    let target = &detail.target;
    let mut text = format!("{}\n  {}\n\n", workload(target), sentence(&target.decision.text));
    for (name, value) in facts(detail) {
        if let Some(value) = value {
            let _ = writeln!(text, "{name:<17}{}", one_line(&value, 400));
        }
    }
    if let Some(verdicts) = &detail.verdicts {
        text += "\n";
        text += &render_verdicts(verdicts, page)?;
    }
    Ok(text)
}

fn facts(detail: &TargetDetailView) -> [(&'static str, Option<String>); 15] {
    let target = &detail.target;
    let decision = &target.decision;
    let scan = detail.scan.as_ref();
    let needs: Vec<String> = decision
        .needs
        .iter()
        .map(|need| format!("{} of {}", need.fact, need.tag))
        .collect();
    let policy = target.policy.clone().unwrap_or_else(|| "unreadable".to_owned());
    let policy = match &target.policy_name {
        Some(name) => format!("{name}: {policy}"),
        None => policy,
    };
    [
        ("Image", Some(target.image.clone())),
        ("Current", Some(target.current.clone())),
        ("Proposed", decision.proposed.clone()),
        ("Reason", Some(decision.reason.clone())),
        ("Waits for", (!needs.is_empty()).then(|| needs.join(", "))),
        ("Policy", Some(policy)),
        ("High-water mark", target.high_water.clone()),
        ("Last change", target.last_change.clone()),
        (
            "Last scan",
            Some(
                scan.and_then(|scan| scan.last_complete_scan.clone())
                    .unwrap_or_else(|| "none yet".to_owned()),
            ),
        ),
        (
            "List of tags",
            scan.and_then(|scan| scan.list.as_ref())
                .filter(|list| list.standing != "plausible")
                .map(|list| list.text.clone()),
        ),
        ("Scan failed", scan.and_then(|scan| scan.last_error.clone())),
        ("Next scan", scan.and_then(|scan| scan.next_scan.clone())),
        (
            "Written in",
            Some(format!("{}:{}:{}", target.path, target.line, target.column)),
        ),
        ("Repository", Some(target.repository.clone())),
        ("Id", Some(target.id.clone())),
    ]
}

fn render_verdicts(view: &VerdictsView, page: &Page) -> anyhow::Result<String> {
    let counts: Vec<String> = view
        .counts
        .iter()
        .map(|(verdict, count)| format!("{count} {}", one_line(verdict, 40)))
        .collect();
    let total: usize = view.counts.values().sum();
    let mut text = Vec::new();
    let said = format!("What the policy says: {}", sentence(&view.selection.text));
    verdicts::write_wrapped(&said, page, &mut text)?;
    let counted = format!("Of {}: {}", counted(total, "tag"), counts.join(", "));
    verdicts::write_wrapped(&counted, page, &mut text)?;
    text.push(b'\n');
    // There are few enough for any page.
    verdicts::write(&view.tags, &Page { most: None, ..*page }, &mut text)?;
    if total > view.tags.len() {
        let rest = format!("… and {} more", total - view.tags.len());
        verdicts::write_wrapped(&rest, page, &mut text)?;
    }
    String::from_utf8(text).context("writing the verdicts as text")
}

/// A sentence's text with a capital and a full stop.
fn sentence(text: &str) -> String {
    let text = one_line(text, 1_000);
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return text;
    };
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), characters.as_str())
}
