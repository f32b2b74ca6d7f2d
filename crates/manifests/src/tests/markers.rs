//! Markers of Flux.

use std::fmt::Write as _;

use domain::reference::Value;
use expect_test::{Expect, expect};

use super::deployment;
use crate::{Edit, FileKind, Manifest, Reading};

/// Shows what is marked and what is wrong with markers; then sets all that is marked to `2.0.0`.
fn check(text: &str, expected: &Expect) {
    let kind = FileKind::Values;
    let reading = Reading {
        kind,
        markers: true,
        images: &[("known".to_owned(), "ghcr.io/acme/known".to_owned())],
        ..Reading::default()
    };
    let manifest = Manifest::read_with(&reading, text).unwrap();
    let mut out = String::new();
    let marked = manifest.places().iter().enumerate();
    let marked = marked.filter_map(|(number, place)| Some((number, place, place.marker()?)));
    let mut edits = Vec::new();
    for (place, found, marker) in marked {
        let (namespace, policy) = (&marker.namespace, &marker.policy);
        writeln!(out, "{namespace}:{policy} {:?} {found} {:?}", found.row, found.text).unwrap();
        let to = Value::parse("2.0.0").unwrap();
        edits.push(Edit { place, to, name: None });
    }
    for note in manifest.notes() {
        writeln!(out, "{}: {note}", note.location).unwrap();
    }
    let edited = manifest.edit(&edits);
    out += &super::told(text, edited);
    expected.assert_eq(&out);
}

fn marker(text: &str) -> String {
    format!("# {{\"$imagepolicy\": \"{text}\"}}")
}

