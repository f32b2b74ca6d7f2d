use expect_test::{Expect, expect};

use super::*;
use crate::policy::{FieldValue, PolicyFields};
use crate::reference::Tag;

mod laws;
mod plan;

/// `KIND[:ARGUMENT]`, perhaps with ` | key=value …`.
fn policy(text: &str) -> Policy {
    let Some((short, options)) = text.split_once(" | ") else {
        return Policy::parse_short(text).unwrap();
    };
    let text = |text: &str| FieldValue::Text(text.to_owned());
    let (kind, argument) = short.split_once(':').unwrap_or((short, ""));
    let mut entries = vec![(kind.to_owned(), text(argument))];
    entries.extend(options.split(' ').map(|option| {
        let (key, value) = option.split_once('=').unwrap();
        let value = match key {
            "prerelease" | "allowDowngrade" => FieldValue::Bool(value == "true"),
            "deny" | "platforms" => FieldValue::List(value.split(',').map(text).collect()),
            "filter" => {
                let (pattern, extract) = value.split_once('>').unwrap_or((value, ""));
                FieldValue::Map(vec![
                    ("pattern".into(), text(pattern)),
                    ("extract".into(), text(extract)),
                ])
            }
            _ => text(value),
        };
        (key.to_owned(), value)
    }));
    Policy::from_fields(&PolicyFields { entries }).unwrap()
}

/// `TAG`, or `-` for none.
fn value(text: &str) -> Value {
    Value {
        tag: Tag::parse(text).ok(),
        digest: None,
    }
}

fn show(reach: &Reach) -> String {
    let Reach::Within(ranges) = reach else {
        return "whole".to_owned();
    };
    let range = |TagRange { from, until }: &TagRange| format!("{from} … {}", until.as_deref().unwrap_or_default());
    ranges.iter().map(range).collect::<Vec<_>>().join("; ")
}

/// Lines of a policy, ` <- ` and the current tag; what is expected stands behind each.
fn check(lines: &[&str], expected: &Expect) {
    let line = |line: &&str| {
        let (text, current) = line.split_once(" <- ").unwrap();
        format!("{line}: {}\n", show(&reach(&policy(text), &value(current))))
    };
    expected.assert_eq(&lines.iter().map(line).collect::<String>());
}

