use proptest::prelude::*;

use super::*;

#[test]
fn a_list_is_sorted_and_each_name_is_there_once() {
    let list = TagList::from_names(["b", "a", "c", "a", "B", "a0"]);
    assert_eq!(list.iter().collect::<Vec<_>>(), ["B", "a", "a0", "b", "c"]);
    assert_eq!(list.len(), 5);
    assert!(list.contains("a0") && !list.contains("a1") && !list.contains(""));
    assert!(TagList::default().is_empty());
}

#[test]
fn fingerprints_tell_lists_apart_and_stay_what_they_are() {
    let fingerprint = |names: &[&str]| TagList::from_names(names).fingerprint();
    assert_eq!(fingerprint(&["a", "b"]), fingerprint(&["b", "a"]));
    assert_ne!(fingerprint(&["ab"]), fingerprint(&["a", "b"]));
    assert_ne!(fingerprint(&[]), fingerprint(&[""]));
    // State files hold fingerprints, so that another release must find the same.
    assert_eq!(fingerprint(&["1.0.0", "latest"]), 14_033_501_473_301_874_431);
}

#[test]
fn a_build_time_that_cannot_be_true_is_none() {
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let created = |seconds| Created::At(Timestamp::from_unix_seconds(seconds)).plausible(now);
    assert_eq!(created(0), Created::Never);
    assert_eq!(created(315_532_799), Created::Never);
    assert_eq!(
        created(315_532_800),
        Created::At(Timestamp::from_unix_seconds(315_532_800))
    );
    assert_eq!(
        created(1_700_000_000 + 86_400),
        Created::At(Timestamp::from_unix_seconds(1_700_086_400))
    );
    assert_eq!(created(1_700_000_000 + 86_401), Created::Never);
    assert_eq!(Created::Unknown.plausible(now), Created::Unknown);
}

proptest! {
    #[test]
    fn a_list_holds_what_it_was_given(names in prop::collection::vec("[a-c0-9.]{0,20}", 0..30)) {
        let list = TagList::from_names(&names);
        let wanted: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        prop_assert_eq!(list.iter().collect::<Vec<_>>(), wanted.iter().copied().collect::<Vec<_>>());
        prop_assert!(names.iter().all(|name| list.contains(name)));
    }
}
