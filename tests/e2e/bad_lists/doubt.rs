//! From a good list to a bad one with a newer tag in it, and back.

use testkit::TagList;

use super::stage::{Stage, patches};

/// What a daemon shows while its registry lists so.
struct Shown {
    /// The decision's reason.
    reason: &'static str,
    /// The list's standing.
    list: &'static str,
    /// A part of the last scan's error; empty if it went well.
    error: &'static str,
    /// The kind of that error.
    code: Option<&'static str>,
}

const SUSPECT: Shown = Shown {
    reason: "suspectList",
    list: "suspectList",
    error: "",
    code: None,
};

/// A daemon with 100 tags sees `list`, in which 1.1.0 is new; nothing is written until the list is good again.
#[track_caller]
fn check(list: TagList, shown: &Shown) {
    let stage = Stage::new(&patches(100), "1.0.99", "semver:^1");
    let daemon = stage.world.start();
    daemon.until_reason("upToDate");
    stage.list(list);
    stage.push("1.1.0");
    daemon.settled();
    let target = daemon.until_reason(shown.reason);
    assert_eq!(target["current"], "1.0.99");
    let image = daemon.get("/api/v1/images")["images"][0].clone();
    assert_eq!(image["list"]["standing"], shown.list, "{image:#}");
    assert_eq!(image["lastErrorCode"].as_str(), shown.code, "{image:#}");
    let error = image["lastError"].as_str().unwrap_or_default();
    assert!(
        error.contains(shown.error) && error.is_empty() == shown.error.is_empty(),
        "{error}"
    );
    daemon.settled();
    daemon.until_reason(shown.reason);
    assert_eq!(stage.commits(), 0);
    stage.list(TagList::Good);
    daemon.until_commits(1);
    assert_eq!((stage.tag().as_str(), stage.commits()), ("1.1.0", 1));
    daemon.until_reason("upToDate");
}

#[test]
fn nothing_is_decided_from_a_list_that_holds_little_but_the_newer_tag() {
    check(TagList::Newest(3), &SUSPECT);
}

#[test]
fn nothing_is_decided_from_a_list_that_holds_the_newer_tag_alone() {
    check(TagList::Newest(1), &SUSPECT);
}

#[test]
fn nothing_is_decided_from_an_empty_list() {
    check(TagList::Empty, &SUSPECT);
}

#[test]
fn nothing_is_decided_from_null() {
    check(TagList::Null, &SUSPECT);
}

#[test]
fn nothing_is_decided_from_a_page_for_people() {
    let shown = Shown {
        reason: "upToDate",
        list: "plausible",
        error: "the list of tags is not usable",
        code: Some("badAnswer"),
    };
    check(TagList::Html, &shown);
}

#[test]
fn nothing_is_decided_from_a_list_that_breaks_off_on_page_two() {
    let shown = Shown {
        reason: "upToDate",
        list: "plausible",
        error: "failed to list the tags",
        code: Some("unreachable"),
    };
    check(TagList::CutAtPageTwo, &shown);
}

#[test]
fn nothing_is_decided_from_79_percent() {
    check(TagList::Newest(79), &SUSPECT);
}

#[test]
fn nothing_is_decided_without_the_current_tag() {
    let shown = Shown {
        reason: "currentTagMissing",
        list: "plausible",
        error: "",
        code: None,
    };
    check(TagList::Without("1.0.99".to_owned()), &shown);
}

/// After a list of `before` tags one of `after` tags, the newer one and the current one among them.
#[track_caller]
fn shrinks(before: usize, after: usize, passes: bool) {
    let current = format!("1.0.{}", before - 1);
    let stage = Stage::new(&patches(before), &current, "semver:^1");
    assert_eq!(stage.pass(), current);
    stage.push("1.1.0");
    stage.list(TagList::Newest(after));
    let expected = if passes { "1.1.0" } else { current.as_str() };
    assert_eq!(stage.pass(), expected, "{before} to {after}");
}

#[test]
fn a_list_may_lose_a_fifth_or_ten_tags() {
    for (before, after, passes) in [
        (100, 80, true),
        (100, 79, false),
        (1000, 800, true),
        (1000, 799, false),
        (51, 41, true),
        (20, 10, true),
        (20, 9, false),
        (12, 2, true),
        (12, 1, false),
    ] {
        shrinks(before, after, passes);
    }
}

#[test]
fn each_accepted_list_is_what_the_next_is_measured_by() {
    let stage = Stage::new(&patches(100), "1.0.99", "semver:^1");
    for (size, tag, expected) in [
        (100, "1.0.99", "1.0.99"),
        (80, "1.1.0", "1.1.0"),
        (64, "1.2.0", "1.2.0"),
        (50, "1.3.0", "1.2.0"),
        (52, "1.4.0", "1.4.0"),
        (40, "1.5.0", "1.4.0"),
    ] {
        stage.push(tag);
        stage.list(TagList::Newest(size));
        assert_eq!(stage.pass(), expected, "{size} tags with {tag}");
    }
}

#[test]
fn a_bad_list_after_a_restart_is_no_better() {
    for (list, fails) in [
        (TagList::Newest(3), false),
        (TagList::Null, false),
        (TagList::Newest(79), false),
        (TagList::Without("1.0.99".to_owned()), false),
        (TagList::Html, true),
        (TagList::CutAtPageTwo, true),
        (TagList::Answer(404), true),
        (TagList::Answer(503), true),
    ] {
        let stage = Stage::new(&patches(100), "1.0.99", "semver:^1");
        assert_eq!(stage.pass(), "1.0.99");
        stage.push("1.1.0");
        stage.list(list.clone());
        // More passes than it takes to believe a list, but in less time.
        for _ in 0..4 {
            if fails {
                stage.failing_pass();
            } else {
                stage.pass();
            }
            assert_eq!(stage.tag(), "1.0.99", "{list:?}");
        }
        stage.list(TagList::Good);
        assert_eq!(stage.pass(), "1.1.0", "{list:?}");
        assert_eq!(stage.commits(), 1);
    }
}
