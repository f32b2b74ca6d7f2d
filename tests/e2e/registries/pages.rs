//! distribution 3 with thousands of tags over TLS: pages, and HTTP/2.

use testkit::{Ca, Proxy, RealRegistry, RegistrySettings};

use super::{Stage, ca_file};
use crate::world::World;

#[test]
fn thousands_of_tags_are_read_page_by_page_over_one_connection() {
    let ca = Ca::new().unwrap();
    let registry = RealRegistry::distribution(&RegistrySettings::new().tls(&ca)).unwrap();
    let tags: Vec<String> = (0..2_500).map(|minor| format!("1.{minor}.0")).collect();
    registry.push_tags("team/app", &tags).unwrap();
    let proxy = Proxy::to(registry.address()).unwrap();
    let host = proxy.address().to_string();
    let world = World::new();
    let ca = ca_file(&world, &ca);
    let world = world.registry(&format!("host: \"{host}\", caFile: \"{}\"", ca.display()));
    let stage = Stage::new(world, &format!("{host}/team/app"), "1.2499.0");
    stage.lands_once("1.2500.0", || {
        registry.push_tag("team/app", "1.2500.0").unwrap();
    });
    let asked = registry.requests().unwrap();
    let lists = asked.iter().filter(|request| request.target.contains("/tags/list?"));
    assert_eq!(lists.count(), 3 * 3, "three pages in each of three passes");
    let heads = asked.iter().filter(|request| request.method == "HEAD");
    assert_eq!(heads.count(), 1, "the digest of the new tag");
    assert_eq!(asked.len(), 10, "{asked:#?}");
    for request in &asked {
        assert_eq!(
            (request.version.as_str(), request.status),
            ("HTTP/2.0", 200),
            "{request:?}"
        );
    }
    assert_eq!(proxy.connections(), 3, "one in each pass");
}
