//! Who is opted in, by what, and what is said of mistakes.

use std::fmt::Write;

use expect_test::{Expect, expect};
use manifests::Manifest;

use super::*;
use crate::config::parse_for_tests;

const CONFIG: &str = "
registries: {exclude: ['registry.k8s.io/*']}
policies: [{name: stable, semver: '>=1.0.0'}]
rules:
  - {match: {path: 'clusters/**', kind: StatefulSet}, policy: stable}
  - {match: {image: 'ghcr.io/acme/*'}, policy: {semver: '~2.1'}}
repositories: [{name: fleet, url: 'file:///srv/fleet.git', branch: main}]
";

fn workload(kind: &str, name: &str, annotations: &str, containers: &[(&str, &str)]) -> String {
    let mut text = format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\n  annotations: {{{annotations}}}\nspec:\n  template:\n    spec:\n      containers:\n"
    );
    for (container, image) in containers {
        let _ = writeln!(text, "        - {{name: {container}, image: '{image}'}}");
    }
    text
}

fn inventory(path: &str, text: &str) -> (Inventory, Vec<usize>) {
    let places = Manifest::read(text).unwrap().places().to_vec();
    let file = ImageFile {
        path: path.into(),
        places: places.into(),
    };
    let mut used = Vec::new();
    let inventory = Inventory::of("fleet", &[file], &parse_for_tests(CONFIG), |rule| used.push(rule));
    (inventory, used)
}

fn check(path: &str, text: &str, expected: &Expect) {
    let (inventory, used) = inventory(path, text);
    let mut shown = String::new();
    for target in &inventory.targets {
        let policy = match &target.policy {
            Ok(Chosen { policy, name: None }) => policy.to_string(),
            Ok(Chosen {
                policy,
                name: Some(name),
            }) => format!("{name} = {policy}"),
            Err(message) => format!("invalid: {message}"),
        };
        let hold = target
            .hold
            .as_ref()
            .map(|hold| format!(" hold: {hold}"))
            .unwrap_or_default();
        let _ = writeln!(
            shown,
            "{} {}:{} {policy}{hold}",
            target.workload(),
            target.image,
            target.current
        );
    }
    for problem in &inventory.problems {
        let _ = writeln!(shown, "line {:?}: {}", problem.line, problem.message);
    }
    let _ = writeln!(shown, "rules used: {used:?}");
    expected.assert_eq(&shown);
}

#[test]
fn an_annotation_is_for_all_containers_unless_one_has_its_own() {
    check(
        "a.yaml",
        &workload(
            "Deployment",
            "shop",
            "tidemark.dev/policy: stable, tidemark.dev/policy.proxy: 'semver:~1.4', tidemark.dev/hold: 'audit'",
            &[("web", "acme/web:1.0.0"), ("proxy", "acme/proxy:1.4.0")],
        ),
        &expect![[r#"
            default/Deployment/shop/web docker.io/acme/web:1.0.0 stable = semver:>=1.0.0 hold: audit
            default/Deployment/shop/proxy docker.io/acme/proxy:1.4.0 semver:~1.4 hold: audit
            rules used: []
        "#]],
    );
}

#[test]
fn the_first_rule_that_matches_opts_in_what_carries_no_annotation() {
    let containers = [("a", "ghcr.io/acme/a:2.1.0"), ("b", "docker.io/other/b:1.0.0")];
    check(
        "clusters/prod/a.yaml",
        &workload("StatefulSet", "shop", "", &containers),
        &expect![[r#"
            default/StatefulSet/shop/a ghcr.io/acme/a:2.1.0 stable = semver:>=1.0.0
            default/StatefulSet/shop/b docker.io/other/b:1.0.0 stable = semver:>=1.0.0
            rules used: [0, 0]
        "#]],
    );
    check(
        "a.yaml",
        &workload("StatefulSet", "shop", "", &containers),
        &expect![[r#"
            default/StatefulSet/shop/a ghcr.io/acme/a:2.1.0 semver:~2.1
            rules used: [1]
        "#]],
    );
}

#[test]
fn a_hold_alone_opts_nothing_in() {
    check(
        "a.yaml",
        &workload(
            "Deployment",
            "shop",
            "tidemark.dev/hold: x",
            &[("web", "acme/web:1.0.0")],
        ),
        &expect![[r#"
        rules used: []
    "#]],
    );
}

#[test]
fn mistakes_are_told_with_their_line() {
    check(
        "a.yaml",
        &workload(
            "Deployment",
            "shop",
            "tidemark.dev/polcy: stable, tidemark.dev/policy.wbe: stable, tidemark.dev/policy.web: stabel, tidemark.dev/policy.k8s: stable",
            &[("web", "acme/web:1.0.0"), ("k8s", "registry.k8s.io/pause:3.9")],
        ),
        &expect![[r#"
            default/Deployment/shop/web docker.io/acme/web:1.0.0 invalid: there is no policy named `stabel`; did you mean `stable`?
            default/Deployment/shop/k8s registry.k8s.io/pause:3.9 invalid: `registries.exclude` has `registry.k8s.io/*`, so this image is not looked at
            line Some(10): default/Deployment/shop: the annotation `tidemark.dev/polcy` is not known; there are `tidemark.dev/policy`, `tidemark.dev/policy.CONTAINER` and `tidemark.dev/hold`
            line Some(10): default/Deployment/shop: `tidemark.dev/policy.wbe` names the container `wbe`, which has no image here
            rules used: []
        "#]],
    );
}

#[test]
fn only_pod_templates_can_be_opted_in() {
    let annotations = "annotations: {tidemark.dev/policy: stable, tidemark.dev/polcy: x}";
    let text = format!(
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: web, {annotations}}}\n\
         spec: {{values: {{image: 'ghcr.io/acme/web:2.1.0'}}}}\n---\n\
         apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: web, {annotations}}}\n\
         spec: {{images: [{{name: ghcr.io/acme/web, newTag: 2.1.0}}]}}\n"
    );
    check("clusters/web.yaml", &text, &expect![["rules used: []\n"]]);
}

#[test]
fn an_id_survives_moves_and_changes_with_what_it_names() {
    let id = |path: &str, text: &str| {
        inventory(path, text)
            .0
            .targets
            .iter()
            .map(|target| target.id.clone())
            .collect::<Vec<_>>()
    };
    let shop = workload(
        "Deployment",
        "shop",
        "tidemark.dev/policy: stable",
        &[("web", "acme/web:1.0.0")],
    );
    let other = workload(
        "Deployment",
        "other",
        "tidemark.dev/policy: stable",
        &[("web", "acme/web:1.0.0")],
    );
    let alone = id("a.yaml", &shop);
    let moved = id(
        "a.yaml",
        &format!("# a comment\n{other}---\n{}", shop.replace("1.0.0", "1.1.0")),
    );
    assert_eq!(alone[0], moved[1]);
    assert_ne!(alone[0], moved[0]);
    assert_ne!(alone, id("b.yaml", &shop));
    let twins = id("a.yaml", &format!("{shop}---\n{shop}"));
    assert_ne!(twins[0], twins[1]);
}
