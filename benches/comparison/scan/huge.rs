//! One repository of 202,169 tags, as a project has that keeps the builds of every commit.

use std::fmt::Write;
use std::time::Duration;

use anyhow::ensure;
use benches::instrument::Sample;
use benches::product::Run;
use benches::table::{Table, Target, Unit};
use memory_registry::{Delivery, RequestKind};
use testkit::MemoryRegistry;

use super::site::{Host, Site, name};

const TAGS: usize = 202_169;
const RELEASES: usize = 500;
const REPETITIONS: usize = 5;
/// How long a page takes.
const PAGE: Duration = Duration::from_millis(120);

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let registry = MemoryRegistry::start()?;
    registry.registry.push_tags(&name(0), tags(TAGS));
    let small = MemoryRegistry::start()?;
    small.registry.push_tags(&name(0), tags(RELEASES));
    let (mut cpu, mut memory, mut waited) = <(Sample, Sample, Sample)>::default();
    let mut pages = Sample::default();
    for _ in 0..REPETITIONS {
        let idle = run(&small)?;
        registry.registry.clear_requests();
        let run = run(&registry)?;
        pages.add(registry.registry.requests().count(RequestKind::TagList) as f64);
        cpu.add_milliseconds(run.cpu.saturating_sub(idle.cpu));
        memory.add(run.peak_bytes.saturating_sub(idle.peak_bytes) as f64 / 1_048_576.0);
    }
    registry.registry.set_delivery(Delivery::Delayed(PAGE));
    waited.add_milliseconds(run(&registry)?.wall);
    let name = |what: &str| format!("scan: {what}, 202,169 tags");
    table.add(&name("pages"), &pages, Unit::Count, Target::AtMost(203.0))?;
    table.add(
        &name("time over that of 500 tags"),
        &cpu,
        Unit::CpuMilliseconds,
        Target::AtMost(60.0),
    )?;
    table.add(
        &name("peak over that of 500 tags"),
        &memory,
        Unit::Mebibytes,
        Target::AtMost(10.0),
    )?;
    table.add(
        &name("time to wait, 120 ms a page"),
        &waited,
        Unit::Milliseconds,
        Target::None,
    )?;
    Ok(())
}

/// One run of a new installation.
fn run(registry: &MemoryRegistry) -> anyhow::Result<Run> {
    let host = Host {
        address: registry.host(),
        keys: "plainHttp: true, requestsPerSecond: 10000, burst: 10000".to_owned(),
        repositories: 1,
        tag: format!("v1.{}.9", RELEASES / 10 - 1),
    };
    let run = Site::new(&[host])?.run(0)?;
    let requests = registry.registry.requests();
    let others = requests.total() - requests.count(RequestKind::TagList);
    ensure!(others == 0, "{others} requests for something else than lists");
    Ok(run)
}

/// Releases, and the builds of commits and of proposed changes.
fn tags(count: usize) -> Vec<String> {
    let releases = (0..RELEASES).map(|number| format!("v1.{}.{}", number / 10, number % 10));
    let others = (0..count - RELEASES).map(|number| {
        if number % 5 == 0 {
            return format!("pr-{}-cuda", 1_000 + number / 5);
        }
        let mut tag = "commit-".to_owned();
        let mut state = number as u64;
        while tag.len() < 32 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let _ = write!(tag, "{:08x}", state >> 32);
        }
        tag.truncate(32);
        tag
    });
    releases.chain(others).collect()
}
