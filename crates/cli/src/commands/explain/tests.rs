use expect_test::{Expect, expect};

use status_api::view::{ProblemsView, TargetsView};

use super::*;

/// The answers of the API's own snapshots.
fn targets() -> Vec<TargetView> {
    let targets = include_str!("../../../../status-api/src/router/tests/targets.json");
    serde_json::from_str::<TargetsView>(targets).unwrap().targets
}

fn check(name: &str, expected: &Expect) {
    let targets = targets();
    let fitting = find::fitting(&targets, name);
    let names: Vec<String> = fitting.into_iter().map(workload).collect();
    expected.assert_eq(&names.join("\n"));
}

fn problems() -> Vec<KnownProblemView> {
    let problems = include_str!("../../../../status-api/src/router/tests/problems.json");
    serde_json::from_str::<ProblemsView>(problems).unwrap().problems
}

fn check_problems(name: &str, expected: &Expect) {
    let about = problems().into_iter().filter(|known| find::is_about(known, name));
    let paths: Vec<String> = about.map(|known| known.problem.path).collect();
    expected.assert_eq(&paths.join(" "));
}

#[test]
fn a_target_is_found_by_its_id() {
    check("t-worker", &expect!["shop/Deployment/worker/worker"]);
}

#[test]
fn a_target_is_found_by_its_workload() {
    check("shop/Deployment/worker", &expect!["shop/Deployment/worker/worker"]);
    check(
        "shop/deployment/worker/worker",
        &expect!["shop/Deployment/worker/worker"],
    );
    check("shop/Deployment/worker/sidecar", &expect![""]);
    check("-/Deployment/worker", &expect![""]);
}

