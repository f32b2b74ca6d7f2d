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
            shop/Deployment/queue/queue
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
    expect![[r#"
        4 targets fit; say which:

        ID        TARGET                         IMAGE             CURRENT  REASON
        t-api     shop/Deployment/api/api        ghcr.io/acme/api  1.4.0    approved
        t-worker  shop/Deployment/worker/worker  ghcr.io/acme/api  1.4.0    hold
        t-queue   shop/Deployment/queue/queue    ghcr.io/acme/api  1.2.0    undecided
        t-cron    shop/Deployment/cron/cron      ghcr.io/acme/api  1.9.2    upToDate
    "#]]
    .assert_eq(&list(&fitting(targets(), "ghcr.io/acme/api")));
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
        Last scan        2027-01-15T08:58:22Z
        Next scan        2027-01-15T09:03:20Z
        Written in       clusters/api.yaml:17:18
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
    .assert_eq(&render(&serde_json::from_str(detail).unwrap(), &Page::ENDLESS).unwrap());
}
