//! The page of places: the daemon changes what `edit` changes, and every word of a refusal is looked up there.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::items;
use super::read;
use super::reasons::{explained, part};
use super::stage::Stage;

const PAGE: &str = "docs/where-images-are-written.md";

/// The only words of letters alone in these sources that are no codes.
const NO_CODES: &[&str] = &["localhost"];

#[test]
fn what_edit_changes_a_pass_changes_in_the_same_way() {
    let page = read(PAGE);
    let mut stage = Stage::new(&page);
    let mut expected = BTreeMap::new();
    let items = items(&page);
    for pair in items.windows(2) {
        let (["yaml" | "json", "manifest", name], ["diff", "edit", "ghcr.io/acme/api", "1.5.0"]) =
            (&pair[0].words[..], &pair[1].words[..])
        else {
            continue;
        };
        let is_pinned = pair[0].body.contains("sha256:");
        if !is_pinned {
            stage.manifest(name, pair[0].body);
            expected.insert(*name, pair[1].body);
        }
    }
    assert!(expected.len() >= 15, "{} files", expected.len());
    stage.direct(&["push", "ghcr.io/acme/api", "1.4.0", "1.5.0"]);
    stage.config(
        "all.yaml",
        "rules:\n  - match: {image: ghcr.io/acme/api}\n    policy: semver:1.x\n",
    );
    let expected: String = expected.into_values().collect();
    assert_eq!(stage.pass(Some("all.yaml")), expected);
}

#[test]
fn every_code_of_a_refusal_is_explained() {
    let sources = [
        "crates/manifests/src/refusal.rs",
        "crates/manifests/src/wanted.rs",
        "crates/manifests/src/edit.rs",
        "crates/yaml-spans/src/error.rs",
        "crates/cli/src/commands/edit/files.rs",
    ]
    .map(read);
    let lines = sources.iter().flat_map(|source| source.lines());
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    let words = code.flat_map(|line| line.split('"').skip(1).step_by(2));
    let is_code = |word: &&str| {
        word.len() > 5
            && word.starts_with(|char: char| char.is_ascii_lowercase())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let codes: BTreeSet<&str> = words.filter(is_code).filter(|word| !NO_CODES.contains(word)).collect();
    assert_eq!(explained(&part(PAGE, "## What is refused")), codes);
}
