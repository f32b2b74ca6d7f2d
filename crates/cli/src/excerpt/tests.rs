use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

fn check(text: &str, span: Range<usize>, expected: &Expect) {
    // With an edge, for the lines are indented.
    let drawn = Excerpt::new(text, span).to_string();
    expected.assert_eq(&drawn.lines().map(|line| format!("|{line}\n")).collect::<String>());
}

#[test]
fn what_is_meant_is_underlined() {
    check(
        "semver:>=1 <",
        12..12,
        &expect![[r#"
            |  semver:>=1 <
            |              ^
        "#]],
    );
    check(
        "semver:==1 <",
        7..9,
        &expect![[r#"
            |  semver:==1 <
            |         ^^
        "#]],
    );
}

#[test]
fn letters_of_any_width_keep_the_line_under_its_place() {
    check(
        "glob:\t日本語 x",
        15..16,
        &expect![[r#"
            |  glob: 日本語 x
            |              ^
        "#]],
    );
    check(
        "a\u{1b}[1mb\u{200b}c",
        10..11,
        &expect![[r#"
            |  a\u{1b}[1mb\u{200b}c
            |                      ^
        "#]],
    );
}

#[test]
fn of_several_lines_the_first_is_shown() {
    check(
        "semver: 1.x\npin: true\nsuffix: x",
        17..30,
        &expect![[r#"
            |  pin: true
            |       ^^^^
        "#]],
    );
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let text = format!("semver:{}>>1{}", ">=1 ".repeat(40), " <2".repeat(40));
    check(
        &text,
        167..169,
        &expect![[r#"
            |  …1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >>1 <2 <2 <2 <2 <2 <2 <2 <2 <2 <2 <2 <2 <2 <…
            |                                 ^^
        "#]],
    );
    check(
        &text,
        7..9,
        &expect![[r#"
            |  semver:>=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 …
            |         ^^
        "#]],
    );
    check(
        &text,
        0..text.len(),
        &expect![[r#"
            |  semver:>=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 >=1 …
            |  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        "#]],
    );
}

proptest! {
    #[test]
    fn two_lines_of_a_terminal_are_drawn(
        text in "\\PC{0,200}|[a\\t\\n日é\u{1b}\u{200b}]{0,200}",
        start in 0_usize..700,
        length in 0_usize..700,
    ) {
        let start = start.min(text.len());
        let drawn = Excerpt::new(&text, start..(start + length).min(text.len())).to_string();
        let lines: Vec<&str> = drawn.split('\n').collect();
        prop_assert_eq!(lines.len(), 2);
        prop_assert!(lines.iter().all(|line| line.width() <= INDENT.len() + WIDTH + 1), "{}", drawn);
        prop_assert!(!lines.concat().contains(char::is_control), "{:?}", drawn);
    }
}