#[test]
fn a_marker_beside_a_place_is_the_place_s() {
    let text = deployment(&format!("image: nginx:1 {}\nname: a", marker("flux-system:web")));
    check(
        &text,
        &expect![[r#"
        flux-system:web PodTemplate default/Deployment/web/a: spec.template.spec.containers[0].image "nginx:1"
        -         - image: nginx:1 # {\"$imagepolicy\": \"flux-system:web\"}
        +         - image: nginx:2.0.0 # {\"$imagepolicy\": \"flux-system:web\"}
    "#]],
    );
}

#[test]
fn of_helm_values_the_marked_tag_is_enough() {
    let text = format!(
        "web:\n  image:\n    repository: nginx\n    tag: 1.0.0 {}\napi:\n  image:\n    repository: api {}\n    tag: 1.0.0 {}\n",
        marker("ns:web:tag"),
        marker("ns:api:name"),
        marker("ns:api:tag"),
    );
    check(
        &text,
        &expect![[r#"
        ns:web HelmValues web.image "nginx:1.0.0"
        ns:api HelmValues api.image "api:1.0.0"
        -     tag: 1.0.0 # {\"$imagepolicy\": \"ns:web:tag\"}
        +     tag: 2.0.0 # {\"$imagepolicy\": \"ns:web:tag\"}
        -     tag: 1.0.0 # {\"$imagepolicy\": \"ns:api:tag\"}
        +     tag: 2.0.0 # {\"$imagepolicy\": \"ns:api:tag\"}
    "#]],
    );
}

#[test]
fn any_scalar_of_any_kind_can_be_marked() {
    let text = format!(
        "apiVersion: example.com/v1\nkind: Engine\nmetadata: {{name: e}}\nspec:\n  engine: nginx:1 {}\n  name: api {}\n  \
         version: \"1\" {}\n  list:\n  - 'redis:7'   {}\n",
        marker("ns:engine"),
        marker("ns:api:name"),
        marker("ns:api:tag"),
        marker("ns:redis"),
    );
    check(
        &text,
        &expect![[r#"
        ns:engine Marker default/Engine/e: spec.engine "nginx:1"
        ns:api Marker default/Engine/e: spec.name "api:1"
        ns:redis Marker default/Engine/e: spec.list[0] "redis:7"
        -   engine: nginx:1 # {\"$imagepolicy\": \"ns:engine\"}
        +   engine: nginx:2.0.0 # {\"$imagepolicy\": \"ns:engine\"}
        -   version: \"1\" # {\"$imagepolicy\": \"ns:api:tag\"}
        +   version: \"2.0.0\" # {\"$imagepolicy\": \"ns:api:tag\"}
        -   - \'redis:7\'   # {\"$imagepolicy\": \"ns:redis\"}
        +   - \'redis:2.0.0\'   # {\"$imagepolicy\": \"ns:redis\"}
    "#]],
    );
}

#[test]
fn a_tag_finds_its_name_under_the_same_policy() {
    let text = format!(
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    metadata:\n      labels:\n        version: 1.0.0 {}\n    \
         spec:\n      containers:\n      - name: a\n        image: ghcr.io/acme/api:1.0.0 {}\n",
        marker("ns:api:tag"),
        marker("ns:api"),
    );
    check(
        &text,
        &expect![[r#"
        ns:api Marker default/Deployment/: spec.template.metadata.labels.version "ghcr.io/acme/api:1.0.0"
        ns:api PodTemplate default/Deployment//a: spec.template.spec.containers[0].image "ghcr.io/acme/api:1.0.0"
        -         version: 1.0.0 # {\"$imagepolicy\": \"ns:api:tag\"}
        +         version: 2.0.0 # {\"$imagepolicy\": \"ns:api:tag\"}
        -         image: ghcr.io/acme/api:1.0.0 # {\"$imagepolicy\": \"ns:api\"}
        +         image: ghcr.io/acme/api:2.0.0 # {\"$imagepolicy\": \"ns:api\"}
    "#]],
    );
}

#[test]
fn a_tag_without_a_name_is_of_the_image_that_the_policy_names() {
    let text = format!(
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n    image:\n      tag: 1.0.0 {}\n",
        marker("flux-system:known:tag")
    );
    check(
        &text,
        &expect![[r#"
        flux-system:known Marker default/HelmRelease/: spec.values.image.tag "ghcr.io/acme/known:1.0.0"
        -       tag: 1.0.0 # {\"$imagepolicy\": \"flux-system:known:tag\"}
        +       tag: 2.0.0 # {\"$imagepolicy\": \"flux-system:known:tag\"}
    "#]],
    );
}

#[test]
fn a_tag_without_a_name_is_told() {
    let text = format!(
        "apiVersion: example.com/v1\nkind: A\nversion: 1 {}\n",
        marker("ns:api:tag")
    );
    check(
        &text,
        &expect![[r#"
            3:10: version: the marker says nothing of which image it is; mark its name with `{"$imagepolicy": "ns:api:name"}`, too, or give the policy `api` an `image`
        "#]],
    );
}

#[test]
fn a_marker_that_says_something_else_than_its_value_is_told() {
    let text = deployment(&format!("image: nginx:1 {}\nname: a", marker("ns:web:tag")));
    check(
        &text,
        &expect![[r#"
        8:18: default/Deployment/web/a: spec.template.spec.containers[0].image: the marker says that the value is a tag alone, but it is the whole image
    "#]],
    );
    let text = format!("image:\n  repository: nginx\n  tag: 1.0.0 {}\n", marker("ns:web"));
    check(
        &text,
        &expect![[r#"
        3:8: image.tag: the marker says that the value is the whole image, but it is a tag alone
    "#]],
    );
}

#[test]
fn markers_of_two_policies_on_one_image_are_told() {
    let text = format!(
        "image:\n  repository: nginx {}\n  tag: 1.0.0 {}\n",
        marker("ns:a:name"),
        marker("ns:b:tag")
    );
    check(
        &text,
        &expect![[r#"
        2:15: image: one image has markers of two policies, `ns:a` and `ns:b`
    "#]],
    );
}

#[test]
fn what_is_no_marker_or_stands_nowhere_is_told() {
    let text = format!(
        "{0}\nimage: {0}\n  repository: nginx\n  tag: 1 # $imagepolicy\nother: # {{\"$imagepolicy\": \"web\"}}\n  {0}\n  a: 1\n",
        marker("ns:web")
    );
    check(
        &text,
        &expect![[r#"
        1:1: the marker stands on no line with a value; write it behind the value that it is for
        2:1: the marker stands behind a key; write it behind the value
        4:10: a marker is written `{"$imagepolicy": "NAMESPACE:NAME"}`
        5:8: the text of a marker is `NAMESPACE:NAME`, `NAMESPACE:NAME:tag`, `NAMESPACE:NAME:name` or `NAMESPACE:NAME:digest`
        6:3: the marker stands on no line with a value; write it behind the value that it is for
    "#]],
    );
}

#[test]
fn block_scalars_flow_style_and_aliases_can_be_marked() {
    let text = format!(
        "a:\n  image: |- {}\n    nginx:1\nb: {{image: {{repository: nginx, tag: 1}}}} {}\nc: &c\n  image: redis:1\nd: *c\ne: {{x: 1}}\n",
        marker("ns:web"),
        marker("ns:web:tag"),
    );
    check(
        &text,
        &expect![[r#"
        ns:web HelmValues a.image "nginx:1"
        ns:web HelmValues b.image "nginx:1"
        -     nginx:1
        +     nginx:2.0.0
        - b: {image: {repository: nginx, tag: 1}} # {\"$imagepolicy\": \"ns:web:tag\"}
        + b: {image: {repository: nginx, tag: 2.0.0}} # {\"$imagepolicy\": \"ns:web:tag\"}
    "#]],
    );
}

#[test]
fn digests_can_be_marked() {
    let digest = super::DIGEST;
    let text = format!(
        "image:\n  repository: nginx {}\n  tag: 1.0.0 {}\n  digest: '' {}\nother:\n  name: nginx {}\n  sum: {digest} {}\n",
        marker("ns:web:name"),
        marker("ns:web:tag"),
        marker("ns:web:digest"),
        marker("ns:sum:name"),
        marker("ns:sum:digest"),
    );
    check(
        &text,
        &expect![[r#"
        ns:web HelmValues image "nginx:1.0.0"
        ns:sum Marker other.name "nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        -   tag: 1.0.0 # {\"$imagepolicy\": \"ns:web:tag\"}
        +   tag: 2.0.0 # {\"$imagepolicy\": \"ns:web:tag\"}
        digestKeyInTheWay: other.name: digest key in the way: `other.sum` would stay beside a tag that it was not made for; give `--to` a digest, too, or remove the key
    "#]],
    );
}

#[test]
fn markers_within_a_text_are_beside_what_is_found_there() {
    let text = format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    helm:\n      values: |\n        image:\n          \
         repository: nginx\n          tag: 1.0.0 {}\n        other: 1 {}\n",
        marker("ns:web:tag"),
        marker("ns:web"),
    );
    check(
        &text,
        &expect![[r#"
        ns:web ArgoCd default/Application/: spec.source.helm.values.image "nginx:1.0.0"
        10:16: spec.source.helm.values.other: the marker stands beside nothing that is known to be an image
        -           tag: 1.0.0 # {\"$imagepolicy\": \"ns:web:tag\"}
        +           tag: 2.0.0 # {\"$imagepolicy\": \"ns:web:tag\"}
    "#]],
    );
}

#[test]
fn without_being_asked_for_markers_are_comments() {
    let text = format!(
        "apiVersion: example.com/v1\nkind: A\nimage: nginx:1 {}\n",
        marker("ns:web")
    );
    let manifest = Manifest::read(text).unwrap();
    assert!(manifest.places().is_empty() && manifest.notes().is_empty());
}
