//! A repository with every mistake: each is shown by the API, by `explain`, by `status` and by a dry run, and the other files move.

use expect_test::expect;
use serde_json::Value;

use super::Stage;

const CONFIG: &str = r#"policies:
  - {name: stable, semver: "1.x"}
  - {name: forgotten, semver: "2.x"}
rules:
  - {match: {kind: Engine, field: spec.engine}, policy: stable}
"#;

const FILES: [(&str, &str); 10] = [
    (
        "apps/api.yaml",
        r#"apiVersion: v1
kind: Pod
metadata:
  name: api
  annotations: {tidemark.dev/policy: stable}
spec:
  containers: [{name: api, image: "registry.example.com/acme/api:1.4.0"}]
"#,
    ),
    (
        "apps/broken.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: [a\n  - image: b:1\n",
    ),
    (
        "apps/twice.yaml",
        r#"apiVersion: v1
kind: Pod
metadata: {name: twice, annotations: {tidemark.dev/policy: stable}}
spec:
  containers:
    - name: twice
      image: registry.example.com/acme/api:1.4.0
      image: registry.example.com/acme/api:1.4.0
"#,
    ),
    (
        "apps/misspelt.yaml",
        r#"apiVersion: v1
kind: Pod
metadata:
  name: misspelt
  annotations: {tidemark.dev/polcy: stable}
spec:
  containers: [{name: api, image: "registry.example.com/acme/api:1.4.0"}]
"#,
    ),
    (
        "apps/imageless.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: none, annotations: {tidemark.dev/policy: stable}}\n",
    ),
    (
        "apps/pods.yaml",
        r#"apiVersion: apps/v1
kind: Deployment
metadata: {name: pods}
spec:
  template:
    metadata: {annotations: {tidemark.dev/policy: stable}}
    spec: {containers: [{name: api, image: "registry.example.com/acme/api:1.4.0"}]}
"#,
    ),
    (
        "charts/unknown/values.yaml",
        "image: registry.example.com/acme/api:1.4.0 # {\"$imagepolicy\": \"flux-system:nobody\"}\n",
    ),
    (
        "charts/malformed/values.yaml",
        "image: registry.example.com/acme/api:1.4.0 # {\"$imagepolicy\": \"stable\"}\n",
    ),
    (
        "charts/stray/values.yaml",
        "replicas: 2 # {\"$imagepolicy\": \"flux-system:stable:tag\"}\n",
    ),
    (
        "charts/good/values.yaml",
        "image: registry.example.com/acme/api:1.4.0 # {\"$imagepolicy\": \"flux-system:stable\"}\n",
    ),
];

/// Where each mistake is, and words that tell it from others.
const MISTAKES: [(&str, &str); 10] = [
    ("rules[0]", "matches no image"),
    ("policies[1]", "follows `forgotten`"),
    ("apps/broken.yaml:6", "not valid YAML"),
    ("apps/twice.yaml:8", "twice"),
    ("apps/misspelt.yaml:7", "`tidemark.dev/polcy` is not known"),
    ("apps/imageless.yaml:3", "no image is known in this ConfigMap"),
    ("apps/pods.yaml:6", "belongs to the metadata of the Deployment"),
    ("charts/unknown/values.yaml:1", "the policy `nobody`"),
    ("charts/malformed/values.yaml:1", "`NAMESPACE:NAME`"),
    ("charts/stray/values.yaml:1", "the marker"),
];

fn stage() -> Stage {
    Stage::new(&["api"], &FILES, CONFIG)
}

/// The lines that are about problems: of which repository, `PATH:LINE`, and what is wrong.
fn problems(told: &str) -> String {
    let ours = ["fleet: ", "configuration: "];
    let lines = told
        .lines()
        .filter(|line| ours.iter().any(|of| line.trim().starts_with(of)));
    lines.map(|line| format!("{line}\n")).collect()
}

#[track_caller]
fn assert_shows_each(told: &str, what: &str) {
    for (place, words) in MISTAKES {
        let shown = told.lines().any(|line| line.contains(place) && line.contains(words));
        assert!(shown, "{what} does not show `{place}` with `{words}`:\n{told}");
    }
}

