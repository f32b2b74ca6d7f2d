mod kinds;
mod laws;
mod sentences;

use expect_test::{Expect, expect};

use super::*;
use crate::policy::{FieldValue, PolicyFields};
use crate::reference::{Digest, Platform};
use crate::scan::Created;

/// A policy in short form, or `kind:argument | option=value …`.
fn policy(text: &str) -> Policy {
    let Some((short, options)) = text.split_once(" | ") else {
        return Policy::parse_short(text).unwrap();
    };
    let (kind, argument) = short.split_once(':').unwrap_or((short, ""));
    let mut entries = vec![(kind.to_owned(), FieldValue::Text(argument.to_owned()))];
    entries.extend(options.split(' ').map(|option| {
        let (key, value) = option.split_once('=').unwrap();
        (key.to_owned(), field(key, value))
    }));
    Policy::from_fields(&PolicyFields { entries }).unwrap()
}

fn field(key: &str, value: &str) -> FieldValue {
    let text = |text: &str| FieldValue::Text(text.to_owned());
    match key {
        "prerelease" | "allowDowngrade" => FieldValue::Bool(value == "true"),
        "deny" | "platforms" => FieldValue::List(value.split(',').map(text).collect()),
        "filter" => {
            let (pattern, extract) = value.split_once('>').unwrap_or((value, "$0"));
            FieldValue::Map(vec![
                ("pattern".into(), text(pattern)),
                ("extract".into(), text(extract)),
            ])
        }
        _ => text(value),
    }
}

/// A digest of one repeated digit.
fn digest(letter: char) -> Digest {
    Digest::parse(&format!("sha256:{}", letter.to_string().repeat(64))).unwrap()
}

/// The first second of 2023.
const NEW_YEAR: i64 = 1_672_531_200;

/// `TAG[~5][@a][+linux/amd64,…]`: built at that second of 2023 (`~-`: without a build time), with the digest of that digit and
/// these platforms.
fn candidate(text: &str) -> Candidate {
    let (text, platforms) = text
        .split_once('+')
        .map_or((text, None), |(text, platforms)| (text, Some(platforms)));
    let (tag, letter) = text
        .split_once('@')
        .map_or((text, None), |(tag, letter)| (tag, letter.chars().next()));
    let (tag, created) = tag.split_once('~').unwrap_or((tag, ""));
    let platform = |text| Platform::parse(text).unwrap();
    Candidate {
        tag: tag.to_owned(),
        created: match created {
            "" => Created::Unknown,
            "-" => Created::Never,
            second => Created::At(Timestamp::from_unix_seconds(NEW_YEAR + second.parse::<i64>().unwrap())),
        },
        digest: letter.map(digest),
        platforms: platforms.map(|platforms| platforms.split(',').map(platform).collect()),
    }
}

/// `TAG`, `TAG@a` or `@a`; `-` is none.
fn value(text: &str) -> Option<Value> {
    let candidate = (text != "-").then(|| candidate(text))?;
    Some(Value {
        tag: Tag::parse(&candidate.tag).ok(),
        digest: candidate.digest,
    })
}

/// The selection on one line: the value or the reason, then the verdicts.
fn choose(text: &str, tags: &str, current: &str) -> String {
    let candidates: Vec<Candidate> = tags.split_whitespace().map(candidate).collect();
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let selection = match select(&policy(text), &candidates, value(current).as_ref(), now) {
        Ok(selection) => selection,
        Err(error) => return error.to_string(),
    };
    let picked = selection.pick.map(|value| {
        let digest = value
            .digest
            .map(|digest| format!("@{}", &digest.hex()[..1]))
            .unwrap_or_default();
        format!("{}{digest}", value.tag.unwrap())
    });
    let by = selection.blocked_by.map(|by| format!(" by {by}")).unwrap_or_default();
    let verdicts: Vec<String> = selection
        .verdicts
        .iter()
        .map(|verdict| format!("{} {}", verdict.tag, verdict.verdict.code()))
        .collect();
    format!(
        "{}{by}: {}",
        picked.unwrap_or_else(|| selection.reason.code().to_owned()),
        verdicts.join(", ")
    )
}

