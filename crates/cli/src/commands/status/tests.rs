use expect_test::expect;
use status_api::view::{RegistriesView, TargetsView};

use super::*;

/// The answers of the API's own snapshots.
fn sample() -> (StatusView, Vec<RegistryView>, Vec<TargetView>) {
    let status = include_str!("../../../../status-api/src/router/tests/status.json");
    let registries = include_str!("../../../../status-api/src/router/tests/registries.json");
    let targets = include_str!("../../../../status-api/src/router/tests/targets.json");
    let registries: RegistriesView = serde_json::from_str(registries).unwrap();
    let targets: TargetsView = serde_json::from_str(targets).unwrap();
    (
        serde_json::from_str(status).unwrap(),
        registries.registries,
        targets.targets,
    )
}

#[test]
fn a_busy_daemon_is_shown_at_a_glance() {
    let (status, registries, targets) = sample();
    expect![[""]].assert_eq(&render("http://127.0.0.1:3030", &status, &registries, &targets));
}

#[test]
fn a_daemon_that_just_started_says_so() {
    let (mut status, ..) = sample();
    status.ready = false;
    status.uptime_seconds = 1;
    status.config = None;
    status.commits.clear();
    status.repositories.clear();
    status.summary.targets.clear();
    expect![[""]].assert_eq(&render("http://127.0.0.1:3030", &status, &[], &[]));
}

#[test]
fn long_lists_are_cut_and_counted() {
    let (status, _, targets) = sample();
    let many: Vec<TargetView> = std::iter::repeat_n(targets[0].clone(), 25).collect();
    let text = render("http://127.0.0.1:3030", &status, &[], &many);
    assert!(text.contains("\nand 5 more\n"), "{text}");
}
