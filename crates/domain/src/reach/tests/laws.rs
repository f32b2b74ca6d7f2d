//! What lies outside of the reach of a policy changes nothing, whether it is there or not.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::string::string_regex;

use super::{policy, value};
use crate::accept::{Missing, Standing};
use crate::decide::{Decision, Question, StayReason, decide};
use crate::policy::Policy;
use crate::reach::{Reach, reach};
use crate::reference::{Digest, Platform, Repository, Tag, Timestamp, Value};
use crate::scan::{Created, Fact, Scan, TagList};
use crate::select::{Candidate, select};

/// Some time in 2023.
const NOW: Timestamp = Timestamp::from_unix_seconds(1_690_000_000);

fn tags() -> impl Strategy<Value = BTreeSet<String>> {
    let number = "(0{0,2}[0-9]|1[0-9]|[0-9]{1,4}|20[0-9]{2})";
    let version = format!("v{{0,2}}{number}(\\.{number}){{0,4}}(-(rc\\.[0-2]|a|0|alpine|[0-9a-f]{{2}}))?");
    let close = "v?0{0,2}[0-3](\\.0?[0-3]){0,3}(-(rc\\.1|0|a|alpine))?".to_owned();
    let date = "(v|release-|vv)?20(23|24)[.]?[01][0-9]([.]?[0-3][0-9])?(-(a|alpine))?".to_owned();
    let name = "(main|dev|pr|MAIN|mai|latest|edge|stable)([-._]?[0-9a-f]{0,3}){0,2}".to_owned();
    let any = "[0-9A-Za-z_][-.0-9A-Za-z_]{0,4}";
    let regex = |text: &str| string_regex(text).unwrap();
    let [version, close, date, name] = [version, close, date, name].map(|text| regex(&text));
    let tag = prop_oneof![1 => version, 2 => close, 1 => date, 1 => name, 1 => regex(any)];
    prop::collection::btree_set(tag, 0..40)
}

/// Policies of which no part is random.
const FIXED: [&str; 29] = [
    "version:*",
    "version:>=1 <2.1",
    "version:<=1.1 !=1.0.1",
    "version:>1.2.3.4 <=3.0.0.1",
    "version:=2.0",
    "version:<0",
    "calver:YYYY.0M",
    "calver",
    "calver:MAJOR.MINOR",
    "calver:YY.MM.MICRO",
    "calver:DD.MM.YYYY",
    "calver:release-YYYY0M0D",
    "calver:vYYYY.MM",
    "numeric:asc",
    "numeric:desc",
    "alphabetical:asc",
    "alphabetical:desc",
    "newest:*",
    "newest:main*",
    "newest:?ain*",
    "glob:latest",
    "glob:stable",
    "regexp:^v?[0-9]",
    "regexp:^main",
    "regexp:^(main|dev)-",
    "regexp:^(?i)main",
    "regexp:main|^dev",
    "regexp:(^|x)main",
    "digest:stable",
];

fn policies() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(FIXED.as_slice()).prop_map(str::to_owned);
    let number = "(0|1|2|3|10|12|2023)";
    let partial = format!("{number}(\\.{number}){{0,2}}(-rc\\.1|-0)?");
    let comparator = format!("(=|!=|>|>=|<|<=|~|\\^|)({partial})");
    let range =
        format!("({comparator}|{comparator} {comparator}|{comparator} \\|\\| {comparator}|\\*|1\\.x|1 - 2\\.0|0\\.x)");
    let semver = string_regex(&range)
        .unwrap()
        .prop_map(|range| format!("semver:{range}"));
    let option = prop::sample::select(vec![
        "suffix=keep",
        "suffix=none",
        "suffix=-a",
        "suffix=-alpine",
        "precision=keep",
        "prerelease=true",
        "platforms=linux/amd64",
        "pin=digest",
        "allowDowngrade=true",
        "deny=rc,^2",
        "filter=^v(.*)$>$1",
        "filter=^(?:main-)?([0-9.]+)>$1",
        "filter=1",
        "filter=^[0-2]",
    ]);
    (
        prop_oneof![2 => semver, 3 => fixed],
        prop::collection::btree_set(option, 0..3),
    )
        .prop_map(|(kind, options)| {
            let mut keys = BTreeSet::new();
            let mut options: Vec<&str> = options.into_iter().collect();
            options.retain(|option| keys.insert(option.split('=').next()));
            let counts_numbers = kind.starts_with("semver") || kind.starts_with("version");
            options.retain(|option| counts_numbers || *option != "precision=keep");
            options.retain(|option| !kind.starts_with("digest") || option.starts_with("pin"));
            match options.as_slice() {
                [] => kind,
                options => format!("{kind} | {}", options.join(" ")),
            }
        })
}

fn currents() -> impl Strategy<Value = String> {
    prop_oneof![
        "v?0{0,1}[0-3](\\.[0-3]){0,3}(-(rc\\.1|a|alpine|0))?",
        "1[0-2](\\.1[0-2]){0,2}",
        "(v|release-)?20(23|24)[.]?0[1-9]([.]?[0-2][0-9])?",
        "latest|main-1|-|1\\.1_x|stable|dev-a",
    ]
}

/// A number that is fixed per name.
fn dice(name: &str) -> u32 {
    name.bytes()
        .fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)))
        >> 3
}

