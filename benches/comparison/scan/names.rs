//! A hundred repositories of a thousand tags at docker-registry over TLS, seen for the first time.

use anyhow::ensure;
use benches::instrument::Sample;
use benches::table::{Table, Target, Unit};
use testkit::{Ca, Proxy, RealRegistry, RegistrySettings};

use super::site::{Host, NEWEST, Site, name, tags};

const REPOSITORIES: usize = 100;
const REPETITIONS: usize = 5;

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let ca = Ca::new()?;
    let registry = RealRegistry::docker_registry(&RegistrySettings::new().tls(&ca))?;
    registry.push_tags(&name(0), &tags())?;
    for number in 1..REPOSITORIES {
        registry.share(&name(0), &name(number))?;
    }
    let folder = tempfile::TempDir::new()?;
    let ca_file = folder.path().join("ca.pem");
    ca.write_certificate(&ca_file)?;
    let (mut cpu, mut wall, mut connections, mut bytes) = <(Sample, Sample, Sample, Sample)>::default();
    for _ in 0..REPETITIONS {
        let proxy = Proxy::to(registry.address())?;
        let site = Site::new(&[Host {
            address: proxy.address().to_string(),
            keys: format!(
                "caFile: \"{}\", requestsPerSecond: 1000, burst: 1000",
                ca_file.display()
            ),
            repositories: REPOSITORIES,
            tag: NEWEST.to_owned(),
        }])?;
        let before = registry.requests()?.len();
        let run = site.run(0)?;
        let requests = registry.requests()?.len() - before;
        ensure!(requests == REPOSITORIES, "{requests} requests");
        cpu.add_milliseconds(run.cpu);
        wall.add_milliseconds(run.wall);
        connections.add(proxy.connections() as f64);
        bytes.add(proxy.bytes_received() as f64 / 1_048_576.0);
    }
    let name = |what: &str| format!("scan: {what}, 100 × 1,000 tags, docker-registry, cold");
    table.add(&name("time"), &cpu, Unit::CpuMilliseconds, Target::AtMost(2_000.0))?;
    table.add(&name("connections"), &connections, Unit::Count, Target::AtMost(3.0))?;
    table.add(&name("received"), &bytes, Unit::Mebibytes, Target::None)?;
    table.add(&name("time to wait"), &wall, Unit::Milliseconds, Target::None)?;
    Ok(())
}
