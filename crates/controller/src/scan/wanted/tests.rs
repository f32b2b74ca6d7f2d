//! Whose wants are whose.

use super::*;

fn asks(image: &str, current: &str) -> Asks {
    let ask = Ask {
        policy: Arc::new(Policy::parse_short("semver:^1").unwrap()),
        current: Value::parse(current).unwrap(),
    };
    BTreeMap::from([(Repository::parse(image).unwrap(), vec![ask])])
}

#[test]
fn equal_asks_of_two_branches_are_one() {
    let wanted = Wanted::new();
    wanted.publish("a", &asks("registry.test/acme/api", "1.0.0"));
    wanted.publish("b", &asks("registry.test/acme/api", "1.0.0"));
    wanted.publish("c", &asks("registry.test/acme/api", "1.1.0"));
    wanted.publish("d", &asks("other.test/acme/api", "1.0.0"));
    let of = wanted.of(&Registry::parse("registry.test").unwrap());
    assert_eq!(of.values().map(Vec::len).collect::<Vec<_>>(), [2]);
}

#[test]
fn only_other_wants_wake_the_scans() {
    let wanted = Wanted::new();
    let changes = wanted.subscribe();
    wanted.publish("a", &asks("registry.test/acme/api", "1.0.0"));
    wanted.publish("a", &asks("registry.test/acme/api", "1.0.0"));
    assert_eq!(*changes.borrow(), 1);
    wanted.withdraw("a");
    assert_eq!(*changes.borrow(), 2);
    assert!(wanted.registries().is_empty() && wanted.by("a").is_empty());
}