/// What is known of a tag: for some nothing, by their names.
fn fact(name: &str) -> Fact {
    let dice = dice(name);
    let hex = format!("sha256:{:064x}", dice % 5);
    Fact {
        digest: (!dice.is_multiple_of(7)).then(|| Digest::parse(&hex).unwrap()),
        created: match dice % 9 {
            0 => Created::Unknown,
            1 => Created::Never,
            _ => Created::At(Timestamp::from_unix_seconds(1_680_000_000 + i64::from(dice % 10))),
        },
        platforms: match dice % 11 {
            0 => None,
            1 => Some(Vec::new()),
            _ => Some(vec![Platform::parse("linux/amd64").unwrap()]),
        },
        gone: dice.is_multiple_of(13),
        ..Fact::default()
    }
}

fn decided(policy: &Policy, current: &Value, names: &BTreeSet<&str>) -> Decision {
    let repository = Repository::parse("example.com/app").unwrap();
    let mut scan = Scan::of_tags(repository, Arc::new(TagList::from_names(names)), NOW);
    for name in names {
        scan.facts.insert(Tag::parse(name).unwrap(), fact(name));
    }
    let mut standing = Standing::plausible();
    if let Some(tag) = current.tag.as_ref().filter(|tag| !names.contains(tag.as_str())) {
        standing.missing.insert(tag.clone(), Missing::UpwardsOnly);
    }
    let decision = decide(&Question {
        policy,
        current,
        scan: &scan,
        standing: &standing,
        high_water: None,
        now: NOW,
    });
    match decision {
        // That nothing newer is there may be said in three ways.
        Decision::Stay(StayReason::OnlyOlder | StayReason::NoCandidate) => Decision::Stay(StayReason::UpToDate),
        decision => decision,
    }
}

/// What `select` picks, which looks at every tag.
fn picked(policy: &Policy, current: &Value, names: &BTreeSet<&str>) -> Option<Value> {
    let candidates = names.iter().map(|name| {
        let Fact {
            digest,
            created,
            platforms,
            ..
        } = fact(name);
        Candidate {
            tag: (*name).to_owned(),
            created,
            digest,
            platforms,
        }
    });
    let current = Some(current).filter(|current| !current.is_empty());
    select(policy, &candidates.collect::<Vec<_>>(), current, NOW)
        .unwrap()
        .pick
}

/// Of the tags outside of the reach those that are kept.
fn some<'t>(tags: &'t BTreeSet<String>, reach: &Reach, kept: u64) -> BTreeSet<&'t str> {
    let names = tags.iter().map(String::as_str).enumerate();
    let kept = names.filter(|(place, name)| reach.holds(name) || kept >> (place % 64) & 1 == 1);
    kept.map(|(_, name)| name).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_out_of_reach_decides_nothing(
        mut tags in tags(),
        text in policies(),
        current in currents(),
        is_listed in any::<bool>(),
        (one, other) in any::<(u64, u64)>(),
    ) {
        // Not every range of numbers is one.
        let parsed = match text.split_once(" | ") {
            Some((short, _)) => Policy::parse_short(short),
            None => Policy::parse_short(&text),
        };
        prop_assume!(parsed.is_ok());
        let (policy, current) = (policy(&text), value(&current));
        tags.extend(current.tag.as_ref().filter(|_| is_listed).map(|tag| tag.as_str().to_owned()));
        let reach = reach(&policy, &current);
        let (one, other) = (some(&tags, &reach, one), some(&tags, &reach, other));
        prop_assert_eq!(decided(&policy, &current, &one), decided(&policy, &current, &other), "{:?}", &reach);
        prop_assert_eq!(picked(&policy, &current, &one), picked(&policy, &current, &other), "{:?}", &reach);
    }

    #[test]
    fn ranges_are_in_order_and_apart(text in policies(), current in currents()) {
        let parsed = Policy::parse_short(text.split(" | ").next().unwrap());
        prop_assume!(parsed.is_ok());
        if let Reach::Within(ranges) = reach(&policy(&text), &value(&current)) {
            for pair in ranges.windows(2) {
                prop_assert!(pair[0].until.as_ref().is_some_and(|until| *until < pair[1].from));
            }
            prop_assert!(ranges.iter().all(|range| range.until.as_ref().is_none_or(|until| range.from < *until)));
        }
    }

    #[test]
    fn what_an_expression_matches_is_within_reach(
        pieces in prop::collection::vec(pieces(), 1..7),
        tags in prop::collection::btree_set("[abAB1-]{0,3}[ab1]", 1..20),
    ) {
        let text = format!("regexp:{}", pieces.concat());
        let parsed = Policy::parse_short(&text);
        prop_assume!(parsed.is_ok());
        let policy = parsed.unwrap();
        let crate::policy::Kind::Regexp(pattern) = policy.kind() else { unreachable!() };
        let reach = reach(&policy, &Value::default());
        for tag in tags.iter().filter(|tag| pattern.is_match(tag)) {
            prop_assert!(reach.holds(tag), "{text} matches {tag}, which is out of {reach:?}");
        }
    }
}

/// Parts of expressions.
fn pieces() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "^", "^", "^", "$", "a", "b", "ab", "(a|b)", "(^a|b)", "(^a|^b)", "[ab]", "[^a]", "a*", "b?", "a+", "(?:)",
        "(?i:a)", r"\d", r"\b", r"\B", ".", "|", "(?m)", "(?i)", "(?-u)", "a{2}", "-", "(^)", "(^)?", "(^)*", r"\A",
        r"\z", "(a|)", "()",
    ])
}
