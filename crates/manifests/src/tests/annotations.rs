//! Annotations that stand where they opt nothing in.

use expect_test::{Expect, expect};

use crate::{Manifest, Reading};

fn check(text: &str, expected: &Expect) {
    let reading = Reading {
        markers: true,
        ..Reading::default()
    };
    let manifest = Manifest::read_with(&reading, text).expect("it is read");
    let notes = manifest.notes().iter();
    let told: Vec<String> = notes.map(|note| format!("{}: {note}\n", note.location)).collect();
    expected.assert_eq(&told.concat());
}

const POD: &str = "  template:\n    spec:\n      containers: [{name: web, image: web:1}]\n";

#[test]
fn an_object_without_images_is_told_of() {
    check(
        "kind: ConfigMap\napiVersion: v1\nmetadata:\n  annotations:\n    a: b\n    tidemark.dev/policy: stable\n",
        &expect![[r#"
            6:5: the annotation `tidemark.dev/policy` does nothing: no image is known in this ConfigMap; if it has one in a field of its own, name the field by `match.field` of a rule
        "#]],
    );
    check(
        "kind: Cluster\napiVersion: postgresql.cnpg.io/v1\nmetadata: {annotations: {tidemark.dev/policy.db: stable}}\n",
        &expect![[r#"
            3:26: the annotation `tidemark.dev/policy.db` does nothing: no image is known in this Cluster; if it has one in a field of its own, name the field by `match.field` of a rule
        "#]],
    );
    check(
        "kind: List\napiVersion: v1\nitems:\n- {kind: Pod, apiVersion: v1, metadata: {annotations: {tidemark.dev/policy: a}}, spec: {containers: [{image: web:1}]}}\n- {kind: Secret, apiVersion: v1, metadata: {annotations: {tidemark.dev/hold: b}}}\n",
        &expect![[r#"
            5:59: the annotation `tidemark.dev/hold` does nothing: no image is known in this Secret; if it has one in a field of its own, name the field by `match.field` of a rule
        "#]],
    );
}

#[test]
fn a_pod_template_is_told_of() {
    let text = format!(
        "kind: Deployment\napiVersion: apps/v1\nspec:\n{POD}    metadata: {{annotations: {{tidemark.dev/policy: stable}}}}\n"
    );
    check(
        &text,
        &expect![[r#"
        7:30: the annotation `tidemark.dev/policy` does nothing here: it belongs to the metadata of the Deployment itself, not of its pods
    "#]],
    );
}

#[test]
fn the_object_of_an_image_is_not() {
    let annotated = "metadata: {annotations: {tidemark.dev/policy: stable}}\n";
    check(
        &format!("kind: Deployment\napiVersion: apps/v1\n{annotated}spec:\n{POD}"),
        &expect![""],
    );
    check(
        &format!("kind: Pod\napiVersion: v1\n{annotated}spec: {{containers: [{{image: web:1}}]}}\n"),
        &expect![""],
    );
}

#[test]
fn the_editor_is_not_told() {
    let text = "kind: ConfigMap\napiVersion: v1\nmetadata: {annotations: {tidemark.dev/policy: stable}}\n";
    assert!(Manifest::read(text).expect("it is read").notes().is_empty());
}
