//! What it costs to look again: lists of which a part is read, counted exactly.

mod distribution;
mod memory;

use std::net::SocketAddr;

use domain::policy::Policy;
use domain::reach::{Reach, reach};
use domain::reference::{Registry, Repository, Timestamp, Value};
use domain::scan::TagList;
use memory_registry::{Manners, Order, RequestKind};
use registry_scanner::{HostConfig, Limits, Listing, Profile, Reading, Scanner, ScannerConfig, Seek, Wish};
use testkit::{GoRegistry, GoRegistryKind, MemoryRegistry, Proxy, RealRegistry, RegistryRequest, RegistrySettings};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

/// A scanner, and the lists that it has read.
struct Reader {
    scanner: Scanner,
    registry: Registry,
    repositories: Vec<Repository>,
    listings: Vec<Option<Listing>>,
}

impl Reader {
    fn new(host: &str, paths: impl IntoIterator<Item = String>) -> Self {
        let limits = Limits {
            requests_per_second: 10_000.try_into().unwrap(),
            burst: 10_000.try_into().unwrap(),
            ..Limits::default()
        };
        let registry = Registry::parse(host).unwrap();
        let entry = HostConfig {
            plain_http: true,
            ..HostConfig::new(registry.clone(), limits)
        };
        let repositories = paths
            .into_iter()
            .map(|path| Repository::parse(&format!("{host}/{path}")).unwrap());
        let repositories: Vec<_> = repositories.collect();
        Self {
            scanner: Scanner::new(ScannerConfig {
                hosts: vec![entry],
                ..ScannerConfig::default()
            }),
            registry,
            listings: vec![None; repositories.len()],
            repositories,
        }
    }

    /// Reads each list once more.
    async fn read(&mut self, reach: &Reach) {
        for (repository, listing) in self.repositories.iter().zip(&mut self.listings) {
            let wish = Wish {
                earlier: listing.as_ref(),
                reach,
                may_be_part: true,
                now: NOW,
            };
            *listing = Some(self.scanner.relist(repository, &wish).await.unwrap());
        }
    }

    /// The tags of a repository, as they were read last.
    fn tags(&self, number: usize) -> &TagList {
        &self.listings[number].as_ref().unwrap().tags
    }

    fn profile(&self) -> Profile {
        self.scanner.profile(&self.registry)
    }

    /// Whether all lists were read like this.
    fn were(&self, is: impl Fn(&Reading) -> bool) -> bool {
        self.listings.iter().flatten().all(|listing| is(&listing.reading))
    }
}

fn reach_of(policy: &str, current: &str) -> Reach {
    reach(&Policy::parse_short(policy).unwrap(), &Value::parse(current).unwrap())
}

/// Repositories of the fleet, each with a thousand tags.
const FLEET: usize = 25;

fn path(number: usize) -> String {
    format!("team/app-{number:03}")
}

fn days() -> Vec<String> {
    let day = |number: usize| {
        format!(
            "20{:02}.{:02}.{:02}",
            20 + number / 336,
            number / 28 % 12 + 1,
            number % 28 + 1
        )
    };
    (0..1_000).map(day).collect()
}

fn filled(registry: RealRegistry) -> RealRegistry {
    registry.push_tags(&path(0), &days()).unwrap();
    for number in 1..FLEET {
        registry.share(&path(0), &path(number)).unwrap();
    }
    registry
}

fn lists(registry: &RealRegistry) -> usize {
    count(&registry.requests().unwrap())
}

fn count(requests: &[RegistryRequest]) -> usize {
    assert!(requests.iter().all(|request| request.target.contains("/tags/list")));
    requests.len()
}

fn in_front(address: SocketAddr) -> (Proxy, Reader) {
    let proxy = Proxy::to(address).unwrap();
    let reader = Reader::new(&proxy.address().to_string(), (0..FLEET).map(path));
    (proxy, reader)
}

#[tokio::test]
async fn on_distribution_3_a_look_at_a_thousand_tags_is_one_request_of_a_kilobyte() {
    let registry = filled(RealRegistry::distribution(&RegistrySettings::new()).unwrap());
    let (proxy, mut reader) = in_front(registry.address());
    let days = days();
    let wanted = reach_of("calver", days.last().unwrap());
    reader.read(&wanted).await;
    // A full page names a next one, though nothing is left for it.
    assert_eq!(lists(&registry), 2 * FLEET);
    reader.read(&wanted).await;
    // The first of them is read as a whole again; then comes the test, and after it the others are known to let a part be read.
    assert_eq!(lists(&registry), 2 * FLEET + 2 + 2 + (FLEET - 1));
    assert_eq!(reader.profile().seek, Seek::AnyLast);

    let (asked, before) = (lists(&registry), bytes(&proxy));
    reader.read(&wanted).await;
    assert_eq!(lists(&registry) - asked, FLEET);
    assert!(reader.were(|reading| *reading == Reading::Parts(vec![(1, 1)])));
    let bytes = bytes(&proxy) - before;
    assert!(
        bytes <= 1_000 * FLEET as u64,
        "{bytes} bytes in both directions, heads included"
    );

    registry.push_tags(&path(3), &["2023.01.01"]).unwrap();
    reader.read(&wanted).await;
    let found = reader.tags(3);
    assert!(found.contains("2023.01.01") && found.len() == 1_001);
}

