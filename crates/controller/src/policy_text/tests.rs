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
        &expect!["error: semver: `1.y` is not a range: `1.y` is no version; a wildcard is written `x`, `X` or `*`"],
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
        &expect![
            "error: line 1, column 1: a text with a line end is read as a mapping; write `semver:~1.4` without one (YAML: `|-`, not `|`)"
        ],
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
fn what_yaml_stumbles_over_is_told_its_quotes() {
    check(
        "semver: >=1.2\npin: digest\n",
        &expect![[
            r#"error: line 1, column 9: not valid YAML: while scanning a block scalar, did not find expected comment or line break; write the value in quotes: `semver: ">=1.2"`"#
        ]],
    );
    check(
        "semver: *\npin: digest\n",
        &expect![[
            r#"error: line 1, column 9: not valid YAML: while scanning an anchor or alias, did not find expected alphabetic or numeric character; write the value in quotes: `semver: "*"`"#
        ]],
    );
    check(
        "pin: digest\nregexp: [0-9]+\\.[0-9]\n",
        &expect![[
            r#"error: line 2, column 14: not valid YAML: while parsing a block mapping, did not find expected key; write the value in quotes: `regexp: '[0-9]+\.[0-9]'`"#
        ]],
    );
    check(
        "{semver: *, pin: digest}",
        &expect![[
            r#"error: line 1, column 10: not valid YAML: while scanning an anchor or alias, did not find expected alphabetic or numeric character; write the value in quotes: `semver: "*"`"#
        ]],
    );
    check(
        "semver: 1.x\ndeny: [rc, *-beta]\n",
        &expect![
            "error: line 2, column 12: not valid YAML: while parsing node, found unknown anchor; write what stands in the list of `deny` in quotes"
        ],
    );
    check(
        "semver:~1.4\npin: digest\n",
        &expect![
            "error: line 2, column 4: not valid YAML: mapping values are not allowed in this context; a space stands behind `semver:` in a mapping"
        ],
    );
    check(
        "policy: semver: ~1.4\n",
        &expect![[
            r#"error: line 1, column 15: not valid YAML: mapping values are not allowed in this context; write the value in quotes: `policy: "semver: ~1.4"`"#
        ]],
    );
    check(
        "{semver: 1.x",
        &expect!["error: line 1, column 1: not valid YAML: unclosed bracket '{'"],
    );
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    check(
        "{semver: 1.x, cooldown: 24h}",
        &expect!["error: cooldown: this is a gate; gates stand only in `policies:` of the configuration"],
    );
    check(
        "{sember: 1.x}",
        &expect!["error: sember: there is no such kind or option; did you mean `semver`?"],
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

/// A kind with an argument, as YAML.
fn kinds() -> impl Strategy<Value = String> {
    prop_oneof![
        "[~^=]?[0-9](\\.[0-9]){0,2}".prop_map(|range| format!("semver: \"{range}\"")),
        "(>=|<|!=)?[0-9](\\.[0-9]){0,4}".prop_map(|range| format!("version: \"{range}\"")),
        "(YYYY|0Y)[.-]0M[.-](MICRO|0D)".prop_map(|layout| format!("calver: \"{layout}\"")),
        "(asc|desc|)".prop_map(|end| format!("numeric: {end}")),
        "(asc|desc|)".prop_map(|end| format!("alphabetical: {end}")),
        "[a-z*?.: #\\\\-]{0,8}".prop_map(|glob| format!("newest: '{glob}'")),
        "[a-z*?.: #\\\\-]{1,8}".prop_map(|glob| format!("glob: '{glob}'")),
        "\\^?[a-z:\\n\"#]{1,8}\\$?".prop_map(|pattern| format!("regex: {pattern:?}")),
    ]
}

/// Options, as YAML, each at most once.
fn options() -> impl Strategy<Value = Vec<&'static str>> {
    let options = vec![
        "filter: {pattern: '^(?P<group>v.*)', extract: '${group}$$'}",
        "deny: ['rc', '^a$']",
        "suffix: keep",
        "precision: keep",
        "prerelease: true",
        "platforms: [linux/amd64, linux/arm/v7]",
        "pin: digest",
        "allowDowngrade: true",
    ];
    prop::sample::subsequence(options, 0..=8)
}

#[test]
fn what_a_terminal_would_act_on_is_not_repeated() {
    for text in ["{semver: !{:1\u{1b}[31m", "glob:\u{1b}[31m\n", "{semver\u{202e}: !{:1"] {
        let message = parse_policy(text).unwrap_err().to_string();
        assert!(!message.contains(['\u{1b}', '\u{202e}']), "{message:?}");
    }
    let message = parse_policy(&format!("glob:{}\n", "x".repeat(4000)))
        .unwrap_err()
        .to_string();
    assert!(message.len() < 1000, "{message}");
}

proptest! {
    #[test]
    fn no_text_panics(text in "[{}\\[\\]a-z:,\"& *\\n1.~-]{0,40}") {
        let _ = parse_policy(&text);
    }

    #[test]
    fn what_is_printed_reads_as_the_same(kind in kinds(), options in options()) {
        let options: String = options.iter().map(|option| format!(", {option}")).collect();
        let text = format!("{{{kind}{options}}}");
        if let Ok(policy) = parse_policy(&text) {
            prop_assert_eq!(parse_policy(&policy.to_string()), Ok(policy.clone()));
        }
        prop_assert!(options.contains("precision") || options.contains("group") || parse_policy(&text).is_ok(), "{}", text);
    }
}
