use expect_test::{Expect, expect};

use controller::policy_text::parse_policy;
use domain::policy::Policy;
use domain::reference::Value;
use domain::scan::Created;
use domain::select::{Candidate, select};

use super::{input, report, time};
use crate::commands::verdicts::Page;

/// One line for each tag that is read, or why the text is refused.
fn check(text: &str, expected: &Expect) {
    let shown = match input::parse(text.as_bytes()) {
        Ok(candidates) => candidates.iter().map(describe).collect(),
        Err(error) => format!("{error}\n"),
    };
    expected.assert_eq(&shown);
}

fn describe(candidate: &Candidate) -> String {
    let created = match candidate.created {
        Created::Unknown => "unknown".to_owned(),
        Created::Never => "never".to_owned(),
        Created::At(time) => time.as_unix_seconds().to_string(),
    };
    let digest = candidate.digest.as_ref().map_or("-", |digest| &digest.hex()[..4]);
    let platforms: Option<Vec<&str>> = candidate
        .platforms
        .as_ref()
        .map(|platforms| platforms.iter().map(|platform| platform.as_str()).collect());
    format!(
        "{:?} {created} {digest} {}\n",
        candidate.tag,
        platforms.map_or("-".to_owned(), |all| all.join(","))
    )
}

fn digest() -> String {
    format!("sha256:{}", "ab".repeat(32))
}

