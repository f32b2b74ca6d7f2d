//! Fields that rules name.

use std::fmt::Write as _;

use domain::reference::Value;
use expect_test::{Expect, expect};

use super::deployment;
use crate::{Edit, FieldPattern, Manifest, Reading};

/// Shows what the patterns lead to, and sets it to `2`.
fn check(text: &str, patterns: &[&str], expected: &Expect) {
    let fields = patterns.iter().map(|pattern| FieldPattern::parse(pattern).unwrap());
    let fields = &fields.collect::<Vec<_>>()[..];
    let reading = Reading {
        fields,
        ..Reading::default()
    };
    let manifest = Manifest::read_with(&reading, text).unwrap();
    let mut out = String::new();
    let mut edits = Vec::new();
    for (number, place) in manifest.places().iter().enumerate() {
        writeln!(out, "{:?} {:?} {place} {:?}", place.fields, place.row, place.text).unwrap();
        if !place.fields.is_empty() && place.reference.is_some() {
            let to = Value::parse("2").unwrap();
            edits.push(Edit {
                place: number,
                to,
                name: None,
            });
        }
    }
    for note in manifest.notes() {
        writeln!(out, "{}: {note}", note.location).unwrap();
    }
    out += &super::told(text, manifest.edit(&edits));
    expected.assert_eq(&out);
}

const ENGINE: &str = "apiVersion: example.com/v1\nkind: Engine\nmetadata: {name: e, namespace: shop}\nspec:\n  engine:\n    \
    image: nginx:1\n  jobs:\n  - name: build\n    image: build:1\n  - name: test\n    image: test:1\n  proxy:\n    \
    repository: envoy\n    tag: '1'\n";

#[test]
fn a_field_of_any_kind_is_a_place() {
    check(
        ENGINE,
        &["spec.engine.image"],
        &expect![[r#"
        [0] Field shop/Engine/e: spec.engine.image "nginx:1"
        -     image: nginx:1
        +     image: nginx:2
    "#]],
    );
    check(
        ENGINE,
        &["spec.jobs[*].image"],
        &expect![[r#"
        [0] Field shop/Engine/e: spec.jobs[0].image "build:1"
        [0] Field shop/Engine/e: spec.jobs[1].image "test:1"
        -     image: build:1
        +     image: build:2
        -     image: test:1
        +     image: test:2
    "#]],
    );
    check(
        ENGINE,
        &["spec.jobs[name=build].image"],
        &expect![[r#"
        [0] Field shop/Engine/e: spec.jobs[0].image "build:1"
        -     image: build:1
        +     image: build:2
    "#]],
    );
    check(
        ENGINE,
        &["spec.jobs[1].image", "spec.*.image"],
        &expect![[r#"
        [1] Field shop/Engine/e: spec.engine.image "nginx:1"
        [0] Field shop/Engine/e: spec.jobs[1].image "test:1"
        -     image: nginx:1
        +     image: nginx:2
        -     image: test:1
        +     image: test:2
    "#]],
    );
    check(
        ENGINE,
        &["spec.proxy"],
        &expect![[r#"
        [0] Field shop/Engine/e: spec.proxy "envoy:1"
        -     tag: \'1\'
        +     tag: \'2\'
    "#]],
    );
}

#[test]
fn a_field_that_a_row_knows_is_the_row_s() {
    let text = deployment("image: nginx:1\nname: a");
    let field = "spec.template.spec.containers[name=a].image";
    check(
        &text,
        &[field, "spec.template.spec.containers[*].image"],
        &expect![[r#"
        [0, 1] PodTemplate default/Deployment/web/a: spec.template.spec.containers[0].image "nginx:1"
        -         - image: nginx:1
        +         - image: nginx:2
    "#]],
    );
}

#[test]
fn what_is_no_image_is_told() {
    check(
        ENGINE,
        &["spec.engine", "spec.jobs[0].name", "spec.jobs"],
        &expect![[r#"
            [1] Field shop/Engine/e: spec.jobs[0].name "build"
            -   - name: build
            +   - name: build:2
        "#]],
    );
    check(ENGINE, &["spec.nothing.image"], &expect![[""]]);
}

#[test]
fn items_of_lists_and_documents_that_are_no_objects_have_fields_too() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: example.com/v1\n  kind: Engine\n  metadata: {name: a}\n  \
                spec: {image: nginx:1}\n---\nspec:\n  image: nginx:1\n";
    check(
        text,
        &["spec.image"],
        &expect![[r#"
        [0] Field default/Engine/a: items[0].spec.image "nginx:1"
        [0] Field spec.image "nginx:1"
        -   spec: {image: nginx:1}
        +   spec: {image: nginx:2}
        -   image: nginx:1
        +   image: nginx:2
    "#]],
    );
}
