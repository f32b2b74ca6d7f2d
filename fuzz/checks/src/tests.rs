//! Every input that was kept is checked again.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The largest input that is kept, in bytes: what was found is minimised first.
const LARGEST: usize = 4096;

fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("failed to read {}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    let mut broken = Vec::new();
    for file in files {
        let data = fs::read(&file).unwrap();
        let name = format!("fuzz/corpus/{target}/{}", file.file_name().unwrap().display());
        assert!(data.len() <= LARGEST, "{name} is larger than {LARGEST} bytes");
        if catch_unwind(AssertUnwindSafe(|| check(&data))).is_err() {
            broken.push(name);
        }
    }
    assert!(broken.is_empty(), "laws are broken, said above, by {broken:#?}");
}

#[test]
fn the_kept_references_are_lawful() {
    replay("references", crate::references);
}

#[test]
fn the_kept_policies_are_lawful() {
    replay("policies", crate::policies);
}

#[test]
fn the_kept_ranges_are_lawful() {
    replay("ranges", crate::ranges);
}

#[test]
fn the_kept_layouts_are_lawful() {
    replay("layouts", crate::layouts);
}

#[test]
fn the_kept_choices_are_lawful() {
    replay("choices", crate::choices);
}

#[test]
fn the_kept_edits_are_lawful() {
    replay("edits", crate::edits);
}

#[test]
fn the_kept_documents_are_lawful() {
    replay("documents", crate::documents);
}

#[test]
fn the_kept_trees_are_lawful() {
    replay("trees", crate::trees);
}

#[test]
fn the_kept_challenges_are_lawful() {
    replay("challenges", crate::challenges);
}

#[test]
fn the_kept_links_are_lawful() {
    replay("links", crate::links);
}

#[test]
fn the_kept_tags_are_lawful() {
    replay("tags", crate::tags);
}

#[test]
fn the_kept_image_manifests_are_lawful() {
    replay("image_manifests", crate::image_manifests);
}

#[test]
fn the_kept_docker_configs_are_lawful() {
    replay("docker_config", crate::docker_config);
}

#[test]
fn the_kept_pauses_are_lawful() {
    replay("retry_after", crate::retry_after);
}
