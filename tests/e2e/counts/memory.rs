//! The registry in memory.

use memory_registry::{Authentication, Request, RequestKind, Rights, Users};
use testkit::{Ca, MemoryRegistry};

use super::{CONCURRENCY, Counts, IMAGES, Subject, check, image, tags};

/// Fills a registry.
pub(super) fn filled(registry: anyhow::Result<MemoryRegistry>) -> MemoryRegistry {
    let registry = registry.unwrap();
    for number in 0..IMAGES {
        registry.registry.push_tags(&image(number), tags());
    }
    registry
}

pub(super) fn asked(registry: &MemoryRegistry) -> Counts {
    let mut counts = Counts::default();
    for request in registry.registry.requests().iter() {
        *counts.of(request) += 1;
    }
    counts
}

impl Counts {
    fn of(&mut self, request: &Request) -> &mut usize {
        match (request.kind, request.status) {
            (_, 401) => &mut self.refused,
            (RequestKind::TagList, 200) => &mut self.lists,
            (RequestKind::ManifestHead, 200) => &mut self.heads,
            (RequestKind::Token, 200) => &mut self.tokens,
            _ => &mut self.others,
        }
    }
}

#[test]
fn over_http_1_a_pass_has_no_more_connections_than_requests_under_way() {
    let registry = filled(MemoryRegistry::start());
    let subject = Subject {
        address: registry.host().parse().unwrap(),
        keys: ", plainHttp: true",
        ca: None,
        password: None,
        asked: &|| asked(&registry),
        connections: CONCURRENCY,
        tests: 1,
    };
    check(&subject, Counts::default());
}

#[test]
fn over_http_2_a_pass_has_one_connection() {
    let ca = Ca::new().unwrap();
    let registry = filled(MemoryRegistry::start_tls(&ca));
    let subject = Subject {
        address: registry.host().parse().unwrap(),
        keys: "",
        ca: Some(&ca),
        password: None,
        asked: &|| asked(&registry),
        connections: 1,
        tests: 1,
    };
    check(&subject, Counts::default());
}

#[test]
fn a_password_costs_one_refusal_for_all_images() {
    let ca = Ca::new().unwrap();
    let registry = filled(MemoryRegistry::start_tls(&ca));
    let users = Users::new().with("alice", "correct-horse-battery", Rights::pull("*"));
    registry.registry.set_authentication(Authentication::basic(users));
    let subject = Subject {
        address: registry.host().parse().unwrap(),
        keys: "",
        ca: Some(&ca),
        password: Some("correct-horse-battery"),
        asked: &|| asked(&registry),
        connections: 1,
        tests: 1,
    };
    let floor = Counts {
        refused: 1,
        ..Counts::default()
    };
    check(&subject, floor);
}
