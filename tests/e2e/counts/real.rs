//! The real registries.

use testkit::{Ca, RealRegistry, RegistryRequest, RegistrySettings};

use super::{CONCURRENCY, Counts, IMAGES, Subject, check, image, tags};

/// Fills a registry.
pub(super) fn filled(registry: anyhow::Result<RealRegistry>) -> RealRegistry {
    let registry = registry.unwrap();
    registry.push_tags(&image(0), &tags()).unwrap();
    for number in 1..IMAGES {
        registry.share(&image(0), &image(number)).unwrap();
    }
    registry
}

pub(super) fn asked(registry: &RealRegistry) -> Counts {
    counted(&registry.requests().unwrap())
}

pub(super) fn counted(requests: &[RegistryRequest]) -> Counts {
    let mut counts = Counts::default();
    for request in requests {
        *counts.of_real(request) += 1;
    }
    counts
}

impl Counts {
    fn of_real(&mut self, request: &RegistryRequest) -> &mut usize {
        let list = request.target.contains("/tags/list");
        match (request.method.as_str(), request.status) {
            (_, 401) => &mut self.refused,
            ("GET", 200) if list => &mut self.lists,
            ("HEAD", 200) => &mut self.heads,
            _ => &mut self.others,
        }
    }
}

#[test]
fn docker_registry_over_plain_http() {
    let registry = filled(RealRegistry::docker_registry(&RegistrySettings::new()));
    let subject = Subject {
        address: registry.address(),
        keys: ", plainHttp: true",
        ca: None,
        password: None,
        asked: &|| asked(&registry),
        connections: CONCURRENCY,
        tests: 0,
    };
    check(&subject, Counts::default());
}

/// One connection, and nothing but HTTP/2; so many pages beyond the first of each list.
#[track_caller]
fn check_over_tls(start: impl Fn(&RegistrySettings) -> anyhow::Result<RealRegistry>, more_pages: usize) {
    let ca = Ca::new().unwrap();
    let registry = filled(start(&RegistrySettings::new().tls(&ca)));
    let subject = Subject {
        address: registry.address(),
        keys: "",
        ca: Some(&ca),
        password: None,
        asked: &|| asked(&registry),
        connections: 1,
        tests: 0,
    };
    let floor = Counts {
        lists: more_pages,
        ..Counts::default()
    };
    check(&subject, floor);
    for request in registry.requests().unwrap() {
        assert_eq!(request.version, "HTTP/2.0", "{request:?}");
    }
}

#[test]
fn docker_registry_over_tls() {
    check_over_tls(RealRegistry::docker_registry, 0);
}

/// Its pages have a thousand tags, and a full page names a next one, even if nothing is left for it.
#[test]
fn distribution_3_over_tls() {
    check_over_tls(RealRegistry::distribution, IMAGES);
}