fn check(cases: &[(&str, &str, &str)], expected: &Expect) {
    let lines: Vec<String> = cases
        .iter()
        .map(|(policy, tags, current)| choose(policy, tags, current))
        .collect();
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn the_best_in_the_range_is_picked() {
    check(
        &[
            ("semver:^1", "1.4.0 1.9.2 2.0.0", "1.4.0"),
            ("semver:^1", "1.4.0 1.9.2 2.0.0", "-"),
            ("semver:^1", "1.4.0 1.9.2 2.0.0", "1.9.2"),
            ("semver:^1", "1.4.0 1.9.2 2.0.0", "1.9.3"),
            ("semver:^3", "1.4.0 1.9.2 2.0.0", "1.4.0"),
            ("semver:^1", "", "1.4.0"),
            ("semver:^1", "1.10.0 1.9.0 1.9.1-rc.1", "1.9.0"),
            ("semver:^1 | prerelease=true", "1.10.0-rc.1 1.9.0 2.0.0-rc", "1.9.0"),
            ("semver:^1 | allowDowngrade=true", "1.4.0 1.9.2", "2.0.0"),
            ("semver:^1 | allowDowngrade=true", "1.4.0 1.9.2", "1.9.2"),
        ],
        &expect![[r#"
            1.9.2: 1.9.2 picked, 1.4.0 current, 2.0.0 outOfRange
            1.9.2: 1.9.2 picked, 1.4.0 newer, 2.0.0 outOfRange
            upToDate: 1.9.2 current, 1.4.0 older, 2.0.0 outOfRange
            onlyOlder: 1.9.2 older, 1.4.0 older, 2.0.0 outOfRange
            noCandidate: 1.4.0 outOfRange, 1.9.2 outOfRange, 2.0.0 outOfRange
            noCandidate: 
            1.10.0: 1.10.0 picked, 1.9.0 current, 1.9.1-rc.1 prerelease
            1.10.0-rc.1: 1.10.0-rc.1 picked, 1.9.0 current, 2.0.0-rc outOfRange
            1.9.2: 1.9.2 picked, 1.4.0 older
            upToDate: 1.9.2 current, 1.4.0 older
        "#]],
    );
}

#[test]
fn the_first_verdict_that_applies_is_given() {
    check(
        &[
            (
                "semver:^1 | deny=^1\\.5,rc",
                "-x ä 1.5.0 1.4.0-rc 1.4.0 latest LATEST foo 1.4.0-alpha 2.0.0 2.0.0-beta",
                "-",
            ),
            ("semver:^1 | filter=^v(.*)$>$1", "v1.4.0 1.5.0 v2.0.0 vfoo latest", "-"),
            (
                "semver:^1 | suffix=-alpine deny=1.9",
                "1.4.0 1.4.0-alpine 1.9.0-alpine foo-alpine latest-alpine",
                "-",
            ),
            ("semver:* | filter=latest|^1", "latest 1.0.0", "-"),
            ("semver:* | filter=^LaTeSt$", "latest LATEST LaTeSt", "-"),
            ("semver:1.x | precision=keep", "1.4 1.5 1.5.1 2 2.0 foo", "1.4"),
            (
                "semver:1.x | platforms=linux/arm64",
                "1.4.0+linux/amd64 1.5.0+linux/aarch64 2.0.0 1.1.0",
                "-",
            ),
        ],
        &expect![[r#"
            1.4.0: 1.4.0 picked, -x invalidTag, 1.4.0-alpha prerelease, 1.4.0-rc denied, 1.5.0 denied, 2.0.0 outOfRange, 2.0.0-beta outOfRange, LATEST filtered, foo unreadable, latest filtered, ä invalidTag
            v1.4.0: v1.4.0 picked, 1.5.0 filtered, latest filtered, v2.0.0 outOfRange, vfoo unreadable
            1.4.0-alpine: 1.4.0-alpine picked, 1.4.0 suffixDiffers, 1.9.0-alpine denied, foo-alpine unreadable, latest-alpine unreadable
            1.0.0: 1.0.0 picked, latest unreadable
            noCandidate: LATEST filtered, LaTeSt unreadable, latest filtered
            1.5: 1.5 picked, 1.4 current, 1.5.1 precisionDiffers, 2 precisionDiffers, 2.0 outOfRange, foo unreadable
            1.5.0: 1.5.0 picked, 1.1.0 unknownPlatform, 1.4.0 wrongPlatform, 2.0.0 outOfRange
        "#]],
    );
}

#[test]
fn suffixes_choose_the_flavour() {
    check(
        &[
            (
                "semver:1.x | suffix=keep",
                "1.27.3-alpine 1.28.0 1.27.4-alpine 1.28.0-slim",
                "1.27.3-alpine",
            ),
            ("semver:1.x | suffix=keep", "1.27.3-alpine 1.28.0 1.29.0-slim", "1.27.0"),
            ("semver:1.x | suffix=keep", "1.27.3-alpine 1.28.0", "-"),
            ("semver:1.x | suffix=none", "1.27.3-alpine 1.28.0", "1.27.0-alpine"),
            (
                "semver:1.x | suffix=-alpine3.20",
                "1.27.3-alpine3.20 1.28.0-alpine3.19",
                "1.27.1-alpine3.19",
            ),
            ("semver:1.x | suffix=any", "1.27.3-alpine 1.28.0", "1.27.0-alpine"),
            (
                "semver:* | suffix=keep filter=^(\\d+)-alpine$>$1.5.0",
                "1-alpine 2-alpine 3-slim 3",
                "1-alpine",
            ),
        ],
        &expect![[r#"
            1.27.4-alpine: 1.27.4-alpine picked, 1.27.3-alpine current, 1.28.0 suffixDiffers, 1.28.0-slim suffixDiffers
            1.28.0: 1.28.0 picked, 1.27.3-alpine suffixDiffers, 1.29.0-slim suffixDiffers
            1.28.0: 1.28.0 picked, 1.27.3-alpine suffixDiffers
            1.28.0: 1.28.0 picked, 1.27.3-alpine suffixDiffers
            1.27.3-alpine3.20: 1.27.3-alpine3.20 picked, 1.28.0-alpine3.19 suffixDiffers
            1.28.0: 1.28.0 picked, 1.27.3-alpine prerelease
            2-alpine: 2-alpine picked, 1-alpine current, 3 filtered, 3-slim filtered
        "#]],
    );
}

#[test]
fn precision_counts_what_the_kind_reads() {
    check(
        &[
            ("semver:* | precision=keep", "3.19 3.20 3.20.1 4", "3.19"),
            ("semver:* | precision=keep", "3.19 3.20 3.20.1 4", "-"),
            ("semver:* | precision=keep", "3.19 3.20 3.20.1 4", "latest"),
            (
                "semver:* | precision=keep suffix=keep",
                "3.19-a 3.20-a 3.20.1-a",
                "3.19-a",
            ),
            (
                "semver:* | precision=keep filter=^r(.+)$>$1",
                "r3.19 r3.20 r3.20.1",
                "r3.19",
            ),
        ],
        &expect![[r#"
            3.20: 3.20 picked, 3.19 current, 3.20.1 precisionDiffers, 4 precisionDiffers
            4: 4 picked, 3.20.1 newer, 3.20 newer, 3.19 newer
            4: 4 picked, 3.20.1 newer, 3.20 newer, 3.19 newer
            3.20-a: 3.20-a picked, 3.19-a current, 3.20.1-a precisionDiffers
            r3.20: r3.20 picked, r3.19 current, r3.20.1 precisionDiffers
        "#]],
    );
}

#[test]
fn the_current_value_is_ranked_as_well_as_can_be() {
    check(
        &[
            ("semver:<3", "1.0.0 2.0.0", "3.0.0"),
            ("semver:* | deny=^2", "1.0.0 2.0.0 3.0.0", "2.0.0"),
            ("semver:*", "3.20.0 3.21.0 3.21.1", "3.21.0_rc1"),
            ("semver:*", "3.20.0 3.21.0", "3.21.0_rc1"),
            ("semver:* | allowDowngrade=true", "3.20.0", "3.21.0_rc1"),
            ("semver:*", "1.2.3 1.2.4", "1.2.3.4"),
            ("semver:*", "1.0.0 0.1.0", "main-4f2"),
            ("semver:*", "1.0.0 0.1.0", "latest"),
            ("semver:*", "1.0.0@b 0.1.0@a", "@a"),
            ("semver:* | suffix=none", "1.2.0 1.1.0", "1.2.0-alpine"),
            ("semver:* | filter=^v(.*)$>$1", "v1.2.0 v1.1.0", "v1.1.0"),
            ("semver:* | filter=^v(.*)$>$1", "v1.2.0 v1.1.0", "1.2.0"),
        ],
        &expect![[r#"
            onlyOlder: 2.0.0 older, 1.0.0 older
            3.0.0: 3.0.0 picked, 1.0.0 older, 2.0.0 denied
            3.21.1: 3.21.1 picked, 3.21.0 equal, 3.20.0 older
            upToDate: 3.21.0 equal, 3.20.0 older
            3.20.0: 3.20.0 picked
            1.2.4: 1.2.4 picked, 1.2.3 equal
            1.0.0: 1.0.0 picked, 0.1.0 newer
            1.0.0: 1.0.0 picked, 0.1.0 newer
            1.0.0@b: 1.0.0 picked, 0.1.0 equal
            upToDate: 1.2.0 equal, 1.1.0 older
            v1.2.0: v1.2.0 picked, v1.1.0 current
            upToDate: v1.2.0 equal, v1.1.0 older
        "#]],
    );
}

#[test]
fn ties_are_broken_the_same_way_always() {
    check(
        &[
            ("semver:*", "1.4 1.4.0 v1.4.0", "1.3.0"),
            ("semver:*", "1.4 1.4.0 v1.4.0 v1.4", "v1.3.0"),
            ("semver:*", "1.4 1.4.0 v1.4.0", "-"),
            ("semver:*", "1.4.0 v1.4.0", "latest"),
            ("semver:*", "1.4.0 v1.4.0", "vnext"),
            ("semver:*", "1.4 v1.4.0 1.04.0", "1.4.0"),
            ("semver:* | filter=(\\d.*)$>$1", "a-1.4 b-1.4 b-1.4.0", "a-1.3"),
        ],
        &expect![[r#"
            1.4.0: 1.4.0 picked, 1.4 newer, v1.4.0 newer
            v1.4.0: v1.4.0 picked, 1.4 newer, 1.4.0 newer, v1.4 newer
            v1.4.0: v1.4.0 picked, 1.4 newer, 1.4.0 newer
            1.4.0: 1.4.0 picked, v1.4.0 newer
            1.4.0: 1.4.0 picked, v1.4.0 newer
            upToDate: 1.04.0 equal, 1.4 equal, v1.4.0 equal
            b-1.4.0: b-1.4.0 picked, a-1.4 newer, b-1.4 newer
        "#]],
    );
}

#[test]
fn unknown_platforms_hold_what_could_be_better() {
    let arm = "semver:* | platforms=linux/arm64";
    check(
        &[
            (arm, "1.0.0+linux/arm64 1.1.0", "0.9.0"),
            (arm, "1.0.0+linux/arm64 1.1.0 v1.1.0 1.2.0+linux/amd64", "0.9.0"),
            (arm, "1.0.0+linux/arm64 0.9.5", "0.9.0"),
            (arm, "1.0.0+linux/arm64 v1.0.0", "0.9.0"),
            (arm, "1.0.0 1.1.0", "1.1.0"),
            (arm, "1.0.0 1.1.0", "1.2.0"),
            (arm, "1.1.0+linux/arm64 1.2.0", "1.1.0"),
            (arm, "1.0.0", "-"),
            (
                "semver:^1 | platforms=linux/arm64,linux/amd64",
                "1.0.0+linux/arm64/v8,linux/x86_64,linux/s390x",
                "-",
            ),
        ],
        &expect![[r#"
            blocked by 1.1.0: 1.0.0 best, 1.1.0 unknownPlatform
            blocked by v1.1.0: 1.0.0 best, 1.1.0 unknownPlatform, 1.2.0 wrongPlatform, v1.1.0 unknownPlatform
            1.0.0: 1.0.0 picked, 0.9.5 unknownPlatform
            1.0.0: 1.0.0 picked, v1.0.0 unknownPlatform
            noCandidate: 1.0.0 unknownPlatform, 1.1.0 unknownPlatform
            noCandidate: 1.0.0 unknownPlatform, 1.1.0 unknownPlatform
            blocked by 1.2.0: 1.1.0 current, 1.2.0 unknownPlatform
            blocked by 1.0.0: 1.0.0 unknownPlatform
            1.0.0: 1.0.0 picked
        "#]],
    );
}

#[test]
fn digests_are_written_as_pin_says() {
    check(
        &[
            ("semver:*", "1.1.0@b 1.0.0@a", "1.0.0"),
            ("semver:*", "1.1.0@b 1.0.0@a", "1.0.0@a"),
            ("semver:*", "1.1.0 1.0.0@a", "1.0.0@a"),
            ("semver:* | pin=digest", "1.1.0@b 1.0.0@a", "1.0.0"),
            ("semver:* | pin=digest", "1.1.0 1.0.0@a", "1.0.0"),
            ("semver:* | pin=digest", "1.0.0@a", "1.0.0"),
            ("semver:* | pin=digest", "1.0.0", "1.0.0"),
            ("semver:* | pin=digest", "1.0.0", "1.0.0@a"),
            ("semver:* | pin=digest", "v1.0.0@b", "1.0.0"),
            ("semver:* | pin=never", "1.1.0@b 1.0.0@a", "1.0.0@a"),
            ("semver:* | pin=never", "1.0.0@a", "1.0.0@b"),
            ("semver:*", "1.0.0@b", "1.0.0@a"),
            ("semver:*", "1.0.0@a", "1.0.0@a"),
            ("semver:*", "1.0.0@b", "1.0.0"),
            ("semver:*", "1.0.0@b 0.9.0@a", "@a"),
        ],
        &expect![[r#"
            1.1.0: 1.1.0 picked, 1.0.0 current
            1.1.0@b: 1.1.0 picked, 1.0.0 current
            unknownDigest: 1.1.0 best, 1.0.0 current
            1.1.0@b: 1.1.0 picked, 1.0.0 current
            unknownDigest: 1.1.0 best, 1.0.0 current
            1.0.0@a: 1.0.0 picked
            unknownDigest: 1.0.0 best
            upToDate: 1.0.0 current
            upToDate: v1.0.0 equal
            1.1.0: 1.1.0 picked, 1.0.0 current
            upToDate: 1.0.0 current
            1.0.0@b: 1.0.0 picked
            upToDate: 1.0.0 current
            upToDate: 1.0.0 current
            1.0.0@b: 1.0.0 picked, 0.9.0 equal
        "#]],
    );
}

#[test]
fn digest_follows_one_tag() {
    check(
        &[
            ("digest:stable", "stable@b latest@c -x", "stable@a"),
            ("digest:stable", "stable@a", "stable@a"),
            ("digest:stable", "stable@a", "stable"),
            ("digest:stable", "stable@a", "1.0.0@a"),
            ("digest:stable", "stable@a", "-"),
            ("digest:stable", "stable@a", "@a"),
            ("digest:stable", "stable@b", "@a"),
            ("digest:stable", "latest@a", "stable@a"),
            ("digest:stable", "stable", "stable@a"),
            ("digest:stable", "stable", "stable"),
            ("digest:stable", "stable", "-"),
            ("digest:latest", "latest@b", "latest@a"),
            ("digest:stable | pin=never", "stable@b", "stable@a"),
            ("digest:stable | pin=never", "stable", "1.0.0"),
            ("digest:stable | pin=ifPresent", "stable@b", "stable"),
            ("digest:stable | pin=ifPresent", "stable@b", "1.0.0"),
            ("digest:stable | pin=ifPresent", "stable@b", "stable@a"),
        ],
        &expect![[r#"
            stable@b: stable picked, -x invalidTag, latest filtered
            upToDate: stable current
            stable@a: stable picked
            stable@a: stable picked
            stable@a: stable picked
            upToDate: stable equal
            stable@b: stable picked
            missing: latest filtered
            upToDate: stable current
            unknownDigest: stable best
            unknownDigest: stable best
            latest@b: latest picked
            upToDate: stable current
            stable: stable picked
            upToDate: stable current
            stable: stable picked
            stable@b: stable picked
        "#]],
    );
}

#[test]
fn a_tag_given_twice_counts_once_if_it_agrees() {
    check(
        &[
            ("semver:*", "1.0.0 1.0.0@a 1.0.0+linux/amd64", "-"),
            ("semver:* | pin=digest", "1.0.0 1.0.0@a", "-"),
            (
                "semver:*",
                "1.0.0+linux/amd64,linux/arm64 1.0.0+linux/aarch64,linux/x86_64",
                "-",
            ),
            ("semver:*", "1.0.0@a 1.0.0@b", "-"),
            ("semver:*", "1.0.0+linux/amd64 1.0.0 1.0.0+linux/arm64", "-"),
        ],
        &expect![[r#"
            1.0.0: 1.0.0 picked
            1.0.0@a: 1.0.0 picked
            1.0.0: 1.0.0 picked
            the tag `1.0.0` is given twice, and not with the same digest
            the tag `1.0.0` is given twice, and not with the same platforms
        "#]],
    );
}

#[test]
fn patterns_of_the_old_systems_mean_what_they_did() {
    check(
        &[
            ("semver:*", "1 1.0 v1.0.3 latest 2.0.1-alpha.1", "-"),
            ("semver:~1", "v1 1 1.2 1.2.3 2.0.0", "-"),
            ("semver:2.0.1-alpha.1", "2.0.1-alpha.1 2.0.1 2.0.1-alpha.2", "-"),
            ("semver:*", "3 v1 1.10 1.2.30 1.10.0 bbb-not-semver aaa-not-semver", "-"),
        ],
        &expect![[r#"
            v1.0.3: v1.0.3 picked, 1 newer, 1.0 newer, 2.0.1-alpha.1 prerelease, latest filtered
            1.2.3: 1.2.3 picked, 1.2 newer, 1 newer, v1 newer, 2.0.0 outOfRange
            2.0.1-alpha.1: 2.0.1-alpha.1 picked, 2.0.1 outOfRange, 2.0.1-alpha.2 outOfRange
            3: 3 picked, 1.10 newer, 1.10.0 newer, 1.2.30 newer, v1 newer, aaa-not-semver unreadable, bbb-not-semver unreadable
        "#]],
    );
}