#[test]
fn an_image_name_fits_all_that_use_it() {
    check(
        "ghcr.io/acme/api",
        &expect![[r#"
            shop/Deployment/api/api
            shop/Deployment/worker/worker
            shop/Deployment/queue/queue
            shop/Deployment/cron/cron
            clusters/values.yaml: chart-image"#]],
    );
}

#[test]
fn what_nothing_is_called_fits_nothing() {
    check("worker", &expect![""]);
    check("ghcr.io/acme/other", &expect![""]);
    check("", &expect![""]);
}

#[test]
fn several_are_listed() {
    expect![[r#"
        5 targets fit; say which:

        ID        TARGET                             IMAGE             CURRENT  REASON     WRITTEN IN
        t-api     shop/Deployment/api/api            ghcr.io/acme/api  1.4.0    approved   clusters/api.yaml:17
        t-worker  shop/Deployment/worker/worker      ghcr.io/acme/api  1.4.0    hold       clusters/worker.yaml:17
        t-queue   shop/Deployment/queue/queue        ghcr.io/acme/api  1.2.0    undecided  clusters/queue.yaml:17
        t-cron    shop/Deployment/cron/cron          ghcr.io/acme/api  1.9.2    upToDate   clusters/cron.yaml:17
        t-values  clusters/values.yaml: chart-image  ghcr.io/acme/api  1.9.2    upToDate   clusters/values.yaml:17
    "#]]
    .assert_eq(&{
        let targets = targets();
        let fitting = find::fitting(&targets, "ghcr.io/acme/api");
        Several::new(fitting.into_iter().cloned().collect(), Vec::new()).render()
    });
}

#[test]
fn a_target_is_found_by_its_file_and_line() {
    check("clusters/worker.yaml", &expect!["shop/Deployment/worker/worker"]);
    check("./clusters/worker.yaml:17", &expect!["shop/Deployment/worker/worker"]);
    check("clusters/worker.yaml:17:18", &expect!["shop/Deployment/worker/worker"]);
    // Nothing is written there, but the file is the one that is meant.
    check("clusters/worker.yaml:2", &expect!["shop/Deployment/worker/worker"]);
    check("worker.yaml", &expect![""]);
}

#[test]
fn a_line_means_the_target_that_begins_last_before_it() {
    let mut targets = targets();
    targets[1].path = targets[0].path.clone();
    targets[1].line = 30;
    let lines = ["16", "17", "18", "29", "30", "31"];
    let named = lines.map(|line| {
        let fitting = find::fitting(&targets, &format!("clusters/api.yaml:{line}"));
        let names: Vec<&str> = fitting.iter().map(|target| target.name.as_str()).collect();
        format!("{line}: {}\n", names.join(" "))
    });
    expect![[r#"
        16: api web
        17: api
        18: api
        29: api
        30: web
        31: web
    "#]]
    .assert_eq(&named.concat());
}

#[test]
fn what_is_in_a_file_without_an_object_is_found_as_it_is_shown() {
    check(
        "clusters/values.yaml: chart-image",
        &expect!["clusters/values.yaml: chart-image"],
    );
    check("clusters/values.yaml", &expect!["clusters/values.yaml: chart-image"]);
    check("-//clusters/values.yaml", &expect![""]);
}

#[test]
fn a_target_is_found_by_its_policy_and_by_what_opted_it_in() {
    check("stable", &expect!["shop/Deployment/worker/worker"]);
    check("flux-system:api", &expect!["clusters/values.yaml: chart-image"]);
    check("rules[0]", &expect!["shop/Deployment/cron/cron"]);
}

#[test]
fn problems_are_found_by_their_file_their_key_and_their_object() {
    check_problems("clusters/broken.yaml", &expect!["clusters/broken.yaml"]);
    check_problems("clusters/broken.yaml:9", &expect!["clusters/broken.yaml"]);
    check_problems("rules[2]", &expect!["rules[2]"]);
    check_problems("shop/deployment/cron", &expect!["clusters/cron.yaml"]);
    check_problems("tidemark.dev/polcy", &expect!["clusters/cron.yaml"]);
    check_problems("cron", &expect![""]);
}

#[test]
fn problems_are_listed_with_their_repository_and_line() {
    expect![[r#"
        4 problems:
        configuration: rules[2]: it matches no image in any repository
        fleet: clusters/broken.yaml:3: a mapping was expected <script>alert(1)</script>"'&
        fleet: clusters/cron.yaml:9: shop/Deployment/cron: the annotation `tidemark.dev/polcy` is not known
        fleet: clusters/web.yaml:17: shop/Deployment/web/web: `sember` is no kind of policy <script>alert(1)</script>"'&
    "#]]
    .assert_eq(&Several::new(Vec::new(), problems()).render());
    expect![[r#"
        No problem is known.
    "#]]
    .assert_eq(&Several::new(Vec::new(), Vec::new()).render());
}

#[test]
fn where_nothing_fits_it_is_said_what_there_is() {
    expect!["nothing that is opted in is called `prod/Deployment/worker`; a name is NAMESPACE/KIND/NAME[/CONTAINER], the path of a file or an image's, and opted in is what an annotation `tidemark.dev/policy`, a marker or a rule is for. There are 6 images, such as `shop/Deployment/worker/worker`, `shop/Deployment/api/api`, `shop/Deployment/web/web`. There are 4 problems too; `tidemark explain` lists them"].assert_eq(&find::nothing(&targets(), 4, "prod/Deployment/worker"));
    expect!["nothing that is opted in is called `worker`; a name is NAMESPACE/KIND/NAME[/CONTAINER], the path of a file or an image's, and opted in is what an annotation `tidemark.dev/policy`, a marker or a rule is for. No image is opted in yet"].assert_eq(&find::nothing(&[], 0, "worker"));
}

#[test]
fn the_problems_of_its_file_stand_below_a_target() {
    let detail = include_str!("../../../../status-api/src/router/tests/target.json");
    let mut detail: status_api::view::TargetDetailView = serde_json::from_str(detail).unwrap();
    detail.verdicts = None;
    detail.problems = vec![problems()[2].problem.clone()];
    let text = detail::render(&detail, &Page::ENDLESS).unwrap();
    let (_, below) = text.split_once("\n\nProblems").unwrap();
    expect![[r#"
         in this file:
        clusters/cron.yaml:9: shop/Deployment/cron: the annotation `tidemark.dev/polcy` is not known
    "#]]
    .assert_eq(below);
}

#[test]
fn a_target_is_explained() {
    let detail = include_str!("../../../../status-api/src/router/tests/target.json");
    expect![[r#"
        shop/Deployment/api/api
          An update to 1.9.2 is approved and about to be written.

        Image            ghcr.io/acme/api
        Current          1.4.0
        Proposed         1.9.2
        Reason           approved
        Policy           semver:^1
        Opted in by      the annotation `tidemark.dev/policy`
        Last scan        2027-01-15T08:58:22Z
        Asked with       the Docker configuration's entry `ghcr.io`
        Refused          the Docker configuration's entry `ghcr.io/acme`: the answer was 401 Unauthorized: <script>alert(1)</script>"'&
        Passed by        the credential helper `desktop`: it is not run; add `desktop` to `registries.credentialHelpers` to allow it
        Next scan        2027-01-15T09:03:20Z
        Written in       clusters/api.yaml:17:18
        Field            spec.template.spec.containers[0].image
        Repository       fleet
        Id               t-api

        What the policy says: A newer value is there.
        Of 7 tags: 1 current, 1 filtered, 1 gone, 1 invalidTag, 1 older, 1 outOfRange, 1 picked

        TAG                           VERDICT     REASON
        1.9.2                         picked      1.9.2 is the newest of 3 candidates, and newer than the
                                                  current 1.4.0
        1.4.0                         current     1.4.0 is the current tag
        1.2.0                         older       1.2.0 is older than the current 1.4.0
        2.0.0                         outOfRange  2.0.0 is above the range `^1`
        <script>alert(1)</script>"'&  invalidTag  `<script>alert(1)</script>"'&` is not a tag: `<` is not
                                                  allowed in a tag (byte 0)
        latest                        filtered    latest is left alone unless the policy names it;
                                                  `digest:latest` would follow what it stands for
        1.9.3                         gone        1.9.3 is listed, but its manifest is gone
    "#]]
    .assert_eq(&detail::render(&serde_json::from_str(detail).unwrap(), &Page::ENDLESS).unwrap());
}
