//! The loop of a host against a registry of which parts hang, fail or change.

use std::collections::BTreeMap;

use memory_registry::Registry as Memory;
use tempfile::TempDir;
use testkit::{Answer, ScriptedRegistry};
use tokio::task::JoinHandle;

use super::*;
use crate::config::parse_for_tests;
use crate::policy_text::parse_policy;
use crate::scan::Ask;
use crate::scan::round::ask_untried;
use crate::state::State;

/// How long a state may take to come about. Far more than it takes.
const DEADLINE: Duration = Duration::from_secs(30);

/// The loops of all hosts, and one registry.
struct Bench {
    registry: ScriptedRegistry,
    behind: Memory,
    parts: Arc<Parts>,
    config: watch::Sender<Arc<Config>>,
    shutdown: CancellationToken,
    loops: JoinHandle<anyhow::Result<()>>,
    _folder: TempDir,
}

impl Bench {
    /// A registry of images with one tag each. `limits` are of its entry in the configuration.
    fn new(images: &[&str], limits: &str) -> Self {
        let behind = Memory::new();
        for image in images {
            behind.push_tag(image, "1.0.0");
        }
        let registry = ScriptedRegistry::listen("127.0.0.1", None, Some(&behind)).unwrap();
        let config = parse_for_tests(&format!(
            "registries: {{hosts: [{{host: '{}', plainHttp: true, requestsPerSecond: 10000, burst: 10000, {limits}}}]}}\n",
            registry.host()
        ));
        let folder = TempDir::new().unwrap();
        let state = State::open(&folder.path().join("state")).unwrap();
        let board = status_api::Board::new("0.0.0", clock::now());
        let parts = Arc::new(Parts::new(&config, state, folder.path().join("mirrors"), board));
        let config = watch::Sender::new(Arc::new(config));
        let shutdown = CancellationToken::new();
        let loops = tokio::spawn(run_host_loops(parts.clone(), config.subscribe(), shutdown.clone()));
        Self {
            registry,
            behind,
            parts,
            config,
            shutdown,
            loops,
            _folder: folder,
        }
    }

    fn repository(&self, image: &str) -> Repository {
        Repository::parse(&format!("{}/{image}", self.registry.host())).unwrap()
    }

    /// A branch wants these images, each at `1.0.0`.
    fn want(&self, branch: &str, images: &[&str]) {
        let ask = |policy: &str| Ask {
            policy: Arc::new(parse_policy(policy).unwrap()),
            current: domain::reference::Value::parse("1.0.0").unwrap(),
        };
        let asks: Asks = images
            .iter()
            .map(|image| (self.repository(image), vec![ask("semver:*")]))
            .collect();
        self.parts.wanted.publish(branch, &asks);
    }

    /// How often the tags of each image were listed.
    fn lists(&self) -> BTreeMap<String, usize> {
        let mut lists = BTreeMap::new();
        for seen in self.registry.seen() {
            let image = seen
                .path
                .strip_prefix("/v2/")
                .and_then(|path| path.split_once("/tags/"));
            if let Some((image, _)) = image {
                *lists.entry(image.to_owned()).or_default() += 1;
            }
        }
        lists
    }

    fn lists_of(&self, image: &str) -> usize {
        self.lists().get(image).copied().unwrap_or_default()
    }

    async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < DEADLINE, "not in time: {what}; {:?}", self.lists());
            time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Stops all loops; says how long that took.
    async fn stop(self) -> Duration {
        let start = Instant::now();
        self.shutdown.cancel();
        self.loops.await.unwrap().unwrap();
        start.elapsed()
    }

    fn is_scanned(&self, image: &str) -> bool {
        let known = self.parts.scanning.known.get(&self.repository(image));
        known.is_some_and(|known| known.scan.is_some())
    }
}

fn list(image: &str) -> String {
    format!("GET /v2/{image}/tags/list")
}

const OFTEN: &str = "interval: 100ms, minInterval: 100ms";
const RARELY: &str = "interval: 1h, minInterval: 1h";

