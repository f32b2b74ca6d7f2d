use std::collections::BTreeSet;

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
fn names_in_one_text_are_a_list_sorted_or_not() {
    let list = |text: &str, ends: &[u32]| TagList::from_joined(text.to_owned(), ends.to_vec());
    assert_eq!(list("abc", &[1, 3]), TagList::from_names(["a", "bc"]));
    assert_eq!(list("bca", &[2, 3]), TagList::from_names(["a", "bc"]));
    assert_eq!(list("aa", &[1, 2]), TagList::from_names(["a"]));
    assert_eq!(list("", &[]), TagList::default());
}

#[test]
fn long_names_that_differ_in_their_last_letters_are_sorted() {
    let long = "x".repeat(100_000);
    let list: TagList = (0..40).map(|number| format!("{long}{}", number % 30)).collect();
    let mut wanted: Vec<String> = (0..30).map(|number| number.to_string()).collect();
    wanted.sort();
    assert!(list.iter().map(|name| &name[long.len()..]).eq(wanted));
}

#[test]
fn parts_that_were_read_again_replace_what_stood_there() {
    let list = TagList::from_names(["a", "b", "c", "d", "e", "f"]);
    let part = |after: Option<&str>, through: Option<&str>, tags: &[&str]| ListPart {
        after: after.map(str::to_owned),
        through: through.map(str::to_owned),
        tags: tags.iter().collect(),
    };
    let renewed = list.renewed(&[
        part(Some("a"), Some("c"), &["b1", "c"]),
        part(Some("e"), None, &["g", "h"]),
    ]);
    assert_eq!(renewed.tags, TagList::from_names(["a", "b1", "c", "d", "e", "g", "h"]));
    assert_eq!(renewed.sizes, [(2, 2), (1, 2)]);
    // The first went farther than the second begins.
    let renewed = list.renewed(&[part(None, Some("d"), &["d"]), part(Some("c"), Some("e"), &["d", "e"])]);
    assert_eq!(renewed.tags, TagList::from_names(["d", "e", "f"]));
    assert_eq!(renewed.sizes, [(4, 1), (1, 1)]);
    assert_eq!(list.renewed(&[]).tags, list);
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

    #[test]
    fn a_part_is_what_it_says_and_the_rest_is_what_it_was(
        before in prop::collection::btree_set("[a-c]{1,3}", 0..20),
        now in prop::collection::btree_set("[a-c]{1,3}", 0..20),
        (one, other) in ("[a-c]{1,3}", "[a-c]{1,3}"),
        to_the_end in any::<bool>(),
    ) {
        let (after, through) = if one < other { (one, other) } else { (other, one) };
        let is_inside = |name: &&String| after < **name && (to_the_end || **name <= through);
        let part = ListPart {
            after: Some(after.clone()),
            through: (!to_the_end).then(|| through.clone()),
            tags: now.iter().filter(is_inside).collect(),
        };
        let wanted: BTreeSet<&String> =
            before.iter().filter(|name| !is_inside(name)).chain(now.iter().filter(is_inside)).collect();
        prop_assert_eq!(TagList::from_names(&before).renewed(&[part]).tags, TagList::from_names(wanted));
    }
}

proptest! {
    #[test]
    fn names_are_sorted_by_their_bytes(names in prop::collection::vec("(commit-|v1\\.){0,3}[ab\\x00é]{0,12}", 0..60)) {
        let wanted: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let list = TagList::from_names(&names);
        prop_assert!(list.iter().eq(wanted.into_iter()), "{list:?}");
    }
}
