//! Which of two lists has the last word.

use expect_test::{Expect, expect};

use super::*;

fn check(include: &[&str], exclude: &[&str], images: &[&str], expected: &Expect) {
    let globs = |texts: &[&str]| texts.iter().map(|text| Glob::parse(text).unwrap()).collect();
    let globs = ImageGlobs {
        include: globs(include),
        exclude: globs(exclude),
    };
    let line = |image: &&str| match globs.left_out(image) {
        None => format!("{image}: scanned\n"),
        Some(reason) => format!("{image}: {reason}\n"),
    };
    expected.assert_eq(&images.iter().map(line).collect::<String>());
}

#[test]
fn without_patterns_everything_is_scanned() {
    check(
        &[],
        &[],
        &["docker.io/library/nginx"],
        &expect![[r#"
        docker.io/library/nginx: scanned
    "#]],
    );
}

#[test]
fn what_a_pattern_excludes_is_left_out_as_a_whole_name_only() {
    check(
        &[],
        &["foo/*"],
        &[
            "foo/bar",
            "foo/bar/deep",
            "",
            "foo",
            "starts/foo/bar",
            "completely unrelated",
        ],
        &expect![[r#"
            foo/bar: excluded by registries.exclude "foo/*"
            foo/bar/deep: excluded by registries.exclude "foo/*"
            : scanned
            foo: scanned
            starts/foo/bar: scanned
            completely unrelated: scanned
        "#]],
    );
}

#[test]
fn who_is_excluded_stays_so_and_who_is_not_included_is_left_out() {
    check(
        &["foo/*", "boo/*"],
        &["foo/bar/*"],
        &[
            "boo/whatever",
            "foo/something/else",
            "baz/anything",
            "foo/bar/something",
        ],
        &expect![[r#"
            boo/whatever: scanned
            foo/something/else: scanned
            baz/anything: no pattern of registries.include is for it
            foo/bar/something: excluded by registries.exclude "foo/bar/*"
        "#]],
    );
}
