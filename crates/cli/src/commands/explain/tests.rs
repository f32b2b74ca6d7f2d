use expect_test::{Expect, expect};

use super::*;

/// The answers of the API's own snapshots.
fn targets() -> Vec<TargetView> {
    let targets = include_str!("../../../../status-api/src/router/tests/targets.json");
    serde_json::from_str::<TargetsView>(targets).unwrap().targets
}

fn check(name: &str, expected: &Expect) {
    let names: Vec<String> = fitting(targets(), name).iter().map(workload).collect();
    expected.assert_eq(&names.join("\n"));
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
            shop/Deployment/cron/cron"#]],
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
    expect![[""]].assert_eq(&list(&fitting(targets(), "ghcr.io/acme/api")));
}

#[test]
fn a_target_is_explained() {
    let detail = include_str!("../../../../status-api/src/router/tests/target.json");
    expect![[""]].assert_eq(&render(&serde_json::from_str(detail).unwrap()));
}
