//! The configuration file is looked at again when it changes; a broken one leaves the last good one in force.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use status_api::report::ConfigReport;
use tokio::sync::watch;
use tokio::time;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::clock;
use crate::config::{Config, load, restart_needed};
use crate::daemon::ConfigFile;
use crate::parts::Parts;

/// How long a file must have been quiet: editors and kubelets change it in several steps.
const QUIET: Duration = Duration::from_millis(250);
/// Looked at without being told as well: some file systems tell nothing.
const PERIOD: Duration = Duration::from_secs(60);

/// Watches the file until `shutdown`.
pub(crate) async fn watch_file(
    file: Option<ConfigFile>,
    config: watch::Sender<Arc<Config>>,
    parts: Arc<Parts>,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let Some(file) = file else {
        shutdown.cancelled().await;
        return Ok(());
    };
    let touched = watch::Sender::new(());
    let _watcher = watch_folder(&file.path, touched.clone());
    let mut touched = touched.subscribe();
    let mut reloads = Reloads::new(file, config, parts);
    loop {
        tokio::select! {
            biased;
            () = shutdown.cancelled() => return Ok(()),
            Ok(()) = touched.changed() => {}
            () = time::sleep(PERIOD) => {}
        }
        time::sleep(QUIET).await;
        touched.mark_unchanged();
        reloads.look();
    }
}

/// Watches the folder: a ConfigMap is changed by exchanging a symbolic link in it, and editors replace the file.
fn watch_folder(path: &Path, touched: watch::Sender<()>) -> Option<RecommendedWatcher> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let watcher = notify::recommended_watcher(move |_| touched.send_replace(()));
    let watching = watcher.and_then(|mut watcher| {
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    });
    watching
        .inspect_err(|error| {
            warn!(
                "Cannot watch {} ({error}); it is looked at every {PERIOD:?} instead",
                folder.display()
            );
        })
        .ok()
}

/// What became of the file's last content.
#[derive(Debug, PartialEq, Eq)]
enum Last {
    Accepted,
    Refused(Vec<String>),
}

struct Reloads {
    /// What the process was started with: what needs a restart is still as it says.
    started: Arc<Config>,
    file: ConfigFile,
    config: watch::Sender<Arc<Config>>,
    parts: Arc<Parts>,
    generation: u64,
    last: Last,
}

impl Reloads {
    fn new(file: ConfigFile, config: watch::Sender<Arc<Config>>, parts: Arc<Parts>) -> Self {
        let started = config.borrow().clone();
        Self {
            started,
            file,
            config,
            parts,
            generation: 1,
            last: Last::Accepted,
        }
    }

    fn look(&mut self) {
        match load(&self.file.path, &self.file.environment) {
            Ok(config) => self.accept(config),
            Err(error) => self.refuse(error.lines()),
        }
    }

    fn accept(&mut self, new: Config) {
        let old = self.config.borrow().clone();
        if *old == new {
            if std::mem::replace(&mut self.last, Last::Accepted) != Last::Accepted {
                self.report(Vec::new());
            }
            return;
        }
        for key in restart_needed(&old, &new) {
            warn!("`{key}` has changed and takes effect after a restart");
        }
        self.generation += 1;
        self.last = Last::Accepted;
        self.parts.reconfigure(&new);
        self.config.send_replace(Arc::new(new));
        self.report(Vec::new());
        info!("Configuration {} is in force", self.generation);
    }

    fn refuse(&mut self, problems: Vec<String>) {
        let last = Last::Refused(problems.clone());
        if self.last == last {
            return;
        }
        for problem in &problems {
            warn!("The configuration was not taken over, the last good one stays in force: {problem}");
        }
        self.last = last;
        self.report(problems);
    }

    fn report(&self, problems: Vec<String>) {
        let (loaded, generation) = (clock::now(), self.generation);
        let restart = restart_needed(&self.started, &self.config.borrow());
        let restart_needed = restart.into_iter().map(str::to_owned).collect();
        self.parts.board.post_config(ConfigReport {
            loaded,
            generation,
            problems,
            restart_needed,
        });
    }
}

#[cfg(test)]
mod tests;
