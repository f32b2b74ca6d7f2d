use expect_test::{Expect, expect};

use super::*;

const TAGS: [&str; 5] = ["1.0", "1.1", "1.2", "2.0", "latest"];

fn check(n: Option<usize>, last: Option<&str>, manners: Manners, expected: &Expect) {
    let page = page(&TAGS, &Wanted { n, last }, manners);
    expected.assert_eq(&format!(
        "{} | {}",
        page.entries.join(" "),
        page.next.as_deref().unwrap_or("end")
    ));
}

#[test]
fn pages_follow_each_other() {
    let manners = Manners::default();
    check(Some(2), None, manners, &expect!["1.0 1.1 | last=1.1&n=2"]);
    check(Some(2), Some("1.1"), manners, &expect!["1.2 2.0 | last=2.0&n=2"]);
    check(Some(2), Some("2.0"), manners, &expect!["latest | end"]);
    check(Some(5), None, manners, &expect!["1.0 1.1 1.2 2.0 latest | end"]);
    check(None, None, manners, &expect!["1.0 1.1 1.2 2.0 latest | end"]);
    check(Some(0), None, manners, &expect![" | end"]);
}

#[test]
fn a_marker_that_is_no_tag_still_seeks() {
    check(
        Some(9),
        Some("1.15"),
        Manners::default(),
        &expect!["1.2 2.0 latest | end"],
    );
}

#[test]
fn large_pages_are_cut_to_the_cap() {
    let manners = Manners {
        largest_page: Some(2),
        ..Manners::default()
    };
    check(Some(1000), None, manners, &expect!["1.0 1.1 | last=1.1&n=2"]);
    check(None, None, manners, &expect!["1.0 1.1 1.2 2.0 latest | end"]);
    let manners = Manners {
        page_without_n: Some(3),
        ..manners
    };
    check(None, None, manners, &expect!["1.0 1.1 | last=1.1&n=2"]);
}

#[test]
fn gitea_promises_a_next_page_after_the_last() {
    check(
        None,
        None,
        Manners::gitea(),
        &expect!["1.0 1.1 1.2 2.0 latest | last=latest"],
    );
    check(
        Some(9),
        Some("2.0"),
        Manners::gitea(),
        &expect!["latest | last=latest&n=9"],
    );
    check(Some(9), Some("latest"), Manners::gitea(), &expect![" | end"]);
}

#[test]
fn some_ignore_paging_and_some_do_not_link() {
    check(
        Some(2),
        Some("1.2"),
        Manners::distribution_2(),
        &expect!["1.0 1.1 1.2 2.0 latest | end"],
    );
    check(
        Some(2),
        Some("1.0"),
        Manners::go_containerregistry(),
        &expect!["1.1 1.2 | end"],
    );
    for (last, entries) in [("2.0", "latest"), ("latest", "1.0 1.1"), ("zzz", "1.0 1.1")] {
        let page = page(
            &TAGS,
            &Wanted {
                n: Some(2),
                last: Some(last),
            },
            Manners::go_containerregistry(),
        );
        assert_eq!(page.entries.join(" "), entries, "{last}");
    }
}
