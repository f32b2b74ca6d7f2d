//! A base and an overlay, built by Kustomize.

use expect_test::{Expect, expect};

use super::super::generator::TAGS;
use super::{DIGEST, Files, OLD_DIGEST, deployed, edited, files, kustomization};

const BASE: &[(&str, &str)] = &[
    ("base/kustomization.yaml", "resources: [web.yaml]\n"),
    (
        "base/web.yaml",
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        image: nginx:1.0
      - name: sidecar
        image: nginx-exporter:1.0
",
    ),
];

/// The base below an overlay of which `text` is the kustomization but for its resources.
fn overlay(text: &str) -> Files {
    let mut files = files(BASE);
    let text = format!("resources:\n- ../base\n{text}");
    files.insert("overlay/kustomization.yaml".to_owned(), text);
    files
}

/// Edits the overlay alone, and shows what is deployed before and after.
fn check(text: &str, options: &[&str], expected: &Expect) {
    let before = overlay(text);
    let after = edited(&before, "overlay", options);
    let questions = [kustomization(&before, "overlay"), kustomization(&after, "overlay")];
    let shown = deployed(&questions)
        .concat()
        .replace(DIGEST, "NEW")
        .replace(OLD_DIGEST, "OLD");
    expected.assert_eq(&shown);
}

/// The value `1.27.3@DIGEST`.
fn tag_and_digest() -> String {
    format!("1.27.3@{DIGEST}")
}

#[test]
fn a_tag_is_deployed() {
    check(
        "images:\n- name: nginx\n  newTag: 1.26.1\n",
        &["--image", "nginx", "--to", "1.27.3"],
        &expect![[r#"
            nginx:1.26.1 nginx-exporter:1.0
            nginx:1.27.3 nginx-exporter:1.0
        "#]],
    );
}

#[test]
fn a_tag_with_its_digest_is_deployed_from_the_key_of_the_tag() {
    check(
        "images:\n- name: nginx\n  newTag: 1.26.1\n",
        &["--image", "nginx", "--to", &tag_and_digest()],
        &expect![[r#"
            nginx:1.26.1 nginx-exporter:1.0
            nginx:1.27.3@NEW nginx-exporter:1.0
        "#]],
    );
}

#[test]
fn a_digest_is_deployed_from_its_own_key() {
    check(
        &format!("images:\n- name: nginx\n  digest: {OLD_DIGEST}\n"),
        &["--image", "nginx", "--to", &tag_and_digest()],
        &expect![[r#"
            nginx@OLD nginx-exporter:1.0
            nginx@NEW nginx-exporter:1.0
        "#]],
    );
}

#[test]
fn a_tag_and_a_digest_are_deployed_from_their_own_keys() {
    check(
        &format!("images:\n- name: nginx\n  newTag: 1.26.1\n  digest: {OLD_DIGEST}\n"),
        &["--image", "nginx", "--to", &tag_and_digest()],
        &expect![[r#"
            nginx:1.26.1@OLD nginx-exporter:1.0
            nginx:1.27.3@NEW nginx-exporter:1.0
        "#]],
    );
}

#[test]
fn a_digest_alone_leaves_the_tag_beside_it() {
    check(
        &format!("images:\n- name: nginx\n  newTag: 1.26.1\n  digest: {OLD_DIGEST}\n"),
        &["--image", "nginx", "--to", &format!("@{DIGEST}")],
        &expect![[r#"
            nginx:1.26.1@OLD nginx-exporter:1.0
            nginx:1.26.1@NEW nginx-exporter:1.0
        "#]],
    );
}

#[test]
fn an_image_is_known_by_its_new_name() {
    check(
        "images:\n- name: nginx\n  newName: ghcr.io/acme/web\n  newTag: 1.26.1\n- name: nginx-exporter\n  newTag: '2.0'\n",
        &["--image", "ghcr.io/acme/web", "--to", "1.27.3"],
        &expect![[r#"
            ghcr.io/acme/web:1.26.1 nginx-exporter:2.0
            ghcr.io/acme/web:1.27.3 nginx-exporter:2.0
        "#]],
    );
}

#[test]
fn another_name_is_deployed() {
    check(
        "images:\n- name: nginx\n  newName: ghcr.io/acme/web\n  newTag: 1.26.1\n",
        &[
            "--image",
            "ghcr.io/acme/web",
            "--name",
            "mirror.example.com:5000/web",
            "--to",
            "1.27.3",
        ],
        &expect![[r#"
            ghcr.io/acme/web:1.26.1 nginx-exporter:1.0
            mirror.example.com:5000/web:1.27.3 nginx-exporter:1.0
        "#]],
    );
}

#[test]
fn a_patch_is_deployed() {
    let mut before = overlay("patches:\n- path: patch.yaml\n");
    let patch = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: nginx:1.26.1}]}}}
";
    before.insert("overlay/patch.yaml".to_owned(), patch.to_owned());
    let after = edited(&before, "overlay", &["--image", "nginx", "--to", "1.27.3"]);
    let deployed = deployed(&[kustomization(&before, "overlay"), kustomization(&after, "overlay")]);
    expect![[r#"
        nginx:1.26.1 nginx-exporter:1.0
        nginx:1.27.3 nginx-exporter:1.0
    "#]]
    .assert_eq(&deployed.concat());
}

#[test]
fn a_component_is_deployed() {
    let mut before = overlay("components:\n- ../component\n");
    let component = "apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
images:
- name: nginx
  newTag: 1.26.1
";
    before.insert("component/kustomization.yaml".to_owned(), component.to_owned());
    let after = edited(&before, "component", &["--image", "nginx", "--to", "1.27.3"]);
    let deployed = deployed(&[kustomization(&before, "overlay"), kustomization(&after, "overlay")]);
    expect![[r#"
        nginx:1.26.1 nginx-exporter:1.0
        nginx:1.27.3 nginx-exporter:1.0
    "#]]
    .assert_eq(&deployed.concat());
}

#[test]
fn every_tag_is_deployed_as_it_is_and_with_a_digest() {
    let mut wanted = Vec::new();
    let mut questions = Vec::new();
    for (number, (tag, _)) in TAGS.iter().enumerate() {
        let written = ["1.26.1", "'1.26.1'", "\"1.26.1\"", "|-\n    1.26.1"][number % 4];
        let before = overlay(&format!("images:\n- name: nginx\n  newTag: {written}\n"));
        for value in [(*tag).to_owned(), format!("{tag}@{DIGEST}")] {
            let after = edited(&before, "overlay", &["--image", "nginx", "--to", &value]);
            questions.push(kustomization(&after, "overlay"));
            wanted.push(format!("nginx:{value} nginx-exporter:1.0\n"));
        }
    }
    assert_eq!(deployed(&questions), wanted);
}
