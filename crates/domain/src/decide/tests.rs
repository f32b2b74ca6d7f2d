use std::collections::BTreeMap;
use std::sync::Arc;

use expect_test::{Expect, expect};

use super::*;
use crate::reference::Platform;
use crate::scan::{Fact, TagList};

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

fn digest(letter: char) -> Digest {
    Digest::parse(&format!("sha256:{}", letter.to_string().repeat(64))).unwrap()
}

/// `TAG`, `TAG@a`, `@a`, or nothing.
fn value(text: &str) -> Value {
    let (tag, letter) = text.split_once('@').unwrap_or((text, ""));
    Value {
        tag: Tag::parse(tag).ok(),
        digest: letter.chars().next().map(digest),
    }
}

/// A scan of `TAG`, `TAG@a`, `TAG@a+linux/amd64`, `TAG!` (gone) or `TAG?` (its facts could not be had).
fn scan(text: &str) -> Scan {
    let mut facts = BTreeMap::new();
    let mut failed = Vec::new();
    let mut names = Vec::new();
    for word in text.split_whitespace() {
        let (word, platform) = word
            .split_once('+')
            .map_or((word, None), |(word, platform)| (word, Some(platform)));
        let name = word.split(['@', '!', '?']).next().unwrap();
        let digest = word
            .split_once('@')
            .map(|(_, letter)| digest(letter.chars().next().unwrap()));
        let platforms = platform.map(|platform| vec![Platform::parse(platform).unwrap()]);
        if word.ends_with('?') {
            failed.extend([Need::Digest(tag(name)), Need::Platforms(tag(name))]);
        }
        facts.insert(
            tag(name),
            Fact {
                digest,
                platforms,
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
fn decided(policy: &Policy, tags: &str, current: &str, standing: &Standing, high_water: Option<&Tag>) -> String {
    let (scan, current) = (scan(tags), value(current));
    let now = Timestamp::from_unix_seconds(0);
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
    let mark = tag("1.5.0");
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
