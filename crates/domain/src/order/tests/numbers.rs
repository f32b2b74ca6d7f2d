use super::*;

#[test]
fn versions_are_compared_number_by_number_and_then_by_their_text() {
    assert_eq!(
        sorted(
            Order::Numbers,
            "9.10 9.9.0.65466-community 9.9.0.65466 9.9 9.9.0 v9.9.0.0 9.9.0.65466-developer 10 9.9.0-a"
        ),
        "9.9=9.9.0=v9.9.0.0 9.9.0-a 9.9.0.65466 9.9.0.65466-community 9.9.0.65466-developer 9.10 10"
    );
    assert_eq!(
        sorted(
            Order::Numbers,
            "1-ls24 1-ls9 1-ls 1-ls24-a 1 1-24 1-a 1-LS9 1-ls09 1-ls024"
        ),
        "1 1-24 1-LS9 1-a 1-ls 1-ls9=1-ls09 1-ls24=1-ls024 1-ls24-a"
    );
}

#[test]
fn one_to_eight_numbers_are_read() {
    assert_eq!(
        sorted(
            Order::Numbers,
            "1.2.3.4.5.6.7.8 1.2.3.4.5.6.7.8.9 1. .1 v 1.2- V1 release-1.2 1.2_3 v1-x 99999999999999999999999999 1.-x 1..2"
        ),
        "v1-x 1.2.3.4.5.6.7.8 99999999999999999999999999 | 1.2.3.4.5.6.7.8.9 1. .1 v 1.2- V1 release-1.2 1.2_3 1.-x 1..2"
    );
}

/// Which of these versions a range holds.
fn held(range: &str, versions: &str) -> String {
    let comparators = match Comparators::parse(range) {
        Ok(comparators) => comparators,
        Err(error) => return error.to_string(),
    };
    let holds = |version: &&str| comparators.hold(&Numbers::read(version).unwrap());
    versions.split(' ').filter(holds).collect::<Vec<_>>().join(" ")
}

#[test]
fn comparators_see_the_numbers_alone() {
    let versions = "9 9.8 9.9 9.9.0 9.9.0.1 9.9.1 9.9.1.5-x 9.10 10.0.0.1";
    let check = |range: &str, wanted: &str| assert_eq!(held(range, versions), wanted, "{range}");
    check("*", versions);
    check("", versions);
    check("9.9", "9.9 9.9.0 9.9.0.1 9.9.1 9.9.1.5-x");
    check("=9.9", "9.9 9.9.0 9.9.0.1 9.9.1 9.9.1.5-x");
    check("!=9.9", "9 9.8 9.10 10.0.0.1");
    check("<=9.9", "9 9.8 9.9 9.9.0 9.9.0.1 9.9.1 9.9.1.5-x");
    check(">9.9", "9.10 10.0.0.1");
    check(">=9.9", "9.9 9.9.0 9.9.0.1 9.9.1 9.9.1.5-x 9.10 10.0.0.1");
    check("<9.9", "9 9.8");
    check("=9.9.0", "9.9 9.9.0");
    check("!=9.9.0", "9 9.8 9.9.0.1 9.9.1 9.9.1.5-x 9.10 10.0.0.1");
    check(">9.9.0", "9.9.0.1 9.9.1 9.9.1.5-x 9.10 10.0.0.1");
    check("<=9.9.0", "9 9.8 9.9 9.9.0");
    check("= 9.9.1.5", "9.9.1.5-x");
    check(">=v9.9, < 9.10", "9.9 9.9.0 9.9.0.1 9.9.1 9.9.1.5-x");
    check(">=9.9,<9.10 != 9.9.1.5", "9.9 9.9.0 9.9.0.1 9.9.1");
    check("=9", "9 9.8 9.9 9.9.0 9.9.0.1 9.9.1 9.9.1.5-x 9.10");
    check("=009.09.0", "9.9 9.9.0");
}

#[test]
fn what_is_no_range_is_refused_with_advice() {
    let errors: Vec<String> = [
        "9.x",
        ">=9.9 ||<8",
        "~9.9",
        "^9",
        "=>9",
        ">=9.9-community",
        ">=9.9,",
        ",9",
        "9,,10",
        ">=9<10",
        ">=",
        "nine",
        "1.2.3.4.5.6.7.8.9",
        ">=9 *",
        "9.",
        "1.2+3",
    ]
    .map(|range| held(range, "1"))
    .into();
    expect_test::expect![[r#"
        `9.x` is not a range of versions: wildcards are for `semver`; leave the number out, as in `=9.9`
        `>=9.9 ||<8` is not a range of versions: `||` is for `semver`; comparators of `version` must all hold (byte 6)
        `~9.9` is not a range of versions: `~` is no operator of `version`; write both ends, as in `>=9.9 <10` (byte 0)
        `^9` is not a range of versions: `^` is no operator of `version`; write both ends, as in `>=9.9 <10` (byte 0)
        `=>9` is not a range of versions: `=>` is no operator of `version`; did you mean `>=`? (byte 0)
        `>=9.9-community` is not a range of versions: the range sees the numbers alone; write `suffix: "-community"` beside it for tags that end so (byte 2)
        `>=9.9,` is not a range of versions: a comparator is missing here; write `*` for every version (byte 6)
        `,9` is not a range of versions: a comparator is missing here; write `*` for every version (byte 0)
        `9,,10` is not a range of versions: a comparator is missing here; write `*` for every version (byte 2)
        `>=9<10` is not a range of versions: a space or a comma must stand between two comparators (byte 3)
        `>=` is not a range of versions: a version must follow the operator (byte 2)
        `nine` is not a range of versions: `nine` is no version; to follow that tag write `digest:nine`
        `1.2.3.4.5.6.7.8.9` is not a range of versions: a version has at most 8 numbers
        `>=9 *` is not a range of versions: `*` stands alone (byte 4)
        `9.` is not a range of versions: `9.` is no version; a number is missing beside the `.`
        `1.2+3` is not a range of versions: `1.2+3` is no version; write one to 8 numbers joined by dots, as in `>=9.9 <10`
    "#]]
    .assert_eq(&(errors.join("\n") + "\n"));
}
