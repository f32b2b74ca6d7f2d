//! One file of each kind, each opted in by what it can carry.

use expect_test::expect;
use serde_json::Value;

use super::Stage;

const IMAGES: [&str; 9] = [
    "api", "web", "shop", "mail", "queue", "report", "cart", "sidecar", "engine",
];

const CONFIG: &str = r#"policies:
  - {name: stable, semver: "1.x"}
rules:
  - {match: {path: "overlays/**", image: "registry.example.com/acme/*"}, policy: stable}
  - {match: {kind: Engine, field: spec.engine}, policy: "semver:~1"}
"#;

const FILES: [(&str, &str); 7] = [
    (
        "apps/api.yaml",
        r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
  annotations: {tidemark.dev/policy: "semver:^1"}
spec:
  template:
    spec:
      containers:
        - name: api
          image: registry.example.com/acme/api:1.4.0   # keep me
"#,
    ),
    (
        "overlays/prod/kustomization.yaml",
        r#"resources: [../../base]
images:
  - name: web   # as the base calls it
    newName: registry.example.com/acme/web
    newTag: 1.4.0
"#,
    ),
    (
        "charts/shop/values.yaml",
        r#"replicas: 2
image:
  repository: registry.example.com/acme/shop
  tag: "1.4.0" # {"$imagepolicy": "flux-system:stable:tag"}
"#,
    ),
    (
        "releases/mail.yaml",
        r#"apiVersion: helm.fluxcd.io/v1
kind: HelmRelease
metadata:
  name: mail
  namespace: shop
  annotations:
    fluxcd.io/automated: "true"
    filter.fluxcd.io/chart-image: semver:~1
    filter.fluxcd.io/queue: semver:1.5.x
    repository.fluxcd.io/queue: broker.repo
    tag.fluxcd.io/queue: broker.version
spec:
  values:
    image: registry.example.com/acme/mail:1.4.0
    broker: {repo: registry.example.com/acme/queue, version: 1.4.0}
"#,
    ),
    (
        "releases/report.yaml",
        r#"apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: report, namespace: shop}
spec:
  values:
    image:
      repository: registry.example.com/acme/report # {"$imagepolicy": "flux-system:stable:name"}
      tag: 1.4.0 # {"$imagepolicy": "flux-system:stable:tag"}
"#,
    ),
    (
        "argo/cart.yaml",
        r#"apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: cart
  namespace: argocd
  annotations:
    tidemark.dev/policy: "semver:1.x"
spec:
  source:
    helm:
      parameters:
        - {name: image.repository, value: registry.example.com/acme/cart}
        - {name: image.tag, value: '1.4.0'}
      values: |
        # Beside it.
        sidecar:
          image: registry.example.com/acme/sidecar:1.4.0   # stays
"#,
    ),
    (
        "engines/engine.yaml",
        r#"apiVersion: example.com/v1
kind: Engine
metadata: {name: engine}
spec:
  engine: registry.example.com/acme/engine:1.4.0
  spare: registry.example.com/acme/engine:1.4.0
"#,
    ),
];

fn stage() -> Stage {
    Stage::new(&IMAGES, &FILES, CONFIG)
}

