use expect_test::{Expect, expect};

use super::*;

/// A tag, its verdict and the reason.
struct Line(&'static str, &'static str, &'static str);

impl Judged for Line {
    fn tag(&self) -> &str {
        self.0
    }

    fn verdict(&self) -> &str {
        self.1
    }

    fn reason(&self) -> String {
        self.2.to_owned()
    }
}

fn page(width: usize) -> Page {
    Page { width, ..Page::ENDLESS }
}

fn check(lines: &[Line], page: &Page, expected: &Expect) {
    let mut out = Vec::new();
    write(lines, page, &mut out).unwrap();
    expected.assert_eq(&String::from_utf8(out).unwrap());
}

const NGINX: [Line; 3] = [
    Line(
        "1.27.3",
        "picked",
        "1.27.3 is the newest of 3 candidates, and newer than the current 1.27.1",
    ),
    Line("1.27.1", "current", "1.27.1 is the current tag"),
    Line(
        "1.27.3-alpine",
        "prerelease",
        "1.27.3-alpine looks like a pre-release to `semver`; `suffix: keep` would follow the alpine variants",
    ),
];

#[test]
fn reasons_are_broken_between_words() {
    check(
        &NGINX,
        &page(80),
        &expect![[r#"
        TAG            VERDICT     REASON
        1.27.3         picked      1.27.3 is the newest of 3 candidates, and newer than
                                   the current 1.27.1
        1.27.1         current     1.27.1 is the current tag
        1.27.3-alpine  prerelease  1.27.3-alpine looks like a pre-release to `semver`;
                                   `suffix: keep` would follow the alpine variants
    "#]],
    );
    check(
        &NGINX,
        &page(200),
        &expect![[r#"
        TAG            VERDICT     REASON
        1.27.3         picked      1.27.3 is the newest of 3 candidates, and newer than the current 1.27.1
        1.27.1         current     1.27.1 is the current tag
        1.27.3-alpine  prerelease  1.27.3-alpine looks like a pre-release to `semver`; `suffix: keep` would follow the alpine variants
    "#]],
    );
}

#[test]
fn where_there_is_no_room_reasons_stand_below() {
    check(
        &NGINX,
        &page(44),
        &expect![[r#"
        TAG            VERDICT
            REASON
        1.27.3         picked
            1.27.3 is the newest of 3 candidates,
            and newer than the current 1.27.1
        1.27.1         current
            1.27.1 is the current tag
        1.27.3-alpine  prerelease
            1.27.3-alpine looks like a pre-release
            to `semver`; `suffix: keep` would follow
            the alpine variants
    "#]],
    );
}

#[test]
fn long_tags_are_cut_in_the_middle_unless_two_would_look_the_same() {
    check(
        &[
            Line("feature-one-0a1b2c3d4e5f-20260131T080000Z-amd64", "newer", "first"),
            Line("feature-two-0a1b2c3d4e5f-20260131T080000Z-amd64", "newer", "second"),
            Line("feature-one-ffffffffffff-20260131T080000Z-amd64", "newer", "third"),
            Line("short", "newer", "fourth"),
        ],
        &page(60),
        &expect![[r#"
            TAG                       VERDICT  REASON
            feature-one-0a1b2c3d4e5f-20260131T080000Z-amd64
                                      newer    first
            feature-two-…0000Z-amd64  newer    second
            feature-one-ffffffffffff-20260131T080000Z-amd64
                                      newer    third
            short                     newer    fourth
        "#]],
    );
}

#[test]
fn what_is_no_tag_does_nothing_to_the_terminal() {
    check(
        &[
            Line("\u{1b}[31mred", "invalidTag", "it has\u{1b}[31m a control\ncharacter"),
            Line("a\u{202e}b \u{4e16}", "invalidTag", "a\u{202e}b"),
            Line("", "invalidTag", ""),
        ],
        &page(60),
        &expect![[r#"
            TAG            VERDICT     REASON
            \u{1b}[31mred  invalidTag  it has [31m a control character
            a\u{202e}b 世   invalidTag  a b
                           invalidTag
        "#]],
    );
}

#[test]
fn a_word_that_is_longer_than_the_line_is_broken() {
    let digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef is it";
    assert_eq!(
        wrapped(digest, 40),
        [
            "sha256:0123456789abcdef0123456789abcdef0",
            "123456789abcdef0123456789abcdef is it"
        ]
    );
    assert_eq!(wrapped("", 40), [""]);
}

#[test]
fn what_stands_in_backticks_stays_together() {
    for (text, lines) in [
        ("say `suffix: keep`, or not", vec!["say", "`suffix: keep`,", "or not"]),
        ("`suffix: keep` is it", vec!["`suffix: keep`", "is it"]),
        ("`no end of it at all", vec!["`no end of it at", "all"]),
        (
            "`one that is longer than the line`",
            vec!["`one that is", "longer than the", "line`"],
        ),
    ] {
        assert_eq!(wrapped(text, 16), lines, "{text}");
    }
}

#[test]
fn a_terminal_is_not_filled_with_one_verdict() {
    let mut lines: Vec<Line> = (0..5).map(|_| Line("1.0.0", "older", "it is older")).collect();
    lines.extend((0..9).map(|_| Line("main", "unreadable", "it is no version")));
    lines.push(Line("latest", "filtered", "it is left alone"));
    let page = Page {
        most: Some(2),
        ..page(80)
    };
    check(
        &lines,
        &page,
        &expect![[r#"
        TAG     VERDICT     REASON
        1.0.0   older       it is older
        1.0.0   older       it is older
        main    unreadable  it is no version
        main    unreadable  it is no version
        latest  filtered    it is left alone
        … and 10 more: 7 unreadable, 3 older
    "#]],
    );
}

#[test]
fn the_pick_stands_out_on_a_terminal() {
    let page = Page {
        colours: true,
        ..page(80)
    };
    let mut out = Vec::new();
    write(&NGINX[..2], &page, &mut out).unwrap();
    expect![[r#"
        ESC[1mTAG     VERDICTESC[0m  REASON
        ESC[1mESC[32m1.27.3  picked ESC[0m  1.27.3 is the newest of 3 candidates, and newer than the
                         current 1.27.1
        ESC[1m1.27.1  currentESC[0m  1.27.1 is the current tag
    "#]]
    .assert_eq(&String::from_utf8(out).unwrap().replace('\u{1b}', "ESC"));
}