#[tokio::test]
async fn an_image_that_hangs_holds_nobody_up_and_the_stop_does_not_wait_for_it() {
    let bench = Bench::new(&["acme/api", "acme/hangs", "acme/web"], OFTEN);
    bench.registry.always(&list("acme/hangs"), Answer::hang());
    bench.want("fleet", &["acme/api", "acme/hangs", "acme/web"]);
    bench
        .until("the others are scanned again and again", |bench| {
            bench.lists_of("acme/api") >= 4 && bench.lists_of("acme/web") >= 4
        })
        .await;
    assert_eq!(bench.lists_of("acme/hangs"), 1, "one scan of an image at a time");
    let took = bench.stop().await;
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn a_stop_in_the_middle_of_a_large_scan_is_prompt() {
    let bench = Bench::new(&[], RARELY);
    for number in 0..500 {
        bench.behind.push_tag("acme/huge", &format!("main-{number}"));
    }
    for number in 0..500 {
        let route = format!("GET /v2/acme/huge/manifests/main-{number}");
        bench.registry.always(&route, Answer::hang());
    }
    let ask = Ask {
        policy: Arc::new(parse_policy("newest:main-*").unwrap()),
        current: domain::reference::Value::parse("main-0").unwrap(),
    };
    let asks = Asks::from([(bench.repository("acme/huge"), vec![ask])]);
    bench.parts.wanted.publish("fleet", &asks);
    bench
        .until("the tags are being resolved", |bench| {
            let is_manifest = |seen: &testkit::Seen| seen.path.contains("/manifests/");
            bench.registry.seen().iter().any(is_manifest)
        })
        .await;
    let took = bench.stop().await;
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn what_comes_to_be_wanted_is_scanned_at_once_though_others_are_under_way() {
    let bench = Bench::new(&["acme/api", "acme/hangs", "acme/web"], RARELY);
    bench.registry.always(&list("acme/hangs"), Answer::hang());
    bench.want("fleet", &["acme/api"]);
    bench
        .until("the host is known", |bench| bench.is_scanned("acme/api"))
        .await;
    bench.want("fleet", &["acme/api", "acme/hangs"]);
    bench
        .until("one hangs", |bench| bench.lists_of("acme/hangs") == 1)
        .await;
    bench.want("other", &["acme/hangs", "acme/web"]);
    bench
        .until("the other is scanned", |bench| bench.is_scanned("acme/web"))
        .await;
    let once = ["acme/api", "acme/hangs", "acme/web"].map(|image| (image.to_owned(), 1));
    assert_eq!(bench.lists(), BTreeMap::from(once));
    bench.stop().await;
}

#[tokio::test]
async fn what_is_asked_for_is_scanned_out_of_turn_and_what_nobody_wants_is_not() {
    let bench = Bench::new(&["acme/api", "acme/web", "acme/secret"], RARELY);
    bench.want("fleet", &["acme/api", "acme/web"]);
    bench
        .until("all are scanned", |bench| {
            bench.is_scanned("acme/api") && bench.is_scanned("acme/web")
        })
        .await;
    let asked = ["acme/api", "acme/secret"].map(|image| bench.repository(image));
    for _ in 0..3 {
        let unwanted = bench.parts.wanted.unwanted(&asked.clone().into());
        assert_eq!(unwanted, BTreeSet::from([bench.repository("acme/secret")]));
        bench.parts.wanted.nudge(asked.clone());
    }
    bench
        .until("it is scanned again", |bench| bench.lists_of("acme/api") == 2)
        .await;
    let all = BTreeMap::from([("acme/api".to_owned(), 2), ("acme/web".to_owned(), 1)]);
    assert_eq!(bench.lists(), all, "three nudges are one scan");
    bench.stop().await;
}

#[tokio::test]
async fn another_interval_holds_at_once() {
    let bench = Bench::new(&["acme/api"], RARELY);
    bench.want("fleet", &["acme/api"]);
    bench.until("it is scanned", |bench| bench.is_scanned("acme/api")).await;
    let often = parse_for_tests(&format!(
        "registries: {{hosts: [{{host: '{}', plainHttp: true, {OFTEN}}}]}}\n",
        bench.registry.host()
    ));
    bench.config.send_replace(Arc::new(often));
    bench
        .until("it is scanned again", |bench| bench.lists_of("acme/api") >= 3)
        .await;
    bench.stop().await;
}

#[tokio::test]
async fn a_host_that_nobody_wants_any_more_is_forgotten_and_comes_back() {
    let bench = Bench::new(&["acme/api"], RARELY);
    bench.want("fleet", &["acme/api"]);
    let shown = |bench: &Bench| bench.parts.board.snapshot().registries.len();
    bench
        .until("it is scanned", |bench| {
            bench.is_scanned("acme/api") && shown(bench) == 1
        })
        .await;
    bench.parts.wanted.withdraw("fleet");
    bench
        .until("it is forgotten", |bench| {
            shown(bench) == 0 && bench.parts.board.snapshot().passes.is_empty()
        })
        .await;
    assert!(!bench.is_scanned("acme/api") && bench.parts.board.snapshot().images.is_empty());
    bench.want("fleet", &["acme/api"]);
    bench
        .until("it is scanned again", |bench| bench.is_scanned("acme/api"))
        .await;
    bench.stop().await;
}

#[tokio::test]
async fn hosts_that_want_to_be_left_alone_are_left_alone_after_a_restart() {
    let tokens = ScriptedRegistry::start().unwrap();
    tokens.always("GET /token", Answer::status(429).header("retry-after", "600"));
    let registry = ScriptedRegistry::start().unwrap();
    let challenge = format!("Bearer realm=\"{}/token\"", tokens.url());
    registry.always(
        &list("acme/api"),
        Answer::status(401).header("www-authenticate", &challenge),
    );
    let config = parse_for_tests(&format!(
        "registries: {{hosts: [{{host: '{}', plainHttp: true, tokenHosts: ['{}']}}]}}\n",
        registry.host(),
        tokens.host()
    ));
    let (folder, host) = (TempDir::new().unwrap(), Registry::parse(&registry.host()).unwrap());
    let ask = Ask {
        policy: Arc::new(parse_policy("semver:*").unwrap()),
        current: domain::reference::Value::parse("1.0.0").unwrap(),
    };
    let asks = Asks::from([(Repository::parse(&format!("{host}/acme/api")).unwrap(), vec![ask])]);
    for start in 1..=2 {
        let state = State::open(&folder.path().join("state")).unwrap();
        let board = status_api::Board::new("0.0.0", clock::now());
        let parts = Parts::new(&config, state, folder.path().join("mirrors"), board);
        parts.wanted.publish("fleet", &asks);
        ask_untried(&parts, &host, &config).await;
        let shown = parts.board.snapshot().registries[&host.to_string()].clone();
        let [other] = &shown.paused_elsewhere[..] else {
            panic!("start {start}: {shown:?}");
        };
        assert_eq!(other.origin, tokens.url());
        assert_eq!(other.reason, "it answered 429 Too Many Requests");
        assert!(
            (500..=600).contains(&other.until.since(clock::now()).as_secs()),
            "{other:?}"
        );
        assert_eq!((registry.seen().len(), tokens.seen().len()), (start, 1));
    }
}

#[tokio::test]
async fn what_is_asked_for_while_its_host_is_left_alone_waits_until_that_is_over() {
    let bench = Bench::new(&["acme/api"], RARELY);
    let api = bench.repository("acme/api");
    bench.want("fleet", &["acme/api"]);
    bench.until("it is scanned", |bench| bench.is_scanned("acme/api")).await;
    bench
        .parts
        .scanner()
        .pause(api.registry(), Duration::from_secs(600), "it answered 429");
    let now = clock::now();
    let wait = bench.parts.earliest(&api, now).since(now);
    assert!((590..=600).contains(&wait.as_secs()), "{wait:?}");
    bench.parts.asked.ask(&BTreeSet::from([api.clone()]), now);
    bench.parts.wanted.nudge([api.clone()]);
    // It is noticed with whatever comes next.
    bench.behind.push_tag("acme/web", "1.0.0");
    bench.want("other", &["acme/api", "acme/web"]);
    bench
        .until("the other one had its turn", |bench| {
            bench.parts.scanning.known.get(&bench.repository("acme/web")).is_some()
        })
        .await;
    assert_eq!(bench.lists_of("acme/api"), 1);
    assert!(bench.parts.board.snapshot().asked.contains_key(&api));
    bench.stop().await;
}
