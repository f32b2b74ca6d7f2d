//! A repository that was made can be read, and is never made twice.

use std::path::PathBuf;

use git2::Repository;
use tempfile::TempDir;

use super::*;

fn make(folder: &Path) -> Result<(), SeedError> {
    let author = Signature::parse("Ada <ada@example.com>").unwrap();
    let files: &[(&str, &[u8])] = &[("a/b.yaml", b"b: 1\n"), ("c.yaml", b"c: 2\n")];
    seed(
        folder,
        &BranchName::parse("main").unwrap(),
        files,
        &author,
        "Begin\n",
        1_700_000_000,
    )
}

fn stage() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("fleet.git");
    (folder, path)
}

#[test]
fn the_first_commit_holds_the_files() {
    let (_folder, path) = stage();
    make(&path).unwrap();
    let repository = Repository::open_bare(&path).unwrap();
    let head = repository
        .find_reference("refs/heads/main")
        .unwrap()
        .peel_to_commit()
        .unwrap();
    assert_eq!(
        (head.message().unwrap(), head.time().seconds(), head.parent_count()),
        ("Begin\n", 1_700_000_000, 0)
    );
    let entry = head.tree().unwrap().get_path(Path::new("a/b.yaml")).unwrap();
    assert_eq!(repository.find_blob(entry.id()).unwrap().content(), b"b: 1\n");
    assert_eq!(repository.head().unwrap().name().unwrap(), "refs/heads/main");
}

#[test]
fn a_repository_that_is_there_is_left_alone() {
    let (_folder, path) = stage();
    make(&path).unwrap();
    let error = make(&path).unwrap_err().to_string();
    assert!(error.contains("fleet.git"), "{error}");
}
