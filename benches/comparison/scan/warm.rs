//! A daemon that has seen a thousand repositories before looks at each of them once more.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::ensure;
use benches::instrument::Sample;
use benches::product::Running;
use benches::table::{Table, Target, Unit};
use memory_registry::{Manners, RequestKind};
use testkit::{MemoryRegistry, Proxy};

use super::site::{Host, Site, ensure_lists, name, stub, well};

const REPOSITORIES: usize = 1_000;
/// Between two looks at the same repository, which leaves time between the cycles.
const INTERVAL: Duration = Duration::from_secs(8);
const CYCLES: usize = 3;
/// How long nothing is asked between two cycles.
const REST: Duration = Duration::from_millis(1_500);
/// A cycle that takes longer than this does not end.
const LONGEST: Duration = Duration::from_secs(60);

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    whole_lists(table)?;
    parts(table)
}

/// Whatever it is asked, the registry sends everything, as docker-registry 2.8 does.
fn whole_lists(table: &mut Table) -> anyhow::Result<()> {
    let registry = stub(REPOSITORIES, &well())?;
    let site = Site::new(&[Host::stub(&registry, REPOSITORIES, &keys())])?;
    let mut daemon = site.daemon()?;
    let (mut cpu, mut lists) = <(Sample, Sample)>::default();
    let mut before = after_cycle(&mut daemon, || registry.seen().len())?;
    for _ in 0..CYCLES {
        // Nobody asks between two cycles.
        registry.forget();
        let spent = after_cycle(&mut daemon, || registry.seen().len())?;
        let seen = registry.seen();
        ensure_lists(&seen, REPOSITORIES)?;
        let mut paths: Vec<&str> = seen.iter().map(|seen| seen.path.as_str()).collect();
        paths.sort_unstable();
        paths.dedup();
        ensure!(paths.len() == REPOSITORIES, "some were listed twice, and some not");
        lists.add(seen.len() as f64);
        cpu.add_milliseconds(spent.saturating_sub(before));
        before = spent;
    }
    let name = |what: &str| format!("scan: {what}, 1,000 × 1,000 tags, warm");
    table.add(&name("lists"), &lists, Unit::Count, Target::AtMost(REPOSITORIES as f64))?;
    table.add(&name("time"), &cpu, Unit::CpuMilliseconds, Target::AtMost(1_500.0))?;
    Ok(())
}

/// As distribution 3 lists, in order and behind any tag; what can matter to dates comes behind the one in git.
fn parts(table: &mut Table) -> anyhow::Result<()> {
    let registry = MemoryRegistry::start()?;
    registry.registry.set_manners(Manners::distribution_3());
    for number in 0..REPOSITORIES {
        registry.registry.push_tags(&name(number), days());
    }
    let proxy = Proxy::to(registry.host().parse()?)?;
    let host = Host {
        address: proxy.address().to_string(),
        keys: format!("plainHttp: true, {}", keys()),
        repositories: REPOSITORIES,
        tag: days().last().expect("there are days"),
    };
    let site = Site::with_policy(&[host], "calver")?;
    let mut daemon = site.daemon()?;
    let asked = || registry.registry.requests().count(RequestKind::TagList);
    let bytes = || proxy.bytes_sent() + proxy.bytes_received();
    // First everything is read; then the registry is tested, and while that goes on it is read again.
    after_cycle(&mut daemon, asked)?;
    let mut before = after_cycle(&mut daemon, asked)?;
    let (mut cpu, mut lists, mut traffic) = <(Sample, Sample, Sample)>::default();
    for _ in 0..CYCLES {
        let (asked_before, bytes_before) = (asked(), bytes());
        let spent = after_cycle(&mut daemon, asked)?;
        lists.add((asked() - asked_before) as f64);
        traffic.add((bytes() - bytes_before) as f64 / 1_048_576.0);
        cpu.add_milliseconds(spent.saturating_sub(before));
        before = spent;
    }
    let others = registry.registry.requests().total() - asked();
    ensure!(others == 0, "{others} requests for something else than lists");
    let name = |what: &str| format!("scan: {what}, 1,000 × 1,000 tags, warm, in part");
    table.add(&name("lists"), &lists, Unit::Count, Target::AtMost(REPOSITORIES as f64))?;
    table.add(
        &name("sent and received"),
        &traffic,
        Unit::Mebibytes,
        Target::AtMost(0.95),
    )?;
    table.add(&name("time"), &cpu, Unit::CpuMilliseconds, Target::None)?;
    Ok(())
}

/// Keys of a host that is not paced, and is looked at in cycles.
fn keys() -> String {
    let seconds = INTERVAL.as_secs();
    format!("requestsPerSecond: 10000, burst: 10000, interval: {seconds}s, minInterval: {seconds}s")
}

/// A thousand days, a tag each.
fn days() -> impl Iterator<Item = String> {
    (0..1_000).map(|day| format!("20{:02}.{:02}.{:02}", 20 + day / 336, day / 28 % 12 + 1, day % 28 + 1))
}

/// Waits until each repository was listed once more and the daemon rests; says what it has spent so far.
fn after_cycle(daemon: &mut Running, asked: impl Fn() -> usize) -> anyhow::Result<Duration> {
    let (start, before) = (Instant::now(), asked());
    let (mut last, mut since) = (before, Instant::now());
    loop {
        ensure!(start.elapsed() < LONGEST, "{} lists in {LONGEST:?}", asked() - before);
        let now = asked();
        if now != last {
            (last, since) = (now, Instant::now());
        }
        if now >= before + REPOSITORIES && since.elapsed() >= REST {
            return daemon.cpu();
        }
        thread::sleep(Duration::from_millis(20));
    }
}