fn bytes(proxy: &Proxy) -> u64 {
    proxy.bytes_sent() + proxy.bytes_received()
}

#[tokio::test]
async fn on_docker_registry_a_look_is_the_one_list_that_there_is() {
    let registry = filled(RealRegistry::docker_registry(&RegistrySettings::new()).unwrap());
    let (_proxy, mut reader) = in_front(registry.address());
    let wanted = reach_of("calver", "2022.12.01");
    for looks in 1..=3 {
        reader.read(&wanted).await;
        assert_eq!(lists(&registry), looks * FLEET);
    }
    assert!(reader.were(|reading| *reading == Reading::Unchanged));
    assert_ne!(reader.profile().seek, Seek::AnyLast);
}

#[tokio::test]
async fn on_the_small_registries_it_depends_on_the_link() {
    let paths: Vec<String> = (0..FLEET).map(path).collect();
    for (kind, seek, last_look) in [
        (GoRegistryKind::Ocimem, Seek::AnyLast, FLEET),
        // Without a `Link` nobody knows whether a part goes on, so the whole is read; and a page of a thousand tags is the last one
        // only if the list begins anew behind it, and the last tag still comes behind the last but one.
        (GoRegistryKind::GoContainerRegistry, Seek::None, 3 * FLEET),
    ] {
        let registry = GoRegistry::start(kind, &paths, &days()).unwrap();
        let asked = || count(&registry.requests().unwrap());
        let mut reader = Reader::new(&registry.address().to_string(), paths.clone());
        let wanted = reach_of("calver", days().last().unwrap());
        reader.read(&wanted).await;
        reader.read(&wanted).await;
        assert_eq!(reader.profile().seek, seek, "{kind:?}");
        let before = asked();
        reader.read(&wanted).await;
        assert_eq!(asked() - before, last_look, "{kind:?}");
        assert!(
            reader.were(|reading| (*reading == Reading::Unchanged) == (seek == Seek::None)),
            "{kind:?}"
        );
    }
}

/// Tags as a project has them that keeps every build: builds, pull requests, and releases.
fn huge() -> impl Iterator<Item = String> {
    let builds = (0..190_000_u64).map(|number| format!("commit-{:020x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let requests = (0..11_700).map(|number| format!("pr-{number}"));
    let releases = (0..469).map(|number| format!("v1.{}.{}", number / 3, number % 3));
    builds.chain(requests).chain(releases)
}

const HUGE: usize = 202_169;

fn huge_registry(order: Order) -> MemoryRegistry {
    let registry = MemoryRegistry::start().unwrap();
    registry.registry.set_manners(Manners {
        order,
        ..Manners::distribution_3()
    });
    registry.registry.push_tags("immich", huge());
    registry
}

#[tokio::test]
async fn two_hundred_thousand_tags_in_order_are_two_requests() {
    let registry = huge_registry(Order::Lexical);
    let asked = || registry.registry.requests().count(RequestKind::TagList);
    let mut reader = Reader::new(&registry.host(), ["immich".to_owned()]);
    let wanted = reach_of("semver:^1", "v1.156.0");
    reader.read(&wanted).await;
    assert_eq!((asked(), reader.tags(0).len()), (203, HUGE));
    reader.read(&wanted).await;
    assert_eq!(asked(), 2 * 203 + 2);
    registry.registry.push_tag("immich", "v1.157.0");
    registry.registry.push_tag("immich", "1.158.0");
    let before = asked();
    reader.read(&wanted).await;
    assert_eq!(asked() - before, 2);
    let found = reader.tags(0);
    assert!(found.contains("v1.157.0") && found.contains("1.158.0") && found.len() == HUGE + 2);
}

#[tokio::test]
async fn two_hundred_thousand_tags_as_pushed_are_one_request() {
    let registry = huge_registry(Order::Pushed);
    let asked = || registry.registry.requests().count(RequestKind::TagList);
    let mut reader = Reader::new(&registry.host(), ["immich".to_owned()]);
    let wanted = reach_of("newest:*", "v1.156.0");
    reader.read(&wanted).await;
    assert_eq!(asked(), 203);
    // That something is new at the end is what shows the order, and the test confirms it.
    registry.registry.push_tag("immich", "a-build");
    reader.read(&wanted).await;
    assert_eq!(asked(), 2 * 203 + 1);
    registry.registry.push_tag("immich", "0-build");
    let before = asked();
    reader.read(&wanted).await;
    assert_eq!(asked() - before, 1);
    assert!(reader.tags(0).contains("0-build"));
}
