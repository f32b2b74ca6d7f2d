//! The update half of the daemon: look → decide → review → write, one loop per (repository URL, branch).

mod index;
mod judge;
mod loops;
mod message;
mod refusal;
mod report;
mod workspace;
mod write;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use domain::codes::PushState;
use domain::reference::{Repository, Timestamp};
use git_writer::{Commit, PushOutcome};
use rand::Rng;
use status_api::report::ChangeReport;
use tokio::{task, time};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

pub use self::index::{Found, Index, IndexedFile, Readings};
use self::judge::{Judged, judge};
pub(crate) use self::loops::run_update_loops;
use self::refusal::Refusals;
use self::report::History;
use self::workspace::{Look, Workspace};
pub use self::write::FileChange;
use self::write::{Plan, Written};
use crate::clock;
use crate::config::Config;
use crate::parts::Parts;
use crate::scan::Knowledge;

/// How often a pass starts over because someone else's push came first.
const MOST_ATTEMPTS: u32 = 12;
/// How often a pass lands; more, and someone takes its commits away at once.
const MOST_LANDED: u32 = 3;
/// The wait before starting over: random within a bound that doubles, so that writers of one branch fall out of step.
const SHORTEST_JITTER: Duration = Duration::from_millis(50);
const LONGEST_JITTER: Duration = Duration::from_secs(5);

/// What a pass may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Commit and push what is decided; what is not yet decided comes in a later pass.
    Loop,
    /// Commit and push, but only once everything that was asked has been answered or has failed.
    Once,
    /// As [`Mode::Once`], but tell the changes instead of making them.
    DryRun,
}

/// How a pass ended.
#[derive(Debug)]
pub(crate) enum Passed {
    /// Nothing is left to do on this head with what is known.
    Settled,
    /// Registries have to be asked first ([`Mode::Once`] and [`Mode::DryRun`] only).
    Wanting,
    /// What would be committed ([`Mode::DryRun`] only).
    WouldWrite(Vec<FileChange>),
}

/// One branch of one repository, with all that is needed to keep it up to date.
#[derive(Debug)]
pub(crate) struct Updater {
    name: String,
    parts: Arc<Parts>,
    cancel: CancellationToken,
    /// Taken out while a blocking thread works with it; a panic there loses it, and the next pass opens another.
    workspace: Option<Workspace>,
    refusals: Refusals,
    history: History,
    /// What was known of the registries when the last pass decided.
    seen: Seen,
    /// A commit whose push got no answer, and its changes: if the next look finds it at the head, it has landed.
    unanswered: Option<(Commit, Vec<ChangeReport>)>,
}

/// What is known of each image that a branch asks for.
type Seen = Vec<(Repository, Option<Arc<Knowledge>>)>;

impl Updater {
    /// Prepares for one repository of the configuration. Nothing is opened before the first pass.
    pub(crate) fn new(name: &str, parts: Arc<Parts>, cancel: CancellationToken) -> Self {
        Self {
            name: name.to_owned(),
            parts,
            cancel,
            workspace: None,
            refusals: Refusals::default(),
            history: History::default(),
            seen: Seen::new(),
            unanswered: None,
        }
    }

    /// Brings the branch up to date with what is known of the registries.
    ///
    /// # Errors
    ///
    /// The repository cannot be fetched or written, or the server refuses the push; the Board says the same.
    pub(crate) async fn pass(&mut self, config: &Arc<Config>, mode: Mode) -> anyhow::Result<Passed> {
        let (mut second, mut landed) = (0, 0);
        while second < MOST_ATTEMPTS {
            let look = self.look(config).await?;
            self.parts.wanted.publish(&self.name, &look.inventory.asks());
            // Before anything is decided: what is found out from here on is news.
            self.seen = self.known();
            if mode != Mode::Loop && self.is_wanting(&look) {
                return Ok(Passed::Wanting);
            }
            let now = clock::now();
            if let Some((commit, changes)) = self.unanswered.take()
                && commit.id == look.head.commit
            {
                self.post_landed(&look, &commit, changes, now);
            }
            let judged = judged(&look, &self.parts, now).await?;
            self.post_look(&look, &judged);
            let plan = Plan::new(&look, judged, now);
            if plan.is_empty() {
                self.refusals.clear();
                self.post_settled(&look);
                return Ok(Passed::Settled);
            }
            if mode == Mode::DryRun {
                let seen = look.clone();
                let edited = self.blocking(move |workspace| workspace.edit(&seen, &plan)).await?;
                self.post_refused(&look, &edited.refused);
                return Ok(match edited.changes.is_empty() {
                    true => Passed::Settled,
                    false => Passed::WouldWrite(edited.changes),
                });
            }
            match self.write(&look, plan, now).await? {
                // The next look sees the new head, and that nothing is left to do.
                Written::Landed if landed < MOST_LANDED => (second, landed) = (0, landed + 1),
                Written::Landed => bail!("the server takes each push, but the branch does not keep what was pushed"),
                Written::Refused => return Ok(Passed::Settled),
                Written::Again => {
                    time::sleep(jitter(second)).await;
                    second += 1;
                }
            }
        }
        bail!("the branch kept moving: {MOST_ATTEMPTS} pushes came second; the next pass tries again")
    }

