use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

fn check(text: &str, expected: &Expect) {
    match parse_policy(text) {
        Ok(policy) => expected.assert_eq(&policy.to_string()),
        Err(error) => expected.assert_eq(&format!("error: {error}")),
    }
}

#[test]
fn the_short_form_is_a_kind_and_an_argument() {
    check("semver:~1.4", &expect!["semver:~1.4"]);
    check("semver", &expect!["semver:*"]);
    check("digest:latest", &expect!["digest:latest"]);
    check(
        "semver:1.y",
        &expect![
            "error: semver: `1.y` is not a range: `1.y` is no version; write one to three numbers joined by dots, then perhaps `-` and a pre-release (byte 0)"
        ],
    );
    check(
        "",
        &expect![
            "error: the policy names no kind; write KIND or KIND:ARGUMENT, the kind being one of semver, version, calver, numeric, alphabetical, newest, glob, regexp, digest"
        ],
    );
}

#[test]
fn what_begins_with_a_brace_or_has_lines_is_the_long_form() {
    check("{semver: \"~1.4\"}", &expect!["semver:~1.4"]);
    check(
        "{\"semver\": \"~1.4\", \"prerelease\": true}",
        &expect![[r#"{"semver": "~1.4", "prerelease": true}"#]],
    );
    check(
        "semver: ~1.4\nprerelease: true\n",
        &expect![[r#"{"semver": "~1.4", "prerelease": true}"#]],
    );
    check("{semver}", &expect!["semver:*"]);
    check(
        "semver:~1.4\n",
        &expect![[
            r#"error: line 1, column 1: a policy that begins with `{` or has several lines is a mapping, such as `{semver: "~1.4"}`"#
        ]],
    );
    check(
        "- semver\n- digest\n",
        &expect![[
            r#"error: line 1, column 1: a policy that begins with `{` or has several lines is a mapping, such as `{semver: "~1.4"}`"#
        ]],
    );
    check(
        "{semver: x",
        &expect!["error: line 1, column 1: not valid YAML: unclosed bracket '{'"],
    );
    check(
        "{a: b}\n---\n{c: d}",
        &expect!["error: line 3, column 1: a policy is one document"],
    );
}

#[test]
fn a_key_stands_once() {
    check(
        "{semver: 1.x, semver: 2.x}",
        &expect!["error: line 1, column 15: `semver` is given twice"],
    );
    check(
        "{semver: 1.x, filter: {pattern: a, pattern: b}}",
        &expect!["error: line 1, column 36: `pattern` is given twice"],
    );
}

#[test]
fn a_number_where_a_text_is_wanted_needs_quotes() {
    check(
        "{semver: 1.10}",
        &expect![[r#"error: semver: a text is wanted here, not a number; write it in quotes: "1.10""#]],
    );
    check(
        "{semver: true}",
        &expect![[r#"error: semver: a text is wanted here, not a boolean; write it in quotes: "true""#]],
    );
    check(
        "{semver: [1]}",
        &expect!["error: semver: a text is wanted here, not a list"],
    );
}

#[test]
fn what_yaml_takes_for_a_tag_needs_quotes() {
    check(
        "{semver: !=1.2}",
        &expect!["error: line 1, column 15: `!=1.2` is a tag in YAML; write the whole text in quotes"],
    );
    check(
        "semver: \"*\"\nfilter:\n  pattern: !foo a\n",
        &expect!["error: line 3, column 17: `!foo` is a tag in YAML; write the whole text in quotes"],
    );
    check(
        "{semver: 1.x, deny: !a [x]}",
        &expect!["error: line 1, column 24: `!a` is a tag in YAML; write the whole text in quotes"],
    );
    check("{semver: !!str 1.10}", &expect!["semver:1.10"]);
    check("{semver: \"!=1.2\"}", &expect!["semver:!=1.2"]);
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    check(
        "{semver: 1.x, cooldown: 24h}",
        &expect!["error: cooldown: this is a gate; gates stand only in `policies:` of the configuration"],
    );
    check(
        "{sember: 1.x}",
        &expect![
            "error: sember: there is no such kind or option (did you mean `semver`?); options are filter, deny, suffix, precision, prerelease, platforms, pin, allowDowngrade"
        ],
    );
    check(
        "calver:YYYY.0M",
        &expect!["error: calver: this kind of policy is not supported by this release; `semver` and `digest` are"],
    );
    check(
        "{semver: 1.x, [a]: b}",
        &expect!["error: line 1, column 15: a key must be a text"],
    );
    check(
        "{semver: 1.x, deny: [[[[[[a]]]]]]}",
        &expect!["error: line 1, column 25: nothing in a policy is nested this deep"],
    );
}

#[test]
fn a_text_of_any_length_is_bounded() {
    check(
        &"x".repeat(100_000),
        &expect!["error: a policy is at most 65536 bytes long"],
    );
}

proptest! {
    #[test]
    fn no_text_panics(text in "[{}\\[\\]a-z:,\"& *\\n1.~-]{0,40}") {
        let _ = parse_policy(&text);
    }

    #[test]
    fn what_is_printed_reads_as_the_same(range in "[~^]?[0-9](\\.[0-9x]){0,2}", pin in 0_usize..3, prerelease: bool) {
        let pin = ["digest", "never", "ifPresent"][pin];
        let text = format!("{{semver: \"{range}\", pin: {pin}, prerelease: {prerelease}}}");
        if let Ok(policy) = parse_policy(&text) {
            prop_assert_eq!(parse_policy(&policy.to_string()), Ok(policy.clone()));
        }
    }
}
