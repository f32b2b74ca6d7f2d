//! The small registries in Go, with lists that fit a page and lists that do not. One of them cuts them without saying so.

use testkit::{BareRepository, GoRegistry, GoRegistryKind};

use crate::world::World;
use crate::world::manifests::deployment;

const IMAGE: &str = "team/app";

/// A service at the first of so many tags, the last of which is the newest: it moves there, with so many lists, and later looks at as
/// many as `again`.
#[track_caller]
fn check(kind: GoRegistryKind, tags: usize, lists: usize, again: usize) {
    let all: Vec<String> = (0..tags).map(|number| format!("1.{}.0", 10_000 + number)).collect();
    let registry = GoRegistry::start(kind, &[IMAGE], &all).unwrap();
    let host = registry.address().to_string();
    let repository = BareRepository::new().unwrap();
    let file = deployment("api", &format!("{host}/{IMAGE}:{}", all[0]), "semver:^1");
    repository.seed([("api.yaml", file)]).unwrap();
    let world = World::new()
        .registry(&format!("host: \"{host}\", plainHttp: true"))
        .repository(&format!("url: \"{}\"", repository.file_url()));
    let asked = |before: usize| {
        let requests = registry.requests().unwrap();
        let lists = requests.iter().filter(|request| request.target.contains("/tags/list"));
        lists.count() - before
    };
    world.once().expect(0);
    assert_eq!(asked(0), lists, "{tags} tags");
    let newest = all.last().unwrap();
    assert!(repository.message().unwrap().contains(newest), "{tags} tags");
    world.once().expect(0);
    assert_eq!(asked(lists), again, "{tags} tags");
    assert_eq!(repository.commits().unwrap(), 2);

    let config = world.write_config().display().to_string();
    let listed = world.run(&["tags", &format!("{host}/{IMAGE}"), "--config", &config]);
    assert_eq!(listed.expect(0).stdout.lines().count(), tags);
}

#[test]
fn a_registry_that_cuts_lists_without_a_word_is_read_to_the_end() {
    let kind = GoRegistryKind::GoContainerRegistry;
    check(kind, 999, 1, 1);
    // How it is with a single tag, what is behind the last one, and whether that is the last one.
    check(kind, 1_000, 4, 3);
    check(kind, 1_001, 3, 2);
    check(kind, 2_000, 5, 4);
    check(kind, 2_500, 4, 3);
}

#[test]
fn a_registry_that_names_pages_is_taken_at_its_word() {
    let kind = GoRegistryKind::Ocimem;
    check(kind, 1_000, 2, 1);
    check(kind, 1_001, 2, 2);
    check(kind, 2_500, 3, 3);
}
