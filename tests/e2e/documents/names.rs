//! What ARCHITECTURE.md names exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{read, root};

/// Names that are not ours: formats, protocols, other people's crates.
const FOREIGN: &[&str] = &["git2", "Link", "allowDowngrade", "HEAD", "Retry-After"];

#[test]
fn the_architecture_is_a_page_that_one_reads_at_once() {
    let lines = read("ARCHITECTURE.md").lines().count();
    assert!(lines <= 200, "{lines} lines");
}

#[test]
fn the_architecture_has_a_row_for_every_crate() {
    let text = read("ARCHITECTURE.md");
    let rows: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned))
        .collect();
    assert_eq!(rows, crates().into_keys().collect());
}

#[test]
fn the_architecture_names_only_what_exists() {
    let text = read("ARCHITECTURE.md");
    let (ours, _) = text
        .split_once("## Why not")
        .expect("the part about other people's crates");
    let known = known();
    for span in spans(ours) {
        let is_path = (span.contains('/') && !span.contains(':')) || span.ends_with(".rs") || span.ends_with(".md");
        if is_path {
            assert!(
                root().join(span.trim_end_matches('/')).exists(),
                "ARCHITECTURE.md names the file `{span}`"
            );
            continue;
        }
        let words = span
            .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
            .map(|word| word.trim_matches('-'));
        for word in words.filter(|word| word.len() > 2 && !word.starts_with(|c: char| c.is_ascii_digit())) {
            assert!(
                known.contains(word) || FOREIGN.contains(&word),
                "ARCHITECTURE.md names `{word}` (in `{span}`), which is nowhere in the sources"
            );
        }
    }
}

#[test]
fn every_crate_has_a_readme_that_is_its_documentation() {
    for (name, folder) in crates() {
        let readme = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
        assert!(!readme.trim().is_empty(), "{name} has no README.md");
        let source =
            ["src/lib.rs", "src/main.rs"].map(|file| fs::read_to_string(folder.join(file)).unwrap_or_default());
        assert!(
            source
                .iter()
                .any(|text| text.contains("#![doc = include_str!(\"../README.md\")]")),
            "{name}: the documentation of the crate is not its README.md"
        );
    }
}

/// What stands between backticks, outside of fences.
pub(super) fn spans(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut spans = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            spans.extend(line.split('`').skip(1).step_by(2));
        }
    }
    spans
}

/// The crates and where they are: those of the product, and the one that stands beside the fuzz targets.
fn crates() -> BTreeMap<String, PathBuf> {
    let folders = fs::read_dir(root().join("crates")).unwrap();
    let product = folders.map(|entry| {
        let entry = entry.unwrap();
        (entry.file_name().to_string_lossy().into_owned(), entry.path())
    });
    product
        .chain([("fuzz-checks".to_owned(), root().join("fuzz/checks"))])
        .collect()
}

/// Every word of the sources that is no comment, and the names of crates.
fn known() -> BTreeSet<String> {
    let mut known: BTreeSet<String> = crates().into_keys().collect();
    let mut open = ["crates", "tests", "fuzz/checks"]
        .map(|folder| root().join(folder))
        .to_vec();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                known.extend(words(&path));
            }
        }
    }
    known
}

fn words(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).unwrap();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
