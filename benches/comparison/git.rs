//! Commits and pushes into a repository of ten thousand files.

use std::time::Duration;

use benches::instrument::{Sample, spent};
use benches::table::{Table, Target, Unit};
use testkit::{BareRepository, GitHttp, GitHttpSettings};
use tokio_util::sync::CancellationToken;

use crate::mirror::{Fetched, check, seed};

/// How many files a commit changes, how often it is made, and how many milliseconds it may take.
const COMMITS: [(usize, usize, f64); 2] = [(1, 25, 100.0), (500, 5, 1_000.0)];
/// How often the server is asked for news when there are none.
const QUESTIONS: usize = 25;

pub(crate) fn measure(table: &mut Table) -> anyhow::Result<()> {
    by_file(table)?;
    over_http(table)
}

/// Here nobody else works: all the time is ours.
fn by_file(table: &mut Table) -> anyhow::Result<()> {
    let origin = BareRepository::new()?;
    origin.seed(seed())?;
    let (fetching, fetched) = spent(|| Fetched::new(&origin.file_url()));
    let mut fetched = fetched?;
    let mut first = Sample::default();
    first.add_milliseconds(fetching.wall);
    table.add(
        "git: first fetch of 10,000 files, file://",
        &first,
        Unit::Milliseconds,
        Target::None,
    )?;

    let mut idle = Sample::default();
    for _ in 0..QUESTIONS {
        let (asking, head) = spent(|| fetched.mirror.fetch(&CancellationToken::new()));
        fetched.head = head?;
        idle.add_milliseconds(asking.wall);
    }
    table.add(
        "git: fetch without news, file://",
        &idle,
        Unit::Milliseconds,
        Target::None,
    )?;

    for (files, repetitions, most) in COMMITS {
        let mut sample = Sample::default();
        for _ in 0..repetitions {
            let changes = fetched.changes(files)?;
            let (landing, commit) = spent(|| fetched.land(&changes));
            check(&origin, &commit?, files)?;
            sample.add_milliseconds(landing.wall);
        }
        let name = format!("git: commit and push of {files} changed, file://");
        table.add(&name, &sample, Unit::Milliseconds, Target::AtMost(most))?;
    }
    Ok(())
}

/// Here nginx and git receive the push: their time is shown, and taken off.
fn over_http(table: &mut Table) -> anyhow::Result<()> {
    let server = GitHttp::start(&GitHttpSettings::new())?;
    let origin = server.repository("fleet.git")?;
    origin.seed(seed())?;
    let mut fetched = Fetched::new(&server.url("fleet.git"))?;
    for (files, repetitions, most) in COMMITS {
        let (mut ours, mut theirs) = <(Sample, Sample)>::default();
        for _ in 0..repetitions {
            let changes = fetched.changes(files)?;
            let answered = server.requests()?.len();
            let (landing, commit) = spent(|| fetched.land(&changes));
            check(&origin, &commit?, files)?;
            let served: Duration = server.requests()?[answered..].iter().map(|request| request.took).sum();
            ours.add_milliseconds(landing.wall.saturating_sub(served));
            theirs.add_milliseconds(served);
        }
        let name = format!("git: commit and push of {files} changed, http");
        table.add(&name, &ours, Unit::Milliseconds, Target::AtMost(most))?;
        let name = format!("git: the server's own time beside it ({files})");
        table.add(&name, &theirs, Unit::Milliseconds, Target::None)?;
    }
    Ok(())
}
