//! The small registries in Go, whose pages are others than those of the real ones.

use testkit::{GoRegistry, GoRegistryKind};

use super::{CONCURRENCY, Counts, IMAGES, Subject, check, image, real, tags};

#[track_caller]
fn check_open(kind: GoRegistryKind) {
    let images: Vec<String> = (0..IMAGES).map(image).collect();
    let registry = GoRegistry::start(kind, &images, &tags()).unwrap();
    let subject = Subject {
        address: registry.address(),
        keys: ", plainHttp: true",
        ca: None,
        password: None,
        asked: &|| real::counted(&registry.requests().unwrap()),
        connections: CONCURRENCY,
    };
    check(&subject, Counts::default());
}

/// It knows that nothing is left after a full page, and names no next one.
#[test]
fn ocimem() {
    check_open(GoRegistryKind::Ocimem);
}

#[test]
fn go_containerregistry() {
    check_open(GoRegistryKind::GoContainerRegistry);
}
