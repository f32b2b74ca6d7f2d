//! The examples of each page.

use std::fs;
use std::ops::Range;

use super::blocks::{Item, items, steps};
use super::normal::{fits, fits_exactly, normal};
use super::stage::{Printed, Stage};
use super::{pages, read, root};
use crate::world::World;

/// Whether what was printed is to be written into the pages.
#[expect(
    clippy::disallowed_methods,
    reason = "the same variable that rewrites other expectations"
)]
pub(super) fn updating() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

/// Carries out a page from its beginning to its end.
fn check(path: &str) {
    let page = read(path);
    let mut stage = Stage::new(&page);
    let mut updates: Vec<(Range<usize>, String)> = Vec::new();
    for item in items(&page) {
        let at = format!("{path}:{}", item.line);
        if item.directive {
            stage.direct(&item.words);
            continue;
        }
        match item.words[..] {
            ["yaml", "config", ref name @ ..] => config(&stage, &at, name, item.body),
            ["yaml" | "json", "manifest", ref name @ ..] => manifest(&mut stage, &at, name, item.body),
            ["yaml", "file", name] => stage.manifest(name, item.body),
            ["yaml", "policy"] => policies(&stage, &at, item.body),
            ["yaml", "policy", name] => {
                policy(&stage, &at, item.body);
                stage.write(name, item.body);
            }
            ["json", "docker", name] => docker_config(&stage, &at, name, item.body),
            ["console", ref flags @ ..] => updates.extend(console(&mut stage, &at, flags, &item)),
            ["diff", ref of @ ..] => {
                let diff = match of {
                    [] => stage.diff(),
                    ["edit", image, value, more @ ..] => stage.edit(image, value, more),
                    ["pass"] => stage.pass(None),
                    ["pass", config] => stage.pass(Some(config)),
                    _ => panic!("{at}: a diff knows no {of:?}"),
                };
                if updating() {
                    updates.push((item.span, diff));
                } else {
                    assert_eq!(item.body, diff, "{at}: this is not what has changed");
                }
            }
            ["sh"] => shell(&at, item.body),
            ["text"] => {}
            ref words => panic!("{at}: nobody knows what a block `{}` is", words.join(" ")),
        }
    }
    write_updates(path, &page, updates);
}

fn write_updates(path: &str, page: &str, updates: Vec<(Range<usize>, String)>) {
    let mut text = page.to_owned();
    for (span, new) in updates.into_iter().rev() {
        text.replace_range(span, &new);
    }
    if updating() && text != page {
        fs::write(root().join(path), text).unwrap();
    }
}

fn config(stage: &Stage, at: &str, name: &[&str], body: &str) {
    let file = stage.write("checked.yaml", body);
    let ran = World::new().run(&["config", "check", &file.display().to_string()]);
    assert_eq!(ran.code, 0, "{at}: {}", ran.stdout);
    if let [name] = name {
        stage.config(name, body);
    }
}

fn docker_config(stage: &Stage, at: &str, name: &str, body: &str) {
    let file = stage.write(name, body).display().to_string();
    let ran = World::new().run(&["credentials", "registry.example.com/a", "--docker-config", &file]);
    assert!([0, 3].contains(&ran.code), "{at}: {}", ran.stderr);
}

fn manifest(stage: &mut Stage, at: &str, name: &[&str], body: &str) {
    let kind = name
        .first()
        .map(|name| manifests::FileKind::of(name))
        .unwrap_or_default();
    let reading = manifests::Reading {
        kind,
        markers: true,
        ..manifests::Reading::default()
    };
    let read = manifests::Manifest::read_with(&reading, body).unwrap_or_else(|refusal| panic!("{at}: {refusal}"));
    assert!(read.places().iter().next().is_some(), "{at}: no image is written here");
    if let [name] = name {
        stage.manifest(name, body);
    }
}

/// Each line is a value as `tidemark.dev/policy` has it.
fn policies(stage: &Stage, at: &str, body: &str) {
    for line in body.lines() {
        policy(stage, at, line.split("  #").next().unwrap_or(line).trim());
    }
}

fn policy(stage: &Stage, at: &str, value: &str) {
    let tags = stage.write("checked.tags", "1.0.0\n").display().to_string();
    let ran = World::new().run(&["select", "--policy", value, "--tags", &tags]);
    assert!([0, 3].contains(&ran.code), "{at}: `{value}`: {}", ran.stderr);
}

