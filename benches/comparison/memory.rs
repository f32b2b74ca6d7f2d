//! `tidemark run --once` over a hundred repositories of a thousand tags each.

use std::fs;
use std::path::Path;

use anyhow::ensure;
use benches::instrument::Sample;
use benches::product::{self, Run};
use benches::table::{Table, Target, Unit};
use benches::workload::fleet;
use memory_registry::RequestKind;
use tempfile::TempDir;
use testkit::{BareRepository, MemoryRegistry};

const REPOSITORIES: usize = 100;
const TAGS: usize = 1_000;
const REPETITIONS: usize = 3;
const MOST_MEBIBYTES: f64 = 60.0;

/// What the manifests say, and what that comes to.
const SCENES: [(&str, &str, Counts); 2] = [
    (
        "nothing to move",
        "99.9.0",
        Counts {
            lists: REPOSITORIES,
            heads: 0,
            commits: 1,
        },
    ),
    (
        "all to move",
        "1.0.0",
        Counts {
            lists: REPOSITORIES,
            heads: REPOSITORIES,
            commits: 2,
        },
    ),
];

/// What a run comes to, counted by the others.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    lists: usize,
    heads: usize,
    /// The first one included.
    commits: usize,
}

pub(crate) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let binary = product::build()?;
    for (shown, tag, expected) in SCENES {
        let (mut memory, mut cpu) = <(Sample, Sample)>::default();
        for _ in 0..REPETITIONS {
            let (run, counts) = once(binary, tag)?;
            ensure!(counts == expected, "{shown}: {counts:?}");
            memory.add(run.peak_bytes as f64 / 1_048_576.0);
            cpu.add_milliseconds(run.cpu);
        }
        let name = |what: &str| format!("memory: {what} of `run --once`, 100 × 1,000 tags, {shown}");
        let target = Target::AtMost(MOST_MEBIBYTES);
        table.add(&name("peak"), &memory, Unit::Mebibytes, target)?;
        table.add(&name("time"), &cpu, Unit::CpuMilliseconds, Target::None)?;
    }
    Ok(())
}

/// One run on a stage of its own: the registry and the repository are here, outside the process that is measured.
fn once(binary: &Path, tag: &str) -> anyhow::Result<(Run, Counts)> {
    let registry = MemoryRegistry::start()?;
    for number in 0..REPOSITORIES {
        let tags = (0..TAGS).map(|tag| format!("{}.{}.0", tag / 10, tag % 10));
        registry.registry.push_tags(&format!("shop/service-{number}"), tags);
    }
    let origin = BareRepository::new()?;
    origin.seed(fleet::files(REPOSITORIES, |number| {
        format!("{}/shop/service-{number}:{tag}", registry.host())
    }))?;
    let folder = TempDir::new()?;
    fs::write(
        folder.path().join("config.yaml"),
        config(&registry.host(), &origin.file_url()),
    )?;
    let run = product::run(binary, folder.path(), &["run", "--config", "config.yaml", "--once"])?;
    let said = fs::read_to_string(folder.path().join("stderr"))?;
    ensure!(run.code == 0, "exit code {}:\n{said}", run.code);
    let requests = registry.registry.requests();
    let counts = Counts {
        lists: requests.count(RequestKind::TagList),
        heads: requests.count(RequestKind::ManifestHead),
        commits: origin.commits()?,
    };
    Ok((run, counts))
}

/// As by default, but without the pause between requests: what is done faster does not take less memory.
fn config(host: &str, repository: &str) -> String {
    format!(
        "\
http: {{listen: \"127.0.0.1:0\"}}
state: {{file: state/state}}
mirrors: mirrors
registries:
  hosts:
    - {{host: \"{host}\", plainHttp: true, requestsPerSecond: 1000, burst: 1000}}
repositories:
  - {{name: fleet, url: \"{repository}\", branch: main}}
"
    )
}
