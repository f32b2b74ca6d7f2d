//! The Board: where every stage says what it knows, and where people read it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::reference::{Repository, Timestamp};
use tokio::sync::watch;

use crate::report::{
    CommitReport, ConfigReport, FileProblem, GitReport, ImageReport, Loop, PassOutcome, PassReport, RegistryReport,
    TargetReport,
};

#[cfg(test)]
mod tests;

/// Recent commits that are kept.
const COMMITS: usize = 50;

/// Changes of one commit that are kept.
const CHANGES: usize = 100;

/// What is known, shared by those who post and those who read; a clone is the same Board.
///
/// A post replaces what was known under its key and is cheap: a pointer is swapped under a lock that
/// is never held across an `.await` nor while anything is computed.
#[derive(Debug, Clone)]
pub struct Board(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<Arc<Snapshot>>,
    changed: watch::Sender<u64>,
}

/// Everything on the Board at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The version of the program.
    pub version: &'static str,
    /// When the program started.
    pub started: Timestamp,
    /// A scan pass has been attempted, however it went.
    pub scan_attempted: bool,
    /// A fetch has been attempted, however it went.
    pub fetch_attempted: bool,
    /// The configuration in force.
    pub config: Option<Arc<ConfigReport>>,
    /// Rules and policies of it that are of use to no image; empty before all git repositories have been looked at.
    pub unused: Arc<[FileProblem]>,
    /// By host.
    pub registries: BTreeMap<String, Arc<RegistryReport>>,
    /// By name.
    pub images: BTreeMap<Repository, Arc<ImageReport>>,
    /// Images that somebody waits for a scan of that has not ended yet, with since when.
    pub asked: BTreeMap<Repository, Timestamp>,
    /// By name in the configuration.
    pub repositories: BTreeMap<String, Arc<GitReport>>,
    /// By git repository, each in the order it was posted in.
    pub targets: BTreeMap<String, Arc<[TargetReport]>>,
    /// The latest first.
    pub commits: VecDeque<Arc<CommitReport>>,
    /// Commits since the start, also those no longer kept.
    pub commits_total: u64,
    /// Passes that panicked since the start.
    pub panics_total: u64,
    /// The last pass of each loop.
    pub passes: BTreeMap<(Loop, String), Arc<PassReport>>,
    /// When a pass of each loop last went well.
    pub last_success: BTreeMap<(Loop, String), Timestamp>,
}

impl Board {
    /// An empty Board of a program of this version, started now.
    pub fn new(version: &'static str, started: Timestamp) -> Self {
        let state = Mutex::new(Arc::new(Snapshot::new(version, started)));
        Self(Arc::new(Shared {
            state,
            changed: watch::Sender::new(0),
        }))
    }

    /// Says how it stands with a registry host.
    pub fn post_registry(&self, report: RegistryReport) {
        self.change(|state| {
            state.registries.insert(report.host.clone(), Arc::new(report));
        });
    }

    /// Says what is known of an image.
    pub fn post_image(&self, report: ImageReport) {
        self.change(|state| {
            state.images.insert(report.repository.clone(), Arc::new(report));
        });
    }

    /// Says since when somebody waits for a scan of an image; `None`: nobody does any more.
    pub fn post_asked(&self, image: &Repository, since: Option<Timestamp>) {
        self.change(|state| match since {
            Some(since) => drop(state.asked.insert(image.clone(), since)),
            None => drop(state.asked.remove(image)),
        });
    }

    /// Says how it stands with a git repository.
    pub fn post_repository(&self, report: GitReport) {
        self.change(|state| {
            state.repositories.insert(report.name.clone(), Arc::new(report));
        });
    }

    /// Says what was decided about all targets of a git repository; those not named are gone.
    pub fn post_targets(&self, repository: &str, reports: Vec<TargetReport>) {
        self.change(|state| {
            state.targets.insert(repository.to_owned(), reports.into());
        });
    }

    /// Adds a commit that landed; the oldest one goes.
    pub fn post_commit(&self, mut report: CommitReport) {
        report.changes.truncate(CHANGES);
        report.changes.shrink_to_fit();
        self.change(|state| {
            state.commits.truncate(COMMITS - 1);
            state.commits.push_front(Arc::new(report));
            state.commits_total += 1;
        });
    }

    /// Says how the last pass of a loop went, or that one runs.
    pub fn post_pass(&self, report: PassReport) {
        self.change(|state| state.pass(report));
    }

