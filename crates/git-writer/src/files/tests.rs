use git2::{ObjectType, Oid};

use crate::{
    Change, Failure, Head, Limits, Mirror, Remote, SkipReason,
    fixture::{Fixture, draft, go},
};

fn walk(mirror: &mut Mirror, head: &Head, prefixes: &[&str]) -> Vec<String> {
    let prefixes: Vec<String> = prefixes.iter().map(|&prefix| prefix.to_owned()).collect();
    mirror
        .files(head, &prefixes)
        .unwrap()
        .files
        .into_iter()
        .map(|file| file.path)
        .collect()
}

#[test]
fn prefixes_choose_whole_folders_and_files() {
    let fixture = Fixture::new(&[
        ("clusters/prod/a.yaml", ""),
        ("clusters/prod/sub/b.yaml", ""),
        ("clusters/production/c.yaml", ""),
        ("d.yaml", ""),
    ]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    assert_eq!(
        walk(&mut mirror, &head, &[]),
        [
            "d.yaml",
            "clusters/prod/a.yaml",
            "clusters/prod/sub/b.yaml",
            "clusters/production/c.yaml"
        ]
    );
    assert_eq!(
        walk(&mut mirror, &head, &["/clusters/prod/"]),
        ["clusters/prod/a.yaml", "clusters/prod/sub/b.yaml"]
    );
    assert_eq!(
        walk(&mut mirror, &head, &["d.yaml", "clusters/production"]),
        ["d.yaml", "clusters/production/c.yaml"]
    );
    assert_eq!(walk(&mut mirror, &head, &["nothing"]), [""; 0]);
}

#[test]
fn links_and_submodules_are_not_followed() {
    let fixture = Fixture::new(&[("real/values.yaml", "image: a:1\n")]);
    let blob = fixture.origin.blob(b"/etc/passwd").unwrap();
    let folder = fixture.origin.blob(b"real").unwrap();
    fixture.write_entries(
        Some(fixture.tip()),
        &[
            ("values.yaml", 0o120_000, blob),
            ("link", 0o120_000, folder),
            ("module", 0o160_000, fixture.tip()),
        ],
        9,
    );
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let files = mirror.files(&head, &[]).unwrap();
    assert_eq!(walk(&mut mirror, &head, &[]), ["real/values.yaml"]);
    let reasons: Vec<_> = files
        .skipped
        .iter()
        .map(|skipped| (skipped.path.as_str(), skipped.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            ("link", SkipReason::Symlink),
            ("module", SkipReason::Submodule),
            ("values.yaml", SkipReason::Symlink)
        ]
    );

    for path in [
        "values.yaml",
        "link/values.yaml",
        "module/x",
        "real",
        "real/values.yaml/x",
        "../values.yaml",
        "/etc/passwd",
        "real//values.yaml",
        "",
    ] {
        let change = Change {
            path: path.to_owned(),
            old_blob: crate::ObjectId(blob),
            bytes: b"x".to_vec(),
        };
        let error = mirror.commit(&head, &[change], &draft("no")).expect_err(path);
        assert_eq!(error.stale_path(), Some(path));
    }
}

/// A tree of raw entries, as no honest tool would write it.
fn hostile_tree(fixture: &Fixture, entries: &[(&str, &[u8], Oid)]) -> Oid {
    let line = |&(mode, name, id): &(&str, &[u8], Oid)| [mode.as_bytes(), b" ", name, b"\0", id.as_bytes()].concat();
    let bytes: Vec<u8> = entries.iter().flat_map(line).collect();
    fixture.origin.odb().unwrap().write(ObjectType::Tree, &bytes).unwrap()
}

#[test]
fn hostile_names_are_passed_over_and_survive_an_edit() {
    let fixture = Fixture::new(&[("a", "1")]);
    let blob = fixture.origin.blob(b"1").unwrap();
    let inner = hostile_tree(&fixture, &[("100644", b"config", blob)]);
    let tree = hostile_tree(
        &fixture,
        &[
            ("40000", b"..", inner),
            ("40000", b".GIT", inner),
            ("100644", b".git", blob),
            ("100644", b"bad\xff", blob),
            ("100664", b"old", blob),
            ("100644", b"twice", blob),
            ("100755", b"twice", blob),
            ("100644", b"up/../a", blob),
            ("100644", b"z.yaml", blob),
        ],
    );
    fixture.commit_tree(tree, Some(fixture.tip()), 9);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let files = mirror.files(&head, &[]).unwrap();
    assert_eq!(walk(&mut mirror, &head, &[]), ["z.yaml"]);
    let reasons: Vec<_> = files.skipped.iter().map(|skipped| skipped.reason).collect();
    use SkipReason::{Duplicate, Hostile, Mode, NotUtf8};
    assert_eq!(
        reasons,
        [Hostile, Hostile, Hostile, NotUtf8, Mode, Duplicate, Duplicate, Hostile]
    );

    let change = |path: &str| Change {
        path: path.to_owned(),
        old_blob: crate::ObjectId(blob),
        bytes: b"2".to_vec(),
    };
    mirror
        .commit(&head, &[change("twice")], &draft("no"))
        .expect_err("which of the two?");
    let commit = mirror.commit(&head, &[change("z.yaml")], &draft("Update z")).unwrap();
    mirror.push(&head, &commit, &go()).unwrap();
    let odb = fixture.origin.odb().unwrap();
    let (before, after) = (
        odb.read(tree).unwrap().data().to_vec(),
        odb.read(commit.tree.0).unwrap().data().to_vec(),
    );
    assert_eq!(before[..before.len() - 20], after[..after.len() - 20]);
    assert_eq!(
        after[after.len() - 20..],
        *fixture.origin.blob(b"2").unwrap().as_bytes()
    );
}

#[test]
fn a_tree_that_is_none_is_an_error() {
    let fixture = Fixture::new(&[("a", "1")]);
    let tree = fixture
        .origin
        .odb()
        .unwrap()
        .write(ObjectType::Tree, b"100644 a\0too short")
        .unwrap();
    let inner = hostile_tree(&fixture, &[("40000", b"broken", tree)]);
    fixture.commit_tree(inner, None, 9);
    let mut mirror = fixture.mirror();
    match mirror.fetch(&go()) {
        Err(error) => assert_ne!(error.failure(), Failure::Cancelled),
        Ok(head) => assert_eq!(
            mirror.files(&head, &[]).expect_err("malformed").failure(),
            Failure::Damaged
        ),
    }
}

#[test]
fn a_tree_bomb_ends_at_the_limit() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut tree = hostile_tree(&fixture, &[("100644", b"f", fixture.origin.blob(b"1").unwrap())]);
    for _ in 0..30 {
        tree = hostile_tree(&fixture, &[("40000", b"a", tree), ("40000", b"b", tree)]);
    }
    fixture.commit_tree(tree, None, 9);
    let limits = Limits {
        entries: 10_000,
        ..Limits::default()
    };
    let mut mirror = fixture
        .open(Remote {
            limits,
            ..fixture.remote()
        })
        .unwrap();
    let head = mirror.fetch(&go()).unwrap();
    assert_eq!(
        mirror.files(&head, &[]).expect_err("2^30 files").failure(),
        Failure::TooLarge
    );
}

