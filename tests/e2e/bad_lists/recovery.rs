//! A doubtful list that stays: after long enough it may move what is written upwards, and never down.

use testkit::TagList;

use super::stage::{Stage, patches};

/// So many scans are believed at once, however fast they follow each other.
const THREE_SCANS: &str = "{scans: 3, span: 1ms}";

#[test]
fn the_third_scan_that_agrees_moves_upwards() {
    let stage = Stage::with_suspect(&patches(100), "1.0.99", "semver:^1", THREE_SCANS);
    assert_eq!(stage.pass(), "1.0.99");
    stage.push("1.1.0");
    stage.list_only(&["1.0.99", "1.1.0"]);
    assert_eq!(stage.pass(), "1.0.99");
    assert_eq!(stage.pass(), "1.0.99");
    assert_eq!(stage.pass(), "1.1.0");
}

#[test]
fn the_same_without_the_current_tag() {
    let stage = Stage::with_suspect(&patches(100), "1.0.99", "semver:^1", THREE_SCANS);
    assert_eq!(stage.pass(), "1.0.99");
    stage.push("1.1.0");
    stage.list(TagList::Without("1.0.99".to_owned()));
    assert_eq!(stage.pass(), "1.0.99");
    assert_eq!(stage.pass(), "1.0.99");
    assert_eq!(stage.pass(), "1.1.0");
}

#[test]
fn scans_that_differ_begin_anew() {
    let stage = Stage::with_suspect(&patches(100), "1.0.99", "semver:^1", THREE_SCANS);
    assert_eq!(stage.pass(), "1.0.99");
    stage.push("1.1.0");
    for size in [2, 2, 3, 3, 2] {
        stage.list(TagList::Newest(size));
        assert_eq!(stage.pass(), "1.0.99");
    }
    stage.list(TagList::Newest(2));
    assert_eq!(stage.pass(), "1.0.99");
    assert_eq!(stage.pass(), "1.1.0");
}

#[test]
fn a_good_list_between_begins_anew() {
    let stage = Stage::with_suspect(&patches(100), "1.0.99", "semver:^1", THREE_SCANS);
    let bad = || stage.list_only(&["1.0.99", "1.1.0"]);
    assert_eq!(stage.pass(), "1.0.99");
    stage.push("1.1.0");
    for _ in 0..2 {
        bad();
        assert_eq!(stage.pass(), "1.0.99");
        assert_eq!(stage.pass(), "1.0.99");
        stage.list_with_old(&["1.0.99"], 99);
        assert_eq!(stage.pass(), "1.0.99");
    }
}

#[test]
fn a_scan_that_fails_between_is_no_evidence() {
    let stage = Stage::with_suspect(&patches(100), "1.0.99", "semver:^1", THREE_SCANS);
    assert_eq!(stage.pass(), "1.0.99");
    stage.push("1.1.0");
    let bad = || stage.list_only(&["1.0.99", "1.1.0"]);
    bad();
    assert_eq!(stage.pass(), "1.0.99");
    stage.list(TagList::Answer(503));
    stage.failing_pass();
    stage.failing_pass();
    bad();
    assert_eq!(stage.pass(), "1.0.99");
    assert_eq!(stage.pass(), "1.1.0");
}

#[test]
fn many_scans_in_a_short_time_are_not_enough() {
    // The usual: three scans over ten minutes.
    let stage = Stage::new(&patches(100), "1.0.99", "semver:^1");
    assert_eq!(stage.pass(), "1.0.99");
    stage.push("1.1.0");
    stage.list_only(&["1.0.99", "1.1.0"]);
    for _ in 0..5 {
        assert_eq!(stage.pass(), "1.0.99");
    }
    stage.age_doubts(590);
    assert_eq!(stage.pass(), "1.0.99");
    stage.age_doubts(10);
    assert_eq!(stage.pass(), "1.1.0");
}

#[test]
fn a_long_time_with_few_scans_is_not_enough() {
    let stage = Stage::new(&patches(100), "1.0.99", "semver:^1");
    assert_eq!(stage.pass(), "1.0.99");
    stage.push("1.1.0");
    stage.list(TagList::Without("1.0.99".to_owned()));
    assert_eq!(stage.pass(), "1.0.99");
    stage.age_doubts(100_000);
    assert_eq!(stage.pass(), "1.0.99");
    assert_eq!(stage.pass(), "1.1.0");
}

#[test]
fn a_daemon_moves_upwards_after_its_scans_and_its_span() {
    let suspect = "{scans: 3, span: 3s}";
    let stage = Stage::with_suspect(&patches(100), "1.0.99", "semver:^1", suspect);
    let daemon = stage.world.start();
    daemon.until_reason("upToDate");
    stage.push("1.1.0");
    stage.list_only(&["1.0.99", "1.1.0"]);
    daemon.until_reason("suspectList");
    daemon.until_commits(1);
    assert_eq!(stage.tag(), "1.1.0");
    let images = daemon.until("/api/v1/images", |answer| {
        answer["images"][0]["list"]["standing"] == "upwardsOnly"
    });
    assert_eq!(images["images"][0]["tags"], 2);
    // What appears in such a list later is found, too.
    stage.push("1.2.0");
    stage.list_only(&["1.0.99", "1.1.0", "1.2.0"]);
    daemon.until_commits(2);
    assert_eq!(stage.tag(), "1.2.0");
}

/// A policy that may lower, a registry whose list says to for long: it is not believed downwards.
#[test]
fn not_even_a_policy_that_may_lower_lowers_from_doubt() {
    let stage = Stage::with_suspect(&patches(100), "1.0.99", "lowering", THREE_SCANS);
    assert_eq!(stage.pass(), "1.0.99");
    stage.list_only(&["1.0.1", "1.0.2"]);
    for _ in 0..5 {
        assert_eq!(stage.pass(), "1.0.99");
    }
    stage.reason("suspectList");
    // A list of the usual size that lacks what is newest is doubted for that, and no longer.
    stage.list_with_old(&["1.0.1", "1.0.2"], 98);
    for _ in 0..5 {
        assert_eq!(stage.pass(), "1.0.99");
    }
    stage.reason("currentTagMissing");
    // Without doubt it does as it is told.
    stage.list_with_old(&["1.0.1", "1.0.2", "1.0.99"], 98);
    stage.edit("1.0.99", "2.0.0");
    stage.push("2.0.0");
    stage.list_with_old(&["1.0.1", "1.0.99", "2.0.0"], 98);
    assert_eq!(stage.pass(), "1.0.99");
}

#[test]
fn without_the_state_it_is_never_lower_than_git() {
    let stage = Stage::with_suspect(&patches(100), "1.0.50", "semver:^1", THREE_SCANS);
    assert_eq!(stage.pass(), "1.0.99");
    for list in [vec!["1.0.1", "1.0.98"], vec!["1.0.98"], vec![]] {
        stage.forget_state();
        stage.list_only(&list);
        for _ in 0..5 {
            assert_eq!(stage.pass(), "1.0.99", "{list:?}");
        }
    }
    stage.forget_state();
    stage.push("1.1.0");
    stage.list_only(&["1.0.98", "1.1.0"]);
    assert_eq!(stage.pass(), "1.0.99", "the current tag is missing");
    assert_eq!(stage.pass(), "1.0.99");
    assert_eq!(stage.pass(), "1.1.0");
}