    /// Says which configuration is in force.
    pub fn post_config(&self, report: ConfigReport) {
        self.change(|state| state.config = Some(Arc::new(report)));
    }

    /// Says which rules and policies of the configuration are of use to no image.
    pub fn post_unused(&self, problems: &[FileProblem]) {
        if *self.lock().unused != *problems {
            self.change(|state| state.unused = problems.into());
        }
    }

    /// Notes that a first scan pass was attempted, or that there is nothing to scan.
    pub fn scan_attempted(&self) {
        self.change(|state| state.scan_attempted = true);
    }

    /// Notes that a first fetch was attempted, or that there is nothing to fetch.
    pub fn fetch_attempted(&self) {
        self.change(|state| state.fetch_attempted = true);
    }

    /// Forgets hosts that are used no more.
    pub fn retain_registries(&self, hosts: &BTreeSet<String>) {
        self.change(|state| {
            state.registries.retain(|host, _| hosts.contains(host));
            state.forget_passes(Loop::Scan, hosts);
        });
    }

    /// Forgets images that no target uses any more.
    pub fn retain_images(&self, images: &BTreeSet<Repository>) {
        self.change(|state| state.images.retain(|image, _| images.contains(image)));
    }

    /// Forgets git repositories that the configuration names no more, and their targets.
    pub fn retain_repositories(&self, names: &BTreeSet<String>) {
        self.change(|state| {
            state.repositories.retain(|name, _| names.contains(name));
            state.targets.retain(|name, _| names.contains(name));
            state.forget_passes(Loop::Update, names);
        });
    }

    /// Everything at this moment; later posts do not change it.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.lock())
    }

    /// Notifies of every post, with a count of them.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    fn change(&self, change: impl FnOnce(&mut Snapshot)) {
        // Copies the maps of pointers only while a reader still holds the last snapshot.
        change(Arc::make_mut(&mut self.lock()));
        self.0.changed.send_modify(|posts| *posts += 1);
    }

    /// A panic of a poster leaves a whole report behind, so its lock is good to use.
    fn lock(&self) -> MutexGuard<'_, Arc<Snapshot>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Snapshot {
    fn new(version: &'static str, started: Timestamp) -> Self {
        Self {
            version,
            started,
            scan_attempted: false,
            fetch_attempted: false,
            config: None,
            unused: Arc::new([]),
            registries: BTreeMap::new(),
            images: BTreeMap::new(),
            asked: BTreeMap::new(),
            repositories: BTreeMap::new(),
            targets: BTreeMap::new(),
            commits: VecDeque::new(),
            commits_total: 0,
            panics_total: 0,
            passes: BTreeMap::new(),
            last_success: BTreeMap::new(),
        }
    }

    /// Whether the first scan pass and the first fetch have been attempted.
    pub fn ready(&self) -> bool {
        self.scan_attempted && self.fetch_attempted
    }

    /// All targets, by git repository.
    pub fn all_targets(&self) -> impl Iterator<Item = &TargetReport> {
        self.targets.values().flat_map(|targets| targets.iter())
    }

    /// The target of this id.
    pub fn target(&self, id: &str) -> Option<&TargetReport> {
        self.all_targets().find(|target| target.id == id)
    }

    /// Everything that could not be used or is of no use, with the git repository that it is found in; that of the
    /// configuration, which is in none, goes first.
    pub fn problems(&self) -> impl Iterator<Item = (Option<&str>, &FileProblem)> {
        let unused = self.unused.iter().map(|problem| (None, problem));
        let found = self.repositories.values().flat_map(|report| {
            let name = Some(report.name.as_str());
            report.problems.iter().map(move |problem| (name, problem))
        });
        unused.chain(found)
    }

    fn pass(&mut self, report: PassReport) {
        let key = (report.of, report.subject.clone());
        if let (PassOutcome::Done, Some(ended)) = (&report.outcome, report.ended) {
            self.last_success.insert(key.clone(), ended);
        }
        if report.outcome == PassOutcome::Panicked {
            self.panics_total += 1;
        }
        self.passes.insert(key, Arc::new(report));
    }

    fn forget_passes(&mut self, of: Loop, subjects: &BTreeSet<String>) {
        self.passes
            .retain(|(kind, subject), _| *kind != of || subjects.contains(subject));
        self.last_success
            .retain(|(kind, subject), _| *kind != of || subjects.contains(subject));
    }
}
