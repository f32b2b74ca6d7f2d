//! Every policy that a page names is one, and the page of policies is whole.

use std::collections::BTreeSet;

use domain::policy::KindName;
use domain::select::SelectReason;
use serde_json::Value;

use super::names::spans;
use super::reasons::{explained, part};
use super::{pages, read};
use crate::world::{Ran, World};

const PAGE: &str = "docs/policies.md";

/// The heading of the table whose first column has what is better written otherwise.
const WRONG: &str = "## Policies people get wrong";

#[test]
fn every_policy_that_a_page_names_is_one() {
    let world = World::new();
    for page in pages() {
        let text = read(&page);
        let wrong: BTreeSet<&str> = mistakes(&text).into_iter().flat_map(|row| row.written).collect();
        for policy in spans(&text).into_iter().filter(|span| is_policy(span)) {
            if !wrong.contains(policy) {
                let ran = judge(&world, policy);
                assert!([0, 3].contains(&ran.code), "{page}: `{policy}`: {}", ran.stderr);
            }
        }
    }
}

#[test]
fn what_is_said_to_be_refused_is_refused_and_nothing_else() {
    let world = World::new();
    let page = read(PAGE);
    let rows = mistakes(&page);
    assert!(rows.len() >= 12, "{} rows", rows.len());
    for Mistake { written, refused } in rows {
        for policy in written {
            let ran = judge(&world, policy);
            assert_eq!(ran.code == 2, refused, "`{policy}`: {} {}", ran.code, ran.stderr);
        }
    }
}

#[test]
fn every_kind_and_every_option_has_its_row() {
    let schema = World::new().run(&["config", "schema"]).expect(0).stdout;
    let schema: Value = serde_json::from_str(&schema).expect("a schema is JSON");
    let keys = schema["$defs"]["NamedPolicyFile"]["properties"]
        .as_object()
        .expect("a policy is a mapping");
    let kinds = part(PAGE, "## Which kind for which tags");
    let options = part(PAGE, "## Options");
    // These two are of the named policy, not of what it says.
    for key in keys.keys().filter(|key| !["name", "image"].contains(&key.as_str())) {
        let (table, is_there) = match KindName::parse(key) {
            Some(_) => (&kinds, kinds.contains(&format!("`{key}`"))),
            None => (&options, options.contains(&format!("\n| `{key}: "))),
        };
        assert!(is_there, "{PAGE} does not explain `{key}`:\n{table}");
    }
}

#[test]
fn every_reason_of_a_selection_is_explained() {
    let reasons = [
        SelectReason::Picked,
        SelectReason::UpToDate,
        SelectReason::OnlyOlder,
        SelectReason::NoCandidate,
        SelectReason::CurrentUnknown,
        SelectReason::Blocked,
        SelectReason::UnknownDigest,
        SelectReason::Missing,
    ];
    assert_eq!(
        explained(&part(PAGE, "## Reading the answer")),
        reasons.iter().map(|reason| reason.code()).collect()
    );
}

/// Whether a span of code is meant to be a whole policy: a kind with an argument, or a mapping that begins with a kind.
fn is_policy(span: &str) -> bool {
    let span = span.strip_prefix('{').unwrap_or(span);
    span.split_once(':')
        .is_some_and(|(kind, argument)| KindName::parse(kind).is_some() && !argument.is_empty())
}

fn judge(world: &World, policy: &str) -> Ran {
    let tags = world.file("tags", "1.0.0\n").display().to_string();
    world.run(&["select", "--policy", policy, "--tags", &tags])
}

/// A row of the table of what people get wrong.
struct Mistake<'a> {
    written: Vec<&'a str>,
    /// Whether the page says that it is refused.
    refused: bool,
}

fn mistakes(page: &str) -> Vec<Mistake<'_>> {
    let Some((_, part)) = page.split_once(WRONG) else {
        return Vec::new();
    };
    let part = part.split("\n## ").next().unwrap_or_default();
    part.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split(" | ").collect();
            Mistake {
                written: spans(cells[0]),
                refused: cells[1].starts_with("Refused"),
            }
        })
        .collect()
}
