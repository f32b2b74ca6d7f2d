//! Help texts, as files, so that a change of what people see is in the diff.

use std::collections::BTreeSet;

use expect_test::expect_file;

use super::read;
use crate::world::World;

/// Every command, and the file that has its help.
const COMMANDS: &[&str] = &[
    "",
    "config",
    "config check",
    "config print",
    "config schema",
    "credentials",
    "demo",
    "digest",
    "edit",
    "explain",
    "inspect",
    "ref",
    "run",
    "scan",
    "select",
    "status",
    "tags",
];

#[test]
fn every_command_says_what_it_does() {
    for command in COMMANDS {
        let mut arguments: Vec<&str> = command.split_whitespace().collect();
        arguments.push("--help");
        let ran = World::new().run(&arguments).expect(0);
        let name = if command.is_empty() {
            "tidemark".to_owned()
        } else {
            command.replace(' ', "-")
        };
        let here = env!("CARGO_MANIFEST_DIR");
        expect_file![format!("{here}/e2e/documents/help/{name}.txt")].assert_eq(&ran.stdout);
    }
}

#[test]
fn no_command_is_without_its_help_here() {
    for (parent, prefix) in [("", ""), ("config", "config ")] {
        for command in subcommands(parent) {
            let full = format!("{prefix}{command}");
            assert!(COMMANDS.contains(&full.as_str()), "`tidemark {full}`");
        }
    }
}

#[test]
fn the_readme_and_the_page_of_commands_name_every_command() {
    for page in ["README.md", "docs/commands.md"] {
        let text = read(page);
        let named: BTreeSet<&str> = text
            .lines()
            .filter(|line| line.starts_with("| `tidemark "))
            .flat_map(|line| line.split('|').nth(1).unwrap_or_default().split('`'))
            .filter_map(|span| span.strip_prefix("tidemark "))
            .collect();
        let there = subcommands("");
        assert_eq!(
            named,
            there.iter().map(String::as_str).collect(),
            "the table of commands of {page}"
        );
    }
}

fn subcommands(parent: &str) -> Vec<String> {
    let mut arguments: Vec<&str> = parent.split_whitespace().collect();
    arguments.push("--help");
    let help = World::new().run(&arguments).expect(0).stdout;
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')))
        .filter_map(|line| line.split(' ').next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}
