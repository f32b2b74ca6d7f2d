//! `tidemark demo`: the whole product in one process.

mod changes;
mod story;

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use controller::Daemon;
use controller::config::{Config, Environment, load};
use git_writer::{BranchName, Signature, seed};
use memory_registry::Registry;
use status_api::report::{Loop, PassOutcome};
use status_api::{Board, Snapshot};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use self::changes::Changes;
use self::story::{FIRST_TAGS, STORY, Step, Then};
use super::run::stopped_by_signals;
use crate::{logging, output};

/// How long one step of the story may take before the demo gives up: a hundred times what it needs.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long people have to read before the next tag is pushed.
const READING_TIME: Duration = Duration::from_secs(4);

/// Show Tidemark at work: a registry, a git repository, new tags, commits
///
/// Needs nothing, leaves nothing behind: everything happens on 127.0.0.1 and in a temporary folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tidemark demo               runs until Ctrl-C; the page is at the address that is printed
  tidemark demo --once        ends after the first commit")]
pub(crate) struct Args {
    /// End after the first commit
    #[arg(long)]
    once: bool,
    /// Where the page is served; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
}

/// Builds the stage, starts the daemon, tells the story.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    logging::start("warn", controller::config::LogFormat::Text)?;
    let stage = Stage::build(args.listen).await?;
    let shutdown = stopped_by_signals()?;
    let daemon = Daemon::build(stage.config()?, None).await?;
    let board = daemon.board();
    output::text(&stage.introduction(daemon.address()))?;
    let running = tokio::spawn(daemon.run(shutdown.clone()));
    let told = tokio::select! {
        told = stage.tell(&board, args.once) => told,
        () = shutdown.cancelled() => Ok(()),
    };
    shutdown.cancel();
    running.await.context("running the daemon")??;
    told?;
    output::text("\nThe demo is over; its folder is gone.\n")?;
    Ok(ExitCode::SUCCESS)
}

/// What the daemon plays on: a registry and a git repository, both real, both temporary.
struct Stage {
    folder: TempDir,
    registry: Registry,
    registry_address: SocketAddr,
    listen: SocketAddr,
}

