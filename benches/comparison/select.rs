//! `tidemark select` on a million tags.

use std::fmt::Write;
use std::fs;

use anyhow::ensure;
use benches::instrument::Sample;
use benches::product;
use benches::table::{Table, Target, Unit};
use tempfile::TempDir;

const TAGS: usize = 1_000_000;
const REPETITIONS: usize = 5;

/// The shortest answer, and the longest: the verdict on each tag.
const OUTPUTS: [&str; 2] = ["text", "json"];

pub(crate) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let binary = product::build()?;
    let folder = TempDir::new()?;
    let mut tags = String::new();
    for number in 0..TAGS {
        // Neither in order nor far from it: a list that several servers answered page by page.
        let (major, minor, patch) = (number % 10, number / 10 % 1_000, number / 10_000);
        writeln!(tags, "{major}.{minor}.{patch}")?;
    }
    fs::write(folder.path().join("tags"), tags)?;
    for output in OUTPUTS {
        let (mut cpu, mut wall, mut memory) = <(Sample, Sample, Sample)>::default();
        for _ in 0..REPETITIONS {
            let arguments = [
                "select",
                "--policy",
                "semver:^3",
                "--current",
                "3.1.0",
                "--tags",
                "tags",
                "--output",
                output,
            ];
            let run = product::run(binary, folder.path(), &arguments)?;
            let printed = fs::read_to_string(folder.path().join("stdout"))?;
            ensure!(
                run.code == 0 && printed.contains("3.999.99"),
                "exit code {}, printed {:.200}",
                run.code,
                printed
            );
            cpu.add_milliseconds(run.cpu);
            wall.add_milliseconds(run.wall);
            memory.add(run.peak_bytes as f64 / 1_048_576.0);
        }
        let name = |what: &str| format!("select: {what}, 1,000,000 tags, {output}");
        table.add(&name("time"), &cpu, Unit::CpuMilliseconds, Target::AtMost(2_000.0))?;
        table.add(&name("time to wait"), &wall, Unit::Milliseconds, Target::None)?;
        table.add(&name("peak memory"), &memory, Unit::Mebibytes, Target::AtMost(600.0))?;
    }
    Ok(())
}