#[test]
fn names_in_order_matter_from_the_current_one_on() {
    check(
        &[
            "alphabetical <- build-0500",
            "alphabetical:desc <- build-0500",
            "alphabetical <- -",
            "alphabetical | suffix=keep <- 1.2-alpine",
            "alphabetical | filter=^build- <- build-0500",
            "alphabetical | filter=^build-(.*)$>$1 <- build-0500",
            "alphabetical | allowDowngrade=true <- build-0500",
            "numeric <- 3",
            "numeric:desc <- 3",
            "numeric <- 20240101",
        ],
        &expect![[r#"
            alphabetical <- build-0500: build-0500 … 
            alphabetical:desc <- build-0500:  … build-0500-
            alphabetical <- -: whole
            alphabetical | suffix=keep <- 1.2-alpine: 1.2 … 
            alphabetical | filter=^build- <- build-0500: build-0500 … build.
            alphabetical | filter=^build-(.*)$>$1 <- build-0500: build- … build.
            alphabetical | allowDowngrade=true <- build-0500: whole
            numeric <- 3: 0/ … 1; 1/ … 2; 2/ … :
            numeric:desc <- 3: 0 … 0/; 00 … 03/; 1 … 1/; 2 … 2/; 3 … 3/
            numeric <- 20240101: 0 … :
        "#]],
    );
}

#[test]
fn calendar_versions_matter_from_the_current_one_on() {
    check(
        &[
            "calver <- 2024.05.03",
            "calver <- v2024.05.03",
            "calver:YYYY.MM.MICRO <- 2024.5.3",
            "calver:YY.MM <- 2.5",
            "calver:DD.MM.YYYY <- 3.5.2024",
            "calver:release-YYYY0M0D <- release-20240503",
            "calver <- latest",
        ],
        &expect![[r#"
            calver <- 2024.05.03: 2024.05.03 … :; v2024.05.03 … v:
            calver <- v2024.05.03: 2024.05.03 … :; v2024.05.03 … v:
            calver:YYYY.MM.MICRO <- 2024.5.3: 2024. … :; v2024. … v:
            calver:YY.MM <- 2.5: 0/ … 1; 1/ … :; v0/ … v1; v1/ … v:
            calver:DD.MM.YYYY <- 3.5.2024: 0 … :; v0 … v:
            calver:release-YYYY0M0D <- release-20240503: release-20240503 … release-:; vrelease-20240503 … vrelease-:
            calver <- latest: 0 … :; latest … latest-; v0 … v:
        "#]],
    );
}

#[test]
fn versions_matter_within_their_range() {
    check(
        &[
            "semver:~1.4 <- 1.4.2",
            "semver:^1 <- 1.2.0",
            "semver:^1 <- -",
            "semver:1.x || 3.x <- 1.2.0",
            "semver:* <- 3.0.0",
            "semver:<0.0.0 <- 3.0.0",
            "semver:=1.2.3 <- 1.2.2",
            "version:<=9.9 <- 9.9.0.65466-community",
            "version:* <- 2.1",
        ],
        &expect![[r#"
            semver:~1.4 <- 1.4.2: 00 … 01/; 1.00 … 1.04/; 1.4.0/ … 1.4.1; 1.4.1/ … 1.4.:; v00 … v01/; v1.00 … v1.04/; v1.4.0/ … v1.4.1; v1.4.1/ … v1.4.:
            semver:^1 <- 1.2.0: 00 … 01/; 1.0/ … 1.1; 1.1/ … 1.:; v00 … v01/; v1.0/ … v1.1; v1.1/ … v1.:
            semver:^1 <- -: 00 … 01/; 1 … 1/; v00 … v01/; v1 … v1/
            semver:1.x || 3.x <- 1.2.0: 00 … 03/; 1.0/ … 1.1; 1.1/ … 1.:; 3 … 3/; v00 … v03/; v1.0/ … v1.1; v1.1/ … v1.:; v3 … v3/
            semver:* <- 3.0.0: 0/ … 1; 1/ … 2; 2/ … :; v0/ … v1; v1/ … v2; v2/ … v:
            semver:<0.0.0 <- 3.0.0: 3.0.0 … 3.0.0-
            semver:=1.2.3 <- 1.2.2: 00 … 01/; 1.00 … 1.02/; 1.2.00 … 1.2.03/; 1.2.2 … 1.2.2-; 1.2.3 … 1.2.3/; v00 … v01/; v1.00 … v1.02/; v1.2.00 … v1.2.03/; v1.2.3 … v1.2.3/
            version:<=9.9 <- 9.9.0.65466-community: 00 … 09/; 9.00 … 9.09/; 9.9 … 9.9/; v00 … v09/; v9.00 … v9.09/; v9.9 … v9.9/
            version:* <- 2.1: 0/ … 1; 1/ … 2; 2.0/ … 2.:; 2/ … :; v0/ … v1; v1/ … v2; v2.0/ … v2.:; v2/ … v:
        "#]],
    );
}

#[test]
fn patterns_and_globs_matter_by_what_they_begin_with() {
    check(
        &[
            "newest:main-* <- main-7",
            "newest:* <- main-7",
            "glob:edge <- main-7",
            "regexp:^main-[0-9a-f]{7}$ <- 1.0.0",
            "regexp:main- <- main-7",
            "regexp:^(dev|main)- <- main-7",
            "regexp:^(?i)main- <- main-7",
            "regexp:^main|dev <- main-7",
            "regexp:(?m)^main <- main-7",
            "digest:stable <- stable",
            "digest:stable <- 1.0.0",
        ],
        &expect![[r#"
            newest:main-* <- main-7: main- … main.
            newest:* <- main-7: whole
            glob:edge <- main-7: edge … edge-; main-7 … main-7-
            regexp:^main-[0-9a-f]{7}$ <- 1.0.0: 1.0.0 … 1.0.0-; main- … main.
            regexp:main- <- main-7: whole
            regexp:^(dev|main)- <- main-7: dev- … dev.; main- … main.
            regexp:^(?i)main- <- main-7: MAIN- … MAIN.; MAIn- … MAIn.; MAiN- … MAiN.; MAin- … MAin.; MaIN- … MaIN.; MaIn- … MaIn.; MaiN- … MaiN.; Main- … Main.; mAIN- … mAIN.; mAIn- … mAIn.; mAiN- … mAiN.; mAin- … mAin.; maIN- … maIN.; maIn- … maIn.; maiN- … maiN.; main- … main.
            regexp:^main|dev <- main-7: whole
            regexp:(?m)^main <- main-7: whole
            digest:stable <- stable: stable … stable-
            digest:stable <- 1.0.0: 1.0.0 … 1.0.0-; stable … stable-
        "#]],
    );
}

#[test]
fn what_is_read_for_one_value_covers_the_next_one() {
    let of = |text: &str, current: &str| reach(&policy(text), &value(current));
    assert!(of("calver", "2024.05.03").covers(&of("calver", "2024.06.01")));
    assert!(!of("calver", "2024.06.01").covers(&of("calver", "2024.05.03")));
    assert!(of("semver:^1", "1.2.0").covers(&of("semver:~1.4", "1.4.2")));
    assert!(Reach::Whole.covers(&Reach::Whole) && !of("calver", "2024.05.03").covers(&Reach::Whole));
    assert!(Reach::Whole.covers(&of("semver:^1", "1.2.0")));
}
