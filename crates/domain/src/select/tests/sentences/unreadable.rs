//! What is said of a tag that is none, or that the kind of the policy cannot read.

use expect_test::expect;

use super::check;

#[test]
fn what_cannot_be_a_tag() {
    check(
        &[("semver:*", "-x ä", "-")],
        &expect![[r#"
        semver:* (-)
          invalidTag: `-x` is not a tag: a tag must begin with a letter, a digit or `_` (byte 0)
          invalidTag: `ä` is not a tag: `ä` is not allowed in a tag (byte 0)
    "#]],
    );
}

#[test]
fn what_semver_cannot_read() {
    check(
        &[
            (
                "semver:*",
                "jammy release-1.2 V1.2.3 v main-4f2 9.9.0.65466 1.0.0-01 1.2.3-ls_2 3.21.0_rc1 1. 1..2 v1.2- 2024.8.0b3 1.2.3.4_x",
                "-",
            ),
            ("semver:* | filter=^v(.*)$>$1", "vfoo v1.2.3.4 vrelease-1 v", "-"),
            ("semver:* | suffix=-alpine", "foo-alpine 1_0-alpine", "-"),
        ],
        &expect![[r#"
            semver:* (-)
              unreadable: 1. is no version to `semver`: `.` cannot follow 1
              unreadable: 1..2 is no version to `semver`: `..2` cannot follow 1
              unreadable: 1.0.0-01 is no version to `semver`: what follows the `-` is no pre-release; `version` reads it
              unreadable: 1.2.3-ls_2 is no version to `semver`: what follows the `-` is no pre-release; `version` reads it
              unreadable: 1.2.3.4_x is no version to `semver`: it has 4 numbers, not up to 3
              unreadable: 2024.8.0b3 is no version to `semver`: `b3` cannot follow 2024.8.0
              unreadable: 3.21.0_rc1 is no version to `semver`: `_rc1` cannot follow 3.21.0
              unreadable: 9.9.0.65466 is no version to `semver`: it has 4 numbers, not up to 3; `version` reads it
              unreadable: V1.2.3 is no version to `semver`, for it begins with `V`; a `filter` with `extract` can take that off
              unreadable: jammy is no version to `semver`: there is no number in it
              unreadable: main-4f2 is no version to `semver`: it does not begin with a number
              unreadable: release-1.2 is no version to `semver`, for it begins with `release-`; a `filter` with `extract` can take that off
              unreadable: v is no version to `semver`: there is no number in it
              unreadable: v1.2- is no version to `semver`: `-` cannot follow v1.2
            semver:* | filter=^v(.*)$>$1 (-)
              unreadable: v cannot be read: nothing of it is left by the filter's `extract`
              unreadable: v1.2.3.4, read as `1.2.3.4`, is no version to `semver`: it has 4 numbers, not up to 3; `version` reads it
              unreadable: vfoo, read as `foo`, is no version to `semver`: there is no number in it
              unreadable: vrelease-1, read as `release-1`, is no version to `semver`, for it begins with `release-`
            semver:* | suffix=-alpine (-)
              unreadable: 1_0-alpine, read without its suffix, is no version to `semver`: `_0` cannot follow 1
              unreadable: foo-alpine, read without its suffix, is no version to `semver`: there is no number in it
        "#]],
    );
}

#[test]
fn what_other_kinds_cannot_read() {
    check(
        &[
            ("version:*", "edge release-1.2 1.2.3.4.5.6.7.8.9 1.2_3", "-"),
            (
                "calver:YYYY.0M.0D",
                "2024.8 2024.08 2024.02.30 2024.08.01-rc1 v2024.13.01 vfoo edge 2024",
                "-",
            ),
            (
                "calver:RELEASE.YYYY-0M-0DTHH-mm-ssZ",
                "RELEASE.2024-08-26T15-33 RELEASE.2024-08-26T25-33-07Z edge",
                "-",
            ),
            ("numeric", "main build-17 1.2.3", "-"),
            ("numeric | filter=^b-(.*)$>$1", "b-x b-1x", "-"),
        ],
        &expect![[r#"
            version:* (-)
              unreadable: 1.2.3.4.5.6.7.8.9 is no version to `version`: it has 9 numbers, not up to 8
              unreadable: 1.2_3 is no version to `version`: `_3` cannot follow 1.2
              unreadable: edge is no version to `version`: there is no number in it
              unreadable: release-1.2 is no version to `version`, for it begins with `release-`; a `filter` with `extract` can take that off
            calver:YYYY.0M.0D (-)
              unreadable: 2024 does not read as `YYYY.0M.0D`: it ends before `0M`
              unreadable: 2024.02.30 does not read as `YYYY.0M.0D`: there is no such day
              unreadable: 2024.08 does not read as `YYYY.0M.0D`: it ends before `0D`
              unreadable: 2024.08.01-rc1 does not read as `YYYY.0M.0D`: `-rc1` is left over
              unreadable: 2024.8 does not read as `YYYY.0M.0D`: `8` stands where `0M` is due
              unreadable: edge does not read as `YYYY.0M.0D`: `edge` stands where `YYYY` is due
              unreadable: v2024.13.01 does not read as `YYYY.0M.0D`: `13.01` stands where `0M` is due
              unreadable: vfoo does not read as `YYYY.0M.0D`: `foo` stands where `YYYY` is due
            calver:RELEASE.YYYY-0M-0DTHH-mm-ssZ (-)
              unreadable: RELEASE.2024-08-26T15-33 does not read as `RELEASE.YYYY-0M-0DTHH-mm-ssZ`: it ends before `ss`
              unreadable: RELEASE.2024-08-26T25-33-07Z does not read as `RELEASE.YYYY-0M-0DTHH-mm-ssZ`: `25-33-07Z` stands where `HH` is due
              unreadable: edge does not read as `RELEASE.YYYY-0M-0DTHH-mm-ssZ`: `edge` stands where `RELEASE.` is due
            numeric (-)
              unreadable: 1.2.3 is no number; a `filter` with `extract` can take one out of it
              unreadable: build-17 is no number; a `filter` with `extract` can take one out of it
              unreadable: main is no number
            numeric | filter=^b-(.*)$>$1 (-)
              unreadable: b-1x, read as `1x`, is no number
              unreadable: b-x, read as `x`, is no number
        "#]],
    );
}
