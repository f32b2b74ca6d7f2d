//! Kustomizations: what is deployed goes by `newName`, if there is one.

use expect_test::{Expect, expect};

use super::{DIGEST, check_file, check_places};
use crate::{FileKind, Manifest};

fn check(text: &str, value: &str, expected: &Expect) {
    check_file(FileKind::Kustomization, text, value, None, expected);
}

fn check_named(text: &str, value: &str, name: &str, expected: &Expect) {
    check_file(FileKind::Kustomization, text, value, Some(name), expected);
}

#[test]
fn tags_are_written_where_the_deployed_name_is_the_image() {
    let text = "images:\n- name: nginx # base\n  newTag: 1.25.0 # why\n- name: app\n  newName: docker.io/library/nginx\n  \
                newTag: '1.24.0'\n- {name: nginx, newName: other/nginx, newTag: 1.0.0}\n- name: busybox\n  newTag: 1.36.0\n";
    check(
        text,
        "1.27.0",
        &expect![[r#"
        -   newTag: 1.25.0 # why
        +   newTag: 1.27.0 # why
        -   newTag: \'1.24.0\'
        +   newTag: \'1.27.0\'
    "#]],
    );
}

#[test]
fn an_empty_new_name_is_none() {
    let text = "images:\n- {name: nginx, newName: '', newTag: a}\n- {name: nginx, newName: ~, newTag: b}\n";
    check(
        text,
        "2-x",
        &expect![[r#"
        - - {name: nginx, newName: \'\', newTag: a}
        + - {name: nginx, newName: \'\', newTag: 2-x}
        - - {name: nginx, newName: ~, newTag: b}
        + - {name: nginx, newName: ~, newTag: 2-x}
    "#]],
    );
}

#[test]
fn numbers_are_tags_as_they_are_written() {
    let text = "images:\n- name: nginx\n  newTag: 1.10\n- name: nginx\n  newTag: 012\n- name: nginx\n  newTag: v1\n";
    check(
        text,
        "1.10",
        &expect![[r#"
        -   newTag: 012
        +   newTag: \"1.10\"
        -   newTag: v1
        +   newTag: \"1.10\"
    "#]],
    );
    check(
        text,
        "1.27.0",
        &expect![[r#"
        -   newTag: 1.10
        +   newTag: 1.27.0
        -   newTag: 012
        +   newTag: 1.27.0
        -   newTag: v1
        +   newTag: 1.27.0
    "#]],
    );
}

#[test]
fn a_digest_goes_into_its_key_or_behind_the_tag() {
    let old = DIGEST.replace('0', "f");
    let both = format!("images:\n- name: nginx\n  newTag: a\n  digest: {old}\n");
    let value = format!("1.27.0@{DIGEST}");
    check(
        &both,
        &value,
        &expect![[r#"
        -   newTag: a
        +   newTag: 1.27.0
        -   digest: sha256:f123456789abcdeff123456789abcdeff123456789abcdeff123456789abcdef
        +   digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    "#]],
    );
    let tag = format!("images:\n- {{name: nginx, newTag: '1.25@{old}'}}\n- {{name: nginx, newTag: b}}\n");
    check(
        &tag,
        &value,
        &expect![[r#"
        - - {name: nginx, newTag: \'1.25@sha256:f123456789abcdeff123456789abcdeff123456789abcdeff123456789abcdef\'}
        + - {name: nginx, newTag: \'1.27.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'}
        - - {name: nginx, newTag: b}
        + - {name: nginx, newTag: 1.27.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef}
    "#]],
    );
    check(
        &tag,
        "1.27.0",
        &expect![[r#"
        - - {name: nginx, newTag: \'1.25@sha256:f123456789abcdeff123456789abcdeff123456789abcdeff123456789abcdef\'}
        + - {name: nginx, newTag: \'1.27.0\'}
        - - {name: nginx, newTag: b}
        + - {name: nginx, newTag: 1.27.0}
    "#]],
    );
    let only = format!("images:\n- name: nginx\n  digest: {old}\n");
    check(
        &only,
        &value,
        &expect![[r#"
        -   digest: sha256:f123456789abcdeff123456789abcdeff123456789abcdeff123456789abcdef
        +   digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    "#]],
    );
}

#[test]
fn a_digest_alone_leaves_the_tag() {
    let old = DIGEST.replace('0', "f");
    let text = format!(
        "images:\n- {{name: nginx, newTag: a, digest: '{old}'}}\n- {{name: nginx, newTag: a}}\n- {{name: nginx, newTag: 'a@{old}'}}\n"
    );
    check(
        &text,
        &format!("@{DIGEST}"),
        &expect![[r#"
        - - {name: nginx, newTag: a, digest: \'sha256:f123456789abcdeff123456789abcdeff123456789abcdeff123456789abcdef\'}
        + - {name: nginx, newTag: a, digest: \'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'}
        - - {name: nginx, newTag: a}
        + - {name: nginx, newTag: a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef}
        - - {name: nginx, newTag: \'a@sha256:f123456789abcdeff123456789abcdeff123456789abcdeff123456789abcdef\'}
        + - {name: nginx, newTag: \'a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'}
    "#]],
    );
}

#[test]
fn a_digest_key_never_stays_beside_another_tag() {
    let text =
        format!("images:\n- name: nginx\n  newTag: a\n  digest: {DIGEST}\n- {{name: nginx, digest: '{DIGEST}'}}\n");
    check(
        &text,
        "1.27.0",
        &expect![[r#"
        digestKeyInTheWay: images[0]: digest key in the way: `images[0].digest` would stay beside a tag that it was not made for; give `--to` a digest, too, or remove the key
        digestKeyInTheWay: images[1]: digest key in the way: `images[1].digest` would stay beside a tag that it was not made for; give `--to` a digest, too, or remove the key
    "#]],
    );
    let empty = "images:\n- {name: nginx, newTag: a, digest: ''}\n- {name: nginx, newTag: a, digest: ~}\n- {name: nginx, newTag: a, digest: }\n";
    check(
        empty,
        "1.27.0",
        &expect![[r#"
        - - {name: nginx, newTag: a, digest: \'\'}
        + - {name: nginx, newTag: 1.27.0, digest: \'\'}
        - - {name: nginx, newTag: a, digest: ~}
        + - {name: nginx, newTag: 1.27.0, digest: ~}
        - - {name: nginx, newTag: a, digest: }
        + - {name: nginx, newTag: 1.27.0, digest: }
    "#]],
    );
    check(
        empty,
        &format!("1.27.0@{DIGEST}"),
        &expect![[r#"
        - - {name: nginx, newTag: a, digest: \'\'}
        + - {name: nginx, newTag: 1.27.0, digest: \'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'}
        - - {name: nginx, newTag: a, digest: ~}
        + - {name: nginx, newTag: 1.27.0, digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef}
        unwritable: images[2].digest: there is no value that could be replaced; write "" there
    "#]],
    );
}

#[test]
fn without_a_key_for_it_there_is_nothing_to_set() {
    let text =
        "images:\n- name: nginx\n- {name: a, newName: nginx}\n- {name: nginx, newTag: ''}\n- {name: nginx, newTag: }\n";
    check(
        text,
        "2.0.0",
        &expect![[r#"
        nothing to set: [0, 1, 2, 3]
    "#]],
    );
    check_named(
        text,
        &format!("2.0.0@{DIGEST}"),
        "other",
        &expect![[r#"
        nothing to set: [0, 1, 2, 3]
    "#]],
    );
}

#[test]
fn a_new_name_is_never_the_one_of_the_base() {
    let text = "images:\n- {name: nginx, newName: nginx, newTag: a}\n- {name: nginx, newName: '', newTag: a}\n";
    check_named(
        text,
        "2.0.0",
        "mirror.test:5000/nginx",
        &expect![[r#"
        - - {name: nginx, newName: nginx, newTag: a}
        + - {name: nginx, newName: mirror.test:5000/nginx, newTag: 2.0.0}
        - - {name: nginx, newName: \'\', newTag: a}
        + - {name: nginx, newName: \'mirror.test:5000/nginx\', newTag: 2.0.0}
    "#]],
    );
    check_named(
        "images: [{name: nginx, newTag: a}]\n",
        "2.0.0",
        "other",
        &expect![[r#"
        noNewName: images[0]: there is no `newName` that the new name could be written to; add one
    "#]],
    );
    check_named(
        "images: [{name: nginx, newTag: a}]\n",
        "2.0.0",
        "nginx",
        &expect![[r#"
        - images: [{name: nginx, newTag: a}]
        + images: [{name: nginx, newTag: 2.0.0}]
    "#]],
    );
}

#[test]
fn kinds_and_file_names_say_what_a_kustomization_is() {
    let images = "images: [{name: nginx, newTag: a}]";
    let text = format!(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n{images}\n---\n\
         apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n{images}\n---\n\
         apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: apps, namespace: flux}}\nspec:\n  {images}\n---\n\
         apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n{images}\n---\n\
         apiVersion: example.com/v1\nkind: Kustomization\n{images}\n---\n{images}\n"
    );
    check_places(
        &text,
        &expect![[r#"
        3:17 default/Kustomization/: images[0] "nginx:a"
        7:17 default/Component/: images[0] "nginx:a"
        13:19 flux/Kustomization/apps: spec.images[0] "nginx:a"
    "#]],
    );
    let count = |kind| Manifest::read_as(kind, images).unwrap().places().len();
    assert_eq!(
        (
            count(FileKind::Kustomization),
            count(FileKind::Other),
            count(FileKind::Chart)
        ),
        (1, 0, 0)
    );
    for name in ["kustomization.yaml", "kustomization.yml", "Kustomization"] {
        assert_eq!(FileKind::of(&format!("a/b/{name}")), FileKind::Kustomization);
        assert_eq!(FileKind::of(name).given(), FileKind::Kustomization);
    }
    assert_eq!(FileKind::of("kustomization.json"), FileKind::Other);
}

#[test]
fn duplicate_keys_of_an_entry_are_refused() {
    check(
        "images:\n- name: busybox\n  newTag: a\n  newTag: b\n",
        "2",
        &expect![[r#"
        4:3: duplicateKey: duplicate key `newTag` on the way to an image; remove one of the two
    "#]],
    );
    check(
        "images: []\nimages:\n- name: busybox\n  newTag: a\n",
        "2",
        &expect![[r#"
        2:1: duplicateKey: duplicate key `images` on the way to an image; remove one of the two
    "#]],
    );
    check(
        "labels: [{a: 1, a: 2}]\nimages:\n- name: nginx\n  newTag: a\n",
        "2.x",
        &expect![[r#"
        -   newTag: a
        +   newTag: 2.x
    "#]],
    );
}

#[test]
fn a_tag_or_digest_that_is_none_is_written_over_or_refused() {
    let entry = |rest: &str| format!("images:\n- name: nginx\n  {rest}\n");
    let kind = FileKind::Kustomization;
    check_file(
        kind,
        &entry("newTag: ${TAG}"),
        "2.0",
        None,
        &expect![[r#"
        -   newTag: ${TAG}
        +   newTag: \"2.0\"
    "#]],
    );
    check_file(
        kind,
        &entry("newTag: a:b"),
        &format!("2@{DIGEST}"),
        None,
        &expect![[r#"
        -   newTag: a:b
        +   newTag: 2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    "#]],
    );
    check_file(
        kind,
        &entry("newTag: ${TAG}"),
        &format!("@{DIGEST}"),
        None,
        &expect![[r#"
        notAReference: what is written is no image reference
    "#]],
    );
    check_file(
        kind,
        &entry("newTag: '1'\n  digest: ${D}"),
        "2.0",
        None,
        &expect![[r#"
        digestKeyInTheWay: images[0]: digest key in the way: `images[0].digest` would stay beside a tag that it was not made for; give `--to` a digest, too, or remove the key
    "#]],
    );
    check_file(
        kind,
        &entry("newTag: '1'\n  digest: ${D}"),
        &format!("2@{DIGEST}"),
        None,
        &expect![[r#"
        -   newTag: \'1\'
        +   newTag: \'2\'
        -   digest: ${D}
        +   digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    "#]],
    );
}

#[test]
fn a_new_name_that_is_no_text_is_no_name() {
    let text = "images:\n- {name: nginx, newName: 5, newTag: v1}\n- {name: nginx, newName: ~, newTag: v1}\n";
    check_file(
        FileKind::Kustomization,
        text,
        "2.0",
        None,
        &expect![[r#"
        - - {name: nginx, newName: ~, newTag: v1}
        + - {name: nginx, newName: ~, newTag: \"2.0\"}
    "#]],
    );
}
