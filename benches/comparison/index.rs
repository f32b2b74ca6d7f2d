//! All files of a repository, read from its objects for the first time, as the daemon does it.

use anyhow::ensure;
use benches::instrument::{Sample, spent};
use benches::table::{Table, Target, Unit};
use benches::workload::mix;
use controller::{Found, Index, Readings};
use git_writer::{Head, Mirror};
use tempfile::TempDir;
use testkit::BareRepository;
use tokio::runtime::Runtime;

use crate::mirror::{FILES, open, seed};

const REPETITIONS: usize = 9;

pub(crate) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let mixed = mix::files(FILES);
    let images = FILES / mix::TURN * mix::WITH_IMAGES + (FILES % mix::TURN).min(mix::WITH_IMAGES);
    measure_one(table, "a third with images", mixed, images, Target::AtMost(200.0))?;
    measure_one(table, "all with images", seed(), FILES, Target::None)
}

/// Adds what it takes to find all `images` of `files`, and then what it takes again.
fn measure_one(
    table: &mut Table,
    what: &str,
    files: Vec<(String, String)>,
    images: usize,
    target: Target,
) -> anyhow::Result<()> {
    let size = files.iter().map(|(_, text)| text.len()).sum::<usize>() as f64 / 1e6;
    let origin = BareRepository::new()?;
    origin.seed(files)?;
    let (folder, runtime) = (TempDir::new()?, Runtime::new()?);
    // The first fetch is a figure of its own.
    open(&folder.path().join("mirror"), &origin.file_url(), &runtime)?;
    let (mut wall, mut cpu, mut again) = <(Sample, Sample, Sample)>::default();
    for _ in 0..REPETITIONS {
        let (mut mirror, head) = open(&folder.path().join("mirror"), &origin.file_url(), &runtime)?;
        let mut index = Index::default();
        let (first, found) = spent(|| places(&mut index, &mut mirror, &head));
        let (second, found_again) = spent(|| places(&mut index, &mut mirror, &head));
        for found in [found?, found_again?] {
            ensure!(found == images, "{found} images were found, not {images}");
        }
        wall.add_milliseconds(first.wall);
        cpu.add_milliseconds(first.cpu);
        again.add_milliseconds(second.cpu);
    }
    let name = |part: &str| format!("index: 10,000 files, {size:.1} MB, {what}{part}");
    // The target is a time that passes, on all processors; what they spend together stands beside it.
    table.add(&name(""), &cpu, Unit::CpuMilliseconds, Target::None)?;
    table.add(&name(": until found"), &wall, Unit::Milliseconds, target)?;
    table.add(&name(": nothing new"), &again, Unit::CpuMilliseconds, Target::None)?;
    Ok(())
}

/// The number of places of images at the head.
fn places(index: &mut Index, mirror: &mut Mirror, head: &Head) -> anyhow::Result<usize> {
    let files = mirror.files(head, &[])?;
    let found = index.update(mirror, &files.files, &Readings::plain())?;
    let places = found.iter().map(|file| match &file.found {
        Found::Places { places, .. } => Ok(places.len()),
        Found::Unreadable { message, .. } => anyhow::bail!("{}: {message}", file.path),
    });
    places.sum()
}