#[test]
fn a_dry_run_tells_each_mistake_and_would_move_the_others() {
    let stage = stage();
    let ran = stage.world.dry_run().expect(0);
    let told = problems(&ran.stderr);
    assert_shows_each(&told, "--dry-run");
    expect![[r#"
        configuration: rules[0]: it matches no image in any repository (annotations, markers and earlier rules go first)
        configuration: policies[1]: no image in any repository follows `forgotten`; name it in an annotation, a marker or a rule
        fleet: apps/broken.yaml:6: not valid YAML: illegal placement of ':' indicator
        fleet: apps/imageless.yaml:3: the annotation `tidemark.dev/policy` does nothing: no image is known in this ConfigMap; if it has one in a field of its own, name the field by `match.field` of a rule
        fleet: apps/misspelt.yaml:7: default/Pod/misspelt: the annotation `tidemark.dev/polcy` is not known; there are `tidemark.dev/policy`, `tidemark.dev/policy.CONTAINER` and `tidemark.dev/hold`
        fleet: apps/pods.yaml:6: the annotation `tidemark.dev/policy` does nothing here: it belongs to the metadata of the Deployment itself, not of its pods
        fleet: apps/twice.yaml:8: duplicate key `image` on the way to an image; remove one of the two
        fleet: charts/malformed/values.yaml:1: the text of a marker is `NAMESPACE:NAME`, `NAMESPACE:NAME:tag`, `NAMESPACE:NAME:name` or `NAMESPACE:NAME:digest`
        fleet: charts/stray/values.yaml:1: replicas: the marker says nothing of which image it is; mark its name with `{"$imagepolicy": "flux-system:stable:name"}`, too, or give the policy `stable` an `image`
        fleet: charts/unknown/values.yaml:1: chart-image: the marker names the policy `nobody`, and the configuration has none of this name; add `- {name: nobody, semver: …}` to `policies`, or take the marker away
    "#]].assert_eq(&stage.named(&told));
    let files: Vec<&str> = ran
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("+++ b/"))
        .collect();
    assert_eq!(files, ["apps/api.yaml", "charts/good/values.yaml"]);
}

#[test]
fn a_pass_moves_the_other_files_and_tells_each_mistake() {
    let stage = stage();
    let ran = stage.world.once().expect(0);
    assert_shows_each(&problems(&ran.stderr), "--once");
    expect![[r#"
        +++ b/apps/api.yaml
        -  containers: [{name: api, image: "registry.example.com/acme/api:1.4.0"}]
        +  containers: [{name: api, image: "registry.example.com/acme/api:1.5.0"}]
        +++ b/charts/good/values.yaml
        -image: registry.example.com/acme/api:1.4.0 # {"$imagepolicy": "flux-system:stable"}
        +image: registry.example.com/acme/api:1.5.0 # {"$imagepolicy": "flux-system:stable"}
    "#]]
    .assert_eq(&stage.changed());
}

#[test]
fn the_daemon_shows_each_mistake_wherever_people_look() {
    let stage = stage();
    let daemon = stage.world.start();
    daemon.until_commits(1);
    let known = daemon.until("/api/v1/problems", |known| known["total"] == MISTAKES.len());
    let server = format!("http://{}", daemon.address());
    let run = |arguments: &[&str]| {
        let arguments = [arguments, &["--server", &server]].concat();
        stage.world.run(&arguments).expect(0).stdout
    };

    let line = |problem: &Value| {
        let line = problem["line"]
            .as_u64()
            .map_or_else(String::new, |line| format!(":{line}"));
        let text = |key: &str| problem[key].as_str().unwrap_or("-").to_owned();
        format!("{} {}{line} {}\n", text("repository"), text("path"), text("message"))
    };
    let listed = known["problems"].as_array().unwrap().iter().map(line);
    assert_shows_each(&listed.collect::<String>(), "the API");
    let status = daemon.get("/api/v1/status");
    assert_eq!(status["summary"]["problems"], MISTAKES.len());
    assert_eq!(
        (
            &status["config"]["unusedTotal"],
            &status["repositories"][0]["problemsTotal"]
        ),
        (&2.into(), &8.into())
    );

    assert_shows_each(&run(&["status"]), "status");
    assert_shows_each(&run(&["explain"]), "explain");
    for (place, words) in MISTAKES {
        let told = run(&["explain", place]);
        assert!(told.contains(words), "`explain {place}`:\n{told}");
    }
    let told = run(&["explain", "default/Pod/misspelt"]);
    assert!(told.contains("`tidemark.dev/polcy` is not known"), "{told}");

    let told = stage
        .world
        .run(&["explain", "shop/Deployment/nobody", "--server", &server])
        .expect(1);
    expect!["tidemark: nothing that is opted in is called `shop/Deployment/nobody`; a name is NAMESPACE/KIND/NAME[/CONTAINER], the path of a file or an image's, and opted in is what an annotation `tidemark.dev/policy`, a marker or a rule is for. There are 3 images, `default/Pod/api/api`, `charts/good/values.yaml: chart-image`, `charts/unknown/values.yaml: chart-image`. There are 10 problems too; `tidemark explain` lists them"].assert_eq(
        &told
            .stderr
            .lines()
            .last()
            .unwrap_or_default()
            .replace(&server, "SERVER"),
    );
}
