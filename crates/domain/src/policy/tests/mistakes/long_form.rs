//! The long form: options, and values of another type than is wanted.

use expect_test::{Expect, expect};

use super::super::{fields, text};
use crate::policy::FieldValue;

/// The line for each long form.
fn check_long(forms: Vec<Vec<(&str, FieldValue)>>, expected: &Expect) {
    let line = |form| fields(form).map_or_else(|error| error.to_string(), |policy| policy.to_string());
    let lines: Vec<String> = forms.into_iter().map(line).collect();
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

fn semver() -> (&'static str, FieldValue) {
    ("semver", text("1.x"))
}

fn number(number: &str) -> FieldValue {
    FieldValue::Number(number.to_owned())
}

fn list(items: &[&str]) -> FieldValue {
    FieldValue::List(items.iter().map(|item| text(item)).collect())
}

fn map(entries: &[(&str, FieldValue)]) -> FieldValue {
    FieldValue::Map(
        entries
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect(),
    )
}

#[test]
fn arguments_of_other_types_are_told_how_to_be_written() {
    check_long(
        vec![
            vec![("semver", number("1.10"))],
            vec![("semver", map(&[("range", text("~1.4"))]))],
            vec![("semver", list(&["~1.4"]))],
            vec![("numeric", map(&[("order", text("asc"))]))],
            vec![("numeric", number("5"))],
            vec![("~1.4", FieldValue::Null)],
            vec![("digest", text("stable")), ("suffix", text("keep"))],
        ],
        &expect![[r#"
            semver: a text is wanted here, not a number; write it in quotes: "1.10"
            semver: a text is wanted here; write `semver: "~1.4"`
            semver: a text is wanted here; write `semver: "~1.4"`
            numeric: write `asc` or `desc`
            numeric: a text is wanted here, not a number (quotes make it a text); write `asc` or `desc`
            ~1.4: there is no such kind or option; did you mean `semver:~1.4`?
            suffix: only `pin` may stand beside `digest`, which follows one tag
        "#]],
    );
}

#[test]
fn options_are_told_how_to_be_written() {
    check_long(
        vec![
            vec![semver(), ("filterTags", map(&[]))],
            vec![semver(), ("exclude", list(&["rc"]))],
            vec![semver(), ("platform", text("linux/amd64"))],
            vec![semver(), ("suffix", text("alpine"))],
            vec![semver(), ("suffix", FieldValue::Bool(true))],
            vec![semver(), ("pin", FieldValue::Bool(true))],
            vec![semver(), ("pin", text("sometimes"))],
            vec![semver(), ("precision", text("same"))],
            vec![semver(), ("precision", number("2"))],
            vec![semver(), ("prerelease", text("yes"))],
            vec![semver(), ("prerelease", text("true"))],
            vec![semver(), ("allowDowngrade", number("0"))],
        ],
        &expect![[r#"
            filterTags: there is no such kind or option; did you mean `filter`?
            exclude: there is no such kind or option; did you mean `deny`?
            platform: there is no such kind or option; did you mean `platforms`?
            suffix: `alpine` is not a suffix: write `any`, `keep`, `none`, or a text that begins with `-`; did you mean `-alpine`?
            suffix: a text is wanted here, not a boolean (quotes make it a text); write `any`, `keep`, `none`, or a text that begins with `-`
            pin: a text is wanted here, not a boolean (quotes make it a text); write `ifPresent`, `digest` or `never`; did you mean `digest`?
            pin: `sometimes` is not a way to pin: write `ifPresent`, `digest` or `never`
            precision: `same` is not a precision: write `any` or `keep`; did you mean `keep`?
            precision: a text is wanted here, not a number (quotes make it a text); write `any` or `keep`
            prerelease: `true` or `false` is wanted here; write `true`
            prerelease: write true without quotes
            allowDowngrade: `true` or `false` is wanted here; write `false`
        "#]],
    );
}

#[test]
fn lists_and_mappings_are_told_how_to_be_written() {
    check_long(
        vec![
            vec![semver(), ("platforms", text("linux/amd64,linux/arm64"))],
            vec![semver(), ("platforms", list(&["amd64"]))],
            vec![semver(), ("platforms", list(&["linux-arm64"]))],
            vec![semver(), ("deny", text("rc"))],
            vec![semver(), ("deny", list(&["rc", "*-beta"]))],
            vec![semver(), ("filter", text("^v"))],
            vec![semver(), ("filter", list(&["^v"]))],
            vec![
                semver(),
                ("filter", map(&[("pattern", text("^v")), ("extract", text("$1"))])),
            ],
            vec![
                semver(),
                ("filter", map(&[("pattern", text("^(v)")), ("extract", text("$1x"))])),
            ],
            vec![semver(), ("filter", map(&[("regex", text("^v"))]))],
        ],
        &expect![[r#"
            platforms: a list is wanted here; write `platforms: [linux/amd64, linux/arm64]`
            platforms[0]: `amd64` is not a platform: write OS/ARCHITECTURE; did you mean `linux/amd64`?
            platforms[0]: `linux-arm64` is not a platform: write OS/ARCHITECTURE; did you mean `linux/arm64`?
            deny: a list is wanted here; write `deny: ["rc"]`
            deny[1]: `*-beta` is not a regular expression: nothing stands before it to repeat; `.*` is any text, and a glob would be for `glob` (byte 0)
            filter: a mapping is wanted here; write `filter: {pattern: "^v"}`
            filter: a mapping such as `{pattern: "^v(.*)$", extract: "$1"}` is wanted here, not a list
            filter.extract: `$1` is not a template: the pattern has no group `1`, nor any; put what you want in `(…)`, or write `$0` for the whole match
            filter.extract: `$1x` is not a template: the pattern has no group `1x`; did you mean `${1}x`?
            filter.regex: a filter has `pattern` and `extract`; did you mean `pattern`?
        "#]],
    );
}
