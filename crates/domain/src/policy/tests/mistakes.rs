//! What people get wrong: each is read as what was meant, or told how to say it.

use expect_test::{Expect, expect};

use super::{fields, text};
use crate::policy::{FieldValue, Policy, PolicyError};

/// One paragraph for each text, between which `; ` stands: as written, the place that is meant, and the message; or what it reads as.
fn check_short(texts: &str, expected: &Expect) {
    let paragraphs = texts.split("; ").map(|text| paragraph(text, Policy::parse_short(text)));
    expected.assert_eq(&paragraphs.collect::<String>());
}

fn paragraph(written: &str, outcome: Result<Policy, PolicyError>) -> String {
    let error = match outcome {
        Ok(policy) => return format!("{written}\n    is {policy}\n"),
        Err(error) => error,
    };
    let (line, limit) = (error.to_string(), 220);
    assert!(
        line.chars().count() <= limit,
        "{} characters: {line}",
        line.chars().count()
    );
    let spot = error.spot().expect("a short form has a place for every mistake");
    assert_eq!(spot.text(), written);
    let before = written[..spot.span().start].chars().count();
    let carets = written[spot.span()].chars().count().max(1);
    format!("{written}\n{}{}\n    {line}\n", " ".repeat(before), "^".repeat(carets))
}

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
fn what_is_meant_is_read() {
    check_short(
        "semver:>1.2; semver:v1.x; semver:>= 1.2; semver:>=1.2,<2; semver: ~1.4 ;  semver : ~1.4; \
             semver:~>1.4; semver:1.2.3-alpine; semver:^v1.2; regexp:1.2; regexp:/^v/i; regex:^main-.*$; \
             glob:^main-.*$; newest:*; newest; calver:YYYY-mm-dd",
        &expect![[r#"
            semver:>1.2
                is semver:>1.2
            semver:v1.x
                is semver:v1.x
            semver:>= 1.2
                is semver:>= 1.2
            semver:>=1.2,<2
                is semver:>=1.2,<2
            semver: ~1.4 
                is semver:~1.4
             semver : ~1.4
                is semver:~1.4
            semver:~>1.4
                is semver:~>1.4
            semver:1.2.3-alpine
                is semver:1.2.3-alpine
            semver:^v1.2
                is semver:^v1.2
            regexp:1.2
                is regexp:1.2
            regexp:/^v/i
                is regexp:/^v/i
            regex:^main-.*$
                is regexp:^main-.*$
            glob:^main-.*$
                is glob:^main-.*$
            newest:*
                is newest:*
            newest
                is newest:*
            calver:YYYY-mm-dd
                is calver:YYYY-mm-dd
        "#]],
    );
}

#[test]
fn a_kind_that_is_nearly_right_is_recognized() {
    check_short(
        "Semver:~1.4; SEMVER:1.x; semvr:~1.4; semver=~1.4; semver ~1.4; range:~1.4; numerical:asc; \
             nginx:1.27; pin; ; sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1",
        &expect![[r#"
            Semver:~1.4
            ^^^^^^
                Semver: there is no such kind of policy; did you mean `semver:~1.4`?
            SEMVER:1.x
            ^^^^^^
                SEMVER: there is no such kind of policy; did you mean `semver:1.x`?
            semvr:~1.4
            ^^^^^
                semvr: there is no such kind of policy; did you mean `semver:~1.4`?
            semver=~1.4
            ^^^^^^^^^^^
                `semver=~1.4` is not a policy: it names no kind; did you mean `semver:~1.4`?
            semver ~1.4
            ^^^^^^^^^^^
                `semver ~1.4` is not a policy: it names no kind; did you mean `semver:~1.4`?
            range:~1.4
            ^^^^^
                range: there is no such kind of policy; did you mean `semver:~1.4`?
            numerical:asc
            ^^^^^^^^^
                numerical: there is no such kind of policy; did you mean `numeric:asc`?
            nginx:1.27
            ^^^^^
                nginx: there is no such kind of policy; kinds are semver, version, calver, numeric, alphabetical, newest, glob, regexp, digest
            pin
            ^^^
                pin: this is an option; options stand beside a kind, as in `{semver: "*", pin: digest}`

            ^
                the policy names no kind; write KIND or KIND:ARGUMENT, the kind being one of semver, version, calver, numeric, alphabetical, newest, glob, regexp, digest
            sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
            ^^^^^^
                sha256: a digest itself never moves; name the tag to follow, as in `digest:stable`
        "#]],
    );
}

#[test]
fn a_policy_without_a_kind_is_told_its_kind() {
    check_short(
        "latest; ~1.4; 1.x; ^1; >=1; *; 1.2.3.4; main-*; ^v[0-9]+$; YYYY.0M.0D",
        &expect![[r#"
            latest
            ^^^^^^
                `latest` is not a policy: it names no kind; did you mean `digest:latest`?
            ~1.4
            ^^^^
                `~1.4` is not a policy: it names no kind; did you mean `semver:~1.4`?
            1.x
            ^^^
                `1.x` is not a policy: it names no kind; did you mean `semver:1.x`?
            ^1
            ^^
                `^1` is not a policy: it names no kind; did you mean `semver:^1`?
            >=1
            ^^^
                `>=1` is not a policy: it names no kind; did you mean `semver:>=1`?
            *
            ^
                `*` is not a policy: it names no kind; did you mean `semver:*`?
            1.2.3.4
            ^^^^^^^
                `1.2.3.4` is not a policy: it names no kind; did you mean `version:1.2.3.4`?
            main-*
            ^^^^^^
                `main-*` is not a policy: it names no kind; did you mean `glob:main-*`?
            ^v[0-9]+$
            ^^^^^^^^^
                `^v[0-9]+$` is not a policy: it names no kind; did you mean `regexp:^v[0-9]+$`?
            YYYY.0M.0D
            ^^^^^^^^^^
                `YYYY.0M.0D` is not a policy: it names no kind; did you mean `calver:YYYY.0M.0D`?
        "#]],
    );
}

#[test]
fn operators_of_other_languages_are_told_from_ours() {
    check_short(
        "semver:>=1 <; semver:==1.2; semver:=~1.2; semver:~=1.2; semver:>==1.2; semver:>=1.2 && <2; \
             semver:>=1.2 and <2; semver:1.2 or 1.3; semver:>=1.2<2; semver:1 | 2",
        &expect![[r#"
            semver:>=1 <
                        ^
                semver: `>=1 <` is not a range: a version must follow the operator (byte 5)
            semver:==1.2
                   ^^
                semver: `==1.2` is not a range: `==` is no operator; did you mean `=`? (byte 0)
            semver:=~1.2
                   ^^
                semver: `=~1.2` is not a range: `=~` is no operator; did you mean `~`? (byte 0)
            semver:~=1.2
                   ^^
                semver: `~=1.2` is not a range: `~=` is no operator; did you mean `~`? (byte 0)
            semver:>==1.2
                   ^^^
                semver: `>==1.2` is not a range: `>==` is no operator; did you mean `>=`? (byte 0)
            semver:>=1.2 && <2
                         ^^
                semver: `>=1.2 && <2` is not a range: `&&` is no version; leave it out: comparators joined by a space must all hold (byte 6)
            semver:>=1.2 and <2
                         ^^^
                semver: `>=1.2 and <2` is not a range: `and` is no version; leave it out: comparators joined by a space must all hold (byte 6)
            semver:1.2 or 1.3
                       ^^
                semver: `1.2 or 1.3` is not a range: `or` is no version; alternatives of `semver` are joined by `||` (byte 4)
            semver:>=1.2<2
                        ^^
                semver: `>=1.2<2` is not a range: a space or a comma must stand between two comparators (byte 5)
            semver:1 | 2
                     ^
                semver: `1 | 2` is not a range: `||` stands between alternatives, not `|` (byte 2)
        "#]],
    );
}

#[test]
fn words_that_are_no_versions_are_told_apart() {
    check_short(
        "semver:≥1.2; semver:[1.0,2.0); semver:1.2 -1.4; semver:1.2.; semver:1.2.y; semver:V1.2; \
             semver:\"~1.4\"",
        &expect![[r#"
            semver:≥1.2
                   ^^^^
                semver: `≥1.2` is not a range: `≥1.2` is no version; write `>=` for `≥`
            semver:[1.0,2.0)
                   ^^^^
                semver: `[1.0,2.0)` is not a range: `[1.0` is no version; write both ends with operators, as in `>=1.0 <2.0` (byte 0)
            semver:1.2 -1.4
                       ^^^^
                semver: `1.2 -1.4` is not a range: `-1.4` is no version; two ends are written `1.2 - 1.4`, with a version and a space on both sides of the `-` (byte 4)
            semver:1.2.
                   ^^^^
                semver: `1.2.` is not a range: `1.2.` is no version; a number is missing beside the `.`
            semver:1.2.y
                   ^^^^^
                semver: `1.2.y` is not a range: `1.2.y` is no version; a wildcard is written `x`, `X` or `*`
            semver:V1.2
                   ^^^^
                semver: `V1.2` is not a range: `V1.2` is no version; write the `v` in lower case, or leave it out
            semver:"~1.4"
                   ^^^^^^
                semver: `"~1.4"` is not a range: `"` is no version; the quotes are a part of this text; leave them out
        "#]],
    );
}

#[test]
fn what_another_kind_or_option_says_is_told() {
    check_short(
        "semver:1.2+build; semver:>=1.2.3.4; semver:1.x-alpine; semver:*-rc; semver:release-1.2; \
             semver:latest; semver:main-*; semver:^v[0-9]+$; semver:>1.x",
        &expect![[r#"
            semver:1.2+build
                      ^^^^^^
                semver: `1.2+build` is not a range: build metadata (`+…`) cannot occur in a tag; leave it out (byte 3)
            semver:>=1.2.3.4
                     ^^^^^^^
                semver: `>=1.2.3.4` is not a range: a version of `semver` has at most three numbers; the kind `version` reads up to eight (byte 2)
            semver:1.x-alpine
                   ^^^^^^^^^^
                semver: `1.x-alpine` is not a range: a wildcard has no pre-release; write `suffix: "-alpine"` beside the range for tags that end so
            semver:*-rc
                   ^^^^
                semver: `*-rc` is not a range: a wildcard has no pre-release; write the numbers, as in `>=1.2-rc`
            semver:release-1.2
                   ^^^^^^^^^^^
                semver: `release-1.2` is not a range: `release-1.2` is no version; for tags with a prefix add `filter: {pattern: "^release-(.*)$", extract: "$1"}`
            semver:latest
                   ^^^^^^
                semver: `latest` is not a range: `latest` is no version; to follow that tag write `digest:latest`
            semver:main-*
                   ^^^^^^
                semver: `main-*` is not a range: `main-*` is no version; it looks like a glob, as in `glob:main-*`
            semver:^v[0-9]+$
                    ^^^^^^^^
                semver: `^v[0-9]+$` is not a range: `v[0-9]` is no version; it looks like a regular expression, which is for `regexp` or `filter` (byte 1)
            semver:>1.x
                   ^^^^
                semver: `>1.x` is not a range: a wildcard cannot follow `>`; leave it out or write `>=`
        "#]],
    );
}

#[test]
fn comparators_are_told_how_to_be_written() {
    check_short(
        "version:~9.9; version:9.x; version:=>9.9; version:>=9.9-community; version:>=9 || 8",
        &expect![[r#"
            version:~9.9
                    ^
                version: `~9.9` is not a range of versions: `~` is no operator of `version`; write both ends, as in `>=9.9 <10` (byte 0)
            version:9.x
                    ^^^
                version: `9.x` is not a range of versions: wildcards are for `semver`; leave the number out, as in `=9.9`
            version:=>9.9
                    ^^
                version: `=>9.9` is not a range of versions: `=>` is no operator of `version`; did you mean `>=`? (byte 0)
            version:>=9.9-community
                      ^^^^^^^^^^^^^
                version: `>=9.9-community` is not a range of versions: the range sees the numbers alone; write `suffix: "-community"` beside it for tags that end so (byte 2)
            version:>=9 || 8
                        ^^
                version: `>=9 || 8` is not a range of versions: `||` is for `semver`; comparators of `version` must all hold (byte 4)
        "#]],
    );
}

#[test]
fn layouts_are_told_how_to_be_written() {
    check_short(
        "calver:yyyy.MM; calver:%Y%m%d; calver:yyyy; calver:2024.01.31; calver:YYYYMMDD; \
             calver:YYYY-0M-0DTHH-MM-ss; calver:date",
        &expect![[r#"
            calver:yyyy.MM
                        ^^
                calver: `yyyy.MM` is not a layout: `MM`, a month, needs a year beside it (byte 5)
            calver:%Y%m%d
                   ^^^^^^
                calver: `%Y%m%d` is not a layout: it has no token; did you mean `YYYY0M0D`?
            calver:yyyy
                   ^^^^
                calver: `yyyy` is not a layout: it has no token; did you mean `YYYY`?
            calver:2024.01.31
                   ^^^^^^^^^^
                calver: `2024.01.31` is not a layout: it has no token; did you mean `YYYY.0M.0D`?
            calver:YYYYMMDD
                       ^^
                calver: `YYYYMMDD` is not a layout: `MM` has no fixed width, so that something else than a token must follow it; `0M` has two digits (byte 4)
            calver:YYYY-0M-0DTHH-MM-ss
                                 ^^
                calver: `YYYY-0M-0DTHH-MM-ss` is not a layout: `0M` and `MM` are one unit, and a layout has each unit once; minutes are `mm` (byte 14)
            calver:date
                   ^^^^
                calver: `date` is not a layout: it has no token; there are MAJOR, MINOR, MICRO, YYYY, YY, 0Y, MM, 0M, WW, 0W, DD, 0D, HH, mm, ss
        "#]],
    );
}

#[test]
fn expressions_are_told_how_to_be_written() {
    check_short(
        "regexp:*-rc; regexp:^v(?!.*rc); regexp:^(v; regexp:v[0-9; regexp:\\q; regexp:(a)\\1; \
             regexp:x{1000}{1000}",
        &expect![[r#"
            regexp:*-rc
                   ^
                regexp: `*-rc` is not a regular expression: nothing stands before it to repeat; `.*` is any text, and a glob would be for `glob` (byte 0)
            regexp:^v(?!.*rc)
                     ^^^
                regexp: `^v(?!.*rc)` is not a regular expression: it cannot look ahead or back; leave tags out with `deny` instead (byte 2)
            regexp:^(v
                    ^
                regexp: `^(v` is not a regular expression: this group is not closed; add `)`, or write `\(` for the bracket itself (byte 1)
            regexp:v[0-9
                    ^
                regexp: `v[0-9` is not a regular expression: this class of letters is not closed; add `]`, or write `\[` for the bracket itself (byte 1)
            regexp:\q
                   ^^
                regexp: `\q` is not a regular expression: there is no such escape; write the letter without the `\`
            regexp:(a)\1
                      ^^
                regexp: `(a)\1` is not a regular expression: it cannot refer back to a group (byte 3)
            regexp:x{1000}{1000}
                   ^^^^^^^^^^^^^
                regexp: `x{1000}{1000}` is not a regular expression: compiled it takes more than 1024 KiB; repeat less with `{…}`
        "#]],
    );
}

#[test]
fn other_arguments_are_told_how_to_be_written() {
    check_short(
        "regexp; glob:; numeric:ascending; numeric:>5; alphabetical:up; digest:nginx:latest; \
             digest:sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1; digest:main-*; \
             digest",
        &expect![[r#"
            regexp
                  ^
                regexp: the expression is missing, as in `regexp:^main-[0-9a-f]{7}$`
            glob:
                 ^
                glob: the glob is missing, as in `glob:main-*`
            numeric:ascending
                    ^^^^^^^^^
                numeric: `ascending` is not a direction: write `asc` or `desc`; did you mean `asc`?
            numeric:>5
                    ^^
                numeric: `>5` is not a direction: write `asc` or `desc`
            alphabetical:up
                         ^^
                alphabetical: `up` is not a direction: write `asc` or `desc`; did you mean `asc`?
            digest:nginx:latest
                   ^^^^^^^^^^^^
                digest: `nginx:latest` is not a tag: write the tag alone: `digest:latest`
            digest:sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                digest: `sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1` is not a tag: a digest itself never moves; name the tag to follow, as in `digest:stable`
            digest:main-*
                   ^^^^^^
                digest: `main-*` is not a tag: `digest` follows one tag; the newest of several is `newest`, as in `newest:main-*`
            digest
                  ^
                digest: the tag to follow is missing, as in `digest:stable`
        "#]],
    );
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
