//! All files of a repository, read from its objects for the first time.

use anyhow::ensure;
use benches::instrument::{Sample, spent};
use benches::table::{Table, Target, Unit};
use manifests::{Manifest, may_hold_images};
use testkit::BareRepository;

use crate::mirror::{FILES, Fetched, seed};

const REPETITIONS: usize = 5;

pub(crate) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let origin = BareRepository::new()?;
    let seed = seed();
    let size: usize = seed.iter().map(|(_, text)| text.len()).sum();
    origin.seed(seed)?;
    let mut fetched = Fetched::new(&origin.file_url())?;
    let (mut whole, mut speed) = <(Sample, Sample)>::default();
    for _ in 0..REPETITIONS {
        let (indexing, places) = spent(|| index(&mut fetched));
        let places = places?;
        ensure!(places == FILES, "{places} images were found");
        whole.add_milliseconds(indexing.cpu);
        speed.add(size as f64 / 1e6 / indexing.cpu.as_secs_f64());
    }
    let name = format!("index: 10,000 files, {:.1} MB, from git's objects", size as f64 / 1e6);
    table.add(&name, &whole, Unit::CpuMilliseconds, Target::None)?;
    table.add(
        "index: the same as speed",
        &speed,
        Unit::MegabytesPerSecond,
        Target::None,
    )?;
    Ok(())
}

/// As the first pass does it; the number of places of images.
fn index(fetched: &mut Fetched) -> anyhow::Result<usize> {
    let files = fetched.mirror.files(&fetched.head, &[])?;
    let mut places = 0;
    for file in &files.files {
        let bytes = fetched.mirror.blob(file.blob, 16 << 20)?;
        if std::str::from_utf8(&bytes).is_ok_and(may_hold_images) {
            places += Manifest::read_bytes(&bytes)?.places().len();
        }
    }
    Ok(places)
}
