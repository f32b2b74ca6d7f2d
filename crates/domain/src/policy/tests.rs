use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

mod mistakes;

fn text(text: &str) -> FieldValue {
    FieldValue::Text(text.to_owned())
}

fn fields(entries: Vec<(&str, FieldValue)>) -> Result<Policy, PolicyError> {
    let entries = entries
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    Policy::from_fields(&PolicyFields { entries })
}

/// One line for each outcome: the policy printed, or why it is refused.
fn check(outcomes: Vec<Result<Policy, PolicyError>>, expected: &Expect) {
    let line = |outcome: Result<Policy, PolicyError>| {
        outcome.map_or_else(|error| error.to_string(), |policy| policy.to_string())
    };
    let lines: Vec<String> = outcomes.into_iter().map(line).collect();
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

fn filter(pattern: &str, extract: &str) -> Result<Policy, PolicyError> {
    let entries = vec![
        ("pattern".to_owned(), text(pattern)),
        ("extract".to_owned(), text(extract)),
    ];
    fields(vec![("semver", text("*")), ("filter", FieldValue::Map(entries))])
}

#[test]
fn short_and_long_form_are_one_type() {
    assert_eq!(
        Policy::parse_short("semver:~1.4"),
        fields(vec![("semver", text("~1.4"))])
    );
    assert_eq!(
        Policy::parse_short("semver"),
        fields(vec![("semver", FieldValue::Null)])
    );
    assert_eq!(Policy::parse_short("semver:"), fields(vec![("semver", text("*"))]));
    assert_eq!(
        Policy::parse_short("semver"),
        fields(vec![("semver", text("")), ("prerelease", FieldValue::Bool(false))])
    );
    assert_ne!(Policy::parse_short("semver:1"), Policy::parse_short("semver:2"));
}

#[test]
fn an_empty_extract_is_the_whole_tag() {
    let whole = fields(vec![
        ("semver", text("*")),
        ("filter", FieldValue::Map(vec![("pattern".to_owned(), text("^v"))])),
    ]);
    assert_eq!(filter("^v", ""), whole);
}

#[test]
fn classes_of_letters_are_those_of_re2() {
    for (pattern, inside, outside) in [
        (r"^[\w-.]+$", "a-b.c_1", "a+b"),
        (r"^[\d-_]+$", "1-2_3", "a"),
        (r"^[[a]$", "[", "b"),
        (r"^[^]\w-.]$", "+", "-"),
        (r"^[[:digit:]-.\-]+$", "1-2.3", "a"),
        (r"^(?:\[|[\pL-+])[]x]$", "-]", "-1"),
        (r"^[a-c]-[\w]-[\w-]$", "b-x--", "d-x--"),
    ] {
        let pattern = Pattern::parse(pattern, "deny").unwrap();
        assert!(pattern.is_match(inside), "{inside} under {pattern:?}");
        assert!(!pattern.is_match(outside), "{outside} under {pattern:?}");
    }
    for pattern in ["[z-a]", "(", "(?=a)", "[a", r"\1", "*", "[[", r"[\"] {
        assert!(Pattern::parse(pattern, "deny").is_err(), "{pattern}");
    }
}

#[test]
fn short_forms_are_read_or_refused() {
    let texts = [
        "semver:~1.4",
        "semver",
        "digest:stable",
        "digest",
        "digest:",
        "digest:a b",
        "digest:a:b",
        "",
        ":x",
        "Semver:1",
        "semvr",
        "latest",
        "calver",
        "version:>1",
        "numeric",
        "alphabetical:desc",
        "newest",
        "glob:main-*",
        "regexp:^a",
        "regex:^a",
        "semver:>=1 <",
        "semver:1:2",
        "pin:digest",
    ];
    check(
        texts.iter().map(|text| Policy::parse_short(text)).collect(),
        &expect![[r#"
            semver:~1.4
            semver:*
            digest:stable
            digest: the tag to follow is missing, as in `digest:stable`
            digest: the tag to follow is missing, as in `digest:stable`
            digest: `a b` is not a tag: white space is not allowed (byte 1)
            digest: `a:b` is not a tag: write the tag alone: `digest:b`
            the policy names no kind; write KIND or KIND:ARGUMENT, the kind being one of semver, version, calver, numeric, alphabetical, newest, glob, regexp, digest
            the policy names no kind; write KIND or KIND:ARGUMENT, the kind being one of semver, version, calver, numeric, alphabetical, newest, glob, regexp, digest
            Semver: there is no such kind of policy; did you mean `semver:1`?
            `semvr` is not a policy: it names no kind; did you mean `semver`?
            `latest` is not a policy: it names no kind; did you mean `digest:latest`?
            calver:YYYY.0M.0D
            version:>1
            numeric:asc
            alphabetical:desc
            newest:*
            glob:main-*
            regexp:^a
            regexp:^a
            semver: `>=1 <` is not a range: a version must follow the operator (byte 5)
            semver: `1:2` is not a range: `1:2` is no version; write one to three numbers joined by dots, as in `1.4`
            pin: this is an option; options stand beside a kind, as in `{semver: "*", pin: digest}`
        "#]],
    );
}

#[test]
fn long_forms_are_checked_part_by_part() {
    let semver = || ("semver", text("1.x"));
    check(
        vec![
            fields(vec![]),
            fields(vec![("pin", text("digest"))]),
            fields(vec![semver(), ("digest", text("a"))]),
            fields(vec![semver(), semver()]),
            fields(vec![
                semver(),
                ("prerelease", FieldValue::Bool(true)),
                ("prerelease", FieldValue::Bool(true)),
            ]),
            fields(vec![("semver", FieldValue::Number("1.10".to_owned()))]),
            fields(vec![("semver", FieldValue::Bool(true))]),
            fields(vec![("semver", FieldValue::List(vec![]))]),
            fields(vec![semver(), ("sufix", text("keep"))]),
            fields(vec![semver(), ("allowDowngrades", FieldValue::Bool(true))]),
            fields(vec![semver(), ("colour", text("red"))]),
            fields(vec![semver(), ("cooldown", text("24h"))]),
            fields(vec![semver(), ("suffix", text("alpine"))]),
            fields(vec![semver(), ("suffix", text("Keep"))]),
            fields(vec![semver(), ("suffix", text(""))]),
            fields(vec![semver(), ("suffix", FieldValue::Number("-1".to_owned()))]),
            fields(vec![semver(), ("precision", text("kep"))]),
            fields(vec![semver(), ("prerelease", text("true"))]),
            fields(vec![semver(), ("prerelease", FieldValue::Number("1".to_owned()))]),
            fields(vec![semver(), ("pin", text("always"))]),
            fields(vec![semver(), ("pin", text("ifpresent"))]),
        ],
        &expect![[r#"
            the policy names no kind (it is empty); add one, as in `semver: "*"`
            the policy names no kind (it has options only); add one, as in `semver: "*"`
            digest: a policy has one kind, not both `semver` and `digest`
            semver: it is given twice
            prerelease: it is given twice
            semver: a text is wanted here, not a number; write it in quotes: "1.10"
            semver: a text is wanted here, not a boolean; write it in quotes: "true"
            semver: a text is wanted here, not a list
            sufix: there is no such kind or option; did you mean `suffix`?
            allowDowngrades: there is no such kind or option; did you mean `allowDowngrade`?
            colour: there is no such kind or option; options are filter, deny, suffix, precision, prerelease, platforms, pin, allowDowngrade
            cooldown: this is a gate; gates stand only in `policies:` of the configuration
            suffix: `alpine` is not a suffix: write `any`, `keep`, `none`, or a text that begins with `-`; did you mean `-alpine`?
            suffix: `Keep` is not a suffix: write `any`, `keep`, `none`, or a text that begins with `-`; did you mean `keep`?
            suffix: `` is not a suffix: write `any`, `keep`, `none`, or a text that begins with `-` (byte 0)
            suffix: a text is wanted here, not a number; write it in quotes: "-1"
            precision: `kep` is not a precision: write `any` or `keep`; did you mean `keep`?
            prerelease: write true without quotes
            prerelease: `true` or `false` is wanted here; write `true`
            pin: `always` is not a way to pin: write `ifPresent`, `digest` or `never`; did you mean `digest`?
            pin: `ifpresent` is not a way to pin: write `ifPresent`, `digest` or `never`; did you mean `ifPresent`?
        "#]],
    );
}

#[test]
fn lists_and_mappings_are_checked_item_by_item() {
    let semver = || ("semver", text("1.x"));
    let list = |items: &[&str]| FieldValue::List(items.iter().map(|item| text(item)).collect());
    check(
        vec![
            fields(vec![semver(), ("platforms", text("linux/amd64"))]),
            fields(vec![semver(), ("platforms", list(&["linux/amd64", "arm64"]))]),
            fields(vec![semver(), ("deny", text("rc"))]),
            fields(vec![semver(), ("deny", list(&["rc", "(a"]))]),
            fields(vec![
                semver(),
                ("deny", FieldValue::List(vec![FieldValue::Number("1".to_owned())])),
            ]),
            fields(vec![semver(), ("filter", text("^v"))]),
            fields(vec![semver(), ("filter", FieldValue::Map(vec![]))]),
            fields(vec![
                semver(),
                ("filter", FieldValue::Map(vec![("patern".to_owned(), text("a"))])),
            ]),
            fields(vec![("digest", text("stable")), ("suffix", text("any"))]),
            fields(vec![("digest", text("stable")), ("pin", text("never"))]),
            fields(vec![("digest", text("stable")), ("pin", text("digest"))]),
            fields(vec![("calver", text("YYYY")), ("pin", text("digest"))]),
        ],
        &expect![[r#"
            platforms: a list is wanted here; write `platforms: [linux/amd64]`
            platforms[1]: `arm64` is not a platform: write OS/ARCHITECTURE; did you mean `linux/arm64`?
            deny: a list is wanted here; write `deny: ["rc"]`
            deny[1]: `(a` is not a regular expression: this group is not closed; add `)`, or write `\(` for the bracket itself (byte 0)
            deny[0]: a text is wanted here, not a number; write it in quotes: "1"
            filter: a mapping is wanted here; write `filter: {pattern: "^v"}`
            filter.pattern: it is missing; a filter needs a pattern
            filter.patern: a filter has `pattern` and `extract`; did you mean `pattern`?
            suffix: only `pin` may stand beside `digest`, which follows one tag
            {"digest": "stable", "pin": "never"}
            digest:stable
            {"calver": "YYYY", "pin": "digest"}
        "#]],
    );
}

#[test]
fn templates_are_checked_against_the_pattern() {
    check(
        vec![
            filter("^v(\\d+)-(?P<rest>.*)$", "$1.${rest}"),
            filter("^(.*)$", "$0 $1 ${1} $$ $- $"),
            filter("^(.*)$", "$2"),
            filter("^(.*)$", "$1x"),
            filter("^(.*)$", "$01"),
            filter("^(?P<a>.*)$", "$b"),
            filter("^(.*)$", "${1"),
            filter("^(.*)$", "${}"),
            filter("^(.*)$", "${a-b}"),
            filter("(a", "$0"),
            filter("a{1000}{1000}", "$0"),
            filter("(?<=a)b", "$0"),
        ],
        &expect![[r#"
            {"semver": "*", "filter": {"pattern": "^v(\\d+)-(?P<rest>.*)$", "extract": "$1.${rest}"}}
            {"semver": "*", "filter": {"pattern": "^(.*)$", "extract": "$0 $1 ${1} $$ $- $"}}
            filter.extract: `$2` is not a template: the pattern has no group `2`; it has $1
            filter.extract: `$1x` is not a template: the pattern has no group `1x`; did you mean `${1}x`?
            filter.extract: `$01` is not a template: the pattern has no group `01`; it has $1
            filter.extract: `$b` is not a template: the pattern has no group `b`; it has $a
            filter.extract: `${1` is not a template: `${` takes the name or number of a group and `}`, as in `${1}`; write `$$` for the letter itself
            filter.extract: `${}` is not a template: `${` takes the name or number of a group and `}`, as in `${1}`; write `$$` for the letter itself
            filter.extract: `${a-b}` is not a template: `${` takes the name or number of a group and `}`, as in `${1}`; write `$$` for the letter itself
            filter.pattern: `(a` is not a regular expression: this group is not closed; add `)`, or write `\(` for the bracket itself (byte 0)
            filter.pattern: `a{1000}{1000}` is not a regular expression: compiled it takes more than 1024 KiB; repeat less with `{…}`
            filter.pattern: `(?<=a)b` is not a regular expression: it cannot look ahead or back; leave tags out with `deny` instead (byte 0)
        "#]],
    );
}

#[test]
fn templates_put_a_match_together() {
    let extracted = |pattern: &str, extract: &str, tag: &str| {
        let policy = filter(pattern, extract).unwrap();
        let filter = policy.options().filter.as_ref().unwrap();
        filter.extracted(filter.extract.as_ref().unwrap(), tag)
    };
    assert_eq!(
        extracted("^(?P<core>[0-9.]+)-b([0-9]+)", "${core}-$2", "1.2-b7").unwrap(),
        "1.2-7"
    );
    assert_eq!(extracted("(a)|(b)", "[$1|$2]", "b").unwrap(), "[|b]");
    assert_eq!(extracted("1", "$$0 $-$", "1").unwrap(), "$0 $-$");
    assert_eq!(extracted("([0-9]+)", "$0", "a12b").unwrap(), "12");
    assert_eq!(extracted("^x", "$0", "y"), None);
}

#[test]
fn policies_are_compared_by_what_they_say() {
    let policy = Policy::parse_short("semver:>=1 <2").unwrap();
    assert_eq!(policy.clone(), policy);
    assert_eq!(policy.kind_name().to_string(), "semver");
    assert_eq!(Policy::parse_short("digest:a").unwrap().pin(), Pin::Digest);
    assert!(!policy.allows_downgrade());
}

#[test]
fn what_a_stranger_wrote_cannot_act_on_a_terminal() {
    let lines: Vec<String> = ["calver:yyyy\u{1b}[31m", "calver:2024\u{7}01\u{7}31"]
        .map(|text| Policy::parse_short(text).unwrap_err().to_string())
        .into();
    expect![[r#"
        calver: `yyyy\u{1b}[31m` is not a layout: it has no token; did you mean `YYYY\u{1b}[31m`?
        calver: `2024\u{7}01\u{7}31` is not a layout: it has no token; did you mean `YYYY\u{7}0M\u{7}0D`?
    "#]]
    .assert_eq(&(lines.join("\n") + "\n"));
}

proptest! {
    #[test]
    fn reading_a_short_form_never_panics(text in "\\PC{0,30}|semver:\\PC{0,20}|digest:\\PC{0,20}") {
        if let Ok(policy) = Policy::parse_short(&text) {
            prop_assert_eq!(Policy::parse_short(&policy.to_string()), Ok(policy));
        }
    }

    #[test]
    fn what_is_meant_is_a_part_of_the_text(
        written in "(semver|version|calver|numeric|newest|regexp|digest|pin|):?[ ]{0,2}[0-9xvMDYms*.,<>=!~^| a-c\\\\()\\[\\]é-]{0,16}|\\PC{0,30}",
        extract in "[$a-c0-9{}é]{0,12}",
    ) {
        for outcome in [Policy::parse_short(&written), filter("^(a)(?P<b>.*)", &extract), filter(&written, "")] {
            let Err(error) = outcome else { continue };
            prop_assert!(!error.reason().is_empty());
            prop_assert!(error.to_string().starts_with(error.part()));
            if let Some(spot) = error.spot() {
                prop_assert!(spot.text().get(spot.span()).is_some(), "{:?}", spot);
                let longer = error.clone().within(&format!("é{written}"), 'é'.len_utf8());
                prop_assert_eq!(longer.detail(), error.detail());
            }
        }
    }

    #[test]
    fn what_was_meant_is_a_policy(written in "[a-zA-Z0-9.*^$:=~ -]{0,16}|\\PC{0,16}") {
        if let Some(meant) = in_full(&written) {
            prop_assert!(Policy::parse_short(&meant).is_ok(), "{}", meant);
        }
    }
}
