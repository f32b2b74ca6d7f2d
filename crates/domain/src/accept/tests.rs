use super::*;

const MINUTE: i64 = 60;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_unix_seconds(minutes * MINUTE)
}

/// A list of that many tags, `first` and on.
fn list(first: usize, count: usize) -> TagList {
    TagList::from_names((first..first + count).map(|number| format!("1.{number}.0")))
}

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

/// Judges lists one after the other and gives the last standing.
fn judge(lists: &[(i64, TagList)], current: &str) -> Standing {
    let currents = BTreeSet::from([tag(current)]);
    let mut record = ListRecord::default();
    let mut last = Standing::plausible();
    for (minutes, tags) in lists {
        (last, record) = accept(&record, tags, &currents, SuspectLimits::default(), at(*minutes));
    }
    last
}

fn standing_after(before: usize, now: usize) -> ListStanding {
    judge(&[(0, list(0, before)), (5, list(0, now))], "1.0.0").list
}

#[test]
fn a_first_list_is_plausible_whatever_its_size() {
    assert_eq!(judge(&[(0, list(0, 0))], "x").list, ListStanding::Plausible);
    assert_eq!(judge(&[(0, list(0, 5))], "x").list, ListStanding::Plausible);
}

#[test]
fn four_fifths_or_ten_tags_fewer_are_plausible() {
    assert_eq!(standing_after(1000, 800), ListStanding::Plausible);
    assert_eq!(standing_after(20, 10), ListStanding::Plausible);
    assert_eq!(standing_after(11, 1), ListStanding::Plausible);
    assert_eq!(standing_after(100, 1000), ListStanding::Plausible);
}

#[test]
fn a_list_that_lost_more_is_suspect() {
    let shrunk = |before, now| ListStanding::Suspect(SuspectReason::Shrunk { before, now });
    assert_eq!(standing_after(1000, 799), shrunk(1000, 799));
    assert_eq!(standing_after(100, 79), shrunk(100, 79));
    assert_eq!(standing_after(20, 9), shrunk(20, 9));
    assert_eq!(
        standing_after(5, 0),
        ListStanding::Suspect(SuspectReason::Empty { before: 5 })
    );
}

#[test]
fn a_list_that_stays_small_may_be_used_upwards() {
    let lists = |times: &[i64]| -> Vec<(i64, TagList)> {
        let short = times.iter().map(|&minutes| (minutes, list(0, 50)));
        [(0, list(0, 100))].into_iter().chain(short).collect()
    };
    let reason = SuspectReason::Shrunk { before: 100, now: 50 };
    assert_eq!(
        judge(&lists(&[5, 10]), "1.0.0").list,
        ListStanding::Suspect(reason),
        "two scans"
    );
    assert_eq!(
        judge(&lists(&[5, 6, 7, 8]), "1.0.0").list,
        ListStanding::Suspect(reason),
        "too soon"
    );
    assert_eq!(
        judge(&lists(&[5, 10, 15]), "1.0.0").list,
        ListStanding::UpwardsOnly(reason)
    );
    assert_eq!(
        judge(&lists(&[5, 10, 15, 20, 600]), "1.0.0").list,
        ListStanding::UpwardsOnly(reason)
    );
}

#[test]
fn suspect_lists_must_agree() {
    let lists = [
        (0, list(0, 100)),
        (5, list(0, 50)),
        (10, list(10, 50)),
        (15, list(0, 50)),
        (20, list(0, 50)),
    ];
    assert!(matches!(judge(&lists, "1.0.0").list, ListStanding::Suspect(_)));
}

#[test]
fn a_suspect_list_that_has_been_used_may_get_new_tags() {
    let used = [
        (0, list(0, 100)),
        (5, list(0, 50)),
        (10, list(0, 50)),
        (15, list(0, 50)),
    ];
    let grown = used.clone().into_iter().chain([(20, list(0, 51))]).collect::<Vec<_>>();
    assert!(matches!(judge(&grown, "1.0.0").list, ListStanding::UpwardsOnly(_)));
    let shrunk = used.into_iter().chain([(20, list(0, 20))]).collect::<Vec<_>>();
    assert!(matches!(judge(&shrunk, "1.0.0").list, ListStanding::Suspect(_)));
}

#[test]
fn a_good_list_ends_the_doubt() {
    let lists = [
        (0, list(0, 100)),
        (5, list(0, 50)),
        (10, list(0, 100)),
        (15, list(0, 50)),
    ];
    assert!(matches!(judge(&lists, "1.0.0").list, ListStanding::Suspect(_)));
    assert_eq!(judge(&lists[..3], "1.0.0").list, ListStanding::Plausible);
}

#[test]
fn a_missing_current_tag_is_doubted_and_then_allows_upward_moves() {
    let lists = |times: &[i64]| -> Vec<(i64, TagList)> {
        times
            .iter()
            .enumerate()
            .map(|(more, &minutes)| (minutes, list(1, 100 + more)))
            .collect()
    };
    let missing = |times: &[i64]| judge(&lists(times), "1.0.0").missing.get("1.0.0").copied();
    assert_eq!(missing(&[0]), Some(Missing::Doubted));
    assert_eq!(missing(&[0, 5]), Some(Missing::Doubted));
    assert_eq!(missing(&[0, 1, 2, 3]), Some(Missing::Doubted));
    assert_eq!(missing(&[0, 5, 10]), Some(Missing::UpwardsOnly));
    assert_eq!(
        judge(&[(0, list(1, 100)), (5, list(0, 100))], "1.0.0"),
        Standing::plausible()
    );
}

/// A registry that loses a few tags at a time, the current one among them, is measured by what it had before that.
#[test]
fn a_list_that_lacks_the_current_tag_is_no_measure_for_the_next() {
    let lacking = [(0, list(0, 30)), (5, list(1, 21)), (10, list(1, 11))];
    let shrunk = SuspectReason::Shrunk { before: 30, now: 11 };
    assert_eq!(judge(&lacking, "1.0.0").list, ListStanding::Suspect(shrunk));
    let back = [(0, list(0, 30)), (5, list(1, 21)), (10, list(0, 14))];
    let shrunk = SuspectReason::Shrunk { before: 30, now: 14 };
    assert_eq!(judge(&back, "1.0.0").list, ListStanding::Suspect(shrunk));
    let for_long = [
        (0, list(0, 30)),
        (5, list(1, 21)),
        (10, list(1, 21)),
        (15, list(1, 21)),
        (20, list(1, 14)),
    ];
    assert_eq!(judge(&for_long, "1.0.0").list, ListStanding::Plausible);
    assert_eq!(
        judge(&for_long, "1.0.0").missing.get("1.0.0"),
        Some(&Missing::UpwardsOnly)
    );
}

#[test]
fn suspect_lists_say_nothing_about_a_missing_tag() {
    let lists = [
        (0, list(0, 100)),
        (5, list(1, 100)),
        (10, list(50, 5)),
        (20, list(60, 5)),
        (30, list(1, 100)),
    ];
    assert_eq!(
        judge(&lists, "1.0.0").missing.get("1.0.0"),
        Some(&Missing::Doubted),
        "only two lists count"
    );
}

#[test]
fn what_is_no_longer_current_is_forgotten() {
    let limits = SuspectLimits::default();
    let (_, record) = accept(
        &ListRecord::default(),
        &list(1, 9),
        &BTreeSet::from([tag("1.0.0")]),
        limits,
        at(0),
    );
    assert_eq!(record.missing.len(), 1);
    let (_, record) = accept(&record, &list(1, 9), &BTreeSet::from([tag("1.1.0")]), limits, at(5));
    assert!(record.missing.is_empty());
}
