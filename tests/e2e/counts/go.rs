//! The small registries in Go, whose pages are others than those of the real ones.

use testkit::{GoRegistry, GoRegistryKind};

use super::{CONCURRENCY, Counts, IMAGES, Subject, check, image, real, tags};

/// So many lists more in each pass.
#[track_caller]
fn check_open(kind: GoRegistryKind, more_lists: usize) {
    let images: Vec<String> = (0..IMAGES).map(image).collect();
    let registry = GoRegistry::start(kind, &images, &tags()).unwrap();
    let subject = Subject {
        address: registry.address(),
        keys: ", plainHttp: true",
        ca: None,
        password: None,
        asked: &|| real::counted(&registry.requests().unwrap()),
        connections: CONCURRENCY,
        tests: 1,
    };
    let floor = Counts {
        lists: more_lists,
        ..Counts::default()
    };
    check(&subject, floor);
}

/// It knows that nothing is left after a full page, and names no next one. That it names one otherwise is tested once.
#[test]
fn ocimem() {
    check_open(GoRegistryKind::Ocimem, 0);
}

/// It never names a next page, so that what is behind a full one is asked for. There the list begins anew, and so it is asked whether
/// its last tag is still the last.
#[test]
fn go_containerregistry() {
    check_open(GoRegistryKind::GoContainerRegistry, 2 * IMAGES);
}
