//! Arguments of a kind: ranges, layouts, expressions and what else stands behind the colon.

use expect_test::expect;

use super::check_short;

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
