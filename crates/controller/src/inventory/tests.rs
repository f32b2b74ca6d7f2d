//! Who is opted in, by what, and what is said of mistakes.

use std::fmt::Write;

use expect_test::{Expect, expect};

use super::*;
use crate::config::parse_for_tests;
use crate::update::Readings;

const CONFIG: &str = "
registries: {exclude: ['registry.k8s.io/*']}
policies: [{name: stable, semver: '>=1.0.0'}, {name: engine, image: ghcr.io/acme/engine, semver: '*'}]
rules:
  - {match: {path: 'clusters/**', kind: StatefulSet}, policy: stable}
  - {match: {image: 'ghcr.io/acme/*'}, policy: {semver: '~2.1'}}
  - {match: {kind: Engine, field: spec.engine}, policy: stable}
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

fn inventory(path: &str, text: &str) -> Inventory {
    let config = parse_for_tests(CONFIG);
    let reading = Readings::new(&config, "fleet").of(path);
    let manifest = reading.read(text.as_bytes()).unwrap();
    assert_eq!(manifest.notes(), [], "{text}");
    let file = ImageFile {
        path: path.into(),
        places: manifest.places().into(),
        fields: reading.fields().clone(),
    };
    Inventory::of("fleet", &[file], &config)
}

fn check(path: &str, text: &str, expected: &Expect) {
    let inventory = inventory(path, text);
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
            "{} {}:{} by {}: {policy}{hold}",
            target.workload(),
            target.image,
            target.current,
            target.by
        );
    }
    for problem in &inventory.problems {
        let _ = writeln!(shown, "line {:?}: {}", problem.line, problem.message);
    }
    let _ = writeln!(
        shown,
        "used: rules {:?}, policies {:?}",
        inventory.used.rules, inventory.used.policies
    );
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
            default/Deployment/shop/web docker.io/acme/web:1.0.0 by the annotation `tidemark.dev/policy`: stable = semver:>=1.0.0 hold: audit
            default/Deployment/shop/proxy docker.io/acme/proxy:1.4.0 by the annotation `tidemark.dev/policy.proxy`: semver:~1.4 hold: audit
            used: rules {}, policies {"stable"}
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
            default/StatefulSet/shop/a ghcr.io/acme/a:2.1.0 by rules[0]: stable = semver:>=1.0.0
            default/StatefulSet/shop/b docker.io/other/b:1.0.0 by rules[0]: stable = semver:>=1.0.0
            used: rules {0}, policies {"stable"}
        "#]],
    );
    check(
        "a.yaml",
        &workload("StatefulSet", "shop", "", &containers),
        &expect![[r#"
            default/StatefulSet/shop/a ghcr.io/acme/a:2.1.0 by rules[1]: semver:~2.1
            used: rules {1}, policies {}
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
            used: rules {}, policies {}
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
            default/Deployment/shop/web docker.io/acme/web:1.0.0 by the annotation `tidemark.dev/policy.web`: invalid: there is no policy named `stabel`; did you mean `stable`?
            default/Deployment/shop/k8s registry.k8s.io/pause:3.9 by the annotation `tidemark.dev/policy.k8s`: invalid: excluded by registries.exclude "registry.k8s.io/*", so this image is never scanned
            line Some(10): default/Deployment/shop: the annotation `tidemark.dev/polcy` is not known; there are `tidemark.dev/policy`, `tidemark.dev/policy.CONTAINER` and `tidemark.dev/hold`
            line Some(10): default/Deployment/shop: `tidemark.dev/policy.wbe` names `wbe`, which has no image here; there are `k8s`, `web`
            used: rules {}, policies {"stable"}
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
    check(
        "clusters/web.yaml",
        &text,
        &expect![[r#"
        default/HelmRelease/web/chart-image ghcr.io/acme/web:2.1.0 by the annotation `tidemark.dev/policy`: stable = semver:>=1.0.0
        default/Kustomization/web/web ghcr.io/acme/web:2.1.0 by the annotation `tidemark.dev/policy`: stable = semver:>=1.0.0
        line Some(4): default/HelmRelease/web: the annotation `tidemark.dev/polcy` is not known; there are `tidemark.dev/policy`, `tidemark.dev/policy.CONTAINER` and `tidemark.dev/hold`
        line Some(9): default/Kustomization/web: the annotation `tidemark.dev/polcy` is not known; there are `tidemark.dev/policy`, `tidemark.dev/policy.CONTAINER` and `tidemark.dev/hold`
        used: rules {}, policies {"stable"}
    "#]],
    );
}

#[test]
fn an_id_survives_moves_and_changes_with_what_it_names() {
    let id = |path: &str, text: &str| {
        inventory(path, text)
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

const MARKER: &str = r#"# {"$imagepolicy": "flux-system:"#;

#[test]
fn a_marker_names_a_policy_of_the_configuration() {
    let text = format!(
        "web:\n  image:\n    repository: nginx\n    tag: '1' {MARKER}stable:tag\"}}\nredis:\n  image: redis:7 {MARKER}unknown\"}}\n"
    );
    check(
        "values.yaml",
        &text,
        &expect![[r#"
        values.yaml: web docker.io/library/nginx:1 by a marker of `flux-system:stable`: stable = semver:>=1.0.0
        values.yaml: redis docker.io/library/redis:7 by a marker of `flux-system:unknown`: invalid: the marker names the policy `unknown`, and the configuration has none of this name; add `- {name: unknown, semver: …}` to `policies`, or take the marker away
        used: rules {}, policies {"stable"}
    "#]],
    );
    let text =
        format!("apiVersion: example.com/v1\nkind: Any\nmetadata: {{name: a}}\nversion: redis:7 {MARKER}stable\"}}\n");
    check(
        "any.yaml",
        &text,
        &expect![[r#"
        default/Any/a/redis docker.io/library/redis:7 by a marker of `flux-system:stable`: stable = semver:>=1.0.0
        used: rules {}, policies {"stable"}
    "#]],
    );
}

#[test]
fn an_annotation_goes_before_a_marker_and_a_marker_before_a_rule() {
    let text = workload("Deployment", "web", "tidemark.dev/policy.a: 'semver:^3'", &[]);
    let text = format!(
        "{text}        - {{name: a, image: 'ghcr.io/acme/a:3'}} {MARKER}stable\"}}\n        \
         - {{name: b, image: 'ghcr.io/acme/b:3'}} {MARKER}stable\"}}\n        - {{name: c, image: 'ghcr.io/acme/c:3'}}\n"
    );
    check(
        "a.yaml",
        &text,
        &expect![[r#"
        default/Deployment/web/a ghcr.io/acme/a:3 by the annotation `tidemark.dev/policy.a`: semver:^3
        default/Deployment/web/b ghcr.io/acme/b:3 by a marker of `flux-system:stable`: stable = semver:>=1.0.0
        default/Deployment/web/c ghcr.io/acme/c:3 by rules[1]: semver:~2.1
        used: rules {1}, policies {"stable"}
    "#]],
    );
}

#[test]
fn the_annotations_of_flux_v1_are_read() {
    let annotations = "fluxcd.io/automated: 'true', fluxcd.io/tag.a: 'semver:~1.4', filter.fluxcd.io/b: 'glob:main-*', \
                       fluxcd.io/tag.c: newest-please, fluxcd.io/tag.gone: 'glob:*', fluxcd.io/locked: 'true', fluxcd.io/locked_msg: audit";
    let containers = [("a", "a:1"), ("b", "b:1"), ("c", "c:1"), ("d", "d:1")];
    check(
        "a.yaml",
        &workload("Deployment", "web", annotations, &containers),
        &expect![[r#"
            default/Deployment/web/a docker.io/library/a:1 by the annotation `fluxcd.io/tag.a`: semver:~1.4 hold: audit
            default/Deployment/web/b docker.io/library/b:1 by the annotation `filter.fluxcd.io/b`: glob:main-* hold: audit
            default/Deployment/web/c docker.io/library/c:1 by the annotation `fluxcd.io/tag.c`: invalid: there is no policy named `newest-please` hold: audit
            default/Deployment/web/d docker.io/library/d:1 by the annotation `fluxcd.io/automated`: glob:* hold: audit
            line Some(10): default/Deployment/web: `fluxcd.io/tag.gone` names `gone`, which has no image here; there are `a`, `b`, `c`, `d`
            used: rules {}, policies {}
        "#]],
    );
    let annotations = "fluxcd.io/automated: 'false', fluxcd.io/tag.a: 'semver:~1.4'";
    check(
        "a.yaml",
        &workload("Deployment", "web", annotations, &containers[..1]),
        &expect![[r#"
            used: rules {}, policies {}
        "#]],
    );
    let annotations = "fluxcd.io/automated: 'true', fluxcd.io/tag_all: 'semver:*', fluxcd.io/locked: 'true', tidemark.dev/policy.a: stable";
    check(
        "a.yaml",
        &workload("Deployment", "web", annotations, &containers[..2]),
        &expect![[r#"
            default/Deployment/web/a docker.io/library/a:1 by the annotation `tidemark.dev/policy.a`: stable = semver:>=1.0.0 hold: `fluxcd.io/locked` is set
            default/Deployment/web/b docker.io/library/b:1 by the annotation `fluxcd.io/tag_all`: semver:* hold: `fluxcd.io/locked` is set
            used: rules {}, policies {"stable"}
        "#]],
    );
}

#[test]
fn the_images_of_a_release_go_by_the_keys_around_them() {
    let text = "apiVersion: helm.fluxcd.io/v1\nkind: HelmRelease\nmetadata:\n  name: web\n  annotations:\n    \
                fluxcd.io/automated: 'true'\n    fluxcd.io/tag.chart-image: 'semver:~1'\n    filter.fluxcd.io/redis: 'glob:7*'\n    \
                tidemark.dev/policy.app: stable\n    repository.fluxcd.io/app: custom.repo\n    tag.fluxcd.io/app: custom.tag\n\
                spec:\n  values:\n    image: nginx:1\n    redis:\n      image: {repository: redis, tag: '7'}\n    \
                custom: {repo: example.com/app, tag: '1'}\n";
    check(
        "release.yaml",
        text,
        &expect![[r#"
        default/HelmRelease/web/chart-image docker.io/library/nginx:1 by the annotation `fluxcd.io/tag.chart-image`: semver:~1
        default/HelmRelease/web/redis docker.io/library/redis:7 by the annotation `filter.fluxcd.io/redis`: glob:7*
        default/HelmRelease/web/app example.com/app:1 by the annotation `tidemark.dev/policy.app`: stable = semver:>=1.0.0
        used: rules {}, policies {"stable"}
    "#]],
    );
}

#[test]
fn kustomizations_values_and_applications_follow_rules_and_annotations() {
    let kustomization =
        "images:\n- name: ghcr.io/acme/api\n  newTag: '1'\n- {name: nginx, newName: ghcr.io/acme/web, newTag: '1'}\n";
    check(
        "kustomization.yaml",
        kustomization,
        &expect![[r#"
        kustomization.yaml: api ghcr.io/acme/api:1 by rules[1]: semver:~2.1
        kustomization.yaml: web ghcr.io/acme/web:1 by rules[1]: semver:~2.1
        used: rules {1}, policies {}
    "#]],
    );
    check(
        "values.yaml",
        "api:\n  image: ghcr.io/acme/api:1\n",
        &expect![[r#"
        values.yaml: api ghcr.io/acme/api:1 by rules[1]: semver:~2.1
        used: rules {1}, policies {}
    "#]],
    );
    let application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\n  annotations: {tidemark.dev/policy.web: 'semver:^1'}\n\
                       spec: {source: {kustomize: {images: ['nginx=example.com/web:1', 'redis:7']}}}\n";
    check(
        "app.yaml",
        application,
        &expect![[r#"
        default/Application/web/web example.com/web:1 by the annotation `tidemark.dev/policy.web`: semver:^1
        used: rules {}, policies {}
    "#]],
    );
}

#[test]
fn a_field_is_a_target_by_its_rule_alone() {
    let engine = "apiVersion: example.com/v1\nkind: Engine\nmetadata:\n  name: e\n  annotations: {}\nspec: {engine: 'ghcr.io/acme/engine:1'}\n";
    check(
        "engine.yaml",
        engine,
        &expect![[r#"
        default/Engine/e/engine ghcr.io/acme/engine:1 by rules[2]: stable = semver:>=1.0.0
        used: rules {2}, policies {"stable"}
    "#]],
    );
    let annotated = engine.replace("{}", "{tidemark.dev/policy: 'semver:~3'}");
    check(
        "engine.yaml",
        &annotated,
        &expect![[r#"
        default/Engine/e/engine ghcr.io/acme/engine:1 by the annotation `tidemark.dev/policy`: semver:~3
        used: rules {2}, policies {}
    "#]],
    );
    check(
        "engine.yaml",
        &annotated.replace("kind: Engine", "kind: Motor"),
        &expect![[r#"
            used: rules {}, policies {}
        "#]],
    );
}

#[test]
fn a_marker_beside_a_tag_alone_is_of_the_image_of_its_policy() {
    let text = format!("engine:\n  image:\n    tag: '1' {MARKER}engine:tag\"}}\n");
    check(
        "values.yaml",
        &text,
        &expect![[r#"
        values.yaml: engine ghcr.io/acme/engine:1 by a marker of `flux-system:engine`: engine = semver:*
        used: rules {}, policies {"engine"}
    "#]],
    );
}

#[test]
fn of_many_annotations_that_mean_nothing_the_first_are_told_and_the_others_counted() {
    let annotations: Vec<String> = (0..120).map(|number| format!("tidemark.dev/a{number}: x")).collect();
    let text = workload(
        "Deployment",
        "shop",
        &annotations.join(", "),
        &[("web", "acme/web:1.0.0")],
    );
    let problems = inventory("a.yaml", &text).problems;
    assert_eq!(problems.len(), 101);
    expect!["20 more problems of this file are not told"].assert_eq(&problems[100].message);
}

#[test]
fn what_flux_v1_ignores_is_left_alone() {
    let annotations = "fluxcd.io/automated: 'true', fluxcd.io/ignore: 'true'";
    check(
        "a.yaml",
        &workload("Deployment", "web", annotations, &[("a", "a:1")]),
        &expect![[r#"
            used: rules {}, policies {}
        "#]],
    );
}
