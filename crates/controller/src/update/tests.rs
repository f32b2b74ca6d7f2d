//! What a pass does when the world around it misbehaves.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Instant;

use memory_registry::Registry;
use status_api::Board;
use tempfile::TempDir;
use testkit::{BareRepository, GitHttp, GitHttpSettings, OtherCommit, ScriptedRegistry};

use super::*;
use crate::config::parse_for_tests;
use crate::scan::ask_untried;
use crate::state::State;

/// An updater of one repository, whose image has a newer tag.
struct Bench {
    config: Arc<Config>,
    parts: Arc<Parts>,
    updater: Updater,
    folder: TempDir,
    registry: ScriptedRegistry,
}

impl Bench {
    fn new(repository: &BareRepository, url: &str) -> Self {
        let behind = Registry::new();
        for tag in ["1.0.0", "1.1.0"] {
            behind.push_tag("acme/api", tag);
        }
        let registry = ScriptedRegistry::listen("127.0.0.1", None, Some(&behind)).unwrap();
        let folder = TempDir::new().unwrap();
        let config = Arc::new(parse_for_tests(&format!(
            "registries: {{hosts: [{{host: '{}', plainHttp: true}}]}}\nrepositories: [{{name: fleet, url: '{url}', branch: main}}]\n",
            registry.host()
        )));
        let state = State::open(&folder.path().join("state/state")).unwrap();
        let board = Board::new("0.0.0", clock::now());
        let parts = Arc::new(Parts::new(&config, state, folder.path().join("mirrors"), board));
        let updater = Updater::new("fleet", parts.clone(), CancellationToken::new());
        let bench = Self {
            config,
            parts,
            updater,
            folder,
            registry,
        };
        repository.seed([("pod.yaml", bench.pod("1.0.0"))]).unwrap();
        bench
    }

    /// Ends this process and begins another with its files.
    fn restart(&mut self) {
        let file = self.folder.path().join("state/state");
        let nothing = State::open(&self.folder.path().join("nothing/state")).unwrap();
        let idle = Arc::new(Parts::new(
            &self.config,
            nothing,
            self.folder.path().join("mirrors"),
            Board::new("0.0.0", clock::now()),
        ));
        self.updater = Updater::new("fleet", idle.clone(), CancellationToken::new());
        self.parts = idle;
        let state = opened(&file);
        let board = Board::new("0.0.0", clock::now());
        self.parts = Arc::new(Parts::new(
            &self.config,
            state,
            self.folder.path().join("mirrors"),
            board,
        ));
        self.updater = Updater::new("fleet", self.parts.clone(), CancellationToken::new());
    }

    fn pod(&self, tag: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: api\n  annotations: {{tidemark.dev/policy: 'semver:*'}}\nspec:\n  containers:\n  - image: {}/acme/api:{tag}\n",
            self.registry.host()
        )
    }

    /// Passes until nothing is wanted; what they want to know is asked between them.
    async fn pass(&mut self) -> anyhow::Result<Passed> {
        let config = self.config.clone();
        for _ in 0..5 {
            let passed = self.updater.pass(&config, Mode::Once).await?;
            if !matches!(passed, Passed::Wanting) {
                return Ok(passed);
            }
            self.scan().await;
        }
        bail!("each head asks for more")
    }

    async fn scan(&self) {
        for registry in self.parts.wanted.registries() {
            ask_untried(&self.parts, &registry, &self.config).await;
        }
    }

    fn shown(&self) -> (PushState, usize) {
        let snapshot = self.parts.board.snapshot();
        let report = &snapshot.repositories["fleet"];
        (report.push, report.problems.len())
    }
}

/// Opens the state that was just let go. A process that another test starts may hold the lock until it is another program.
fn opened(file: &Path) -> State {
    let began = Instant::now();
    loop {
        match State::open(file) {
            Ok(state) => return state,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(10), "{error:#}"),
        }
        std::thread::yield_now();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_pushed_while_the_state_cannot_be_written() {
    let repository = BareRepository::new().unwrap();
    let mut bench = Bench::new(&repository, &repository.file_url());
    let config = bench.config.clone();
    assert!(matches!(
        bench.updater.pass(&config, Mode::Once).await,
        Ok(Passed::Wanting)
    ));
    bench.scan().await;
    let folder = bench.folder.path().join("state");
    fs::remove_dir_all(&folder).unwrap();
    let error = bench.pass().await.unwrap_err();
    assert!(format!("{error:#}").contains("writing the state file"), "{error:#}");
    assert_eq!(repository.commits().unwrap(), 1);
    fs::create_dir(&folder).unwrap();
    assert!(matches!(bench.pass().await, Ok(Passed::Settled)));
    assert_eq!(repository.commits().unwrap(), 2);
    assert_eq!(bench.shown(), (PushState::Landed, 0));
}

fn hook(repository: &BareRepository, name: &str, script: &str) {
    let path = repository.path().join("hooks").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_pushes_and_undoes_them_is_not_pushed_to_without_end() {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let repository = server.repository("fleet.git").unwrap();
    let mut bench = Bench::new(&repository, &server.url("fleet.git"));
    let undo = "#!/bin/sh\nwhile read old new ref; do git update-ref \"$ref\" \"$old\"; done\n";
    hook(&repository, "post-receive", undo);
    let error = bench.pass().await.unwrap_err();
    assert!(format!("{error:#}").contains("does not keep"), "{error:#}");
    assert_eq!(bench.parts.board.snapshot().commits_total, u64::from(MOST_LANDED) + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_until_there_is_nothing_to_push() {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let repository = server.repository("fleet.git").unwrap();
    let mut bench = Bench::new(&repository, &server.url("fleet.git"));
    hook(
        &repository,
        "pre-receive",
        "#!/bin/sh\necho 'main is frozen' >&2\nexit 1\n",
    );
    assert!(bench.pass().await.is_err());
    assert_eq!(bench.shown(), (PushState::Refused, 0));
    let by_hand = OtherCommit::new("Move by hand").write("pod.yaml", bench.pod("1.1.0"));
    repository.commit(&by_hand).unwrap();
    assert!(matches!(bench.pass().await, Ok(Passed::Settled)));
    assert_eq!(bench.shown(), (PushState::Idle, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_whose_answer_was_lost_is_told_as_landed_once_it_is_seen_at_the_head() {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let repository = server.repository("fleet.git").unwrap();
    let mut bench = Bench::new(&repository, &server.url("fleet.git"));
    hook(&repository, "post-receive", "#!/bin/sh\nkill -9 $PPID\n");
    assert!(matches!(bench.pass().await, Ok(Passed::Settled)));
    assert_eq!(repository.commits().unwrap(), 2);
    assert_eq!(bench.shown(), (PushState::Landed, 0));
    assert_eq!(bench.parts.board.snapshot().commits_total, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_asked_to_be_left_alone_is_not_asked_after_a_restart() {
    let repository = BareRepository::new().unwrap();
    let mut bench = Bench::new(&repository, &repository.file_url());
    let busy = testkit::Answer::status(429).header("Retry-After", "3600");
    bench.registry.always("GET /v2/acme/api/tags/list", busy);
    let config = bench.config.clone();
    let passed = bench.updater.pass(&config, Mode::Once).await;
    assert!(matches!(passed, Ok(Passed::Wanting)));
    bench.scan().await;
    let asked = bench.registry.seen().len();
    assert!(asked > 0);
    bench.restart();
    let passed = bench.updater.pass(&config, Mode::Once).await;
    assert!(matches!(passed, Ok(Passed::Wanting)));
    bench.scan().await;
    assert_eq!(bench.registry.seen().len(), asked);
}
