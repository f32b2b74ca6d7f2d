//! How lists are read in part.

use expect_test::{Expect, expect};

use super::{policy, value};
use crate::reach::{Reach, reach, stretches};
use crate::scan::TagList;

fn check(known: &TagList, text: &str, current: &str, expected: &Expect) {
    let Reach::Within(ranges) = reach(&policy(text), &value(current)) else {
        return expected.assert_eq("whole\n");
    };
    let shown = match stretches(known, &ranges, 1000) {
        None => "not worth it\n".to_owned(),
        Some(stretches) => stretches
            .iter()
            .map(|stretch| {
                let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
                format!(
                    "{} after {} until {}\n",
                    stretch.page,
                    text(&stretch.after),
                    text(&stretch.until)
                )
            })
            .collect(),
    };
    expected.assert_eq(&shown);
}

/// Builds, pull requests, and releases with a `v`.
fn large() -> TagList {
    let builds = (0..30_000).map(|number| format!("commit-{:08x}", number * 7919));
    let requests = (0..3_000).map(|number| format!("pr-{number}"));
    let releases = (0..200).map(|number| format!("v1.{}.{}", number / 3, number % 3));
    builds.chain(requests).chain(releases).collect()
}

#[test]
fn releases_among_thousands_of_builds_take_two_requests() {
    check(
        &large(),
        "semver:^1 | allowDowngrade=true",
        "v1.66.1",
        &expect![[r#"
            20 after - until 1/
            220 after pr-999 until v1/
        "#]],
    );
    check(
        &large(),
        "semver:^1",
        "v1.66.1",
        &expect![[r#"
        20 after - until 1.:
        220 after pr-999 until v1.:
    "#]],
    );
    check(
        &large(),
        r"semver:* | filter=^v",
        "v1.66.1",
        &expect![[r#"
        220 after pr-999 until v:
    "#]],
    );
}

#[test]
fn a_tag_that_is_followed_takes_one() {
    check(
        &large(),
        "digest:main",
        "main",
        &expect![[r#"
        20 after commit-0e28e8e1 until main-
    "#]],
    );
}

#[test]
fn what_is_as_dear_as_the_whole_list_is_read_as_a_whole() {
    let names = |count: u32| (0..count).map(|number| format!("1.{number}.0")).collect::<TagList>();
    check(
        &names(1_000),
        "semver:^1",
        "1.2.0",
        &expect![[r#"
        not worth it
    "#]],
    );
    check(
        &names(100),
        "alphabetical",
        "1.98.0",
        &expect![[r#"
        not worth it
    "#]],
    );
    check(
        &names(1_000),
        "alphabetical",
        "1.998.0",
        &expect![[r#"
        22 after 1.997.0 until -
    "#]],
    );
    check(
        &names(1_000),
        "alphabetical:desc",
        "1.1.0",
        &expect![[r#"
        22 after - until 1.1.0-
    "#]],
    );
    check(
        &large(),
        "newest:*",
        "v1.66.1",
        &expect![[r#"
        whole
    "#]],
    );
    check(
        &large(),
        "newest:commit-*",
        "v1.66.1",
        &expect![[r#"
        1000 after - until commit.
        21 after v1.66.0 until v1.66.1-
    "#]],
    );
}
