//! One image of a large file that has been read before.

use std::sync::Arc;

use anyhow::{Context, ensure};
use benches::instrument::{Sample, spent};
use benches::table::{Table, Target, Unit};
use benches::workload::stream;
use domain::reference::Value;
use manifests::{Edit, Edited, Manifest};

const REPETITIONS: usize = 101;
const COLD_REPETITIONS: usize = 7;

pub(crate) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let text: Arc<str> = stream::text().into();
    let size = text.len() as f64;
    ensure!((2.6e6..2.8e6).contains(&size), "the stream has {size} bytes");
    measure_cold(table, "edit: read 2.7 MB in 282 documents", &text)?;
    // What few people write is left to the parser: here something in each document.
    let tagged = text.replace("\nkind: ", "\nkind: !!str ").into();
    measure_cold(table, "edit: the same with a tag in each document", &tagged)?;

    let manifest = Manifest::read(text.clone())?;
    let to = Value::parse("1.4.1")?;
    let mut warm = Sample::default();
    for repetition in 0..REPETITIONS {
        let workload = format!("workload-{}", repetition * 3 % stream::DOCUMENTS + 1);
        let (editing, edited) = spent(|| edit(&manifest, &workload, &to));
        check(&text, &edited?)?;
        warm.add_milliseconds(editing.cpu);
    }
    let name = "edit: locate, splice and prove one image of it, read before";
    table.add(name, &warm, Unit::CpuMilliseconds, Target::AtMost(5.0))?;
    Ok(())
}

fn measure_cold(table: &mut Table, name: &str, text: &Arc<str>) -> anyhow::Result<()> {
    let mut speed = Sample::default();
    for _ in 0..COLD_REPETITIONS {
        let (reading, read) = spent(|| Manifest::read(text.clone()));
        ensure!(
            read?.places().len() == 2 * stream::DOCUMENTS / 3,
            "images were passed over"
        );
        speed.add(text.len() as f64 / 1e6 / reading.cpu.as_secs_f64());
    }
    table.add(name, &speed, Unit::MegabytesPerSecond, Target::AtLeast(20.0))?;
    Ok(())
}

/// Finds the workload's own image among all places, writes another tag, and proves the result.
fn edit(manifest: &Manifest, workload: &str, to: &Value) -> anyhow::Result<Edited> {
    let place = manifest
        .places()
        .iter()
        .position(|place| place.object.name == workload && place.container.as_deref() == Some("main"))
        .with_context(|| format!("there is no `{workload}`"))?;
    let edit = Edit {
        place,
        to: to.clone(),
        name: None,
    };
    Ok(manifest.edit(&[edit])?)
}

/// One byte of 2.7 million is another: `1.4.0` became `1.4.1`.
fn check(before: &str, edited: &Edited) -> anyhow::Result<()> {
    let bytes = before.bytes().zip(edited.text.bytes());
    let changed = bytes.filter(|(old, new)| old != new).count();
    ensure!(
        before.len() == edited.text.len() && changed == 1,
        "{changed} bytes changed"
    );
    Ok(())
}
