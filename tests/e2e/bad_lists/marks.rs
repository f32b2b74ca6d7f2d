//! The high-water mark: what was once written and seen at the head is not gone below.

use testkit::TagList;

use super::stage::Stage;

/// A service that Tidemark moved from 1.4.0 to 1.5.0, and that saw it at the head.
fn moved() -> Stage {
    moved_with("{}")
}

fn moved_with(suspect: &str) -> Stage {
    let tags = ["1.3.0", "1.4.0", "1.5.0"].map(str::to_owned);
    let stage = Stage::with_suspect(&tags, "1.4.0", "semver:^1", suspect);
    assert_eq!(stage.pass(), "1.5.0");
    assert_eq!(stage.pass(), "1.5.0");
    stage
}

#[test]
fn what_a_person_took_back_is_held_over_restarts() {
    let stage = moved();
    stage.edit("api:1.5.0", "api:1.4.0");
    for _ in 0..3 {
        assert_eq!(stage.pass(), "1.4.0");
    }
    stage.reason("humanOverride");
    stage.push("1.5.1");
    assert_eq!(stage.pass(), "1.5.1");
}

#[test]
fn what_ranks_below_the_mark_is_held() {
    let stage = moved();
    // The vendor takes 1.5.0 back, a person follows, and something between the two appears.
    stage.delete("1.5.0");
    stage.edit("api:1.5.0", "api:1.4.0");
    stage.push("1.4.5");
    for _ in 0..3 {
        assert_eq!(stage.pass(), "1.4.0");
    }
    stage.reason("belowHighWater");
    stage.push("1.6.0");
    assert_eq!(stage.pass(), "1.6.0");
    stage.reason("upToDate");
}

#[test]
fn a_changed_policy_starts_anew() {
    let stage = moved();
    stage.edit("api:1.5.0", "api:1.4.0");
    assert_eq!(stage.pass(), "1.4.0");
    stage.edit("semver:^1", "semver:^1.4");
    assert_eq!(stage.pass(), "1.5.0");
    // And what is lowered under the new one is held under it.
    assert_eq!(stage.pass(), "1.5.0");
    stage.edit("api:1.5.0", "api:1.4.0");
    assert_eq!(stage.pass(), "1.4.0");
    stage.reason("humanOverride");
}

#[test]
fn a_policy_that_may_lower_has_no_mark() {
    let tags = ["1.4.0", "1.5.0", "2.0.0"].map(str::to_owned);
    let stage = Stage::new(&tags, "1.4.0", "lowering");
    assert_eq!(stage.pass(), "1.5.0");
    assert_eq!(stage.pass(), "1.5.0");
    stage.edit("api:1.5.0", "api:1.4.0");
    assert_eq!(stage.pass(), "1.5.0");
}

#[test]
fn what_a_person_raised_is_no_mark_of_ours() {
    let stage = moved();
    stage.push("1.7.0");
    stage.list(TagList::Without("1.7.0".to_owned()));
    stage.edit("api:1.5.0", "api:1.7.0");
    assert_eq!(stage.pass(), "1.7.0");
    stage.edit("api:1.7.0", "api:1.4.0");
    stage.push("1.6.0");
    assert_eq!(
        stage.pass(),
        "1.6.0",
        "it ranks above the highest that was written here"
    );
}

#[test]
fn doubt_does_not_lead_below_the_mark() {
    let stage = moved_with("{scans: 3, span: 1ms}");
    stage.edit("api:1.5.0", "api:1.3.0");
    // The current tag is missing, and what there is ranks above it and below the mark.
    stage.list_only(&["1.4.0"]);
    for _ in 0..5 {
        assert_eq!(stage.pass(), "1.3.0");
    }
    stage.reason("currentTagMissing");
    stage.push("1.6.0");
    stage.list_only(&["1.4.0", "1.6.0"]);
    assert_eq!(stage.pass(), "1.6.0");
}

#[test]
fn the_mark_is_shown() {
    let stage = moved();
    let daemon = stage.world.start();
    let target = daemon.until_reason("upToDate");
    assert_eq!(target["highWater"], "1.5.0");
    assert_eq!(target["current"], "1.5.0");
}
