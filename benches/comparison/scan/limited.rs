//! A thousand repositories, and fifty requests a second for each host: as long as that takes, and no longer.

use benches::instrument::Sample;
use benches::table::{Table, Target, Unit};
use testkit::ScriptedRegistry;

use super::site::{Host, Site, ensure_lists, stub, well};

const REPOSITORIES: usize = 1_000;

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    for (hosts, most_milliseconds, repetitions) in [(1, 21_000.0, 2), (10, 2_500.0, 3)] {
        let each = REPOSITORIES / hosts;
        let (mut wall, mut cpu) = <(Sample, Sample)>::default();
        for _ in 0..repetitions {
            let registries: Vec<ScriptedRegistry> =
                (0..hosts).map(|_| stub(each, &well())).collect::<Result<_, _>>()?;
            let host = |registry| Host::stub(registry, each, "requestsPerSecond: 50");
            let site = Site::new(&registries.iter().map(host).collect::<Vec<_>>())?;
            let run = site.run(0)?;
            for registry in &registries {
                ensure_lists(&registry.seen(), each)?;
            }
            wall.add_milliseconds(run.wall);
            cpu.add_milliseconds(run.cpu);
        }
        let hosts = if hosts == 1 {
            "1 host".to_owned()
        } else {
            format!("{hosts} hosts")
        };
        let name = |what: &str| format!("scan: {what}, 1,000 × 1,000 tags, 50/s, {hosts}");
        table.add(
            &name("time to wait"),
            &wall,
            Unit::Milliseconds,
            Target::AtMost(most_milliseconds),
        )?;
        table.add(&name("time"), &cpu, Unit::CpuMilliseconds, Target::None)?;
    }
    Ok(())
}
