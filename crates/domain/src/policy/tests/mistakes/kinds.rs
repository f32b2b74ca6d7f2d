//! Kinds that are missing, misspelt, or taken for another.

use expect_test::expect;

use super::check_short;

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
