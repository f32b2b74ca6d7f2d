//! What is said of a file that is no YAML, or other YAML than is read.

use std::path::Path;

use expect_test::expect;

use super::check;
use crate::config::parse;
use crate::config::tests::environment;

#[test]
fn what_yaml_takes_for_a_tag_needs_quotes() {
    check(
        "policies:\n  - {name: a, semver: !=1.2}\n  - {name: b, semver: \"*\", deny: [!a x]}\n",
        &expect![[r#"
            daemon.yaml:2:28: policies[0].semver: `!=1.2` is a tag in YAML; write the whole text in quotes
            daemon.yaml:3:38: policies[1].deny: `!a` is a tag in YAML; write the whole text in quotes
        "#]],
    );
}

#[test]
fn a_file_without_content_is_no_configuration() {
    check(
        "",
        &expect![[r#"
        daemon.yaml:1:1: the file is empty; write `{}` for a daemon that does nothing
    "#]],
    );
    check(
        "# only words\n",
        &expect![[r#"
        daemon.yaml:1:1: the file is empty; write `{}` for a daemon that does nothing
    "#]],
    );
    check(
        "---\n",
        &expect![[r#"
        daemon.yaml:1:1: the file is empty; write `{}` for a daemon that does nothing
    "#]],
    );
    check(
        "~",
        &expect![[r#"
        daemon.yaml:1:1: the file is empty; write `{}` for a daemon that does nothing
    "#]],
    );
    check(
        "{}",
        &expect![[r#"
        fine
    "#]],
    );
}

#[test]
fn a_file_is_one_mapping() {
    check(
        "- a\n",
        &expect![[r#"
        daemon.yaml:1:1: a mapping is wanted here, not a list
    "#]],
    );
    check(
        "text",
        &expect![[r#"
        daemon.yaml:1:1: a mapping is wanted here, not a text
    "#]],
    );
    check(
        "log: {}\n---\nlog: {}\n",
        &expect![[r#"
        daemon.yaml:2:1: a configuration is one document, and here a second one begins
    "#]],
    );
}

#[test]
fn what_is_no_yaml_has_its_place() {
    check(
        "http: {listen: \"a}\n",
        &expect![[r#"
        daemon.yaml:1:16: not valid YAML: unclosed quote
    "#]],
    );
    check(
        "http:\n\tlisten: x\n",
        &expect![[r#"
        daemon.yaml:2:2: not valid YAML: tabs disallowed within this context (block indentation)
    "#]],
    );
    check(
        "a: b: c\n",
        &expect![[r#"
            daemon.yaml:1:5: not valid YAML: mapping values are not allowed in this context; write the value in quotes: `a: "b: c"`
        "#]],
    );
    check(
        "http: *nowhere\n",
        &expect![[r#"
            daemon.yaml:1:7: not valid YAML: while parsing node, found unknown anchor; write the value in quotes: `http: "*nowhere"`
        "#]],
    );
}

#[test]
fn an_anchor_may_be_used_twice() {
    check(
        "policies: [{name: a, semver: &range \"1.x\"}, {name: b, semver: *range}]",
        &expect![[r#"
            fine
        "#]],
    );
}

#[test]
fn a_key_stands_once() {
    check(
        "log: {level: info}\nlog: {level: debug}\n",
        &expect![[r#"
        daemon.yaml:2:1: log: this key is given twice
    "#]],
    );
    check(
        "log:\n  level: info\n  \"level\": debug\n",
        &expect![[r#"
        daemon.yaml:3:3: log.level: this key is given twice
    "#]],
    );
}

#[test]
fn a_hostile_file_is_only_a_bad_one() {
    check(
        "\u{1b}[31m: 1\n",
        &expect![[r#"
        daemon.yaml:1:1: not valid YAML: unexpected character: `\u{1b}'
    "#]],
    );
    check(
        &format!("{}: 1\n", "k".repeat(300)),
        &expect![[r#"
        daemon.yaml:1:1: kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…: unknown key
    "#]],
    );
    check(
        &format!("http: {}", "[".repeat(300)),
        &expect![[r#"
        daemon.yaml:1:306: not valid YAML: unclosed bracket '['
    "#]],
    );
    check(
        &"#".repeat(2 << 20),
        &expect![[r#"
        daemon.yaml:1:1: the file is larger than 1 MiB
    "#]],
    );
}

#[test]
fn what_is_no_utf_8_has_a_line() {
    let problems = parse("f", b"log: {}\nhttp: \xff", Path::new("/"), &environment()).unwrap_err();
    expect!["f:2:1: the file is not UTF-8"].assert_eq(&problems.to_string());
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    check(
        "\u{feff}log:\r\n  level: warn\r\n",
        &expect![[r#"
        fine
    "#]],
    );
    check(
        "\u{feff}log:\r\n  level: loud\r\n",
        &expect![[r#"
        daemon.yaml:2:10: log.level: `error`, `warn`, `info`, `debug` or `trace` is wanted here, not `loud`
    "#]],
    );
}
