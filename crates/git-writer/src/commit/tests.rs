use expect_test::{Expect, expect};
use transport::chain;

use super::*;
use crate::{
    Mirror, Remote,
    fixture::{Fixture, change, draft, go},
};

fn check(mirror: &mut Mirror, head: &Head, changes: &[Change], draft: &Draft, expected: &Expect) {
    let error = mirror.commit(head, changes, draft).expect_err("refused");
    expected.assert_eq(&chain(&error).to_string().replace(&head.commit.to_string(), "HEAD"));
}

#[test]
fn a_file_that_changed_meanwhile_is_stale() {
    let fixture = Fixture::new(&[("apps/a", "1"), ("b", "1")]);
    let mut mirror = fixture.mirror();
    let first = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &first, "apps/a", "2");
    fixture.write(&[("apps/a", "theirs")]);
    let head = mirror.fetch(&go()).unwrap();
    check(
        &mut mirror,
        &head,
        &[edit],
        &draft("Update a"),
        &expect!["failed to make a commit on HEAD: `apps/a` is not what it was when the change was made"],
    );
}

#[test]
fn what_cannot_be_a_commit_is_refused() {
    let fixture = Fixture::new(&[("a", "1"), ("b", "1")]);
    let mut mirror = fixture
        .open(Remote {
            limits: Limits {
                changes: 1,
                message_bytes: 40,
                file_bytes: 10,
                ..Limits::default()
            },
            ..fixture.remote()
        })
        .unwrap();
    let head = mirror.fetch(&go()).unwrap();
    let edit = |mirror: &mut Mirror, path, text| change(mirror, &head, path, text);
    let (a, b, same, large) = (
        edit(&mut mirror, "a", "2"),
        edit(&mut mirror, "b", "2"),
        edit(&mut mirror, "a", "1"),
        edit(&mut mirror, "a", "12345678901"),
    );
    let good = draft("Update");
    check(
        &mut mirror,
        &head,
        &[],
        &good,
        &expect!["failed to make a commit on HEAD: nothing changes"],
    );
    check(
        &mut mirror,
        &head,
        &[same],
        &good,
        &expect!["failed to make a commit on HEAD: nothing changes"],
    );
    check(
        &mut mirror,
        &head,
        &[a.clone(), b],
        &good,
        &expect!["failed to make a commit on HEAD: it changes 2 files, more than 1"],
    );
    check(
        &mut mirror,
        &head,
        &[large],
        &good,
        &expect!["failed to make a commit on HEAD: `a` would have more than 10 bytes"],
    );
    let messages = ["", " \n", "a\0b", "a\u{1b}[0m", "a\r\nb", &"long ".repeat(10)];
    for message in messages {
        let bad = Draft {
            message: message.to_owned(),
            ..good.clone()
        };
        mirror.commit(&head, std::slice::from_ref(&a), &bad).expect_err(message);
    }
    let gone = Change {
        path: "c".to_owned(),
        ..a
    };
    check(
        &mut mirror,
        &head,
        &[gone],
        &good,
        &expect!["failed to make a commit on HEAD: `c` is not a regular file of this commit"],
    );
}

#[test]
fn one_path_cannot_be_changed_twice() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let (one, two) = (
        change(&mut mirror, &head, "a", "2"),
        change(&mut mirror, &head, "a", "3"),
    );
    check(
        &mut mirror,
        &head,
        &[one, two],
        &draft("Update"),
        &expect!["failed to make a commit on HEAD: `a` is changed twice"],
    );
}

#[test]
fn bytes_and_modes_are_kept() {
    let fixture = Fixture::new(&[("plain", "1")]);
    let script = fixture.origin.blob(b"#!/bin/sh\n").unwrap();
    fixture.write_entries(Some(fixture.tip()), &[("bin/run", 0o100_755, script)], 9);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let bytes = b"\xef\xbb\xbfa: 1\r\n\xff\0no newline".to_vec();
    let edit = Change {
        bytes: bytes.clone(),
        ..change(&mut mirror, &head, "bin/run", "")
    };
    let commit = mirror.commit(&head, &[edit], &draft("Update")).unwrap();
    mirror.push(&head, &commit, &go()).unwrap();
    let tree = fixture.origin.find_tree(commit.tree.0).unwrap();
    let entry = tree.get_path(std::path::Path::new("bin/run")).unwrap();
    assert_eq!(entry.filemode(), 0o100_755);
    assert_eq!(fixture.origin.find_blob(entry.id()).unwrap().content(), bytes);
}

#[test]
fn authors_are_one_line() {
    let good = Signature::parse("Tidemark <tidemark@example.com>").unwrap();
    assert_eq!((good.name(), good.email()), ("Tidemark", "tidemark@example.com"));
    for bad in [
        "",
        "Tidemark",
        "<a@b>",
        "T <>",
        "T <a@b",
        "T\n <a@b>",
        "T <a b@c>",
        "T <a@b>> x",
        "T <a\0@b>",
        ".T <a@b>",
    ] {
        Signature::parse(bad).expect_err(bad);
    }
}

#[test]
fn an_update_id_depends_on_the_changes_and_not_on_their_order() {
    let id = update_id(["a 1 2", "b 1 2"]);
    assert_eq!(id, update_id(["b 1 2", "a 1 2"]));
    assert_eq!(id.len(), 32);
    for other in [
        vec!["a 1 2"],
        vec!["a 1 2", "b 1 3"],
        vec!["a 1 2b 1 2"],
        vec!["a 1 2", "b 1 2", "b 1 2"],
        vec![],
    ] {
        assert_ne!(id, update_id(other));
    }
}
