//! What is said of a tag.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// The code of each tag's verdict, and the sentence.
fn said(text: &str, tags: &str, current: &str) -> Vec<(&'static str, String)> {
    let candidates: Vec<Candidate> = tags.split_whitespace().map(candidate).collect();
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let selection = select(&policy(text), &candidates, value(current).as_ref(), now).unwrap();
    let said = |verdict: &TagVerdict<'_>| (verdict.verdict.code(), verdict.to_string());
    selection.verdicts.iter().map(said).collect()
}

fn check(cases: &[(&str, &str, &str)], expected: &Expect) {
    let mut lines = String::new();
    for (policy, tags, current) in cases {
        lines += &format!("{policy} ({current})\n");
        for (code, sentence) in said(policy, tags, current) {
            assert!(sentence.len() <= 170, "{sentence}");
            lines += &format!("  {code}: {sentence}\n");
        }
    }
    expected.assert_eq(&lines);
}

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
fn what_the_policy_does_not_look_at() {
    check(
        &[
            ("semver:* | deny=^1\\.5,rc", "1.5.0 1.4.0-rc", "-"),
            ("semver:* | filter=^v(.*)$>$1", "1.4.0", "-"),
            ("newest:main-*", "login-1~1 latest~1", "-"),
            ("regexp:^main-", "login-1~1 LATEST~1", "-"),
            ("digest:stable", "stable@a latest@a -x", "-"),
        ],
        &expect![[r#"
            semver:* | deny=^1\.5,rc (-)
              denied: 1.4.0-rc matches `rc`, which `deny` keeps out
              denied: 1.5.0 matches `^1\.5`, which `deny` keeps out
            semver:* | filter=^v(.*)$>$1 (-)
              filtered: 1.4.0 does not match the filter's pattern `^v(.*)$`
            newest:main-* (-)
              filtered: latest is left alone unless the policy names it; `digest:latest` would follow what it stands for
              filtered: login-1 does not match the glob `main-*`
            regexp:^main- (-)
              filtered: LATEST is left alone unless the policy names it; `digest:LATEST` would follow what it stands for
              filtered: login-1 does not match the expression `^main-`
            digest:stable (-)
              picked: stable is the tag that the policy follows
              invalidTag: `-x` is not a tag: a tag must begin with a letter, a digit or `_` (byte 0)
              filtered: latest is not stable, the one tag that the policy follows
        "#]],
    );
}

#[test]
fn suffixes() {
    check(
        &[
            ("semver:* | suffix=keep", "1.28.0 1.28.0-slim", "1.27.0-alpine"),
            ("semver:* | suffix=keep", "1.28.0-slim", "1.27.0"),
            ("semver:* | suffix=keep", "1.28.0-slim", "-"),
            ("semver:* | suffix=none", "1.28.0-slim", "1.27.0"),
            ("semver:* | suffix=-alpine", "1.28.0 1.28.0-slim", "-"),
        ],
        &expect![[r#"
            semver:* | suffix=keep (1.27.0-alpine)
              suffixDiffers: 1.28.0 has no suffix, the current tag has `-alpine`, and the policy says `suffix: keep`
              suffixDiffers: 1.28.0-slim has the suffix `-slim`, the current tag has `-alpine`, and the policy says `suffix: keep`
            semver:* | suffix=keep (1.27.0)
              suffixDiffers: 1.28.0-slim has the suffix `-slim`, the current tag has none, and the policy says `suffix: keep`
            semver:* | suffix=keep (-)
              suffixDiffers: 1.28.0-slim has the suffix `-slim`; without a current tag, `suffix: keep` takes only tags that have none
            semver:* | suffix=none (1.27.0)
              suffixDiffers: 1.28.0-slim has the suffix `-slim`, and the policy says `suffix: none`
            semver:* | suffix=-alpine (-)
              suffixDiffers: 1.28.0 has no suffix, and the policy says `suffix: "-alpine"`
              suffixDiffers: 1.28.0-slim has the suffix `-slim`, and the policy says `suffix: "-alpine"`
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

#[test]
fn precision() {
    check(
        &[
            ("semver:* | precision=keep", "3.20 3.20.1 4", "3.19"),
            ("version:* | precision=keep suffix=keep", "3.20.1-a", "3-a"),
        ],
        &expect![[r#"
            semver:* | precision=keep (3.19)
              picked: 3.20 is the only candidate, and newer than the current 3.19
              precisionDiffers: 3.20.1 has 3 numbers, the current tag 3.19 has 2, and the policy says `precision: keep`
              precisionDiffers: 4 has 1 number, the current tag 3.19 has 2, and the policy says `precision: keep`
            version:* | precision=keep suffix=keep (3-a)
              precisionDiffers: 3.20.1-a has 3 numbers, the current tag 3-a has 1, and the policy says `precision: keep`
        "#]],
    );
}

#[test]
fn what_is_before_a_release_or_a_variant_of_one() {
    check(
        &[
            (
                "semver:*",
                "1.27.3-alpine 1.27.3-bookworm 1.28.0-rc.1 1.28.0-rc1-alpine v3-M2 1.2.3-1 1.2.3-r4 1.2.3-ls254 \
                 1.2.3-debian-12-r5 2026-01-31 1.2.3-4f2a9c1 1-alpha 1.2.3-20240101-alpine",
                "1.27.2-alpine",
            ),
            ("semver:*", "1.27.3-alpine", "-"),
            ("semver:* | filter=^r-(.*)$>$1", "r-1.2.0-rc.1 r-1.2.0-alpine", "-"),
            (
                "semver:1.27.x",
                "1.27.0-alpine 1.28.0-alpine 1.27.0-rc.1",
                "1.27.0-alpine",
            ),
        ],
        &expect![[r#"
            semver:* (1.27.2-alpine)
              prerelease: 1-alpha is a pre-release of 1.0.0; `prerelease: true`, or a range such as `>=1.0.0-0`, would take it
              prerelease: 1.2.3-1 looks like a pre-release to `semver`; to `version` it would be a build of 1.2.3
              prerelease: 1.2.3-20240101-alpine looks like a pre-release to `semver`; to `version` it would be a build of 1.2.3
              prerelease: 1.2.3-4f2a9c1 looks like a pre-release to `semver`; to `version` it would be a build of 1.2.3
              prerelease: 1.2.3-debian-12-r5 looks like a pre-release to `semver`; to `version` it would be a build of 1.2.3
              prerelease: 1.2.3-ls254 looks like a pre-release to `semver`; to `version` it would be a build of 1.2.3
              prerelease: 1.2.3-r4 looks like a pre-release to `semver`; to `version` it would be a build of 1.2.3
              prerelease: 1.27.3-alpine looks like a pre-release to `semver`; `suffix: keep` would follow the alpine variants
              prerelease: 1.27.3-bookworm looks like a pre-release to `semver`; `suffix: "-bookworm"` would follow the bookworm variants
              prerelease: 1.28.0-rc.1 is a pre-release of 1.28.0; `prerelease: true`, or a range such as `>=1.28.0-0`, would take it
              prerelease: 1.28.0-rc1-alpine is a pre-release of 1.28.0; `prerelease: true`, or a range such as `>=1.28.0-0`, would take it
              prerelease: 2026-01-31 looks like a pre-release to `semver`; `calver:YYYY-0M-0D` would read it as a date
              prerelease: v3-M2 is a pre-release of 3.0.0; `prerelease: true`, or a range such as `>=3.0.0-0`, would take it
            semver:* (-)
              prerelease: 1.27.3-alpine looks like a pre-release to `semver`; `suffix: "-alpine"` would follow the alpine variants
            semver:* | filter=^r-(.*)$>$1 (-)
              prerelease: r-1.2.0-alpine, read as `1.2.0-alpine`, looks like a pre-release to `semver`; to `version` it would be a build of 1.2.0
              prerelease: r-1.2.0-rc.1, read as `1.2.0-rc.1`, is a pre-release of 1.2.0; `prerelease: true`, or a range such as `>=1.2.0-0`, would take it
            semver:1.27.x (1.27.0-alpine)
              outOfRange: 1.27.0-alpine looks like a pre-release to `semver`, below the range `1.27.x`; `suffix: keep` would follow the alpine variants
              outOfRange: 1.27.0-rc.1 is below the range `1.27.x`
              outOfRange: 1.28.0-alpine is above the range `1.27.x`
        "#]],
    );
}

#[test]
fn what_is_outside_the_range() {
    check(
        &[
            ("semver:^1", "0.9.0 2.0.0", "-"),
            ("semver:1.x || 3.x", "0.9.0 2.0.0 4.0.0", "-"),
            ("semver:!=1.2", "1.2.3", "-"),
            ("version:>=1.2 <2", "1.1 2.0 3.0-x", "-"),
            ("version:!=1.2.0", "1.2", "-"),
            ("version:=1.2", "1.1 1.3", "-"),
        ],
        &expect![[r#"
            semver:^1 (-)
              outOfRange: 0.9.0 is below the range `^1`
              outOfRange: 2.0.0 is above the range `^1`
            semver:1.x || 3.x (-)
              outOfRange: 0.9.0 is below the range `1.x || 3.x`
              outOfRange: 2.0.0 is outside the range `1.x || 3.x`
              outOfRange: 4.0.0 is above the range `1.x || 3.x`
            semver:!=1.2 (-)
              outOfRange: 1.2.3 is outside the range `!=1.2`
            version:>=1.2 <2 (-)
              outOfRange: 1.1 is below the range `>=1.2 <2`
              outOfRange: 2.0 is above the range `>=1.2 <2`
              outOfRange: 3.0-x is above the range `>=1.2 <2`
            version:!=1.2.0 (-)
              outOfRange: 1.2 is outside the range `!=1.2.0`
            version:=1.2 (-)
              outOfRange: 1.1 is below the range `=1.2`
              outOfRange: 1.3 is above the range `=1.2`
        "#]],
    );
}

#[test]
fn what_is_not_known_or_does_not_fit() {
    let arm = "semver:* | platforms=linux/arm64";
    check(
        &[
            (arm, "1.0.0+linux/amd64 1.1.0+linux/amd64,linux/s390x 1.2.0", "-"),
            (arm, "1.0.0+a/a,b/b,c/c,d/d,e/e", "-"),
            (
                "semver:* | platforms=linux/arm64,linux/amd64,linux/s390x,linux/arm/v7,linux/386",
                "1.2.0",
                "-",
            ),
            ("newest:*", "main-1~1 main-2~- main-3", "main-1"),
        ],
        &expect![[r#"
            semver:* | platforms=linux/arm64 (-)
              wrongPlatform: 1.0.0 does not run on linux/arm64/v8, only on linux/amd64
              wrongPlatform: 1.1.0 does not run on linux/arm64/v8, only on linux/amd64 and linux/s390x
              unknownPlatform: 1.2.0 may be a candidate: its platforms are not known, and the policy wants linux/arm64/v8
            semver:* | platforms=linux/arm64 (-)
              wrongPlatform: 1.0.0 does not run on linux/arm64/v8, only on a/a, b/b, c/c and 2 more
            semver:* | platforms=linux/arm64,linux/amd64,linux/s390x,linux/arm/v7,linux/386 (-)
              unknownPlatform: 1.2.0 may be a candidate: its platforms are not known, and the policy wants linux/arm64/v8, linux/amd64, linux/s390x and 2 more
            newest:* (main-1)
              current: main-1 is the current tag, built 2023-01-01T00:00:01Z
              unknownBuildTime: main-2 is passed over: it has no build time, or one that cannot be true
              unknownBuildTime: main-3 may be the newest: its build time is not known
        "#]],
    );
}

#[test]
fn the_pick() {
    check(
        &[
            ("semver:^1", "1.4.0 1.9.2 1.9.3", "1.9.2"),
            ("semver:^1", "1.4.0", "-"),
            ("semver:^1", "1.4.0", "latest"),
            ("semver:^1", "1.4.0 1.5.0", "@a"),
            ("semver:^1 | allowDowngrade=true", "1.4.0", "2.0.0"),
            ("semver:*", "3.21.0 3.22.0", "3.21.0_rc1"),
            ("newest:*", "main-1~1 main-2~2", "main-1"),
            ("newest:*", "main-1~1", "-"),
            ("newest:main-*", "latest~2 main-1~2", "latest"),
            ("semver:*", "1.0.0@b", "1.0.0@a"),
            ("semver:* | pin=digest", "1.0.0@b", "1.0.0"),
            ("digest:stable", "stable@a", "-"),
            ("digest:stable", "stable@a", "@b"),
            ("digest:stable", "stable@a", "1.0.0"),
            ("digest:stable", "stable@a", "stable"),
            ("digest:stable", "stable@a", "stable@b"),
        ],
        &expect![[r#"
            semver:^1 (1.9.2)
              picked: 1.9.3 is the newest of 3 candidates, and newer than the current 1.9.2
              current: 1.9.2 is the current tag
              older: 1.4.0 is older than the current 1.9.2
            semver:^1 (-)
              picked: 1.4.0 is the only candidate
            semver:^1 (latest)
              picked: 1.4.0 is the only candidate; the current latest has no rank, so that any is newer
            semver:^1 (@a)
              best: 1.5.0 would be picked, but its digest is not known and must be written; `pin: never` would do without
              newer: 1.4.0 is a candidate, but 1.5.0 is newer
            semver:^1 | allowDowngrade=true (2.0.0)
              picked: 1.4.0 is the only candidate; it is older than the current 2.0.0, which `allowDowngrade: true` allows
            semver:* (3.21.0_rc1)
              picked: 3.22.0 is the newest of 2 candidates, and newer than the current 3.21.0_rc1 (read as 3.21.0)
              equal: 3.21.0 ranks like the current 3.21.0_rc1 (read as 3.21.0)
            newest:* (main-1)
              picked: main-2 is the newest of 2 candidates, built 2023-01-01T00:00:02Z; the current main-1 was built 2023-01-01T00:00:01Z
              current: main-1 is the current tag, built 2023-01-01T00:00:01Z
            newest:* (-)
              picked: main-1 is the only candidate, built 2023-01-01T00:00:01Z
            newest:main-* (latest)
              picked: main-1 ranks like the current latest, which the policy does not look at
              filtered: latest is left alone unless the policy names it; `digest:latest` would follow what it stands for
            semver:* (1.0.0@a)
              picked: 1.0.0 is the current tag, and stands for another digest now
            semver:* | pin=digest (1.0.0)
              picked: 1.0.0 is the current tag; `pin: digest` adds its digest
            digest:stable (-)
              picked: stable is the tag that the policy follows
            digest:stable (@b)
              picked: stable is the tag that the policy follows; it stands for another digest than the current one
            digest:stable (1.0.0)
              picked: stable is the tag that the policy follows; the current one is 1.0.0
            digest:stable (stable)
              picked: stable is the current tag; `pin: digest` adds its digest
            digest:stable (stable@b)
              picked: stable is the current tag, and stands for another digest now
        "#]],
    );
}

#[test]
fn what_would_be_picked() {
    check(
        &[
            ("semver:* | pin=digest", "1.1.0 1.0.0@a", "1.0.0"),
            ("semver:* | pin=digest", "1.0.0", "1.0.0"),
            ("digest:stable", "stable", "-"),
            ("semver:* | platforms=linux/arm64", "1.0.0+linux/arm64 1.1.0", "0.9.0"),
            ("newest:*", "main-1~1 main-2~2 main-3", "main-1"),
        ],
        &expect![[r#"
            semver:* | pin=digest (1.0.0)
              best: 1.1.0 would be picked, but its digest is not known and must be written; `pin: never` would do without
              current: 1.0.0 is the current tag
            semver:* | pin=digest (1.0.0)
              best: 1.0.0 is the current tag; its digest is not known, and `pin: digest` wants it written
            digest:stable (-)
              best: stable would be picked, but its digest is not known and must be written; `pin: never` would do without
            semver:* | platforms=linux/arm64 (0.9.0)
              best: 1.0.0 would be picked, but 1.1.0 may be newer: its platforms are not known
              unknownPlatform: 1.1.0 may be a candidate: its platforms are not known, and the policy wants linux/arm64/v8
            newest:* (main-1)
              best: main-2 would be picked, but main-3 may be newer: its build time is not known
              current: main-1 is the current tag, built 2023-01-01T00:00:01Z
              unknownBuildTime: main-3 may be the newest: its build time is not known
        "#]],
    );
}

#[test]
fn what_is_a_candidate() {
    check(
        &[
            ("semver:^1", "1.3.0 1.4.0 v1.4.0 1.5.0 1.9.2", "1.4.0"),
            ("semver:^1", "1.3.0 1.4.0 v1.4.0", "1.4.0"),
            ("semver:^1", "1.4.0 1.5.0", "-"),
            ("semver:^1", "1.2.0 1.3.0", "1.4.0"),
            ("semver:*", "3.21.0 3.20.0", "3.21.0_rc1"),
            ("semver:*", "1.4 1.4.0 v1.4.0 01.4.0", "1.3.0"),
            ("semver:*", "1.0.0@a 1.1.0@b", "@a"),
            ("numeric:desc", "1 2 3", "2"),
        ],
        &expect![[r#"
            semver:^1 (1.4.0)
              picked: 1.9.2 is the newest of 5 candidates, and newer than the current 1.4.0
              newer: 1.5.0 is newer than the current 1.4.0, but 1.9.2 is newer still
              current: 1.4.0 is the current tag
              equal: v1.4.0 ranks like the current 1.4.0
              older: 1.3.0 is older than the current 1.4.0
            semver:^1 (1.4.0)
              current: 1.4.0 is the current tag, and no candidate is newer
              equal: v1.4.0 ranks like the current 1.4.0, which stays
              older: 1.3.0 is older than the current 1.4.0
            semver:^1 (-)
              picked: 1.5.0 is the newest of 2 candidates
              newer: 1.4.0 is a candidate, but 1.5.0 is newer
            semver:^1 (1.4.0)
              older: 1.3.0 is the newest of 2 candidates, but older than the current 1.4.0; `allowDowngrade: true` would go back to it
              older: 1.2.0 is older than the current 1.4.0
            semver:* (3.21.0_rc1)
              equal: 3.21.0 ranks like the current 3.21.0_rc1 (read as 3.21.0), which stays
              older: 3.20.0 is older than the current 3.21.0_rc1 (read as 3.21.0)
            semver:* (1.3.0)
              picked: 1.4.0 is the newest of 4 candidates, and newer than the current 1.3.0
              newer: 01.4.0 ranks like 1.4.0, which is preferred: it comes later by bytes
              newer: 1.4 ranks like 1.4.0, which is preferred: it has more numbers
              newer: v1.4.0 ranks like 1.4.0, which is preferred: it is written like the current 1.3.0
            semver:* (@a)
              picked: 1.1.0 is the newest of 2 candidates; the current digest has no rank, so that any is newer
              equal: 1.0.0 stands for the current digest
            numeric:desc (2)
              picked: 1 is the newest of 3 candidates, and newer than the current 2
              current: 2 is the current tag
              older: 3 is older than the current 2
        "#]],
    );
}

#[test]
fn what_is_a_candidate_by_time_or_by_name() {
    check(
        &[
            (
                "newest:*",
                "main-1~1 main-2~2 main-3~2 main-4~3 main-5~4 main-6~4",
                "main-2",
            ),
            ("newest:*", "main-1~1 main-2~2", "main-2"),
            ("newest:*", "main-1~1 main-2~2", "main-9"),
            ("newest:*", "main-1~1@a main-2~2@b", "@a"),
            ("newest:*", "main-1~1 main-2~2", "-"),
            ("digest:stable", "stable@a", "stable@a"),
            ("digest:stable", "stable@a", "@a"),
        ],
        &expect![[r#"
            newest:* (main-2)
              picked: main-6 is the newest of 6 candidates, built 2023-01-01T00:00:04Z; the current main-2 was built 2023-01-01T00:00:02Z
              newer: main-5 ranks like main-6, which is preferred: it comes later by bytes
              newer: main-4 was built 2023-01-01T00:00:03Z, but main-6 later, 2023-01-01T00:00:04Z
              current: main-2 is the current tag, built 2023-01-01T00:00:02Z
              equal: main-3 was built 2023-01-01T00:00:02Z, as was the current main-2
              older: main-1 was built 2023-01-01T00:00:01Z, before the current main-2 (2023-01-01T00:00:02Z)
            newest:* (main-2)
              current: main-2 is the current tag, built 2023-01-01T00:00:02Z, and no candidate is newer
              older: main-1 was built 2023-01-01T00:00:01Z, before the current main-2 (2023-01-01T00:00:02Z)
            newest:* (main-9)
              newer: main-2 is a candidate, but nothing is picked, for the build time of the current main-9 is not known
              newer: main-1 is a candidate, but nothing is picked, for the build time of the current main-9 is not known
            newest:* (@a)
              picked: main-2 is the newest of 2 candidates, built 2023-01-01T00:00:02Z; the current digest was built 2023-01-01T00:00:01Z
              equal: main-1 was built 2023-01-01T00:00:01Z, as was the current digest
            newest:* (-)
              picked: main-2 is the newest of 2 candidates, built 2023-01-01T00:00:02Z
              newer: main-1 was built 2023-01-01T00:00:01Z, but main-2 later, 2023-01-01T00:00:02Z
            digest:stable (stable@a)
              current: stable is the current tag, and the one that the policy follows
            digest:stable (@a)
              equal: stable is the tag that the policy follows, and nothing new is known of it
        "#]],
    );
}

#[test]
fn what_a_policy_says_is_not_repeated_at_length() {
    let long = "a|".repeat(500);
    let sentence = &said(&format!("regexp:{long}b"), "x~1", "-");
    assert!(sentence[0].1.len() <= 170, "{sentence:?}");
    let sentence = TagVerdict {
        tag: &"é\n".repeat(1_000_000),
        verdict: Verdict::InvalidTag,
    };
    assert!(sentence.to_string().chars().count() < 800);
}

#[test]
fn every_code_is_known() {
    let told: BTreeSet<&str> = [
        (
            "semver:^1 | deny=9",
            "-x 9 latest v x 1.2.0-rc 2 1.0.0 1.1.0 1.2.0 v1.1.0",
            "1.1.0",
        ),
        ("semver:* | suffix=-a precision=keep", "1 1-a", "1.1"),
        ("semver:* | platforms=a/b", "1.0.0+a/b 1.1.0+c/d 1.2.0", "0.1.0"),
        ("newest:*", "a~1 b", "a"),
        ("semver:*", "1.2.0 1.1.0 1.0.0", "1.0.0"),
        ("semver:* | pin=digest", "1.2.0", "1.0.0"),
    ]
    .iter()
    .flat_map(|(policy, tags, current)| said(policy, tags, current))
    .map(|(code, _)| code)
    .collect();
    assert_eq!(told, BTreeSet::from(Verdict::CODES));
}

#[test]
fn a_verdict_is_small() {
    assert!(size_of::<TagVerdict<'_>>() <= 48, "{}", size_of::<TagVerdict<'_>>());
}

/// Kinds that read, with what makes the text that they read.
const READERS: [&str; 14] = [
    "semver:^1",
    "semver:^1 | suffix=keep",
    "semver:>=1.0.0 <2 || 4.x | platforms=linux/arm64",
    "semver:* | filter=^(.*?)[0-9]*$>é$1-é",
    "semver:* | filter=.>v${0}.1",
    "version:>=1 <2",
    "version:* | suffix=-a precision=keep",
    "version:* | filter=.>1.${0}_é",
    "calver:YYYY.0M.0D",
    "calver:vMAJOR1MINOR-é",
    "numeric",
    "numeric | filter=.>é$0",
    "newest:1*",
    "regexp:1",
];

proptest! {
    #[test]
    fn whatever_a_tag_is_its_sentence_is_short_and_on_one_line(
        reader in prop::sample::select(READERS.to_vec()),
        tags in prop::collection::vec("(v?[0-2.]{0,8}([-_.a-z0-2]{0,8})|\\PC{0,3}|.{0,200}|[0-9A-Za-z_.-]{1,128})", 1..6),
        current in "[0-2][0-2.]{0,4}(-a)?",
    ) {
        let candidate = |tag: String| Candidate { tag, ..Candidate::default() };
        let candidates: Vec<Candidate> = tags.into_iter().map(candidate).collect();
        let selection = select(&policy(reader), &candidates, value(&current).as_ref(), Timestamp::from_unix_seconds(0));
        for verdict in selection.unwrap().verdicts {
            let sentence = verdict.to_string();
            prop_assert!(!sentence.chars().any(char::is_control), "{}", sentence);
            // A tag has up to 128 bytes, and is told of with up to two others; what is none may have to be escaped.
            let most = if Tag::is_valid(verdict.tag) { 170 + 3 * 128 } else { 2_000 };
            prop_assert!(sentence.chars().count() <= most, "{}", sentence);
        }
    }
}
