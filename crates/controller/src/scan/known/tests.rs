//! What counts as news.

use domain::accept::Missing;
use domain::reference::Value;
use domain::scan::TagList;

use super::*;

fn repository() -> Repository {
    Repository::parse("registry.test/acme/api").unwrap()
}

fn knowledge(tags: &[&str]) -> Knowledge {
    let scan = Scan::of_tags(
        repository(),
        Arc::new(TagList::from_names(tags)),
        Timestamp::from_unix_seconds(1),
    );
    Knowledge {
        scan: Some(Arc::new(scan)),
        ..Knowledge::default()
    }
}

#[test]
fn only_news_wakes_those_who_decide() {
    let known = Known::new();
    let changes = known.subscribe();
    known.put(&repository(), knowledge(&["1.0.0"]));
    assert_eq!(*changes.borrow(), 1);
    let later = Knowledge {
        last_attempt: Some(Timestamp::from_unix_seconds(9)),
        ..knowledge(&["1.0.0"])
    };
    known.put(&repository(), later);
    assert_eq!(*changes.borrow(), 1, "the same list again is no news");
    known.put(&repository(), knowledge(&["1.0.0", "1.1.0"]));
    assert_eq!(*changes.borrow(), 2);
}

#[test]
fn what_nobody_wants_is_forgotten() {
    let known = Known::new();
    known.put(&repository(), knowledge(&["1.0.0"]));
    known.retain(|_| false);
    assert!(known.get(&repository()).is_none());
}

#[test]
fn a_current_tag_that_the_list_lacks_is_in_doubt_though_no_scan_was_asked_about_it() {
    let known = knowledge(&["1.0.0"]);
    let standing = |value: &str| known.standing_of(&Value::parse(value).unwrap()).missing;
    assert_eq!(standing("1.0.0"), BTreeMap::new());
    let lacking = Tag::parse("1.5.0").unwrap();
    assert_eq!(standing("1.5.0"), BTreeMap::from([(lacking, Missing::Doubted)]));
}

#[test]
fn where_the_clock_is_set_back_no_attempt_was_made_later_than_now() {
    let known = Known::new();
    let at = Timestamp::from_unix_seconds;
    let attempted = Knowledge {
        last_attempt: Some(at(9)),
        ..knowledge(&["1.0.0"])
    };
    known.put(&repository(), attempted);
    let changes = *known.subscribe().borrow();
    let last = || known.get(&repository()).unwrap().last_attempt;
    known.set_back(&domain::reference::Registry::parse("other.test").unwrap(), at(5));
    assert_eq!(last(), Some(at(9)));
    known.set_back(repository().registry(), at(10));
    assert_eq!(last(), Some(at(9)));
    known.set_back(repository().registry(), at(5));
    assert_eq!(last(), Some(at(5)));
    assert_eq!(*known.subscribe().borrow(), changes, "that is no news");
}