#[test]
fn a_folder_too_deep_is_passed_over() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut tree = hostile_tree(&fixture, &[("100644", b"f", fixture.origin.blob(b"1").unwrap())]);
    for _ in 0..5000 {
        tree = hostile_tree(&fixture, &[("40000", b"d", tree)]);
    }
    fixture.commit_tree(tree, None, 9);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let files = mirror.files(&head, &[]).unwrap();
    assert_eq!((files.files.len(), files.skipped[0].reason), (0, SkipReason::TooDeep));
}

#[test]
fn unchanged_folders_are_not_read_again() {
    let fixture = Fixture::new(&[("a/x", "1"), ("b/y", "1")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    walk(&mut mirror, &head, &[]);
    fixture.write(&[("b/y", "2")]);
    let head = mirror.fetch(&go()).unwrap();
    assert_eq!(walk(&mut mirror, &head, &[]), ["a/x", "b/y"]);
}

#[test]
fn a_large_file_is_not_read() {
    let fixture = Fixture::new(&[("a", "12345")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let blob = mirror.files(&head, &[]).unwrap().files[0].blob;
    assert_eq!(mirror.blob(blob, 5).unwrap(), b"12345");
    assert_eq!(
        mirror.blob(blob, 4).expect_err("five bytes").failure(),
        Failure::TooLarge
    );
}