#[test]
fn every_row_moves_in_one_commit_that_changes_nothing_else() {
    let stage = stage();
    stage.world.once().expect(0);
    assert_eq!(stage.repository.commits().unwrap(), 2, "one commit for all");
    expect![[r#"
        +++ b/apps/api.yaml
        -          image: registry.example.com/acme/api:1.4.0   # keep me
        +          image: registry.example.com/acme/api:1.5.0   # keep me
        +++ b/argo/cart.yaml
        -        - {name: image.tag, value: '1.4.0'}
        +        - {name: image.tag, value: '1.5.0'}
        -          image: registry.example.com/acme/sidecar:1.4.0   # stays
        +          image: registry.example.com/acme/sidecar:1.5.0   # stays
        +++ b/charts/shop/values.yaml
        -  tag: "1.4.0" # {"$imagepolicy": "flux-system:stable:tag"}
        +  tag: "1.5.0" # {"$imagepolicy": "flux-system:stable:tag"}
        +++ b/engines/engine.yaml
        -  engine: registry.example.com/acme/engine:1.4.0
        +  engine: registry.example.com/acme/engine:1.5.0
        +++ b/overlays/prod/kustomization.yaml
        -    newTag: 1.4.0
        +    newTag: 1.5.0
        +++ b/releases/mail.yaml
        -    image: registry.example.com/acme/mail:1.4.0
        -    broker: {repo: registry.example.com/acme/queue, version: 1.4.0}
        +    image: registry.example.com/acme/mail:1.5.0
        +    broker: {repo: registry.example.com/acme/queue, version: 1.5.0}
        +++ b/releases/report.yaml
        -      tag: 1.4.0 # {"$imagepolicy": "flux-system:stable:tag"}
        +      tag: 1.5.0 # {"$imagepolicy": "flux-system:stable:tag"}
    "#]]
    .assert_eq(&stage.changed());
    stage.world.once().expect(0);
    assert_eq!(
        stage.repository.commits().unwrap(),
        2,
        "a second pass has nothing to do"
    );
}

#[test]
fn a_dry_run_tells_no_problem_of_files_that_have_none() {
    let stage = stage();
    let ran = stage.world.dry_run().expect(0);
    assert_eq!(ran.stdout.matches("+++ b/").count(), FILES.len(), "{}", ran.stdout);
    for of in ["fleet: ", "configuration: "] {
        assert!(!ran.stderr.lines().any(|line| line.starts_with(of)), "{}", ran.stderr);
    }
}

#[test]
fn the_api_says_what_opted_each_target_in_and_where_it_is_written() {
    let stage = stage();
    let daemon = stage.world.start();
    daemon.until_commits(1);
    let targets = daemon.get("/api/v1/targets");
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |target: &Value| {
        let by = &target["optedInBy"];
        format!(
            "{} ({}, {}, {}): {} by {} {}\n",
            text(&target["workload"]),
            text(&target["namespace"]),
            text(&target["kind"]),
            text(&target["name"]),
            text(&target["field"]),
            text(&by["kind"]),
            text(&by["name"]),
        )
    };
    let lines = targets["targets"].as_array().unwrap().iter().map(line);
    expect![[r#"
        shop/Deployment/api/api (shop, Deployment, api): spec.template.spec.containers[0].image by annotation tidemark.dev/policy
        argocd/Application/cart/chart-image (argocd, Application, cart): spec.source.helm.parameters[0].value by annotation tidemark.dev/policy
        argocd/Application/cart/sidecar (argocd, Application, cart): spec.source.helm.values.sidecar.image by annotation tidemark.dev/policy
        charts/shop/values.yaml: chart-image (-, -, charts/shop/values.yaml): image by marker flux-system:stable
        default/Engine/engine/engine (default, Engine, engine): spec.engine by rule rules[1]
        overlays/prod/kustomization.yaml: web (-, -, overlays/prod/kustomization.yaml): images[0] by rule rules[0]
        shop/HelmRelease/mail/chart-image (shop, HelmRelease, mail): spec.values.image by annotation filter.fluxcd.io/chart-image
        shop/HelmRelease/mail/queue (shop, HelmRelease, mail): spec.values.broker.repo by annotation filter.fluxcd.io/queue
        shop/HelmRelease/report/chart-image (shop, HelmRelease, report): spec.values.image by marker flux-system:stable
    "#]].assert_eq(&lines.collect::<String>());
    assert_eq!(daemon.get("/api/v1/problems")["total"], 0);
}

#[test]
fn explain_finds_a_target_of_any_row_by_its_file() {
    let stage = stage();
    let daemon = stage.world.start();
    daemon.until_commits(1);
    let server = format!("http://{}", daemon.address());
    let explain = |target: &str| {
        let ran = stage.world.run(&["explain", target, "--server", &server]).expect(0);
        let facts = ["Current ", "Policy ", "Opted in by ", "Written in ", "Field "];
        let mut told = ran.stdout.lines().next().unwrap_or_default().to_owned();
        for line in ran
            .stdout
            .lines()
            .filter(|line| facts.iter().any(|fact| line.starts_with(fact)))
        {
            told += &format!("\n  {line}");
        }
        told + "\n"
    };
    let told = [
        "charts/shop/values.yaml",
        "charts/shop/values.yaml: chart-image",
        "overlays/prod/kustomization.yaml:5",
        "releases/report.yaml",
        "argocd/application/cart/sidecar",
        "rules[1]",
    ]
    .map(explain);
    expect![[r#"
        charts/shop/values.yaml: chart-image
          Current          1.5.0
          Policy           stable: semver:1.x
          Opted in by      a marker of `flux-system:stable`
          Written in       charts/shop/values.yaml:3:15
          Field            image
        charts/shop/values.yaml: chart-image
          Current          1.5.0
          Policy           stable: semver:1.x
          Opted in by      a marker of `flux-system:stable`
          Written in       charts/shop/values.yaml:3:15
          Field            image
        overlays/prod/kustomization.yaml: web
          Current          1.5.0
          Policy           stable: semver:1.x
          Opted in by      rules[0]
          Written in       overlays/prod/kustomization.yaml:3:11
          Field            images[0]
        shop/HelmRelease/report/chart-image
          Current          1.5.0
          Policy           stable: semver:1.x
          Opted in by      a marker of `flux-system:stable`
          Written in       releases/report.yaml:7:19
          Field            spec.values.image
        argocd/Application/cart/sidecar
          Current          1.5.0
          Policy           semver:1.x
          Opted in by      the annotation `tidemark.dev/policy`
          Written in       argo/cart.yaml:17:18
          Field            spec.source.helm.values.sidecar.image
        default/Engine/engine/engine
          Current          1.5.0
          Policy           semver:~1
          Opted in by      rules[1]
          Written in       engines/engine.yaml:5:11
          Field            spec.engine
    "#]]
    .assert_eq(&told.concat());
    let several = stage
        .world
        .run(&["explain", "argo/cart.yaml", "--server", &server])
        .expect(0);
    expect!["2 targets fit; say which:"].assert_eq(several.stdout.lines().next().unwrap_or_default());
}
