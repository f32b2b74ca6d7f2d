//! Which places there are.

use expect_test::expect;

use super::{check_places, deployment};
use crate::{Manifest, Reading, may_hold_images};

#[test]
fn every_kind_of_workload_has_places() {
    let kinds = [
        ("v1", "ReplicationController"),
        ("apps/v1", "Deployment"),
        ("extensions/v1beta1", "Deployment"),
        ("apps/v1beta2", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("extensions/v1beta1", "ReplicaSet"),
        ("batch/v1", "Job"),
    ];
    let mut text = String::new();
    for (version, kind) in kinds {
        text.push_str(&format!(
            "---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: x, namespace: y}}\n\
             spec: {{template: {{spec: {{containers: [{{name: c, image: nginx}}]}}}}}}\n"
        ));
    }
    text.push_str("---\napiVersion: v1\nkind: Pod\nspec: {initContainers: [{image: a}], ephemeralContainers: [{name: d, image: b}]}\n");
    text.push_str("---\napiVersion: v1\nkind: PodTemplate\ntemplate: {spec: {containers: [{image: a}]}}\n");
    text.push_str("---\napiVersion: batch/v1beta1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{image: a}]}}}}}\n");
    text.push_str(
        "---\napiVersion: v1\nkind: Pod\nspec: {volumes: [{name: v, image: {reference: a/b:1, pullPolicy: Always}}]}\n",
    );
    check_places(
        &text,
        &expect![[r#"
        5:56 y/ReplicationController/x/c: spec.template.spec.containers[0].image "nginx"
        10:56 y/Deployment/x/c: spec.template.spec.containers[0].image "nginx"
        15:56 y/Deployment/x/c: spec.template.spec.containers[0].image "nginx"
        20:56 y/StatefulSet/x/c: spec.template.spec.containers[0].image "nginx"
        25:56 y/DaemonSet/x/c: spec.template.spec.containers[0].image "nginx"
        30:56 y/ReplicaSet/x/c: spec.template.spec.containers[0].image "nginx"
        35:56 y/Job/x/c: spec.template.spec.containers[0].image "nginx"
        39:33 default/Pod/: spec.initContainers[0].image "a"
        39:77 default/Pod//d: spec.ephemeralContainers[0].image "b"
        43:40 default/PodTemplate/: template.spec.containers[0].image "a"
        47:68 default/CronJob/: spec.jobTemplate.spec.template.spec.containers[0].image "a"
        51:47 default/Pod/: spec.volumes[0].image.reference "a/b:1"
    "#]],
    );
}

#[test]
fn lists_are_looked_into() {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{image: a}]}}";
    let bare = "{metadata: {name: d}, spec: {template: {spec: {containers: [{image: b}]}}}}";
    let text = format!(
        "---\napiVersion: v1\nkind: List\nitems: [{pod}, {{apiVersion: v1, kind: List, items: [{pod}]}}]\n\
         ---\napiVersion: apps/v1\nkind: DeploymentList\nitems: [{bare}, {pod}]\n\
         ---\napiVersion: v1\nkind: PodList\nitems:\n- {pod}\n"
    );
    check_places(
        &text,
        &expect![[r#"
        4:86 default/Pod/p: items[0].spec.containers[0].image "a"
        4:207 default/Pod/p: items[1].items[0].spec.containers[0].image "a"
        8:77 default/Deployment/d: items[0].spec.template.spec.containers[0].image "b"
        8:163 default/Pod/p: items[1].spec.containers[0].image "a"
        13:80 default/Pod/p: items[0].spec.containers[0].image "a"
    "#]],
    );
}

#[test]
fn other_kinds_are_left_alone() {
    let spec = "spec: {template: {spec: {containers: [{image: nginx}]}}, containers: [{image: nginx}]}";
    let kinds = [
        ("argoproj.io/v1alpha1", "Rollout"),
        ("serving.knative.dev/v1", "Service"),
        ("example.com/v1", "Deployment"),
        ("example.com/v1", "List"),
        ("apps/v1", "Pod"),
        ("apps/v1", "deployment"),
        ("v1", "ConfigMap"),
    ];
    for (version, kind) in kinds {
        let text = format!("apiVersion: {version}\nkind: {kind}\n{spec}\nitems: [{{{spec}}}]\n");
        assert!(Manifest::read(text).unwrap().places().is_empty(), "{version} {kind}");
    }
    for text in [
        "",
        "---\n",
        "a",
        "[1]",
        "image: nginx\n",
        "kind: Pod\nspec: {containers: [{image: a}]}",
    ] {
        assert!(Manifest::read(text).unwrap().places().is_empty(), "{text}");
    }
}

#[test]
fn what_is_no_text_is_no_image() {
    for value in ["", "~", "null", "1", "true", "''", "[nginx]", "{a: nginx}", "!!int 1"] {
        let text = deployment(&format!("image: {value}\nname: x"));
        assert!(Manifest::read(text).unwrap().places().is_empty(), "{value}");
    }
}

#[test]
fn a_place_knows_its_object_container_and_marker() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations:\n    \
                tidemark.dev/policy: \"semver:~1.4\"\n    a: 1\nspec:\n  containers:\n  - name: app\n    \
                image: nginx:1 # {\"$imagepolicy\": \"a:b\"}\n  - image: |- # two\n      nginx:2\n";
    let reading = Reading {
        markers: true,
        ..Reading::default()
    };
    let manifest = Manifest::read_with(&reading, text).unwrap();
    let [first, second] = manifest.places() else {
        panic!("two places")
    };
    assert_eq!(first.to_string(), "default/Pod/web/app: spec.containers[0].image");
    assert_eq!(first.object.annotation("tidemark.dev/policy"), Some("semver:~1.4"));
    assert_eq!(first.object.annotations.len(), 2);
    let marker = first
        .marker()
        .map(|marker| (marker.namespace.as_str(), marker.policy.as_str()));
    assert_eq!(marker, Some(("a", "b")));
    assert_eq!(&text[first.parts[0].span.clone()], "nginx:1");
    assert_eq!((second.container.as_deref(), second.marker()), (None, None));
    assert_eq!(second.text, "nginx:2");
}

#[test]
fn strategic_merge_patches_have_places() {
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    \
                spec:\n      $setElementOrder/containers:\n      - name: app\n      containers:\n      - \
                $patch: delete\n        name: old\n      - name: app\n        image: nginx:1\n";
    check_places(
        text,
        &expect![[r#"
        14:16 default/Deployment/web/app: spec.template.spec.containers[1].image "nginx:1"
    "#]],
    );
}

#[test]
fn texts_without_images_are_told_quickly() {
    assert!(!may_hold_images("kind: ConfigMap\ndata: {a: b}\n"));
    assert!(may_hold_images("image: x"));
    assert!(may_hold_images("\"im\\u0061ge\": x"));
}
