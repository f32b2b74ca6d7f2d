use std::collections::BTreeMap;
use std::sync::Arc;

use expect_test::{Expect, expect};

use super::*;
use crate::policy::{FieldValue, PolicyFields};
use crate::reference::{Platform, Repository};
use crate::scan::{Fact, TagList};

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

fn height(text: &str) -> Height {
    Height::of_name(tag(text))
}

fn digest(letter: char) -> Digest {
    Digest::parse(&format!("sha256:{}", letter.to_string().repeat(64))).unwrap()
}

/// The first second of 2023.
const NEW_YEAR: i64 = 1_672_531_200;

/// `TAG`, `TAG@a`, `@a`, or nothing.
fn value(text: &str) -> Value {
    let (tag, letter) = text.split_once('@').unwrap_or((text, ""));
    Value {
        tag: Tag::parse(tag).ok(),
        digest: letter.chars().next().map(digest),
    }
}

/// A scan of `TAG`, `TAG~5@a+linux/amd64` (built at that second of 2023, with that digest and platform; `~-`: without a build
/// time), `TAG!` (gone) or `TAG?` (its facts could not be had).
fn scan(text: &str) -> Scan {
    let mut facts = BTreeMap::new();
    let mut failed = Vec::new();
    let mut names = Vec::new();
    for word in text.split_whitespace() {
        let (word, platform) = word
            .split_once('+')
            .map_or((word, None), |(word, platform)| (word, Some(platform)));
        let name = word.split(['~', '@', '!', '?']).next().unwrap();
        let created = word
            .split_once('~')
            .map(|(_, rest)| rest.split(['@', '!', '?']).next().unwrap());
        let created = match created {
            None => Created::Unknown,
            Some("-") => Created::Never,
            Some(second) => Created::At(Timestamp::from_unix_seconds(NEW_YEAR + second.parse::<i64>().unwrap())),
        };
        let digest = word
            .split_once('@')
            .map(|(_, letter)| digest(letter.chars().next().unwrap()));
        let platforms = platform.map(|platform| vec![Platform::parse(platform).unwrap()]);
        if word.ends_with('?') {
            failed.extend([
                Need::Digest(tag(name)),
                Need::Platforms(tag(name)),
                Need::BuildTime(tag(name)),
            ]);
        }
        facts.insert(
            tag(name),
            Fact {
                digest,
                platforms,
                created,
                gone: word.ends_with('!'),
                ..Fact::default()
            },
        );
        names.push(name);
    }
    let repository = Repository::parse("example.com/app").unwrap();
    let mut scan = Scan::of_tags(
        repository,
        Arc::new(TagList::from_names(names)),
        Timestamp::from_unix_seconds(0),
    );
    scan.facts = facts;
    scan.failed = failed.into_iter().collect();
    scan
}

/// The decision on one line.
fn decided(policy: &Policy, tags: &str, current: &str, standing: &Standing, high_water: Option<&Height>) -> String {
    let (scan, current) = (scan(tags), value(current));
    let now = Timestamp::from_unix_seconds(NEW_YEAR);
    match decide(&Question {
        policy,
        current: &current,
        scan: &scan,
        standing,
        high_water,
        now,
    }) {
        Decision::Stay(reason) => format!("stay, {}: {reason}", reason.code()),
        Decision::Undecided(needs) => {
            let needs: Vec<String> = needs.iter().map(ToString::to_string).collect();
            format!("undecided: {}", needs.join(", "))
        }
        Decision::Propose(proposal) => {
            let digest = proposal
                .to()
                .digest
                .as_ref()
                .map(|digest| format!("@{}", &digest.hex()[..1]));
            let to = proposal.to().tag.as_ref().unwrap();
            format!(
                "propose {to}{} ({})",
                digest.unwrap_or_default(),
                &proposal.digest().hex()[..1]
            )
        }
    }
}

