//! `tidemark status`: how it goes, at a glance.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::ExitCode;

use status_api::view::{ChangeView, CommitView, FileProblemView, RegistryView, RepositoryView, StatusView, TargetView};
use transport::one_line;

use super::remote::{Output, Remote, ago, counted, span, table};
use crate::output;

#[cfg(test)]
mod tests;

/// Targets, commits and problems that are named, each at most.
const NAMED: usize = 20;

/// Show how a running daemon is doing
///
/// Shows its git repositories, registries and recent commits, and the targets that are not simply up to date.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tidemark status
  tidemark status --server http://tidemark.internal:3030
  tidemark status -o json | jq .summary.targets

Exit status: 0 the daemon answered, 1 it did not, 2 wrong usage.")]
pub(crate) struct Args {
    #[command(flatten)]
    remote: Remote,
}

/// Asks and prints.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let client = args.remote.client()?;
    let status = client.status().await?;
    match args.remote.output {
        Output::Json => output::json(&status)?,
        Output::Text => {
            let (registries, targets) = (client.registries().await?, client.targets().await?);
            output::text(&render(&args.remote.server(), &status, &registries, &targets))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn render(server: &str, status: &StatusView, registries: &[RegistryView], targets: &[TargetView]) -> String {
    let parts = [
        head(server, status),
        config(status),
        repositories(status),
        unused(status),
        problems(status),
        registry_table(registries, &status.now),
        target_table(targets),
        commits(status),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn head(server: &str, status: &StatusView) -> String {
    let ready = if status.ready {
        "ready"
    } else {
        "starting: the first pass has not ended yet"
    };
    let summary = &status.summary;
    let targets = summary.targets.values().sum();
    let problems = match summary.problems {
        0 => String::new(),
        problems => format!("; {}", counted(problems, "problem")),
    };
    format!(
        "Tidemark {} at {}, up {}, {ready}\n{} in git{}; {} scanned in registries; {} since the start{problems}\n",
        one_line(&status.version, 40),
        one_line(server, 200),
        span(status.uptime_seconds),
        counted(targets, "image"),
        states(&summary.targets),
        summary.images,
        counted(usize::try_from(summary.commits).unwrap_or(usize::MAX), "commit"),
    )
}

fn states(counts: &BTreeMap<String, usize>) -> String {
    let states: Vec<String> = counts
        .iter()
        .map(|(state, count)| format!("{count} {}", one_line(state, 40)))
        .collect();
    match states.is_empty() {
        true => String::new(),
        false => format!(" ({})", states.join(", ")),
    }
}

fn config(status: &StatusView) -> String {
    let Some(config) = &status.config else {
        return String::new();
    };
    let mut text = String::new();
    if !config.problems.is_empty() {
        text += "The new configuration was refused; the last good one is in force:\n";
        lines(
            &mut text,
            config.problems.len(),
            config.problems.iter().map(|problem| one_line(problem, 300)),
        );
    }
    for key in &config.restart_needed {
        let _ = writeln!(
            text,
            "`{}` has a new value that waits for a restart",
            one_line(key, 100)
        );
    }
    text
}

/// The first lines, and how many more there are.
fn lines(text: &mut String, total: usize, items: impl Iterator<Item = String>) {
    let mut named = 0;
    for item in items.take(NAMED) {
        let _ = writeln!(text, "  {item}");
        named += 1;
    }
    if total > named {
        let _ = writeln!(text, "  and {} more", total - named);
    }
}

fn repositories(status: &StatusView) -> String {
    if status.repositories.is_empty() {
        return "No git repository is configured: the daemon only watches\n".to_owned();
    }
    let row = |repository: &RepositoryView| {
        let fetched = repository
            .last_fetch
            .as_deref()
            .map_or_else(|| "never".to_owned(), |time| ago(time, &status.now));
        let push = match (&repository.fetch_error, &repository.push.message) {
            (Some(error), _) => format!("cannot fetch: {error}"),
            (None, Some(message)) => format!("{}: {message}", repository.push.state),
            (None, None) => repository.push.state.clone(),
        };
        let head = repository.head.as_deref().map_or_else(|| "-".to_owned(), short);
        [
            repository.name.clone(),
            repository.branch.clone(),
            head,
            fetched,
            repository.targets.to_string(),
            push,
        ]
    };
    table(
        ["git repository", "branch", "head", "fetched", "targets", "push"],
        status.repositories.iter().map(row),
    )
}

fn unused(status: &StatusView) -> String {
    let Some(config) = status.config.as_ref().filter(|config| config.unused_total > 0) else {
        return String::new();
    };
    let mut text = "Of no use in the configuration:\n".to_owned();
    let line = |problem: &FileProblemView| one_line(&problem.to_string(), 300);
    lines(&mut text, config.unused_total, config.unused.iter().map(line));
    text
}

fn problems(status: &StatusView) -> String {
    let mut text = String::new();
    for repository in &status.repositories {
        if repository.problems_total == 0 {
            continue;
        }
        let found = counted(repository.problems_total, "problem");
        let _ = writeln!(text, "{found} in {}:", one_line(&repository.name, 100));
        let line = |problem: &FileProblemView| one_line(&problem.to_string(), 300);
        lines(
            &mut text,
            repository.problems_total,
            repository.problems.iter().map(line),
        );
    }
    if status.summary.problems > NAMED {
        text += "`tidemark explain` lists all problems\n";
    }
    text
}

fn registry_table(registries: &[RegistryView], now: &str) -> String {
    if registries.is_empty() {
        return String::new();
    }
    let row = |registry: &RegistryView| {
        let mut state = match &registry.last_error {
            Some(error) if registry.state != "healthy" => format!("{}: {error}", registry.state),
            _ => registry.state.clone(),
        };
        for other in &registry.paused_elsewhere {
            let until = ago(&other.paused_until, now);
            let _ = write!(state, "; {}, asked again {until}: {}", other.origin, other.reason);
        }
        [
            registry.host.clone(),
            registry.images.to_string(),
            registry.requests.values().sum::<u64>().to_string(),
            registry
                .credential
                .as_ref()
                .map_or("-", |credential| &credential.source)
                .to_owned(),
            registry
                .next_scan
                .as_deref()
                .map_or_else(|| "-".to_owned(), |time| ago(time, now)),
            state,
        ]
    };
    table(
        ["registry", "images", "requests", "credential", "next scan", "state"],
        registries.iter().map(row),
    )
}

/// The targets that are not simply at rest.
fn target_table(targets: &[TargetView]) -> String {
    let stirring: Vec<&TargetView> = targets.iter().filter(|target| !at_rest(target)).collect();
    if stirring.is_empty() {
        return String::new();
    }
    let row = |target: &&TargetView| {
        [
            workload(target),
            target.image.clone(),
            target.current.clone(),
            target.decision.proposed.clone().unwrap_or_else(|| "-".to_owned()),
            target.decision.reason.clone(),
        ]
    };
    let mut text = table(
        ["target", "image", "current", "proposed", "reason"],
        stirring.iter().take(NAMED).map(row),
    );
    if stirring.len() > NAMED {
        let _ = writeln!(text, "and {} more", stirring.len() - NAMED);
    }
    text + "`tidemark explain TARGET` says more\n"
}

fn at_rest(target: &TargetView) -> bool {
    matches!(target.decision.reason.as_str(), "upToDate" | "onlyOlder" | "landed")
}

/// `NAMESPACE/KIND/NAME[/CONTAINER]`, or `PATH: NAME`.
pub(super) fn workload(target: &TargetView) -> String {
    one_line(&target.workload, 300)
}

fn commits(status: &StatusView) -> String {
    let mut text = String::new();
    for commit in status.commits.iter().take(NAMED) {
        let CommitView { repository, .. } = commit;
        let time = ago(&commit.time, &status.now);
        let _ = writeln!(
            text,
            "{} in {}, {time}",
            short(&commit.commit),
            one_line(repository, 100)
        );
        lines(&mut text, commit.changes_total, commit.changes.iter().map(change));
    }
    text
}

fn change(change: &ChangeView) -> String {
    one_line(
        &format!(
            "{} {} -> {} ({})",
            change.image, change.from, change.to, change.workload
        ),
        400,
    )
}

fn short(commit: &str) -> String {
    one_line(commit, 100).chars().take(10).collect()
}
