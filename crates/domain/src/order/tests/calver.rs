use super::*;

/// Sorts texts by a layout, lowest first; those that it cannot read come last.
fn check(layout: &str, texts: &str, wanted: &str) {
    let parsed = Layout::parse(layout).unwrap();
    assert_eq!(sorted(Order::Calver(&parsed), texts), wanted, "{layout}");
}

#[test]
fn a_layout_reads_what_it_says_and_nothing_behind_it() {
    check(
        "YYYY.0M.0D",
        "2024.01.02 v2024.01.01 2023.12.31 2024.1.2 24.01.02 2024.01.02-rc 2024.13.01 2024.02.30 2024.02.29 2023.02.29 V2024.01.01",
        "2023.12.31 v2024.01.01 2024.01.02 2024.02.29 | 2024.1.2 24.01.02 2024.01.02-rc 2024.13.01 2024.02.30 2023.02.29 V2024.01.01",
    );
    check(
        "YY.0M",
        "24.04 22.10 124.01 024.04 4.04 24.4 1024.01",
        "4.04 22.10 24.04 124.01 | 024.04 24.4 1024.01",
    );
    check(
        "YY.MM.MICRO",
        "24.4.0 24.4.10 24.4.9 24.04.1 24.12.1 24.4",
        "24.4.0 24.4.9 24.4.10 24.12.1 | 24.04.1 24.4",
    );
    check("0Y0W", "2401 2453 2454 2400 241", "2401 2453 | 2454 2400 241");
    check("WW", "1 53 9 54 0 01", "1 9 53 | 54 0 01");
}

#[test]
fn times_and_literals_are_read() {
    check(
        "RELEASE.YYYY-0M-0DTHH-mm-ssZ",
        "RELEASE.2024-08-17T01-24-54Z RELEASE.2024-08-17T00-59-59Z RELEASE.2024-08-17T24-00-00Z RELEASE.2024-08-17T01-24-54Z.fips",
        "RELEASE.2024-08-17T00-59-59Z RELEASE.2024-08-17T01-24-54Z | RELEASE.2024-08-17T24-00-00Z RELEASE.2024-08-17T01-24-54Z.fips",
    );
    check("vYYYY", "v2024 vv2023 2024", "vv2023 v2024 | 2024");
    check("YYYY0M0D", "20240827 20240826 2024827", "20240826 20240827 | 2024827");
}

#[test]
fn dates_count_before_what_stands_behind_their_first_part() {
    check(
        "DD.MM.YYYY",
        "31.1.2023 1.2.2023 1.1.2024",
        "31.1.2023 1.2.2023 1.1.2024",
    );
    check(
        "MM-MAJOR-YYYY",
        "1-9-2024 2-1-2023 2-1-2024",
        "2-1-2023 1-9-2024 2-1-2024",
    );
    check("MAJOR.YYYY", "2.2020 1.2024", "1.2024 2.2020");
}

#[test]
fn a_digit_of_the_layout_itself_does_not_confuse_it() {
    check("MICRO0", "10 100 0 1", "10 100 | 0 1");
    check("MAJOR11MINOR", "1112 11112 2113 11", "1112 2113 11112 | 11");
    // The 31st of February is none, so this is the 3rd.
    check("YYYY.MM.DD1MICRO", "2024.2.3111 2024.2.4111", "2024.2.3111 2024.2.4111");
}

#[test]
fn numbers_of_any_length_are_compared_exactly() {
    check(
        "MAJOR.MINOR.MICRO",
        "1.0.99999999999999999999999998 1.0.99999999999999999999999999 1.0.0099 1.0.99 1.0.100",
        "1.0.0099=1.0.99 1.0.100 1.0.99999999999999999999999998 1.0.99999999999999999999999999",
    );
}

#[test]
fn what_is_no_layout_is_refused_with_advice() {
    let errors: Vec<String> = [
        "yyyy",
        "v",
        "MM0M",
        "YYYY.MM.0M",
        "YY-YYYY",
        "MM",
        "0M.0D",
        "YYYY.DD",
        "YYYY.0W.0D",
        "YYYY.0M.WW",
        "YYYY.MMDD",
        "YY0M",
        "MAJORMINOR",
        "MICROMICRO",
    ]
    .map(|layout| Layout::parse(layout).map_or_else(|error| error.to_string(), |_| format!("`{layout}` is one")))
    .into();
    expect_test::expect![[r#"
        `yyyy` is not a layout: it has no token; did you mean `YYYY`?
        `v` is not a layout: it has no token; there are MAJOR, MINOR, MICRO, YYYY, YY, 0Y, MM, 0M, WW, 0W, DD, 0D, HH, mm, ss
        `MM0M` is not a layout: `MM`, a month, needs a year beside it (byte 0)
        `YYYY.MM.0M` is not a layout: `MM` and `0M` are one unit, and a layout has each unit once (byte 8)
        `YY-YYYY` is not a layout: `YY` and `YYYY` are one unit, and a layout has each unit once (byte 3)
        `MM` is not a layout: `MM`, a month, needs a year beside it
        `0M.0D` is not a layout: `0M`, a month, needs a year beside it (byte 0)
        `YYYY.DD` is not a layout: `DD`, a day, needs a month beside it (byte 5)
        `YYYY.0W.0D` is not a layout: `0W`, a week, cannot stand beside a month or a day (byte 5)
        `YYYY.0M.WW` is not a layout: `WW`, a week, cannot stand beside a month or a day (byte 8)
        `YYYY.MMDD` is not a layout: `MM` has no fixed width, so that something else than a token must follow it; `0M` has two digits (byte 5)
        `YY0M` is not a layout: `YY` has no fixed width, so that something else than a token must follow it; `0Y` and `YYYY` have a fixed one (byte 0)
        `MAJORMINOR` is not a layout: `MAJOR` has no fixed width, so that something else than a token must follow it (byte 0)
        `MICROMICRO` is not a layout: `MICRO` and `MICRO` are one unit, and a layout has each unit once (byte 5)
    "#]]
    .assert_eq(&(errors.join("\n") + "\n"));
}