fn check(cases: &[(&str, &str, &str)], standing: &Standing, expected: &Expect) {
    let decide = |(policy, tags, current): &(&str, &str, &str)| {
        decided(&Policy::parse_short(policy).unwrap(), tags, current, standing, None)
    };
    let lines: Vec<String> = cases.iter().map(decide).collect();
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn a_winner_is_proposed_once_its_digest_is_known() {
    check(
        &[
            ("semver:^1", "1.0.0 1.1.0", "1.0.0"),
            ("semver:^1", "1.0.0 1.1.0@b", "1.0.0"),
            ("semver:^1", "1.0.0 1.1.0@b", "1.0.0@a"),
            ("semver:^1", "1.0.0 1.1.0?", "1.0.0"),
            ("semver:^1", "1.0.0 1.1.0@b 1.2.0!", "1.0.0"),
            ("semver:^1", "1.0.0 1.1.0@b", ""),
            ("semver:^1", "1.0.0", "1.0.0"),
            ("semver:^1", "1.0.0 0.9.0", "1.1.0"),
            ("semver:^2", "1.0.0", "1.0.0"),
        ],
        &Standing::plausible(),
        &expect![[r#"
            undecided: the digest of `1.1.0`
            propose 1.1.0 (b)
            propose 1.1.0@b (b)
            stay, unknownDigest: the digest of `1.1.0` could not be found out
            propose 1.1.0 (b)
            propose 1.1.0 (b)
            stay, upToDate: the current value is the best there is
            stay, onlyOlder: all candidates rank below the current value
            stay, noCandidate: no tag is a candidate
        "#]],
    );
}

#[test]
fn a_tag_that_was_pushed_again_is_found_by_its_digest() {
    check(
        &[
            ("semver:^1", "1.0.0", "1.0.0@a"),
            ("semver:^1", "1.0.0@a", "1.0.0@a"),
            ("semver:^1", "1.0.0@b", "1.0.0@a"),
            ("semver:^1", "1.0.0?", "1.0.0@a"),
            ("digest:stable", "stable", "stable@a"),
            ("digest:stable", "stable@b", "stable@a"),
            ("digest:stable", "stable", "stable"),
            ("digest:stable", "stable!", "stable@a"),
            ("digest:stable", "1.0.0", "stable@a"),
        ],
        &Standing::plausible(),
        &expect![[r#"
            undecided: the digest of `1.0.0`
            stay, upToDate: the current value is the best there is
            propose 1.0.0@b (b)
            stay, upToDate: the current value is the best there is
            undecided: the digest of `stable`
            propose stable@b (b)
            undecided: the digest of `stable`
            stay, missing: the tag to follow is not there
            stay, missing: the tag to follow is not there
        "#]],
    );
}

#[test]
fn nothing_is_decided_from_a_suspect_list() {
    let reason = SuspectReason::Shrunk { before: 100, now: 2 };
    let standing = Standing {
        list: ListStanding::Suspect(reason),
        ..Standing::plausible()
    };
    check(
        &[("semver:^1", "1.0.0 1.1.0@b", "1.0.0"), ("digest:a", "a@b", "a@a")],
        &standing,
        &expect![[r#"
            stay, suspectList: the list of tags has 2 and had 100 before; nothing is decided from such a list
            stay, suspectList: the list of tags has 2 and had 100 before; nothing is decided from such a list
        "#]],
    );
}

#[test]
fn a_list_that_has_long_been_suspect_only_moves_upwards() {
    let reason = SuspectReason::Shrunk { before: 100, now: 2 };
    let standing = Standing {
        list: ListStanding::UpwardsOnly(reason),
        ..Standing::plausible()
    };
    check(
        &[
            ("semver:^1", "1.0.0 1.1.0@b", "1.0.0"),
            ("semver:^1", "1.0.0@b", "1.0.0@a"),
            ("digest:a", "a@b", "a@a"),
        ],
        &standing,
        &expect![[r#"
            propose 1.1.0 (b)
            propose 1.0.0@b (b)
            propose a@b (b)
        "#]],
    );
}

#[test]
fn without_the_current_tag_nothing_is_written_at_first() {
    let missing = |degree| Standing {
        missing: BTreeMap::from([(tag("1.0.0"), degree)]),
        ..Standing::plausible()
    };
    let cases = [("semver:^1", "1.1.0@b", "1.0.0"), ("semver:^1", "1.1.0@b", "1.0.1")];
    check(
        &cases,
        &missing(Missing::Doubted),
        &expect![[r#"
            stay, currentTagMissing: the list of tags lacks the current one, `1.0.0`; nothing is decided from such a list
            propose 1.1.0 (b)
        "#]],
    );
    check(
        &cases,
        &missing(Missing::UpwardsOnly),
        &expect![[r#"
            propose 1.1.0 (b)
            propose 1.1.0 (b)
        "#]],
    );
}

#[test]
fn in_doubt_nothing_at_or_below_the_mark_is_taken_even_with_leave_to_go_back() {
    use crate::policy::{FieldValue, PolicyFields};
    let entries = vec![
        ("semver".to_owned(), FieldValue::Text("*".to_owned())),
        ("allowDowngrade".to_owned(), FieldValue::Bool(true)),
    ];
    let policy = Policy::from_fields(&PolicyFields { entries }).unwrap();
    let reason = SuspectReason::Shrunk { before: 100, now: 2 };
    let standing = Standing {
        list: ListStanding::UpwardsOnly(reason),
        ..Standing::plausible()
    };
    let mark = height("1.5.0");
    let decided = |tags, current| decided(&policy, tags, current, &standing, Some(&mark));
    assert!(decided("1.4.0@a", "1.5.0").starts_with("stay, suspectList"));
    assert!(decided("1.5.0@a", "1.4.0").starts_with("stay, suspectList"));
    assert_eq!(decided("1.6.0@a", "1.4.0"), "propose 1.6.0 (a)");
}

#[test]
fn unknown_platforms_are_asked_for_best_first() {
    use crate::policy::{FieldValue, PolicyFields};
    let arm = FieldValue::List(vec![FieldValue::Text("linux/arm64".to_owned())]);
    let entries = vec![
        ("semver".to_owned(), FieldValue::Text("*".to_owned())),
        ("platforms".to_owned(), arm),
    ];
    let policy = Policy::from_fields(&PolicyFields { entries }).unwrap();
    let decided = |tags| decided(&policy, tags, "1.0.0", &Standing::plausible(), None);
    let lines = [
        decided("1.1.0@a+linux/arm64 1.2.0 1.3.0 0.1.0"),
        decided("1.1.0@a+linux/arm64 1.2.0 1.3.0?"),
        decided("1.1.0@a+linux/arm64 1.2.0@b+linux/amd64"),
        decided("1.1.0+linux/arm64"),
    ];
    expect![[r#"
        undecided: the platforms of `1.3.0`, the platforms of `1.2.0`
        stay, blocked: too little is known of `1.3.0`, which could rank above the best
        propose 1.1.0 (a)
        undecided: the digest of `1.1.0`
    "#]]
    .assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn build_times_are_asked_for_all_at_once_and_platforms_a_few_at_a_time() {
    let entries = vec![
        ("newest".to_owned(), FieldValue::Text("m-*".to_owned())),
        (
            "platforms".to_owned(),
            FieldValue::List(vec![FieldValue::Text("linux/amd64".to_owned())]),
        ),
    ];
    let with_platforms = Policy::from_fields(&PolicyFields { entries }).unwrap();
    let newest = Policy::parse_short("newest:m-*").unwrap();
    let all = "m-1 m-2 m-3 m-4 m-5 m-6 other";
    let known = "m-1~1@a m-2~2@b m-3~3@c m-4~4@d m-5~5@e m-6~6@f";
    let lines = [
        decided(&newest, all, "m-1", &Standing::plausible(), None),
        decided(&newest, all, "", &Standing::plausible(), None),
        decided(&newest, known, "m-1", &Standing::plausible(), None),
        decided(&with_platforms, known, "m-1", &Standing::plausible(), None),
        decided(&with_platforms, known, "m-6", &Standing::plausible(), None),
    ];
    expect![[r#"
        undecided: the build time of `m-1`, the build time of `m-6`, the build time of `m-5`, the build time of `m-4`, the build time of `m-3`, the build time of `m-2`
        undecided: the build time of `m-6`, the build time of `m-5`, the build time of `m-4`, the build time of `m-3`, the build time of `m-2`, the build time of `m-1`
        propose m-6 (f)
        undecided: the platforms of `m-6`, the platforms of `m-5`, the platforms of `m-4`, the platforms of `m-3`
        stay, noCandidate: no tag is a candidate
    "#]]
    .assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn the_newest_build_is_proposed_once_all_build_times_are_known() {
    let check = |cases: &[(&str, &str)], expected: &Expect| {
        let policy = Policy::parse_short("newest:m-*").unwrap();
        let decide = |(tags, current): &(&str, &str)| decided(&policy, tags, current, &Standing::plausible(), None);
        expected.assert_eq(&(cases.iter().map(decide).collect::<Vec<_>>().join("\n") + "\n"));
    };
    check(
        &[
            ("m-1~1@a m-2~9@b m-3~3@c", "m-1"),
            ("m-1~1@a m-2~9@b m-3~3@c", "m-2"),
            ("m-1~1@a m-2~9@b m-3~-@c", "m-1"),
            ("m-1~1@a m-2~9@b m-3?", "m-1"),
            ("m-1~1@a m-2~9@b m-3!", "m-1"),
            ("m-1? m-2~9@b", "m-1"),
            ("m-1~-@a m-2~9@b", "m-1"),
            ("m-2~9@b", "m-1"),
            ("m-1~1@a m-2~9@b", "@a"),
            ("m-1~1@a m-2~9@b", "@c"),
            ("latest~9@b m-2~9@b m-1~1@a", "latest"),
            ("latest m-2~9@b m-1~1@a", "latest"),
            ("other~9@b m-2~9@b m-1~1@a", "other"),
            ("m-1~9@b m-2~9@b", "m-1"),
            ("m-1~9@b m-2~9@b", "m-1@a"),
        ],
        &expect![[r#"
            propose m-2 (b)
            stay, upToDate: the current value is the best there is
            propose m-2 (b)
            stay, blocked: too little is known of `m-3`, which could rank above the best
            propose m-2 (b)
            stay, currentUnknown: the current value cannot be ranked
            stay, currentUnknown: the current value cannot be ranked
            stay, currentUnknown: the current value cannot be ranked
            propose m-2@b (b)
            stay, currentUnknown: the current value cannot be ranked
            propose m-2 (b)
            undecided: the build time of `latest`
            propose m-2 (b)
            stay, upToDate: the current value is the best there is
            propose m-1@b (b)
        "#]],
    );
}

#[test]
fn a_doubtful_list_lets_through_only_what_was_built_later_than_the_mark() {
    let policy = Policy::parse_short("newest:m-*").unwrap();
    let standing = Standing {
        list: ListStanding::UpwardsOnly(SuspectReason::Shrunk { before: 100, now: 3 }),
        ..Standing::plausible()
    };
    let built = |second: i64| Height {
        tag: tag("m-0"),
        built: Some(Timestamp::from_unix_seconds(NEW_YEAR + second)),
    };
    let decided = |mark| decided(&policy, "m-1~1@a m-2~5@b", "m-1", &standing, Some(&mark));
    let lines = [decided(built(3)), decided(built(7)), decided(height("m-0"))];
    expect![[r#"
        propose m-2 (b)
        stay, suspectList: the list of tags has 3 and had 100 before; nothing is decided from such a list
        stay, suspectList: the list of tags has 3 and had 100 before; nothing is decided from such a list
    "#]]
    .assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn a_build_time_that_cannot_be_had_holds_nothing_where_the_platform_is_wrong() {
    let amd64 = FieldValue::List(vec![FieldValue::Text("linux/amd64".to_owned())]);
    let entries = vec![
        ("newest".to_owned(), FieldValue::Text("m-*".to_owned())),
        ("platforms".to_owned(), amd64),
    ];
    let policy = Policy::from_fields(&PolicyFields { entries }).unwrap();
    let decided = |tags: &str| {
        let mut scan = scan(tags);
        scan.failed.insert(Need::BuildTime(tag("m-2")));
        decide(&Question {
            policy: &policy,
            current: &value("m-1"),
            scan: &scan,
            standing: &Standing::plausible(),
            high_water: None,
            now: Timestamp::from_unix_seconds(NEW_YEAR),
        })
    };
    assert_eq!(
        decided("m-1~1@a+linux/amd64 m-2@b"),
        Decision::Undecided(vec![Need::Platforms(tag("m-2"))])
    );
    assert_eq!(
        decided("m-1~1@a+linux/amd64 m-2@b+linux/arm64"),
        Decision::Stay(StayReason::UpToDate)
    );
    assert_eq!(
        decided("m-1~1@a+linux/amd64 m-2@b+linux/amd64"),
        Decision::Stay(StayReason::Blocked { by: tag("m-2") })
    );
}
