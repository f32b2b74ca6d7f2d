//! A whole pass over a repository in a folder and a registry on loopback.

use expect_test::{Expect, expect};
use memory_registry::Registry;
use tempfile::TempDir;
use testkit::{Answer, BareRepository, ScriptedRegistry};

use super::*;
use crate::config::parse_for_tests;

struct Bench {
    registry: ScriptedRegistry,
    repository: BareRepository,
    folder: TempDir,
}

impl Bench {
    /// Two images with a newer tag each, and a pod for every line of `CONTAINER IMAGE`.
    fn new(files: &[(&str, &[&str])]) -> Self {
        let behind = Registry::new();
        for tag in ["1.0.0", "1.1.0"] {
            behind.push_tag("acme/api", tag);
            behind.push_tag("acme/web", tag);
        }
        let registry = ScriptedRegistry::listen("127.0.0.1", None, Some(&behind)).unwrap();
        let repository = BareRepository::new().unwrap();
        let pod = |images: &&[&str]| {
            let containers: String = images
                .iter()
                .map(|image| format!("  - image: {}/{image}\n", registry.host()))
                .collect();
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  annotations: {{tidemark.dev/policy: 'semver:*'}}\nspec:\n  containers:\n{containers}"
            )
        };
        let files = files.iter().map(|(path, images)| (*path, pod(images)));
        repository.seed(files.collect::<Vec<_>>()).unwrap();
        Self {
            registry,
            repository,
            folder: TempDir::new().unwrap(),
        }
    }

    fn config(&self) -> Config {
        let folder = self.folder.path().display();
        parse_for_tests(&format!(
            "state: {{file: {folder}/state/state}}\nmirrors: {folder}/mirrors\nregistries: {{hosts: [{{host: '{}', plainHttp: true}}]}}\nrepositories: [{{name: fleet, url: '{}', branch: main}}]\n",
            self.registry.host(),
            self.repository.file_url(),
        ))
    }

    /// What the pass came to, and what git holds afterwards; ports and names of folders are the machine's.
    fn check(&self, report: &OnceReport, expected: &Expect) {
        let mut shown = format!("{} commits\n", report.commits);
        for failure in &report.failures {
            shown += &format!("failed: {failure}\n");
        }
        for (repository, problem) in &report.problems {
            let of = repository.as_deref().unwrap_or("configuration");
            let line = problem.line.unwrap_or(0);
            shown += &format!("problem of {of}: {}:{line}: {}\n", problem.path, problem.message);
        }
        for (name, changes) in &report.would_write {
            let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
            shown += &format!("would write {name}: {}\n", paths.join(" "));
        }
        let diff = self.repository.diff().unwrap();
        let lines = diff
            .lines()
            .filter(|line| line.starts_with(['+', '-']) && line.contains("image:"));
        shown += &lines.map(|line| format!("{line}\n")).collect::<String>();
        expected.assert_eq(&shown.replace(&self.registry.host(), "registry"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_image_moves_in_one_commit_and_a_second_pass_finds_nothing_to_do() {
    let bench = Bench::new(&[("a.yaml", &["acme/api:1.0.0"]), ("b.yaml", &["acme/web:1.0.0"])]);
    let report = run_once(bench.config()).await.unwrap();
    bench.check(
        &report,
        &expect![[r#"
        1 commits
        -  - image: registry/acme/api:1.0.0
        +  - image: registry/acme/api:1.1.0
        -  - image: registry/acme/web:1.0.0
        +  - image: registry/acme/web:1.1.0
    "#]],
    );
    let head = bench.repository.head().unwrap();
    let again = run_once(bench.config()).await.unwrap();
    assert!(again.failures.is_empty() && again.commits == 0);
    assert_eq!(bench.repository.head().unwrap(), head);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_fails_is_told_and_the_others_land() {
    let bench = Bench::new(&[("a.yaml", &["acme/api:1.0.0", "acme/web:1.0.0"])]);
    bench
        .registry
        .always("GET /v2/acme/web/tags/list", Answer::html("<p>Maintenance"));
    let report = run_once(bench.config()).await.unwrap();
    bench.check(&report, &expect![[r#"
        1 commits
        failed: failed to list the tags of `registry/acme/web`: the list of tags is not usable: it is no JSON (line 1, column 1)
        -  - image: registry/acme/api:1.0.0
        +  - image: registry/acme/api:1.1.0
    "#]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_and_leaves_everything() {
    let bench = Bench::new(&[("a.yaml", &["acme/api:1.0.0"]), ("b.yaml", &["acme/web:1.1.0"])]);
    let report = dry_run(bench.config()).await.unwrap();
    bench.check(
        &report,
        &expect![[r#"
        0 commits
        would write fleet: a.yaml
        +  - image: registry/acme/api:1.0.0
        +  - image: registry/acme/web:1.1.0
    "#]],
    );
    assert_eq!(bench.repository.commits().unwrap(), 1);
    assert_eq!(std::fs::read_dir(bench.folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_yaml_is_told_and_stops_no_other() {
    let bench = Bench::new(&[("a.yaml", &["acme/api:1.0.0"])]);
    let broken = testkit::OtherCommit::new("Break").write("b.yaml", "image: [\n");
    bench.repository.commit(&broken).unwrap();
    let report = run_once(bench.config()).await.unwrap();
    bench.check(
        &report,
        &expect![[r#"
            1 commits
            problem of fleet: b.yaml:1: not valid YAML: unclosed bracket '['
            -  - image: registry/acme/api:1.0.0
            +  - image: registry/acme/api:1.1.0
        "#]],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_not_there_is_told() {
    let bench = Bench::new(&[("a.yaml", &["acme/api:1.0.0"])]);
    let folder = bench.folder.path().display().to_string();
    let config = parse_for_tests(&format!(
        "state: {{file: {folder}/state}}\nmirrors: {folder}/mirrors\nrepositories: [{{name: gone, url: 'file://{folder}/nowhere.git', branch: main}}]\n"
    ));
    let report = run_once(config).await.unwrap();
    assert!(
        matches!(&report.failures[..], [failure] if failure.starts_with("gone: ")),
        "{report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_and_policies_of_no_use_are_told_once_every_repository_was_looked_at() {
    let bench = Bench::new(&[("a.yaml", &["acme/api:1.1.0"])]);
    let (folder, host) = (bench.folder.path().display(), bench.registry.host());
    let other = BareRepository::new().unwrap();
    let job = format!(
        "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: x}}\nspec: {{template: {{spec: {{containers: [{{name: x, image: '{host}/acme/web:1.1.0'}}]}}}}}}\n"
    );
    other.seed([("job.yaml", job)]).unwrap();
    let config = parse_for_tests(&format!(
        "state: {{file: {folder}/state/state}}
mirrors: {folder}/mirrors
registries: {{hosts: [{{host: '{host}', plainHttp: true}}]}}
policies: [{{name: stable, semver: '*'}}, {{name: edge, semver: '*'}}]
rules: [{{match: {{kind: Job}}, policy: stable}}, {{match: {{kind: CronJob}}, policy: edge}}]
repositories:
  - {{name: fleet, url: '{}', branch: main}}
  - {{name: jobs, url: '{}', branch: main}}
",
        bench.repository.file_url(),
        other.file_url(),
    ));
    let report = dry_run(config).await.unwrap();
    bench.check(&report, &expect![[r#"
        0 commits
        problem of configuration: rules[1]:0: it matches no image in any repository (annotations, markers and earlier rules go first)
        problem of configuration: policies[1]:0: no image in any repository follows `edge`; name it in an annotation, a marker or a rule
        +  - image: registry/acme/api:1.1.0
    "#]]);
}
