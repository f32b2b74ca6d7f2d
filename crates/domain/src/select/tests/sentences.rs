//! What is said of a tag.

mod candidates;
mod unreadable;

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
