use git2::{ObjectType, Oid, Repository};

use super::*;

fn nested(repository: &Repository, depth: usize, mode: &str) -> Oid {
    let odb = repository.odb().unwrap();
    let mut tree = odb.write(ObjectType::Tree, b"").unwrap();
    for _ in 1..depth {
        let bytes = [mode.as_bytes(), b" d\0", tree.as_bytes()].concat();
        tree = odb.write(ObjectType::Tree, &bytes).unwrap();
    }
    tree
}

#[test]
fn a_deep_repository_is_refused_without_recursion() {
    let folder = tempfile::TempDir::new().unwrap();
    let repository = Repository::init_bare(folder.path()).unwrap();
    let odb = repository.odb().unwrap();
    let mut heights = Heights::default();
    heights.check(&odb, nested(&repository, HIGHEST, "40000")).unwrap();
    for mode in ["40000", "40755"] {
        let too_deep = nested(&repository, HIGHEST + 1, mode);
        let error = Heights::default().check(&odb, too_deep).expect_err("too deep");
        assert_eq!(error.failure, Failure::TooLarge);
        // What is known of its parts makes no difference.
        heights.check(&odb, too_deep).expect_err("too deep");
        heights.check(&odb, too_deep).expect_err("too deep");
    }
}

#[test]
fn a_tree_with_many_ways_down_is_looked_at_once() {
    let folder = tempfile::TempDir::new().unwrap();
    let repository = Repository::init_bare(folder.path()).unwrap();
    let odb = repository.odb().unwrap();
    let mut tree = odb.write(ObjectType::Tree, b"").unwrap();
    for _ in 0..200 {
        let bytes = [b"40000 a\0".as_slice(), tree.as_bytes(), b"40000 b\0", tree.as_bytes()].concat();
        tree = odb.write(ObjectType::Tree, &bytes).unwrap();
    }
    Heights::default().check(&odb, tree).unwrap();
}