impl Stage {
    async fn build(listen: SocketAddr) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("tidemark-demo-").tempdir()?;
        let registry = Registry::new();
        for (image, tags) in FIRST_TAGS {
            registry.push_tags(image, *tags);
        }
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let registry_address = listener.local_addr()?;
        tokio::spawn(registry.clone().serve(listener, CancellationToken::new()));
        let stage = Self {
            folder,
            registry,
            registry_address,
            listen,
        };
        stage.seed()?;
        Ok(stage)
    }

    fn seed(&self) -> anyhow::Result<()> {
        let registry = self.registry_address.to_string();
        let texts: Vec<(&str, String)> = story::FILES
            .iter()
            .map(|(path, text)| (*path, text.replace("REGISTRY", &registry)))
            .collect();
        let files: Vec<(&str, &[u8])> = texts.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
        let author = Signature::parse("Ada <ada@example.com>")?;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let branch = BranchName::parse("main")?;
        seed(
            &self.repository(),
            &branch,
            &files,
            &author,
            "Deploy the shop\n",
            i64::try_from(now)?,
        )?;
        fs::write(self.config_file(), self.config_text())?;
        Ok(())
    }

    fn repository(&self) -> PathBuf {
        self.folder.path().join("fleet.git")
    }

    fn config_file(&self) -> PathBuf {
        self.folder.path().join("config.yaml")
    }

    fn config_text(&self) -> String {
        format!(
            "\
http: {{listen: \"{listen}\"}}
state: {{file: state/state}}
mirrors: mirrors
registries:
  hosts:
    - {{host: \"{registry}\", plainHttp: true, interval: 1s, minInterval: 1s}}
policies:
  - {{name: stable, semver: \">=0.9.0\"}}
rules:
  - {{match: {{path: \"clusters/**\", kind: StatefulSet}}, policy: stable}}
repositories:
  - {{name: fleet, url: \"file://{repository}\", branch: main, paths: [clusters], interval: 5s}}
",
            listen = self.listen,
            registry = self.registry_address,
            repository = self.repository().display(),
        )
    }

    fn config(&self) -> anyhow::Result<Config> {
        Ok(load(&self.config_file(), &Environment::default())?)
    }

    fn introduction(&self, page: SocketAddr) -> String {
        format!(
            "\
Tidemark demo

  page         http://{page}/
  registry     {registry} (in memory, {images} images)
  repository   file://{repository} (branch main, {files} files)

Four services are deployed from that repository. Tidemark watches the tags of their images and commits what their policies allow.

",
            registry = self.registry_address,
            images = FIRST_TAGS.len(),
            repository = self.repository().display(),
            files = story::FILES.len(),
        )
    }

    /// Plays the story once, or its beginning; then waits for the end.
    async fn tell(&self, board: &Board, once: bool) -> anyhow::Result<()> {
        let mut changes = Changes::open(self.folder.path(), &self.repository())?;
        until(board, "the first scan", |snapshot| {
            snapshot.images.len() == FIRST_TAGS.len()
        })
        .await?;
        for step in STORY {
            self.play(step, board, &mut changes).await?;
            if once {
                return Ok(());
            }
            tokio::time::sleep(READING_TIME).await;
        }
        output::text("That was the story. The page stays up until Ctrl-C.\n")?;
        std::future::pending().await
    }

    async fn play(&self, step: &Step, board: &Board, changes: &mut Changes) -> anyhow::Result<()> {
        output::text(&format!("{}\n", step.words))?;
        let before = board.snapshot();
        for (image, tag) in step.pushed {
            self.registry.push_tag(image, tag);
            output::text(&format!("  pushed {image}:{tag}\n"))?;
        }
        match step.then {
            Then::Commit => {
                until(board, "a commit", |snapshot| {
                    snapshot.commits_total > before.commits_total
                })
                .await?;
                self.show_commit(board, changes)
            }
            Then::Reason => {
                until(board, "a decision", |snapshot| Self::all_decided(step, snapshot)).await?;
                self.show_reasons(step, board)
            }
        }
    }

    /// Whether a scan has found all tags of the step, and a pass has decided since.
    fn all_decided(step: &Step, snapshot: &Snapshot) -> bool {
        let scanned = step.pushed.iter().map(|(image, tag)| {
            let (_, report) = snapshot
                .images
                .iter()
                .find(|(repository, _)| repository.path() == *image)?;
            let scan = report.scan.as_ref()?;
            scan.tags.contains(tag).then_some(scan.completed)
        });
        let Some(scanned) = scanned.collect::<Option<Vec<_>>>() else {
            return false;
        };
        let pass = snapshot.passes.get(&(Loop::Update, "fleet".to_owned()));
        let last = scanned.into_iter().max();
        pass.is_some_and(|pass| pass.outcome == PassOutcome::Done && Some(pass.started) > last)
    }

    fn show_commit(&self, board: &Board, changes: &mut Changes) -> anyhow::Result<()> {
        let snapshot = board.snapshot();
        let commit = snapshot.commits.front().context("the commit is on the Board")?;
        output::text(&format!("  commit {}\n\n", &commit.commit[..12]))?;
        let diff = changes.since_last_look()?;
        output::text(&format!("{}\n", indent(&diff)))
    }

    fn show_reasons(&self, step: &Step, board: &Board) -> anyhow::Result<()> {
        for target in board.snapshot().all_targets() {
            if step.pushed.iter().any(|(image, _)| target.image.path() == *image) {
                output::text(&format!(
                    "  {}: {} stays; {}\n",
                    target.workload, target.current, target.outcome
                ))?;
            }
        }
        output::text("\n")
    }
}

/// Waits until the Board shows something.
async fn until(board: &Board, what: &str, reached: impl Fn(&Snapshot) -> bool) -> anyhow::Result<()> {
    let mut changes = board.changes();
    let wait = async {
        while !reached(&board.snapshot()) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    };
    timeout(PATIENCE, wait)
        .await
        .with_context(|| format!("waiting for {what}"))
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
