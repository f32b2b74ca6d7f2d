use super::*;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

fn sight(tags: usize, pages: usize, order: ListOrder) -> Sight {
    Sight {
        tags,
        pages,
        in_order: order == ListOrder::Lexical,
        appended: (order == ListOrder::Append).then_some(true),
        is_of_use: true,
    }
}

/// One that was tested and found to seek.
fn seeking() -> Profile {
    let mut profile = Profile::default();
    assert!(profile.saw(sight(2_000, 2, ListOrder::Lexical), NOW));
    profile.end(Some(Shown::BehindAny), NOW);
    assert!(profile.seeks(NOW));
    profile
}

#[test]
fn only_large_lists_in_an_order_are_worth_a_test() {
    let wants = |tags, pages, order| Profile::default().saw(sight(tags, pages, order), NOW);
    assert!(wants(2_000, 2, ListOrder::Lexical));
    assert!(wants(300, 1, ListOrder::Lexical));
    assert!(wants(150, 2, ListOrder::Append));
    assert!(!wants(299, 1, ListOrder::Lexical));
    assert!(!wants(2_000, 2, ListOrder::Unknown));
    let of_no_use = Sight {
        is_of_use: false,
        ..sight(2_000, 2, ListOrder::Lexical)
    };
    assert!(!Profile::default().saw(of_no_use, NOW));
}

#[test]
fn one_test_is_made_at_a_time() {
    let mut profile = Profile::default();
    assert!(profile.saw(sight(2_000, 2, ListOrder::Lexical), NOW));
    assert!(!profile.saw(sight(2_000, 2, ListOrder::Lexical), NOW) && !profile.seeks(NOW));
    // Without an end there was no telling.
    profile.end(None, NOW);
    assert!(profile.saw(sight(2_000, 2, ListOrder::Lexical), NOW));
}

#[test]
fn a_registry_that_ignores_the_page_size_is_not_tested() {
    let mut profile = Profile::default();
    assert!(!profile.saw(sight(1_001, 1, ListOrder::Lexical), NOW));
    assert_eq!(profile.seek, Seek::None);
}

#[test]
fn what_was_tested_is_relied_upon_for_a_week() {
    let mut profile = seeking();
    let at = |seconds: i64| Timestamp::from_unix_seconds(1_700_000_000 + seconds);
    let week: i64 = 7 * 24 * 3600;
    assert!(profile.seeks(at(week - 1)) && !profile.seeks(at(week)) && !profile.seeks(at(-1)));
    assert!(!profile.saw(sight(2_000, 2, ListOrder::Lexical), at(week - 1)));
    assert!(profile.saw(sight(2_000, 2, ListOrder::Lexical), at(week)));
}

#[test]
fn a_test_that_failed_is_not_made_again_for_a_week() {
    let mut profile = Profile::default();
    assert!(profile.saw(sight(2_000, 2, ListOrder::Lexical), NOW));
    profile.end(Some(Shown::Nothing), NOW);
    assert!(!profile.seeks(NOW) && !profile.saw(sight(2_000, 2, ListOrder::Lexical), NOW));
}

#[test]
fn another_order_forgets_what_was_known() {
    for order in [ListOrder::Unknown, ListOrder::Append] {
        let mut profile = seeking();
        assert!(!profile.saw(sight(2_000, 2, order), NOW));
        assert!(!profile.seeks(NOW));
        assert_eq!((profile.order, profile.seek), (ListOrder::Unknown, Seek::None));
    }
}

#[test]
fn what_is_new_in_the_middle_contradicts_a_list_that_grows_at_its_end() {
    let mut profile = Profile::default();
    assert!(profile.saw(sight(2_000, 2, ListOrder::Append), NOW));
    profile.end(Some(Shown::BehindTag), NOW);
    // The names of some repositories are in order by chance, and mostly nothing is new.
    assert!(!profile.saw(sight(2_000, 2, ListOrder::Lexical), NOW));
    assert!(!profile.saw(sight(2_000, 2, ListOrder::Unknown), NOW));
    assert!(profile.seeks(NOW));
    let middle = Sight {
        appended: Some(false),
        ..sight(20, 1, ListOrder::Unknown)
    };
    assert!(!profile.saw(middle, NOW));
    assert!(!profile.seeks(NOW));
}

#[test]
fn a_contradiction_forgets_what_was_known() {
    let mut profile = seeking();
    profile.contradicted(NOW);
    assert!(!profile.seeks(NOW) && !profile.saw(sight(2_000, 2, ListOrder::Lexical), NOW));
}

#[test]
fn codes_are_read_back() {
    for order in [ListOrder::Unknown, ListOrder::Lexical, ListOrder::Append] {
        assert_eq!(ListOrder::of_code(order.code()), Some(order));
    }
    for seek in [Seek::Unknown, Seek::AnyLast, Seek::ExistingLast, Seek::None] {
        assert_eq!(Seek::of_code(seek.code()), Some(seek));
    }
    assert_eq!((ListOrder::of_code("x"), Seek::of_code("")), (None, None));
}