#[test]
fn tags_are_read_one_a_line() {
    check(
        "\u{feff}1.0.0\r\n\n  \t\n  1.1.0\t\r\nno tag\n-x",
        &expect![[r#"
            "1.0.0" unknown - -
            "1.1.0" unknown - -
            "no tag" unknown - -
            "-x" unknown - -
        "#]],
    );
    check("", &expect![[r#""#]]);
}

#[test]
fn tags_are_read_as_json_lines() {
    check(
        &format!(
            "{{\"tag\": \"1\"}}\n{{\"tag\": \"2\", \"created\": null, \"digest\": null, \"platforms\": null}}\n\n1.5\n\
             {{\"tag\": \"3\", \"created\": \"2026-01-31T08:00:00+01:00\", \"digest\": \"{}\", \
             \"platforms\": [\"linux/x86_64\", \"linux/arm64\"]}}",
            digest()
        ),
        &expect![[r#"
            "1" unknown - -
            "2" never - -
            "1.5" unknown - -
            "3" 1769842800 abab linux/amd64,linux/arm64/v8
        "#]],
    );
}

#[test]
fn tags_are_read_as_one_array() {
    check(
        " [\"1\",\n {\"tag\": \"2\", \"created\": null}, \"no tag\"\n]\n",
        &expect![[r#"
            "1" unknown - -
            "2" never - -
            "no tag" unknown - -
        "#]],
    );
    check("[]", &expect![[r#""#]]);
}

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    for (text, expected) in [
        (
            "1\n\n{\"tag\": }",
            expect![[r#"
            line 3: expected value
        "#]],
        ),
        (
            "{\"tag\": \"1\"}\n{\"digest\": null}",
            expect![[r#"
            line 2: missing field `tag`
        "#]],
        ),
        (
            "{\"tag\": \"1\", \"tags\": 1}",
            expect![[r#"
            line 1: unknown field `tags`, expected one of `tag`, `created`, `digest`, `platforms`
        "#]],
        ),
        (
            "{\"tag\": 1}",
            expect![[r#"
            line 1: invalid type: integer `1`, expected a string
        "#]],
        ),
        (
            "{\"tag\": \"1\", \"tag\": \"2\"}",
            expect![[r#"
            line 1: duplicate field `tag`
        "#]],
        ),
        (
            "{\"tag\": \"1\"} x",
            expect![[r#"
            line 1: trailing characters
        "#]],
        ),
        (
            "1\n{\"tag\": \"1\", \"created\": \"2026-01-31\"}",
            expect![[r#"
            line 2: created: `2026-01-31` is not a time; write it as RFC 3339 has it, 2026-01-31T08:00:00Z
        "#]],
        ),
        (
            "1\n{\"tag\": \"1\", \"digest\": \"sha256:ab\"}",
            expect![[r#"
            line 2: `sha256:ab` is not a digest: a sha256 digest has 64 hexadecimal digits, this one has 2 (byte 9)
        "#]],
        ),
        (
            "1\n{\"tag\": \"1\", \"platforms\": [\"amd64\"]}",
            expect![[r#"
            line 2: `amd64` is not a platform: write OS/ARCHITECTURE or OS/ARCHITECTURE/VARIANT, as in `linux/arm64/v8` (byte 0)
        "#]],
        ),
    ] {
        check(text, &expected);
    }
    let error = input::parse(b"1\n2\n\xff\n").unwrap_err();
    assert_eq!(error.to_string(), "line 3: the text is not UTF-8");
}

#[test]
fn an_array_that_cannot_be_read_is_refused_with_its_line() {
    for (text, expected) in [
        (
            "[\n\"1\",\n{\"tag\": \"2\", \"created\": \"soon\"}\n]",
            expect![[r#"
            line 3: created: `soon` is not a time; write it as RFC 3339 has it, 2026-01-31T08:00:00Z
        "#]],
        ),
        (
            "[\n {\n  \"created\": \"soon\",\n  \"tag\": \"2\"\n }\n]",
            expect![[r#"
            line 3: created: `soon` is not a time; write it as RFC 3339 has it, 2026-01-31T08:00:00Z
        "#]],
        ),
        (
            "[\n {\n  \"tag\": \"2\",\n  \"digest\": \"none\"\n }\n]",
            expect![[r#"
            line 4: `none` is not a digest: `:` and an algorithm's digits must follow; write `sha256:` and 64 hexadecimal digits (byte 4)
        "#]],
        ),
        (
            "[\n {\n  \"tag\": \"2\",\n  \"platforms\": [\n   \"linux/amd64\",\n   \"linux\"\n  ]\n }\n]",
            expect![[r#"
            line 6: `linux` is not a platform: write OS/ARCHITECTURE or OS/ARCHITECTURE/VARIANT, as in `linux/arm64/v8` (byte 0)
        "#]],
        ),
        (
            "[\n\"1\",\n2]",
            expect![[r#"
            line 3: invalid type: integer `2`, expected a tag, as a text or as an object with `tag`
        "#]],
        ),
        (
            "[\"1\"\n",
            expect![[r#"
            line 2: EOF while parsing a list
        "#]],
        ),
        (
            "[\"1\"]\n[\"2\"]",
            expect![[r#"
            line 2: trailing characters
        "#]],
        ),
    ] {
        check(text, &expected);
    }
}

#[test]
fn a_million_tags_are_enough() {
    assert_eq!(
        input::parse("1\n".repeat(1_000_000).as_bytes()).unwrap().len(),
        1_000_000
    );
    let error = input::parse("1\n".repeat(1_000_001).as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "there are more than 1,000,000 tags");
    let array = format!("[{}1]", "1,".repeat(1_000_000)).replace('1', "\"1\"");
    assert!(
        input::parse(array.as_bytes())
            .unwrap_err()
            .to_string()
            .contains("more than 1,000,000 tags")
    );
}

#[test]
fn times_are_those_of_rfc_3339() {
    let seconds = |text: &str| {
        time::parse(text)
            .map(domain::reference::Timestamp::as_unix_seconds)
            .ok()
    };
    for text in [
        "1970-01-02T00:00:00Z",
        "1970-01-02t01:30:00.5+01:30",
        "1970-01-01 23:00:00.1234567890123-01:00",
    ] {
        assert_eq!(seconds(text), Some(86_400), "{text}");
    }
    assert!(seconds("9999-12-31T23:59:59Z").is_some());
    for text in [
        "",
        "1970-01-02",
        "1970-01-02T00:00:00",
        "19700102T000000Z",
        "1970-01-02T00:00Z",
        "1970-13-02T00:00:00Z",
        "1970-01-02T00:00:00+0100",
        "1970-01-02T00:00:00.Z",
        "1970-01-02T00:00:00Z[UTC]",
        "1970-02-30T00:00:00Z",
        "1970-01-02T00:00:00+24:00",
        "1970-01-02T00:00:00-00:60",
        "0001-01-01T00:00:00+99:99",
        "now",
        "0",
    ] {
        assert_eq!(seconds(text), None, "{text}");
    }
}

/// The three outputs for a policy, tags and a current value.
fn printed(policy: &str, tags: &str, current: &str) -> String {
    let candidates = input::parse(tags.as_bytes()).unwrap();
    let (policy, current) = (Policy::parse_short(policy).unwrap(), Value::parse(current).unwrap());
    let selection = select(
        &policy,
        &candidates,
        Some(&current),
        time::parse("2026-01-01T00:00:00Z").unwrap(),
    )
    .unwrap();
    let mut out = Vec::new();
    report::write_text(&selection, &mut out).unwrap();
    report::write_json(&selection, &mut out).unwrap();
    report::write_table(&selection, &Page::ENDLESS, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_pick_is_printed_with_its_verdicts() {
    expect![[r#"
        1.9.2
        {"pick":"1.9.2","digest":null,"value":"1.9.2","reason":"picked","blockedBy":null,"verdicts":[{"tag":"1.9.2","verdict":"picked","reason":"1.9.2 is the newest of 2 candidates, and newer than the current 1.4.0"},{"tag":"1.4.0","verdict":"current","reason":"1.4.0 is the current tag"},{"tag":"\u001b[31m","verdict":"invalidTag","reason":"`\\u{1b}[31m` is not a tag: `\\u{1b}` is not allowed in a tag (byte 0)"},{"tag":"2.0.0","verdict":"outOfRange","reason":"2.0.0 is above the range `^1`"}]}
        TAG         VERDICT     REASON
        1.9.2       picked      1.9.2 is the newest of 2 candidates, and newer than the current 1.4.0
        1.4.0       current     1.4.0 is the current tag
        \u{1b}[31m  invalidTag  `\u{1b}[31m` is not a tag: `\u{1b}` is not allowed in a tag (byte 0)
        2.0.0       outOfRange  2.0.0 is above the range `^1`

        Picked 1.9.2: it is the newest of 2 candidates, and newer than the current 1.4.0.
    "#]]
    .assert_eq(&printed("semver:^1", "1.4.0\n1.9.2\n2.0.0\n\u{1b}[31m", "1.4.0"));
}

#[test]
fn nothing_is_printed_when_there_is_nothing_to_write() {
    expect![[r#"
        {"pick":null,"digest":null,"value":null,"reason":"upToDate","blockedBy":null,"verdicts":[{"tag":"1.4.0","verdict":"current","reason":"1.4.0 is the current tag, and no candidate is newer"}]}
        TAG    VERDICT  REASON
        1.4.0  current  1.4.0 is the current tag, and no candidate is newer

        Nothing is picked: the current value is the best there is.
    "#]]
    .assert_eq(&printed("semver:^1", "1.4.0", "1.4.0"));
}

/// The line below the table.
fn summary(policy: &str, tags: &str, current: &str) -> String {
    let candidates = input::parse(tags.as_bytes()).unwrap();
    let policy = parse_policy(policy).unwrap();
    let current = Some(current).filter(|current| !current.is_empty());
    let current = current.map(|current| Value::parse(current).unwrap());
    let now = time::parse("2026-01-01T00:00:00Z").unwrap();
    super::summary::summary(&select(&policy, &candidates, current.as_ref(), now).unwrap())
}

#[test]
fn the_last_line_says_what_is_picked_and_what_to_do_if_nothing_is() {
    let cases = [
        ("semver:^1", "1.4.0\n1.9.2", "1.4.0"),
        ("semver:^1", "1.4.0", "1.4.0"),
        ("semver:^1", "1.4.0\n1.3.0", "1.5.0"),
        ("semver:*", "", ""),
        ("semver:*", "edge", ""),
        ("semver:*", "1-alpine\n2-alpine\n2-slim\nlatest", "1-alpine"),
        ("newest", "a\nb", "a"),
        (
            "newest",
            "{\"tag\": \"a\", \"created\": \"2025-01-01T00:00:00Z\"}\nb",
            "a",
        ),
        ("{semver: \"*\", platforms: [linux/arm64]}", "1.0.0", ""),
        ("{semver: \"*\", pin: digest}", "1.0.0", ""),
        ("digest:stable", "latest", ""),
        ("{digest: stable, pin: never}", "stable", "1.0.0"),
    ];
    let lines: String = cases
        .iter()
        .map(|(policy, tags, current)| summary(policy, tags, current) + "\n")
        .collect();
    expect![[r#"
        Picked 1.9.2: it is the newest of 2 candidates, and newer than the current 1.4.0.
        Nothing is picked: the current value is the best there is.
        Nothing is picked: all candidates rank below the current value. `allowDowngrade: true` would pick 1.4.0.
        Nothing is picked: no tag is a candidate. There are no tags.
        Nothing is picked: no tag is a candidate. The only tag is unreadable: edge is no version to `semver`: there is no number in it.
        Nothing is picked: no tag is a candidate. 3 of 4 tags are prerelease: 2-alpine looks like a pre-release to `semver`; `suffix: keep` would follow the alpine variants.
        Nothing is picked: the current value cannot be ranked. Put it into the list with its `created`; or `allowDowngrade: true` picks the newest, whatever is there now.
        Nothing is picked: too little is known of a tag that could rank above the best. Put b into the list with its `created`, or leave it out by `deny`.
        Nothing is picked: too little is known of a tag that could rank above the best. Put 1.0.0 into the list with its `platforms`, or leave it out by `deny`.
        Nothing is picked: the digest of the best is not known and must be written. Put it into the list as its `digest`; or `pin: never` writes the tag alone.
        Nothing is picked: the tag to follow is not there. Push it, or look how it is spelt.
        Picked stable: it is the tag that the policy follows; the current one is 1.0.0.
    "#]].assert_eq(&lines);
}
