//! The daemon: parts first, then tasks.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use domain::reference::{Repository, Timestamp};
use prometheus_client::registry::Registry;
use status_api::report::ConfigReport;
use status_api::{Api, Board, Clock, Limits, Metrics, Scans, Server, router};
use tokio::sync::watch;
use tokio::time;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::access::guard;
use crate::clock;
use crate::config::{Config, Environment};
use crate::parts::Parts;
use crate::reload::watch_file;
use crate::scan::run_host_loops;
use crate::state::State;
use crate::supervise::Supervisor;
use crate::update::run_update_loops;

/// How long tasks may take to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long a push under way may wait for its server once the daemon is told to stop.
const NETWORK_GRACE: Duration = Duration::from_secs(8);

/// Where the configuration came from, to be looked at again.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    /// The file.
    pub path: PathBuf,
    /// What paths in it are relative to, and what defaults come from.
    pub environment: Environment,
}

/// A daemon whose parts are built and whose port is bound; nothing runs yet.
#[derive(Debug)]
pub struct Daemon {
    parts: Arc<Parts>,
    config: watch::Sender<Arc<Config>>,
    file: Option<ConfigFile>,
    server: Server,
    api: Api,
}

impl Daemon {
    /// Opens the state, binds the port, and puts the parts together.
    ///
    /// `file` is watched for changes; without one the configuration stays as it is.
    ///
    /// # Errors
    ///
    /// The state is another process's or of a newer release, the port is taken, or something is missing that the configuration
    /// requires before the start.
    pub async fn build(config: Config, file: Option<ConfigFile>) -> anyhow::Result<Self> {
        let state = State::open(&config.state_file)?;
        let now = clock::now();
        let board = Board::new(env!("CARGO_PKG_VERSION"), now);
        board.post_config(ConfigReport {
            loaded: now,
            generation: 1,
            problems: Vec::new(),
            restart_needed: Vec::new(),
        });
        let mut registry = Registry::default();
        let metrics = Metrics::register(registry.sub_registry_with_prefix("tidemark"), &board);
        let listen = config.http.listen;
        let server = Server::bind(listen, Limits::default(), &metrics).await;
        let server = server.with_context(|| format!("listening on {listen} (`http.listen`)"))?;
        let mirrors = config.mirrors.clone();
        let parts = Arc::new(Parts::new(&config, state, mirrors, board.clone()));
        parts.preflight().await?;
        let config = watch::Sender::new(Arc::new(config));
        let nudges = Nudges(parts.clone());
        let api = Api {
            board,
            metrics,
            registry: Arc::new(registry),
            clock: Clock::new(clock::now),
            guard: guard(config.subscribe()),
            scans: Scans::new(move |images| nudges.scan(images)),
        };
        Ok(Self {
            parts,
            config,
            file,
            server,
            api,
        })
    }

    /// The address of the API and the page.
    pub fn address(&self) -> SocketAddr {
        self.server.local_addr()
    }

    /// What people see.
    pub fn board(&self) -> Board {
        self.parts.board.clone()
    }

    /// Where a person or a webhook asks for scans.
    pub fn nudges(&self) -> Nudges {
        Nudges(self.parts.clone())
    }

    /// Runs until `shutdown`.
    ///
    /// # Errors
    ///
    /// A task failed, panicked or outstayed the grace period; all others were stopped in order.
    pub async fn run(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let Self {
            parts,
            config,
            file,
            server,
            api,
        } = self;
        info!("Serving the API and the page on http://{}", server.local_addr());
        if config.borrow().repositories.is_empty() {
            warn!("No repository is configured, so nothing will be updated; add one under `repositories`");
        }
        let network = CancellationToken::new();
        let mut supervisor = Supervisor::new(shutdown.clone());
        let subscribe = || config.subscribe();
        supervisor.spawn(
            "updates",
            run_update_loops(parts.clone(), subscribe(), shutdown.clone(), network.clone()),
        );
        supervisor.spawn("scans", run_host_loops(parts.clone(), subscribe(), shutdown.clone()));
        supervisor.spawn("status-api", {
            let shutdown = shutdown.clone();
            async move {
                server.run(router(api), shutdown).await;
                Ok(())
            }
        });
        supervisor.spawn(
            "configuration",
            watch_file(file, config, parts.clone(), shutdown.clone()),
        );
        let network_grace = tokio::spawn(cut_network(shutdown, network));
        let ended = supervisor.run(GRACE).await;
        network_grace.abort();
        parts.scanning.state.save(clock::now())?;
        ended
    }
}

/// Asks for scans out of turn. A clone asks the same daemon.
#[derive(Debug, Clone)]
pub struct Nudges(Arc<Parts>);

impl Nudges {
    /// Asks for a scan of each of `images` now, before those that are merely due; who asks again meanwhile asks for the same scan.
    ///
    /// Says from when on each may be scanned: under the limits of its registry, and not while that is left alone.
    ///
    /// # Errors
    ///
    /// Those that are never scanned: nobody follows them, or the configuration excludes them. Nothing was asked for then.
    pub fn scan(&self, images: &BTreeSet<Repository>) -> Result<BTreeMap<Repository, Timestamp>, BTreeSet<Repository>> {
        let (parts, now) = (&self.0, clock::now());
        let unwanted = parts.wanted.unwanted(images);
        if !unwanted.is_empty() {
            return Err(unwanted);
        }
        // First, so that whoever sees the scan begin finds that it was asked for.
        parts.asked.ask(images, now);
        parts.wanted.nudge(images.iter().cloned());
        debug!("Asked for scans of {} images", images.len());
        let earliest = |image: &Repository| (image.clone(), parts.earliest(image, now));
        Ok(images.iter().map(earliest).collect())
    }
}

/// Ends what waits for a server some time after shutdown began, so that the process ends within its grace.
async fn cut_network(shutdown: CancellationToken, network: CancellationToken) {
    shutdown.cancelled().await;
    time::sleep(NETWORK_GRACE).await;
    network.cancel();
}