    /// Fetches the branch and finds the targets at its head.
    async fn look(&mut self, config: &Arc<Config>) -> anyhow::Result<Arc<Look>> {
        let fetched = self.fetch(config).await;
        self.parts.board.fetch_attempted();
        if self.parts.wanted.registries().is_empty() {
            // There may be nothing to scan, and the daemon is ready all the same.
            self.parts.board.scan_attempted();
        }
        match fetched {
            Ok(look) => Ok(Arc::new(look)),
            Err(error) => {
                self.post_failure(config, &format!("{error:#}"));
                Err(error)
            }
        }
    }

    async fn fetch(&mut self, config: &Arc<Config>) -> anyhow::Result<Look> {
        let (config, name, cancel) = (config.clone(), self.name.clone(), self.cancel.clone());
        self.blocking(move |workspace| workspace.look(&config, &name, &cancel))
            .await
    }

    /// Whether something of this head was asked that no scan has answered or failed to answer yet.
    fn is_wanting(&self, look: &Look) -> bool {
        look.inventory.asks().iter().any(|(repository, asks)| {
            let known = self.parts.scanning.known.get(repository);
            asks.iter()
                .any(|ask| !known.as_ref().is_some_and(|known| known.has_tried(ask)))
        })
    }

    /// Edits, commits and pushes; the answer says whether to look again.
    async fn write(&mut self, look: &Arc<Look>, plan: Plan, now: Timestamp) -> anyhow::Result<Written> {
        if let Some(refusal) = self.refusals.standing(&plan.update_id, look.head.commit, now) {
            self.post_push(look, PushState::Refused, Some(refusal));
            return Ok(Written::Refused);
        }
        let plan = Arc::new(plan);
        let (seen, planned) = (look.clone(), plan.clone());
        let committed = self
            .blocking(move |workspace| workspace.commit(&seen, &planned))
            .await?;
        self.post_refused(look, &committed.refused);
        let Some(commit) = committed.commit else {
            return Ok(Written::Refused);
        };
        // Before the push: if its answer is lost with the process, the next start recognises what it finds at the head.
        self.parts
            .scanning
            .state
            .intend(plan.intentions(&committed.done), now)?;
        let (head, pushed, cancel) = (look.head, commit.clone(), self.cancel.clone());
        let outcome = self
            .blocking(move |workspace| workspace.push(&head, &pushed, &cancel))
            .await;
        let outcome = outcome.inspect_err(|error| {
            self.post_push(look, PushState::Failing, Some(format!("{error:#}")));
        })?;
        match outcome {
            PushOutcome::Landed => {
                self.refusals.clear();
                self.post_landed(look, &commit, plan.reports(look, &committed.done), now);
                Ok(Written::Landed)
            }
            PushOutcome::Moved => {
                info!(
                    "Someone else pushed to {} first; deciding again on the new head",
                    self.name
                );
                Ok(Written::Again)
            }
            PushOutcome::Unknown { reason } => {
                self.unanswered = Some((commit, plan.reports(look, &committed.done)));
                warn!(error = %reason, "The push to {} got no answer; reading back what happened", self.name);
                Ok(Written::Again)
            }
            PushOutcome::Refused { message } => {
                self.refusals.record(&plan.update_id, look.head.commit, &message, now);
                self.post_push(look, PushState::Refused, Some(message.clone()));
                bail!("the server refused the push: {message}")
            }
        }
    }

    /// Runs git on a blocking thread, from start to end on the same one.
    async fn blocking<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Workspace) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let mut workspace = self
            .workspace
            .take()
            .unwrap_or_else(|| Workspace::new(self.parts.clone()));
        let span = tracing::Span::current();
        let (workspace, worked) = task::spawn_blocking(move || {
            let _entered = span.entered();
            let worked = work(&mut workspace);
            (workspace, worked)
        })
        .await
        .context("working with git")?;
        self.workspace = Some(workspace);
        worked
    }
}

/// What is to become of each target. To decide about thousands takes a while, in which others have to be served.
async fn judged(look: &Arc<Look>, parts: &Arc<Parts>, now: Timestamp) -> anyhow::Result<Vec<Judged>> {
    let (look, parts) = (look.clone(), parts.clone());
    task::spawn_blocking(move || judge(&look.inventory, &parts.scanning, now))
        .await
        .context("deciding")
}

/// A random wait within a bound that doubles with each attempt.
fn jitter(attempt: u32) -> Duration {
    let bound = SHORTEST_JITTER
        .saturating_mul(2_u32.saturating_pow(attempt))
        .min(LONGEST_JITTER);
    bound.mul_f64(rand::rng().random_range(0.1..1.0))
}

#[cfg(test)]
mod tests;
