//! A Board with a bit of everything, hostile texts included, for tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    accept::ListStanding,
    codes::{CredentialSource, HostState, PushState},
    decide::StayReason,
    policy::Policy,
    reference::{Digest, Platform, Repository, Tag, Timestamp, Value},
    review::HoldReason,
    scan::{Created, Fact, Need, Scan, TagList},
};
use prometheus_client::registry::Registry;

use crate::{
    Access, Api, Board, Clock, Guard, Metrics, Scans,
    report::{
        ChangeReport, CommitReport, ConfigReport, FileProblem, GitReport, ImageCredentials, ImageReport, Lists, Loop,
        OptedInBy, Outcome, PassOutcome, PassReport, PassedCredential, PausedHost, Quota, RegistryReport, TargetReport,
        Workload,
    },
};

/// What a page must never take for markup.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script>\"'&";

/// Seconds after the sample's start.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_800_000_000 + seconds)
}

pub(crate) fn image(name: &str) -> Repository {
    Repository::parse(name).expect("a good name")
}

fn policy(text: &str) -> Arc<Policy> {
    Arc::new(Policy::parse_short(text).expect("a good policy"))
}

fn tag(text: &str) -> Tag {
    Tag::parse(text).expect("a good tag")
}

fn value(text: &str) -> Value {
    Value::parse(text).expect("a good value")
}

fn digest(fill: char) -> Digest {
    Digest::parse(&format!("sha256:{}", fill.to_string().repeat(64))).expect("a good digest")
}

/// The routes over a Board, an hour after its start.
pub(crate) fn api(board: Board) -> Api {
    let mut registry = Registry::with_prefix("tidemark");
    let metrics = Metrics::register(&mut registry, &board);
    Api {
        board,
        metrics,
        registry: Arc::new(registry),
        clock: Clock::new(|| at(3600)),
        guard: Guard::new(|| Access::ReadsOnly),
        scans: Scans::new(ask),
    }
}

/// Images at the paused registry wait for it, `ghcr.io/acme/api` is scanned at once, and nothing else ever is.
fn ask(images: &BTreeSet<Repository>) -> Result<BTreeMap<Repository, Timestamp>, BTreeSet<Repository>> {
    let known = BTreeMap::from([
        (image("ghcr.io/acme/api"), at(0)),
        (image("registry.example.com:5000/acme/web"), at(3660)),
    ]);
    let unknown: BTreeSet<Repository> = images
        .iter()
        .filter(|image| !known.contains_key(image))
        .cloned()
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    Ok(known.into_iter().filter(|(image, _)| images.contains(image)).collect())
}

/// A Board before anything was posted.
pub(crate) fn empty() -> Board {
    Board::new("0.1.0", at(0))
}

/// A Board in the midst of things.
pub(crate) fn busy() -> Board {
    let board = empty();
    board.post_config(ConfigReport {
        loaded: at(1),
        generation: 2,
        problems: vec!["daemon.yaml:7:3: registries.hosts[0].hots: unknown key".to_owned()],
        restart_needed: vec!["http.listen".to_owned()],
    });
    board.post_unused(&[FileProblem {
        path: "rules[2]".to_owned(),
        line: None,
        message: "it matches no image in any repository".to_owned(),
    }]);
    registries(&board);
    images(&board);
    git(&board);
    board.scan_attempted();
    board.fetch_attempted();
    board
}

