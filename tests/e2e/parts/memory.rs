//! What two hundred thousand tags take in memory: the peak of the whole process, over that of the same run with five hundred tags.

use std::fs;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use memory_registry::{Manners, Order, RequestKind};
use testkit::{BareRepository, MemoryRegistry};

use super::{HUGE, huge};
use crate::world::World;
use crate::world::manifests::deployment;

/// Bytes that the long list may take more.
const MOST: u64 = 10_000_000;

fn registry(order: Order, tags: impl Iterator<Item = String>) -> MemoryRegistry {
    let registry = MemoryRegistry::start().unwrap();
    registry.registry.set_manners(Manners {
        order,
        ..Manners::distribution_3()
    });
    registry.registry.push_tags("team/app", tags);
    registry
}

/// The peak of `tidemark run --once`, which finds nothing to move. The registry is in this process, and the run in another.
fn peak(registry: &MemoryRegistry) -> u64 {
    let host = registry.host();
    let repository = BareRepository::new().unwrap();
    let file = deployment("api", &format!("{host}/team/app:v1.156.0"), "semver:^1");
    repository.seed([("api.yaml", file)]).unwrap();
    let world = World::new()
        .registry(&format!(
            "host: \"{host}\", plainHttp: true, requestsPerSecond: 10000, burst: 10000"
        ))
        .repository(&format!("url: \"{}\"", repository.file_url()));
    let config = world.write_config().display().to_string();
    let mut run = world
        .command(&["run", "--config", &config, "--once"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    let status = loop {
        peak = peak.max(high_water(&run).unwrap_or_default());
        if let Some(status) = run.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(1));
    };
    assert!(status.success(), "{status}");
    assert!(repository.commits().unwrap() == 1, "nothing is to be moved");
    peak
}

/// The most memory that a process had so far, which the kernel keeps; none once it has ended.
fn high_water(run: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", run.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[test]
fn two_hundred_thousand_tags_take_ten_megabytes() {
    for order in [Order::Lexical, Order::Pushed] {
        let releases = huge().filter(|tag| tag.starts_with('v'));
        let idle = peak(&registry(order, releases));
        let long = registry(order, huge());
        let taken = peak(&long).saturating_sub(idle);
        assert_eq!(
            long.registry.requests().count(RequestKind::TagList),
            HUGE.div_ceil(1_000)
        );
        assert!(
            taken <= MOST,
            "{order:?}: {taken} bytes more than the {idle} of 469 tags"
        );
        // The names alone are more than five million bytes: a figure below that was not taken.
        assert!(
            taken > 4_000_000,
            "{order:?}: {taken} bytes more than the {idle} of 469 tags"
        );
    }
}
