//! One target, with all that is known of it.

use std::fmt::Write;

use anyhow::Context;
use status_api::view::{PassedCredentialView, TargetDetailView, VerdictsView};
use transport::one_line;

use super::super::problems;
use super::super::remote::counted;
use super::super::status::workload;
use super::super::verdicts::{self, Page};

/// One target with all that is known of it.
pub(super) fn render(detail: &TargetDetailView, page: &Page) -> anyhow::Result<String> {
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
    if !detail.problems.is_empty() {
        let _ = writeln!(text, "\nProblems in this file:");
        let lines = detail
            .problems
            .iter()
            .map(|problem| one_line(&problem.to_string(), 500));
        text += &problems::first(detail.problems.len(), detail.problems.len(), lines);
    }
    Ok(text)
}

fn facts(detail: &TargetDetailView) -> [(&'static str, Option<String>); 20] {
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
        ("Opted in by", Some(target.opted_in_by.text.clone())),
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
        (
            "Asked with",
            scan.and_then(|scan| scan.credential.as_ref())
                .map(|credential| credential.text.clone()),
        ),
        ("Refused", scan.and_then(|scan| passed(&scan.refused_credentials))),
        ("Passed by", scan.and_then(|scan| passed(&scan.skipped_credentials))),
        ("Next scan", scan.and_then(|scan| scan.next_scan.clone())),
        (
            "Written in",
            Some(format!("{}:{}:{}", target.path, target.line, target.column)),
        ),
        ("Field", Some(target.field.clone())),
        ("Repository", Some(target.repository.clone())),
        ("Id", Some(target.id.clone())),
    ]
}

/// Credentials that do not open the repository, each with its reason.
fn passed(passed: &[PassedCredentialView]) -> Option<String> {
    let each: Vec<String> = passed
        .iter()
        .map(|PassedCredentialView { text, reason, .. }| format!("{text}: {reason}"))
        .collect();
    (!each.is_empty()).then(|| each.join("; "))
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
