//! One repository of 202,169 tags, as a project has that keeps the builds of every commit.
//!
//! What the client costs is shown by `tidemark tags`, which reads the list and prints it; what a scan costs, with all that is made of
//! the list, by `tidemark run --once`. From each is taken off what the same costs with 500 tags.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use benches::instrument::Sample;
use benches::product::Run;
use benches::table::{Table, Target, Unit};
use domain::policy::Policy;
use domain::reach::reach;
use domain::reference::{Registry, Repository, Timestamp, Value};
use memory_registry::{Delivery, Manners, Order, RequestKind};
use registry_scanner::{HostConfig, Limits, Reading, Scanner, ScannerConfig, Wish};
use testkit::MemoryRegistry;

use super::site::{Host, Site, name};

const TAGS: usize = 202_169;
const PAGES: usize = 203;
const RELEASES: usize = 500;
const REPETITIONS: usize = 7;
/// How long a page takes.
const PAGE: Duration = Duration::from_millis(120);

/// Registries of two sizes that list alike.
struct Scene {
    shown: &'static str,
    huge: MemoryRegistry,
    small: MemoryRegistry,
}

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    for (shown, order) in [("in order", Order::Lexical), ("as pushed", Order::Pushed)] {
        let scene = Scene::new(shown, order)?;
        scene.client(table)?;
        scene.daemon(table)?;
        scene.delayed(table)?;
    }
    Ok(())
}

impl Scene {
    fn new(shown: &'static str, order: Order) -> anyhow::Result<Self> {
        let registry = |count| {
            let registry = MemoryRegistry::start()?;
            registry.registry.set_manners(Manners {
                order,
                ..Manners::distribution_3()
            });
            registry.registry.push_tags(&name(0), tags(count));
            anyhow::Ok(registry)
        };
        Ok(Self {
            shown,
            huge: registry(TAGS)?,
            small: registry(RELEASES)?,
        })
    }

    fn name(&self, what: &str) -> String {
        format!("scan: {what}, 202,169 tags {}", self.shown)
    }

    fn client(&self, table: &mut Table) -> anyhow::Result<()> {
        let listed = |registry: &MemoryRegistry| site(registry)?.tags(&format!("{}/{}", registry.host(), name(0)));
        let Taken { cpu, memory } = self.taken(listed)?;
        let what = self.name("the client: time over that of 500 tags");
        table.add(&what, &cpu, Unit::CpuMilliseconds, Target::None)?;
        let what = self.name("the client: peak over that of 500 tags");
        table.add(&what, &memory, Unit::Mebibytes, Target::None)?;
        Ok(())
    }

    fn daemon(&self, table: &mut Table) -> anyhow::Result<()> {
        let Taken { cpu, memory } = self.taken(|registry| site(registry)?.run(0))?;
        let what = self.name("time over that of 500 tags");
        table.add(&what, &cpu, Unit::CpuMilliseconds, Target::AtMost(60.0))?;
        let what = self.name("peak over that of 500 tags");
        table.add(&what, &memory, Unit::Mebibytes, Target::AtMost(10.0))?;
        Ok(())
    }

    /// What a run takes more for the huge list than for the small one.
    fn taken(&self, run: impl Fn(&MemoryRegistry) -> anyhow::Result<Run>) -> anyhow::Result<Taken> {
        let mut taken = Taken::default();
        for _ in 0..REPETITIONS {
            let small = run(&self.small)?;
            self.huge.registry.clear_requests();
            let huge = run(&self.huge)?;
            let requests = self.huge.registry.requests();
            let lists = requests.count(RequestKind::TagList);
            ensure!((lists, requests.total()) == (PAGES, PAGES), "{:?}", requests.counts());
            taken.cpu.add_milliseconds(huge.cpu.saturating_sub(small.cpu));
            let more = huge.peak_bytes.saturating_sub(small.peak_bytes);
            taken.memory.add(more as f64 / 1_048_576.0);
        }
        Ok(taken)
    }

    /// The whole list from a registry that takes its time, and then what is new.
    fn delayed(&self, table: &mut Table) -> anyhow::Result<()> {
        let mut whole = Sample::default();
        self.huge.registry.set_delivery(Delivery::Delayed(PAGE));
        whole.add_milliseconds(site(&self.huge)?.run(0)?.wall);
        self.huge.registry.set_delivery(Delivery::Prompt);
        let what = self.name("time to wait, 120 ms a page");
        table.add(&what, &whole, Unit::Milliseconds, Target::None)?;

        let (mut waited, mut lists) = <(Sample, Sample)>::default();
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(self.look_again(&mut waited, &mut lists))?;
        let what = self.name("pages of what is new");
        table.add(&what, &lists, Unit::Count, Target::AtMost(3.0))?;
        let what = self.name("time to wait for what is new, 120 ms a page");
        table.add(&what, &waited, Unit::Milliseconds, Target::AtMost(500.0))?;
        Ok(())
    }

    /// Reads the list until it is known to let a part be read, and then that.
    async fn look_again(&self, waited: &mut Sample, lists: &mut Sample) -> anyhow::Result<()> {
        let registry = &self.huge.registry;
        let scanner = scanner(&self.huge)?;
        let repository = Repository::parse(&format!("{}/{}", self.huge.host(), name(0)))?;
        let reach = reach(&Policy::parse_short("semver:^1")?, &Value::parse("v1.49.9")?);
        let mut earlier = None;
        for look in 0..5 {
            if look >= 2 {
                registry.set_delivery(Delivery::Delayed(PAGE));
            }
            let tag = format!("v1.{}.0", 1_000 + look);
            registry.push_tag(&name(0), &tag);
            registry.clear_requests();
            let wish = Wish {
                earlier: earlier.as_ref(),
                reach: &reach,
                may_be_part: true,
                now: Timestamp::from_unix_seconds(1_700_000_000),
            };
            let start = Instant::now();
            let listing = scanner.relist(&repository, &wish).await?;
            if look >= 2 {
                waited.add_milliseconds(start.elapsed());
                lists.add(registry.requests().total() as f64);
                ensure!(matches!(listing.reading, Reading::Parts(_)), "the whole was read");
            }
            ensure!(listing.tags.contains(&tag), "{tag} is missing");
            earlier = Some(listing);
        }
        registry.set_delivery(Delivery::Prompt);
        Ok(())
    }
}

/// What the same run takes more.
#[derive(Default)]
struct Taken {
    cpu: Sample,
    memory: Sample,
}

/// A new installation with one service.
fn site(registry: &MemoryRegistry) -> anyhow::Result<Site> {
    Site::new(&[Host {
        address: registry.host(),
        keys: "plainHttp: true, requestsPerSecond: 10000, burst: 10000".to_owned(),
        repositories: 1,
        tag: format!("v1.{}.9", RELEASES / 10 - 1),
    }])
}

fn scanner(registry: &MemoryRegistry) -> anyhow::Result<Scanner> {
    let fast = 10_000.try_into().context("it is not zero")?;
    let limits = Limits {
        requests_per_second: fast,
        burst: fast,
        ..Limits::default()
    };
    let entry = HostConfig {
        plain_http: true,
        ..HostConfig::new(Registry::parse(&registry.host())?, limits)
    };
    Ok(Scanner::new(ScannerConfig {
        hosts: vec![entry],
        ..ScannerConfig::default()
    }))
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