fn registries(board: &Board) {
    board.post_registry(RegistryReport {
        host: "ghcr.io".to_owned(),
        state: HostState::Healthy,
        last_error: None,
        paused_elsewhere: vec![PausedHost {
            origin: "https://pkg-containers.githubusercontent.com".to_owned(),
            until: at(3720),
            reason: format!("it answered 429 Too Many Requests: {HOSTILE}"),
        }],
        credential: Some(CredentialSource::Anonymous),
        requests: BTreeMap::from([("list", 12), ("head", 3)]),
        concurrency: 8,
        requests_per_second: 20.0,
        quota: Some(Quota {
            limit: 100,
            remaining: 85,
        }),
        lists: Lists {
            order: "lexical",
            seek: "anyLast",
            largest_page: Some(100),
            bulk: false,
            tested: Some(at(1800)),
        },
        next_scan: Some(at(3700)),
    });
    board.post_registry(RegistryReport {
        host: "registry.example.com:5000".to_owned(),
        state: HostState::Paused { until: at(3660) },
        last_error: Some(format!("429 from the registry: {HOSTILE}")),
        paused_elsewhere: Vec::new(),
        credential: None,
        requests: BTreeMap::new(),
        concurrency: 4,
        requests_per_second: 0.5,
        quota: None,
        lists: Lists {
            order: "unknown",
            seek: "unknown",
            largest_page: None,
            bulk: false,
            tested: None,
        },
        next_scan: None,
    });
    board.post_pass(PassReport {
        of: Loop::Scan,
        subject: "ghcr.io".to_owned(),
        started: at(3500),
        ended: Some(at(3502)),
        outcome: PassOutcome::Done,
    });
}

fn images(board: &Board) {
    board.post_image(ImageReport {
        repository: image("ghcr.io/acme/api"),
        scan: Some(Arc::new(scan())),
        last_attempt: Some(at(3500)),
        next_scan: Some(at(3800)),
        standing: Some(ListStanding::Plausible),
        last_error: None,
        last_error_code: None,
        credentials: Some(ImageCredentials {
            used: Some(CredentialSource::DockerConfig {
                key: "ghcr.io".to_owned(),
            }),
            refused: vec![PassedCredential {
                source: "dockerConfig",
                text: "the Docker configuration's entry `ghcr.io/acme`".to_owned(),
                reason: format!("the answer was 401 Unauthorized: {HOSTILE}"),
            }],
            skipped: vec![PassedCredential {
                source: "helper",
                text: "the credential helper `desktop`".to_owned(),
                reason: "it is not run; add `desktop` to `registries.credentialHelpers` to allow it".to_owned(),
            }],
        }),
    });
    board.post_image(ImageReport {
        repository: image("registry.example.com:5000/acme/web"),
        scan: None,
        last_attempt: Some(at(3400)),
        next_scan: None,
        standing: None,
        last_error: Some(format!("not found: {HOSTILE}")),
        last_error_code: Some("notFound"),
        credentials: None,
    });
}

fn scan() -> Scan {
    // The first is no valid tag: a registry may send anything.
    let names = [HOSTILE, "1.4.0", "1.9.2", "1.9.3", "2.0.0", "1.2.0", "latest"];
    let fact = Fact {
        digest: Some(digest('a')),
        created: Created::At(at(-86_400)),
        platforms: Some(vec![Platform::parse("linux/amd64").expect("a good platform")]),
        ..Fact::default()
    };
    let gone = Fact {
        gone: true,
        ..Fact::default()
    };
    Scan {
        facts: BTreeMap::from([(tag("1.9.2"), fact), (tag("1.9.3"), gone)]),
        ..Scan::of_tags(
            image("ghcr.io/acme/api"),
            Arc::new(TagList::from_names(names)),
            at(3502),
        )
    }
}

