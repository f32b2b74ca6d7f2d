use std::time::Duration;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

fn check_durations(texts: &str, expected: &Expect) {
    let lines: Vec<String> = texts
        .split_whitespace()
        .map(|text| match parse_duration(text) {
            Ok(duration) => format!("{text}: {duration:?}, printed {}\n", print_duration(duration)),
            Err(problem) => format!("{text}: {problem}\n"),
        })
        .collect();
    expected.assert_eq(&lines.concat());
}

fn check_sizes(texts: &str, expected: &Expect) {
    let lines: Vec<String> = texts
        .split_whitespace()
        .map(|text| match parse_size(text) {
            Ok(size) => format!("{text}: {size}, printed {}\n", print_size(size)),
            Err(problem) => format!("{text}: {problem}\n"),
        })
        .collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn durations_are_numbers_with_units() {
    check_durations(
        "30s 5m 24h 1h30m 90m 1h0m5s 250ms 1s500ms 0s 87600h",
        &expect![[r#"
            30s: 30s, printed 30s
            5m: 300s, printed 5m
            24h: 86400s, printed 24h
            1h30m: 5400s, printed 1h30m
            90m: 5400s, printed 1h30m
            1h0m5s: 3605s, printed 1h5s
            250ms: 250ms, printed 250ms
            1s500ms: 1.5s, printed 1s500ms
            0s: 0ns, printed 0s
            87600h: 315360000s, printed 87600h
        "#]],
    );
}

#[test]
fn a_bad_duration_says_what_to_write() {
    check_durations(
        "30 1.5 1.5h 1d 30S -5s 30s1h 5m5m 5minutes s 87601h 99999999999999999999h",
        &expect![[r#"
            30: a duration needs a unit: write `30s`, `30m` or `30h`
            1.5: a duration needs a unit: write `1.5s`, `1.5m` or `1.5h`
            1.5h: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
            1d: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
            30S: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
            -5s: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
            30s1h: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
            5m5m: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
            5minutes: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
            s: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
            87601h: a duration is at most ten years (`87600h`)
            99999999999999999999h: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
        "#]],
    );
}

#[test]
fn an_empty_duration_is_none() {
    assert!(parse_duration("").is_err());
}

#[test]
fn sizes_are_numbers_with_binary_units() {
    check_sizes(
        "64MiB 1GiB 512KiB 100B 1024B 0MiB 64 64MB 64M 1.5GiB 99999999999GiB",
        &expect![[r#"
            64MiB: 67108864, printed 64MiB
            1GiB: 1073741824, printed 1GiB
            512KiB: 524288, printed 512KiB
            100B: 100, printed 100B
            1024B: 1024, printed 1KiB
            0MiB: 0, printed 0B
            64: a size needs a unit: write `64MiB`, `64KiB` or `64B`
            64MB: a size is a whole number with one of the units `GiB`, `MiB`, `KiB`, `B`: `64MiB`
            64M: a size is a whole number with one of the units `GiB`, `MiB`, `KiB`, `B`: `64MiB`
            1.5GiB: a size is a whole number with one of the units `GiB`, `MiB`, `KiB`, `B`: `64MiB`
            99999999999GiB: the size is larger than any memory
        "#]],
    );
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(millis in 0_u64..315_360_000_000, bytes: u64) {
        let duration = Duration::from_millis(millis);
        prop_assert_eq!(parse_duration(&print_duration(duration)), Ok(duration));
        prop_assert_eq!(parse_size(&print_size(bytes)), Ok(bytes));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,20}") {
        let _ = parse_duration(&text);
        let _ = parse_size(&text);
    }
}