/// Carries out the commands; what the block would be with what they really print.
fn console(stage: &mut Stage, at: &str, flags: &[&str], item: &Item<'_>) -> Option<(Range<usize>, String)> {
    let (succeeds, fits): (bool, fn(&str, &str) -> bool) = match flags {
        [] => (true, fits),
        ["fails"] => (false, fits),
        ["exact"] => (true, fits_exactly),
        ["exact", "fails"] => (false, fits_exactly),
        _ => panic!("{at}: a console knows no {flags:?}"),
    };
    let mut text = String::new();
    for step in steps(item.body) {
        let is_log = step.command.starts_with("tidemark run --config ") && step.command.split(' ').count() == 4;
        let wanted = |printed: &Printed| fits(&step.shown, &printed.text);
        let printed = stage.run(&step.command, wanted);
        let told = stage.told(&printed.text);
        let as_wanted = fits(&step.shown, &told);
        if updating() {
            let shown = if as_wanted { &step.shown } else { &told };
            text += &format!("$ {}\n{shown}", step.command);
            continue;
        }
        assert!(
            is_log || printed.succeeded == succeeds,
            "{at}: `{}` ended otherwise:\n{told}",
            step.command
        );
        assert!(
            as_wanted,
            "{at}: `{}` printed\n{}\nand the page says\n{}\nas it was printed:\n{told}",
            step.command,
            normal(&told),
            normal(&step.shown)
        );
    }
    updating().then(|| (item.span.clone(), text))
}

/// Commands that are not carried out here: they must at least exist.
fn shell(at: &str, body: &str) {
    for line in body.lines() {
        let command = line.split('#').next().unwrap_or_default().trim();
        let words: Vec<&str> = command.split_whitespace().collect();
        match words[..] {
            [] => {}
            ["make", target] => assert!(
                read("Makefile").contains(&format!("\n{target}:")),
                "{at}: make {target}"
            ),
            ["cargo", "run", "--release", "--", ref arguments @ ..]
            | ["target/release/tidemark" | "tidemark", ref arguments @ ..] => {
                tidemark_knows(at, arguments);
            }
            [".ci/run"] => assert!(root().join(".ci/run").exists(), "{at}: {command}"),
            ["cargo", "build" | "test" | "bench", ..]
            | ["ssh-keygen" | "ssh-keyscan" | "git" | "curl" | "docker", ..] => {}
            _ => panic!("{at}: nobody knows `{command}`"),
        }
    }
}

/// The subcommands and the options are there.
fn tidemark_knows(at: &str, arguments: &[&str]) {
    let verbs: Vec<&str> = arguments
        .iter()
        .copied()
        .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase()))
        .take(1)
        .collect();
    let ran = World::new().run(&[&verbs[..], &["--help"]].concat());
    assert_eq!(ran.code, 0, "{at}: `tidemark {}`: {}", verbs.join(" "), ran.stderr);
    for option in arguments.iter().filter(|word| word.starts_with("--")) {
        assert!(ran.stdout.contains(option), "{at}: {} has no {option}", verbs.join(" "));
    }
}

macro_rules! pages {
    ($($test:ident => $path:literal,)*) => {
        /// The pages whose examples are carried out.
        const CHECKED: &[&str] = &[$($path),*];

        $(#[test]
        fn $test() {
            check($path);
        })*
    };
}

pages! {
    the_examples_of_the_readme_hold => "README.md",
    the_examples_of_getting_started_hold => "docs/getting-started.md",
    the_examples_of_registries_hold => "docs/registries.md",
    the_examples_of_credentials_hold => "docs/credentials.md",
    the_examples_of_the_api_hold => "docs/status-api.md",
    the_examples_of_rate_limits_hold => "docs/rate-limits.md",
    the_examples_of_git_hold => "docs/git.md",
    the_examples_of_migrating_hold => "docs/migrating.md",
    the_examples_of_where_images_are_written_hold => "docs/where-images-are-written.md",
    the_examples_of_explain_hold => "docs/explain.md",
    the_examples_of_policies_hold => "docs/policies.md",
    the_examples_of_commands_hold => "docs/commands.md",
    the_examples_of_configuration_hold => "docs/configuration.md",
    the_examples_of_performance_hold => "docs/performance.md",
    the_examples_of_the_architecture_hold => "ARCHITECTURE.md",
    the_examples_of_contributing_hold => "CONTRIBUTING.md",
    the_examples_of_the_changelog_hold => "CHANGELOG.md",
}

#[test]
fn every_page_is_carried_out() {
    let mut checked = CHECKED.to_vec();
    checked.sort_unstable();
    assert_eq!(pages(), checked);
}