fn git(board: &Board) {
    board.post_repository(GitReport {
        name: "fleet".to_owned(),
        url: "ssh://git.example.com/fleet.git".to_owned(),
        branch: "main".to_owned(),
        head: Some("3f1c".repeat(10)),
        last_fetch: Some(at(3590)),
        fetch_error: None,
        push: PushState::Refused,
        push_message: Some(format!("protected branch {HOSTILE}")),
        problems: Arc::from([
            FileProblem {
                path: "clusters/broken.yaml".to_owned(),
                line: Some(3),
                message: format!("a mapping was expected {HOSTILE}"),
            },
            FileProblem {
                path: "clusters/cron.yaml".to_owned(),
                line: Some(9),
                message: "shop/Deployment/cron: the annotation `tidemark.dev/polcy` is not known".to_owned(),
            },
            FileProblem {
                path: "clusters/web.yaml".to_owned(),
                line: Some(17),
                message: format!("shop/Deployment/web/web: `sember` is no kind of policy {HOSTILE}"),
            },
        ]),
    });
    board.post_targets("fleet", targets());
    board.post_commit(CommitReport {
        commit: "3f1c".repeat(10),
        repository: "fleet".to_owned(),
        time: at(3000),
        changes_total: 1,
        changes: vec![ChangeReport {
            target: "t-api".to_owned(),
            workload: "shop/Deployment/api/api".to_owned(),
            image: image("ghcr.io/acme/api"),
            from: value("1.2.0"),
            to: value("1.4.0"),
        }],
    });
    board.post_pass(PassReport {
        of: Loop::Update,
        subject: "fleet".to_owned(),
        started: at(3595),
        ended: Some(at(3596)),
        outcome: PassOutcome::Failed("the server refused the push".to_owned()),
    });
}

fn targets() -> Vec<TargetReport> {
    let api = target(
        "api",
        "ghcr.io/acme/api",
        "1.4.0",
        Outcome::Approved { to: value("1.9.2") },
    );
    let queue = TargetReport {
        policy: Some(policy("semver:^2")),
        ..target(
            "queue",
            "ghcr.io/acme/api",
            "1.2.0",
            Outcome::Undecided(vec![Need::Digest(tag("2.0.0"))]),
        )
    };
    let web = TargetReport {
        policy: None,
        ..target(
            "web",
            "registry.example.com:5000/acme/web",
            "3.0",
            Outcome::Invalid {
                message: format!("`sember` is no kind of policy {HOSTILE}"),
            },
        )
    };
    let worker = TargetReport {
        high_water: Some(tag("1.9.2")),
        last_change: Some(at(2000)),
        policy_name: Some("stable".to_owned()),
        ..target(
            "worker",
            "ghcr.io/acme/api",
            "1.4.0",
            Outcome::Held {
                to: value("1.9.2"),
                reason: HoldReason::Hold {
                    text: format!("until the freeze is over {HOSTILE}"),
                },
            },
        )
    };
    let up_to_date = || Outcome::Stay(StayReason::UpToDate);
    let cron = TargetReport {
        opted_in_by: OptedInBy::Rule(0),
        ..target("cron", "ghcr.io/acme/api", "1.9.2", up_to_date())
    };
    let values = TargetReport {
        workload: Workload {
            name: "clusters/values.yaml".to_owned(),
            container: Some("chart-image".to_owned()),
            ..Workload::default()
        },
        field: "proxy.image".to_owned(),
        opted_in_by: OptedInBy::Marker("flux-system:api".to_owned()),
        policy_name: Some("api".to_owned()),
        ..target("values", "ghcr.io/acme/api", "1.9.2", up_to_date())
    };
    vec![api, web, worker, queue, cron, values]
}

fn target(name: &str, repository: &str, current: &str, outcome: Outcome) -> TargetReport {
    TargetReport {
        id: format!("t-{name}"),
        repository: "fleet".to_owned(),
        path: format!("clusters/{name}.yaml"),
        line: 17,
        column: 18,
        workload: Workload {
            namespace: Some("shop".to_owned()),
            kind: "Deployment".to_owned(),
            name: name.to_owned(),
            container: Some(name.to_owned()),
        },
        field: "spec.template.spec.containers[0].image".to_owned(),
        opted_in_by: OptedInBy::Annotation("tidemark.dev/policy".to_owned()),
        image: image(repository),
        policy: Some(policy("semver:^1")),
        policy_name: None,
        current: value(current),
        outcome,
        high_water: None,
        last_change: None,
    }
}
