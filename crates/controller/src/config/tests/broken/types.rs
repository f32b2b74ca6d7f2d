//! What is said of values of another type than is wanted.

use expect_test::expect;

use super::check;

#[test]
fn an_item_that_is_no_text_does_not_hide_other_problems() {
    check(
        "policies:\n  - {name: a, semver: \"*\", deny: [\"(\", [x], b]}\n  - {name: b, digest: a b}\n",
        &expect![[r#"
            daemon.yaml:2:36: policies[0].deny[0]: `(` is not a regular expression: this group is not closed; add `)`, or write `\(` for the bracket itself
            daemon.yaml:2:40: policies[0].deny[1]: a text is wanted here, not a list
            daemon.yaml:3:24: policies[1].digest: `a b` is not a tag: white space is not allowed (byte 1)
        "#]],
    );
}

#[test]
fn a_type_is_what_it_is() {
    check(
        "http: []",
        &expect![[r#"
        daemon.yaml:1:7: http: a mapping is wanted here, not a list
    "#]],
    );
    check(
        "http: 5",
        &expect![[r#"
        daemon.yaml:1:7: http: a mapping is wanted here, not a number
    "#]],
    );
    check(
        "http:\nlog:\n",
        &expect![[r#"
        fine
    "#]],
    );
    check(
        "http: {listen: []}",
        &expect![[r#"
        daemon.yaml:1:16: http.listen: a text is wanted here, not a list
    "#]],
    );
    check(
        "registries: {exclude: \"*\"}",
        &expect![[r#"
        daemon.yaml:1:23: registries.exclude: a list is wanted here, not a text
    "#]],
    );
    check(
        "registries: {exclude: [5, true, ~, {}, \"ok\"]}",
        &expect![[r#"
        daemon.yaml:1:24: registries.exclude[0]: a text is wanted here, not a number; write it in quotes: "5"
        daemon.yaml:1:27: registries.exclude[1]: a text is wanted here, not a boolean; write it in quotes: "true"
        daemon.yaml:1:33: registries.exclude[2]: a text is wanted here, not nothing
        daemon.yaml:1:36: registries.exclude[3]: a text is wanted here, not a mapping
    "#]],
    );
    check(
        "registries: {hosts: [~, 5]}",
        &expect![[r#"
        daemon.yaml:1:22: registries.hosts[0]: a mapping is wanted here, not nothing
        daemon.yaml:1:25: registries.hosts[1]: a mapping is wanted here, not a number
    "#]],
    );
    check(
        "registries: {defaults: {burst: many, concurrency: 1.5, requestsPerSecond: -1}}",
        &expect![[r#"
            daemon.yaml:1:32: registries.defaults.burst: a whole number is wanted here, not `many`
            daemon.yaml:1:51: registries.defaults.concurrency: a whole number is wanted here, not `1.5`
            daemon.yaml:1:75: registries.defaults.requestsPerSecond: a whole number from 1 to 10000 is wanted here, not -1
        "#]],
    );
    check(
        "registries: {defaults: {burst: 99999999999999999999999999, concurrency: \"8\"}}",
        &expect![[r#"
            daemon.yaml:1:32: registries.defaults.burst: a whole number from 1 to 10000 is wanted here, not 99999999999999999999999999
            daemon.yaml:1:73: registries.defaults.concurrency: a whole number is wanted here, not a text; write it without quotes: 8
        "#]],
    );
}

#[test]
fn quotes_and_lists_are_seen() {
    check(
        "registries: {hosts: [{host: a.example, plainHttp: \"true\"}]}",
        &expect![[r#"
            daemon.yaml:1:51: registries.hosts[0].plainHttp: `true` or `false` is wanted here, not a text; write it without quotes: true
        "#]],
    );
    check(
        "rules: [{match: {}, policy: []}]",
        &expect![[r#"
        daemon.yaml:1:29: rules[0].policy: a text or a mapping is wanted here, not a list
    "#]],
    );
}
