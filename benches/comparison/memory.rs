//! `tidemark run --once` over a hundred repositories of a thousand tags each, and over a whole fleet.

use std::fs;
use std::path::Path;

use anyhow::ensure;
use benches::instrument::Sample;
use benches::product::{self, Run};
use benches::table::{Table, Target, Unit};
use benches::workload::fleet;
use memory_registry::{Manners, RequestKind};
use tempfile::TempDir;
use testkit::{BareRepository, MemoryRegistry};

const TAGS: usize = 1_000;
const REPETITIONS: usize = 3;

/// What is run over.
struct Scene {
    shown: &'static str,
    repositories: usize,
    services: usize,
    /// The tag that all services have; the newest there is is 99.9.0.
    tag: &'static str,
    expected: Counts,
    most_mebibytes: Target,
}

/// What a run comes to, counted by the others.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    lists: usize,
    heads: usize,
    /// The first one included.
    commits: usize,
}

const SCENES: [Scene; 3] = [
    Scene {
        shown: "100 × 1,000 tags, nothing to move",
        repositories: 100,
        services: 100,
        tag: "99.9.0",
        expected: Counts {
            lists: 100,
            heads: 0,
            commits: 1,
        },
        most_mebibytes: Target::AtMost(60.0),
    },
    Scene {
        shown: "100 × 1,000 tags, all to move",
        repositories: 100,
        services: 100,
        tag: "1.0.0",
        expected: Counts {
            lists: 100,
            heads: 100,
            commits: 2,
        },
        most_mebibytes: Target::AtMost(60.0),
    },
    Scene {
        shown: "1,000 × 1,000 tags, 10,000 to move",
        repositories: 1_000,
        services: 10_000,
        tag: "1.0.0",
        expected: Counts {
            lists: 1_000,
            heads: 1_000,
            commits: 2,
        },
        most_mebibytes: Target::None,
    },
];

pub(crate) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let binary = product::build()?;
    for scene in &SCENES {
        let (mut memory, mut cpu) = <(Sample, Sample)>::default();
        for _ in 0..REPETITIONS {
            let (run, counts) = scene.run(binary)?;
            ensure!(counts == scene.expected, "{}: {counts:?}", scene.shown);
            memory.add(run.peak_bytes as f64 / 1_048_576.0);
            cpu.add_milliseconds(run.cpu);
        }
        let name = |what: &str| format!("memory: {what} of run --once, {}", scene.shown);
        table.add(&name("peak"), &memory, Unit::Mebibytes, scene.most_mebibytes)?;
        table.add(&name("time"), &cpu, Unit::CpuMilliseconds, Target::None)?;
    }
    Ok(())
}

impl Scene {
    /// One run on a stage of its own: the registry and the repository are here, outside the process that is measured.
    fn run(&self, binary: &Path) -> anyhow::Result<(Run, Counts)> {
        let registry = MemoryRegistry::start()?;
        registry.registry.set_manners(Manners::distribution_3());
        for number in 0..self.repositories {
            let tags = (0..TAGS).map(|tag| format!("{}.{}.0", tag / 10, tag % 10));
            registry.registry.push_tags(&format!("shop/service-{number}"), tags);
        }
        let origin = BareRepository::new()?;
        origin.seed(fleet::files(self.services, |number| {
            format!(
                "{}/shop/service-{}:{}",
                registry.host(),
                number % self.repositories,
                self.tag
            )
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
