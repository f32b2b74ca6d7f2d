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
    expect![[r#"
        Tidemark 0.1.0 at http://127.0.0.1:3030, up 60 min, ready
        6 images in git (1 approved, 1 held, 1 invalid, 2 stay, 1 undecided); 2 scanned in registries; 1 commit since the start; 4 problems

        The new configuration was refused; the last good one is in force:
          daemon.yaml:7:3: registries.hosts[0].hots: unknown key
        `http.listen` has a new value that waits for a restart

        GIT REPOSITORY  BRANCH  HEAD        FETCHED   TARGETS  PUSH
        fleet           main    3f1c3f1c3f  10 s ago  6        refused: protected branch <script>alert(1)</script>"'&

        Of no use in the configuration:
          rules[2]: it matches no image in any repository

        3 problems in fleet:
          clusters/broken.yaml:3: a mapping was expected <script>alert(1)</script>"'&
          clusters/cron.yaml:9: shop/Deployment/cron: the annotation `tidemark.dev/polcy` is not known
          clusters/web.yaml:17: shop/Deployment/web/web: `sember` is no kind of policy <script>alert(1)</script>"'&

        REGISTRY                   IMAGES  REQUESTS  CREDENTIAL  NEXT SCAN  STATE
        ghcr.io                    1       15        anonymous   in 100 s   healthy; https://pkg-containers.githubusercontent.com, asked again in 2 min: it answered 429 Too Many Requests: <script>…
        registry.example.com:5000  1       0         -           -          paused: 429 from the registry: <script>alert(1)</script>"'&

        TARGET                         IMAGE                               CURRENT  PROPOSED  REASON
        shop/Deployment/api/api        ghcr.io/acme/api                    1.4.0    1.9.2     approved
        shop/Deployment/web/web        registry.example.com:5000/acme/web  3.0      -         invalid
        shop/Deployment/worker/worker  ghcr.io/acme/api                    1.4.0    1.9.2     hold
        shop/Deployment/queue/queue    ghcr.io/acme/api                    1.2.0    -         undecided
        `tidemark explain TARGET` says more

        3f1c3f1c3f in fleet, 10 min ago
          ghcr.io/acme/api 1.2.0 -> 1.4.0 (shop/Deployment/api/api)
    "#]].assert_eq(&render("http://127.0.0.1:3030", &status, &registries, &targets));
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
    status.summary.problems = 0;
    expect![[r#"
        Tidemark 0.1.0 at http://127.0.0.1:3030, up 1 s, starting: the first pass has not ended yet
        0 images in git; 2 scanned in registries; 1 commit since the start

        No git repository is configured: the daemon only watches
    "#]]
    .assert_eq(&render("http://127.0.0.1:3030", &status, &[], &[]));
}

#[test]
fn long_lists_are_cut_and_counted() {
    let (status, _, targets) = sample();
    let many: Vec<TargetView> = std::iter::repeat_n(targets[0].clone(), 25).collect();
    let text = render("http://127.0.0.1:3030", &status, &[], &many);
    assert!(text.contains("\nand 5 more\n"), "{text}");
}
