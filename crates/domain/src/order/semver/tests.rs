mod flux;
mod masterminds;
mod semver_org;

use std::cmp::Ordering;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

/// The order of two texts by their keys.
fn compare(one: &str, other: &str) -> Ordering {
    VersionKey::read(one).compare(one, VersionKey::read(other), other)
}

/// Whether `range` holds each of `versions`: inside, a pre-release nobody asked for, or outside.
fn check(range: &str, inside: &str, prereleases: &str, outside: &str) {
    let read = Range::parse(range).unwrap();
    let membership = |version: &str| {
        let key = VersionKey::read(version);
        assert!(key.is_readable(), "{version} is no version");
        read.membership(key, version, false)
    };
    for (versions, wanted) in [
        (inside, Membership::Inside),
        (prereleases, Membership::Prerelease),
        (outside, Membership::Outside),
    ] {
        for version in versions.split_whitespace() {
            assert_eq!(membership(version), wanted, "{version} in `{range}`");
        }
    }
}

/// Whether `range` holds versions when all pre-releases are wanted.
fn check_with_prereleases(range: &str, inside: &str, outside: &str) {
    let read = Range::parse(range).unwrap();
    let membership = |version: &str| read.membership(VersionKey::read(version), version, true);
    for version in inside.split_whitespace() {
        assert_eq!(membership(version), Membership::Inside, "{version} in `{range}`");
    }
    for version in outside.split_whitespace() {
        assert_eq!(membership(version), Membership::Outside, "{version} in `{range}`");
    }
}

fn check_refused(ranges: &str, expected: &Expect) {
    let refusal = |range| match Range::parse(range) {
        Ok(_) => format!("`{range}` is fine"),
        Err(error) => error.to_string(),
    };
    let lines: Vec<String> = ranges.split("; ").map(refusal).collect();
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn versions_read_as_the_contract_says() {
    for (text, read) in [
        ("1", "1.0.0"),
        ("1.2", "1.2.0"),
        ("v1.2.3", "1.2.3"),
        ("2024.01.02", "2024.1.2"),
        ("000.00.0", "0.0.0"),
        ("1-rc.1", "1.0.0-rc.1"),
        ("1.2.3-alpha-beta.0", "1.2.3-alpha-beta.0"),
        ("1.2.3--", "1.2.3--"),
        ("1.0.0-0a", "1.0.0-0a"),
        ("99999999999999999999999999999.1.2", "99999999999999999999999999999.1.2"),
    ] {
        assert_eq!(Version::read(text).unwrap().to_string(), read);
        assert!(VersionKey::read(text).is_readable(), "{text}");
    }
}

#[test]
fn what_is_no_version_does_not_read() {
    let texts = "v V1 .1 1. 1..2 1.2. 1.2.3.4 1.2- 1.2.3-a..b 1.2.3-.a 1.0.0-01 1.0.0-a.01 \
        1.0.0-00 release-1.2 1.2.3+b 1.2.3-a+b 1.x vv1 1_2 latest -1 1.2.3-ä +1 1.-2";
    for text in texts.split_whitespace().chain(["", "1 "]) {
        assert!(Version::read(text).is_none(), "{text}");
        assert!(!VersionKey::read(text).is_readable(), "{text}");
    }
}

#[test]
fn precedence_is_that_of_semver_org() {
    let ascending: Vec<&str> = "0.0.0-0 0.0.0 0.0.1 0.9.0 1.0.0-0 1.0.0-1 1.0.0-9 1.0.0-10 \
        1.0.0-99999999999999999999999 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta \
        1.0.0-alpha.beta.0 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.2.0 \
        1.10.0 2.0.0 2.1.0 2.1.1 1099511627774.0.0 1099511627775.0.0-rc \
        1099511627775.0.0 1099511627775.0.1 1099511627776.0.0 20240102150405.9.9 \
        99999999999999999999998.0.0 99999999999999999999999.0.0 \
        100000000000000000000000.0.0"
        .split_whitespace()
        .collect();
    for (place, one) in ascending.iter().enumerate() {
        for (other_place, other) in ascending.iter().enumerate() {
            assert_eq!(compare(one, other), place.cmp(&other_place), "{one} and {other}");
            assert_eq!(Version::read(one).cmp(&Version::read(other)), place.cmp(&other_place));
        }
    }
}

#[test]
fn spellings_of_one_version_are_equal() {
    for (one, other) in [
        ("1", "v1.0.0"),
        ("1.4", "1.04.0"),
        ("0", "0.0.0"),
        ("v1-rc.1", "1.0-rc.1"),
    ] {
        assert_eq!(compare(one, other), Ordering::Equal);
    }
}

#[test]
fn the_first_run_of_dotted_numbers_is_found() {
    for (text, read) in [
        ("3.21.0_rc1", Some("3.21.0")),
        ("release-1.2", Some("1.2.0")),
        ("1.2.3.4", Some("1.2.3")),
        ("a1-b2.3c4.5", Some("2.3.0")),
        ("x.1.2.y", Some("1.2.0")),
        ("1..2.3", Some("2.3.0")),
        ("main-4f2", None),
        ("latest", None),
        ("2024", None),
        ("1.", None),
    ] {
        let found = Version::read_first_run(text).map(|version| version.to_string());
        assert_eq!(found.as_deref(), read, "{text}");
    }
}

#[test]
fn equality_and_its_opposite() {
    check("1.2.3", "1.2.3 v1.2.3", "", "1.2.4 1.2.2 1.2.3-rc.1");
    check("=1.2.3", "1.2.3", "", "1.2.4");
    check("= 1.2.3", "1.2.3", "", "1.2.4");
    check("v1.2.3", "1.2.3", "", "1.2.4");
    check("1.2", "1.2.0 1.2 1.2.9", "1.2.1-rc", "1.3.0 1.1.9 1.2.0-rc 1.3.0-rc");
    check("=1", "1.0.0 1.9.9", "1.2.0-rc", "2.0.0 0.9.9 1.0.0-rc 2.0.0-0");
    check("!=1.2.3", "1.2.4 1.2.2 0.0.1", "1.2.3-rc", "1.2.3");
    check("!=1.2", "1.3.0 1.1.9", "1.2.0-rc 1.3.0-rc", "1.2.0 1.2.9 1.2.1-rc");
    check("!=1.x", "2.0.0 0.9", "", "1.0.0 1.9.9");
    check("2.0.1-alpha.1", "2.0.1-alpha.1", "", "2.0.1 2.0.1-alpha.2 2.0.1-alpha");
}

#[test]
fn greater_and_less_know_partial_versions() {
    check(">1.2", "1.3.0 2.0.0", "1.3.1-rc", "1.2.9 1.3.0-rc");
    check(">1", "2.0.0", "2.0.1-rc", "1.9.9 2.0.0-rc");
    check(">1.2.3", "1.2.4", "1.2.4-rc", "1.2.3");
    check(">=1.2", "1.2.0 2.0.0", "1.2.1-rc", "1.1.9 1.2.0-rc");
    check("=>1.2", "1.2.0", "", "1.1.9");
    check("<1.2", "1.1.9 0.0.0", "1.1.9-rc", "1.2.0 1.2.0-rc");
    check("<1.2.3", "1.2.2", "1.2.2-rc", "1.2.3 1.2.3-rc");
    check("<=1.2", "1.2.9 1.0.0", "1.2.9-rc", "1.3.0 1.3.0-rc");
    check("=<1.2", "1.2.9", "", "1.3.0");
    check("<=1.2.3", "1.2.3", "1.2.3-rc", "1.2.4 1.2.4-rc");
    check("> 1.2", "1.3.0", "", "1.2.9");
    check(">=1.x", "1.0.0 2.0.0", "", "0.9.9");
    check("<=1.x", "1.9.9", "", "2.0.0");
    check(">=*", "0.0.0 1.0.0", "0.0.0-rc 1.0.0-rc", "");
}

#[test]
fn wildcards_stand_for_a_number_and_all_after_it() {
    for range in ["1.x", "1.X", "1.*", "1.x.x", "1.*.x", "1"] {
        check(range, "1.0.0 1.9.9", "1.0.1-rc", "2.0.0 0.9.9 1.0.0-rc 2.0.0-rc");
    }
    check("1.2.x", "1.2.0 1.2.9", "1.2.1-rc", "1.3.0 1.2.0-rc.1");
    for range in ["*", "x", "X", "", "  ", "=*", "~*", "^x", "*.*", "x.x.x"] {
        check(range, "0.0.0 1.0.0 99.0.0", "1.0.0-rc 0.0.0-0", "");
    }
}

#[test]
fn tilde_and_caret_stop_where_they_should() {
    check("~1", "1.0.0 1.9.9", "", "2.0.0 0.9.9");
    check("~1.2", "1.2.0 1.2.9", "", "1.3.0 1.1.9");
    check("~1.2.3", "1.2.3 1.2.9", "", "1.3.0 1.2.2");
    check("~>1.2.3", "1.2.3 1.2.9", "", "1.3.0 1.2.2");
    check("~ 1.2", "1.2.9", "", "1.3.0");
    check("~1.x", "1.0.0 1.9.9", "", "2.0.0");
    check("~0", "0.0.0 0.9.9", "", "1.0.0");
    check("^1.2.3", "1.2.3 1.9.9", "", "2.0.0 1.2.2");
    check("^1.2", "1.2.0 1.9.9", "", "2.0.0 1.1.9");
    check("^1", "1.0.0 1.9.9", "", "2.0.0");
    check("^1.x", "1.0.0 1.9.9", "", "2.0.0");
    check("^0.2.3", "0.2.3 0.2.9", "", "0.3.0 0.2.2");
    check("^0.2", "0.2.0 0.2.9", "", "0.3.0");
    check("^0.0.3", "0.0.3", "", "0.0.4 0.0.2");
    check("^0.0", "0.0.0 0.0.9", "", "0.1.0");
    check("^0.0.x", "0.0.0 0.0.9", "", "0.1.0");
    check("^0", "0.0.0 0.9.9", "", "1.0.0");
    check("^0.x", "0.0.0 0.9.9", "", "1.0.0");
    check("^0.0.0", "0.0.0", "", "0.0.1");
}

#[test]
fn hyphens_span_both_ends() {
    check("1.2 - 1.4", "1.2.0 1.4.9", "1.3.0-rc", "1.5.0 1.1.9 1.5.0-rc 1.2.0-rc");
    check("1.2.3 - 1.4.5", "1.2.3 1.4.5", "", "1.4.6 1.2.2");
    check("1.2.3 - 2", "1.2.3 2.9.9", "", "3.0.0");
    check("1 - 2.x", "1.0.0 2.9.9", "", "3.0.0");
    check("1.2  -   1.4", "1.2.0 1.4.9", "", "1.5.0");
    check("1.2 - 1.4 !=1.3.5", "1.2.0 1.3.4", "", "1.3.5 1.5.0");
    check("* - 1.4", "0.0.1 1.4.9", "", "1.5.0");
}

#[test]
fn comparators_and_alternatives_combine() {
    for range in [
        ">=1.0.0 <2.0.0",
        ">=1.0.0,<2.0.0",
        ">=1.0.0 , <2.0.0",
        ">=1 ,<2",
        " >= 1.0 < 2.0 ",
    ] {
        check(range, "1.0.0 1.9.9", "1.5.0-rc", "2.0.0 0.9.9 2.0.0-rc");
    }
    check("1.x || >=3", "1.0.0 3.0.0 4.0.0", "", "2.0.0");
    check("1.x||2.x", "1.0.0 2.0.0", "", "3.0.0");
    check(">1 >2 <9 <=8", "3.0.0 8.9.9", "", "2.9.9 9.0.0");
    check(">=2 <1", "", "", "0.5.0 1.0.0 1.5.0 2.0.0");
}

#[test]
fn prereleases_must_be_asked_for_in_the_same_alternative() {
    check(">=1.2.0-0", "1.2.0-0 1.2.0-rc.1 1.5.0-rc.1 2.0.0", "", "1.1.9-rc 1.1.9");
    check(">=1.2-0", "1.2.0-0 1.5.0-rc.1", "", "1.1.9");
    check(">=1.0.0-0 <2.0.0", "1.0.0-0 1.9.9-rc", "", "2.0.0-rc.1 2.0.0");
    check("^1.0.0-0", "1.0.0-rc 1.5.0-rc 1.5.0", "", "2.0.0-rc.1");
    check("~1.2-0", "1.2.0-0 1.2.9-rc", "", "1.3.0-rc 1.3.0");
    check("~1-0", "1.0.0-0 1.0.9-rc", "", "1.1.0-rc 1.1.0");
    check("^0.0-0", "0.0.0-0 0.0.0", "", "0.0.1");
    check("<2.0.0-rc.2", "2.0.0-rc.1 1.0.0-rc", "", "2.0.0-rc.2 2.0.0");
    check("<=2.0.0-rc.2", "2.0.0-rc.2", "", "2.0.0-rc.3");
    check(">1.0.0-rc.1", "1.0.0-rc.2 1.0.0", "", "1.0.0-rc.1");
    check("=1.2-rc", "1.2.0-rc", "", "1.2.0 1.2.1-rc");
    check("1.2-rc - 1.4-rc", "1.2.0-rc 1.4.0-rc 1.3.0", "", "1.4.0 1.2.0-beta");
    check("1.x || >=3.0.0-0", "1.5.0 3.0.0-rc", "1.5.0-rc", "2.0.0");
    check("!=1.2.3-rc", "1.0.0-rc 1.2.3", "", "1.2.3-rc");
}

#[test]
fn prereleases_may_be_wanted_everywhere() {
    check_with_prereleases("*", "1.0.0-rc 0.0.0-0 1.0.0", "");
    check_with_prereleases("1.2.x", "1.2.1-rc 1.2.0", "1.2.0-rc.1 1.3.0-rc.1");
    check_with_prereleases("<2.0.0", "1.9.9-rc", "2.0.0-rc.1");
    check_with_prereleases("^1", "1.0.1-rc", "2.0.0-0 1.0.0-rc");
    check_with_prereleases("1.2 - 1.4", "1.4.9-rc", "1.5.0-rc");
    check_with_prereleases("<=1.2.3", "1.2.3-rc", "1.2.4-rc");
}

#[test]
fn numbers_in_ranges_have_any_length() {
    check(
        "~99999999999999999999.9",
        "99999999999999999999.9.1",
        "",
        "99999999999999999999.10.0",
    );
    check(
        "^99999999999999999999",
        "99999999999999999999.1.0",
        "",
        "100000000000000000000.0.0",
    );
    check("^2024.01", "2024.1.0 2024.12.5", "", "2025.0.0");
    check("<=20240102150405", "20240102150405.3.0", "", "20240102150406.0.0");
}

#[test]
fn bad_ranges_say_what_is_wrong_and_where() {
    check_refused(
        "|| 1; 1 ||; 1 || || 2; 1 | 2; |; |||; \
         >=1,,<2; ,>=1; >=1,; >=1 , , <2; >=1<2; 1.2>3; \
         >1.x; <1.x; >*; <x; <=*; !=*; \
         1 - *; 1 - x.x; >=1 - 2; 1 - >2; 1 - 2 - 3; 1.2 -; \
         - 1; 1.2 -1.4; 1.2- 1.4; >=; ~; == 1; \
         >>1; =! 1; 1.2.3.4; 1.2.x.x; 1.x.3; x.1; \
         1.2-; 1.0.0-01; 1.x-0; 1.; .1; v; \
         V1; abc; latest; 1.2.3+b; 1;2; ≥1; 1\t2; 1\n2; \
         ^; 1.2.3 4 ä",
        &expect![[r#"
            `|| 1` is not a range: a comparator is missing here; write `*` for every release (byte 0)
            `1 ||` is not a range: a comparator is missing here; write `*` for every release (byte 4)
            `1 || || 2` is not a range: a comparator is missing here; write `*` for every release (byte 5)
            `1 | 2` is not a range: `||` stands between alternatives, not `|` (byte 2)
            `|` is not a range: `||` stands between alternatives, not `|`
            `|||` is not a range: a comparator is missing here; write `*` for every release (byte 0)
            `>=1,,<2` is not a range: a comparator is missing here; write `*` for every release (byte 4)
            `,>=1` is not a range: a comparator is missing here; write `*` for every release (byte 0)
            `>=1,` is not a range: a comparator is missing here; write `*` for every release (byte 4)
            `>=1 , , <2` is not a range: a comparator is missing here; write `*` for every release (byte 6)
            `>=1<2` is not a range: a space or a comma must stand between two comparators (byte 3)
            `1.2>3` is not a range: a space or a comma must stand between two comparators (byte 3)
            `>1.x` is not a range: a wildcard cannot follow `>`; leave it out or write `>=`
            `<1.x` is not a range: a wildcard cannot follow `<`; leave it out or write `<=`
            `>*` is not a range: a wildcard cannot follow `>`; leave it out or write `>=`
            `<x` is not a range: a wildcard cannot follow `<`; leave it out or write `<=`
            `<=*` is not a range: `<=*` would hold for nothing; leave it out
            `!=*` is not a range: `!=*` would hold for nothing; leave it out
            `1 - *` is not a range: `A - *` has no end; write `>=A` (byte 4)
            `1 - x.x` is not a range: `A - *` has no end; write `>=A` (byte 4)
            `>=1 - 2` is not a range: the two versions of `A - B` stand without operators (byte 0)
            `1 - >2` is not a range: the two versions of `A - B` stand without operators (byte 4)
            `1 - 2 - 3` is not a range: `-` is no version; two ends are written `1.2 - 1.4`, with a version and a space on both sides of the `-` (byte 6)
            `1.2 -` is not a range: `-` is no version; two ends are written `1.2 - 1.4`, with a version and a space on both sides of the `-` (byte 4)
            `- 1` is not a range: `-` is no version; two ends are written `1.2 - 1.4`, with a version and a space on both sides of the `-` (byte 0)
            `1.2 -1.4` is not a range: `-1.4` is no version; two ends are written `1.2 - 1.4`, with a version and a space on both sides of the `-` (byte 4)
            `1.2- 1.4` is not a range: `1.2-` is no version; behind `-` stands a pre-release: letters, digits and `-`, joined by dots, numbers without leading zeros (byte 0)
            `>=` is not a range: a version must follow the operator (byte 2)
            `~` is not a range: a version must follow the operator (byte 1)
            `== 1` is not a range: `==` is no operator; did you mean `=`? (byte 0)
            `>>1` is not a range: `>>` is no operator; did you mean `>`? (byte 0)
            `=! 1` is not a range: `=!` is no operator; did you mean `!=`? (byte 0)
            `1.2.3.4` is not a range: a version of `semver` has at most three numbers; the kind `version` reads up to eight
            `1.2.x.x` is not a range: a version of `semver` has at most three numbers; the kind `version` reads up to eight
            `1.x.3` is not a range: only wildcards may follow a wildcard
            `x.1` is not a range: only wildcards may follow a wildcard
            `1.2-` is not a range: `1.2-` is no version; behind `-` stands a pre-release: letters, digits and `-`, joined by dots, numbers without leading zeros
            `1.0.0-01` is not a range: `1.0.0-01` is no version; behind `-` stands a pre-release: letters, digits and `-`, joined by dots, numbers without leading zeros
            `1.x-0` is not a range: a wildcard has no pre-release; write the numbers, as in `>=1.2-0`
            `1.` is not a range: `1.` is no version; a number is missing beside the `.`
            `.1` is not a range: `.1` is no version; a number is missing beside the `.`
            `v` is not a range: `v` is no version; write one to three numbers joined by dots, as in `1.4`
            `V1` is not a range: `V1` is no version; write the `v` in lower case, or leave it out
            `abc` is not a range: `abc` is no version; to follow that tag write `digest:abc`
            `latest` is not a range: `latest` is no version; to follow that tag write `digest:latest`
            `1.2.3+b` is not a range: build metadata (`+…`) cannot occur in a tag; leave it out (byte 5)
            `1;2` is not a range: `1;2` is no version; write one to three numbers joined by dots, as in `1.4`
            `≥1` is not a range: `≥1` is no version; write `>=` for `≥`
            `1\t2` is not a range: `1\t2` is no version; only plain spaces and commas stand between comparators
            `1\n2` is not a range: `1\n2` is no version; only plain spaces and commas stand between comparators
            `^` is not a range: a version must follow the operator (byte 1)
            `1.2.3 4 ä` is not a range: `ä` is no version; write one to three numbers joined by dots, as in `1.4` (byte 8)
        "#]],
    );
}

proptest! {
    #[test]
    fn keys_and_versions_agree(
        one in "v?(1|[0-9]{1,14})(\\.[0-2]){0,3}(-[0-9a-b.-]{1,5})?",
        other in "v?(1|[0-9]{1,14})(\\.[0-2]){0,3}(-[0-9a-b.-]{1,5})?",
    ) {
        prop_assert_eq!(VersionKey::read(&one).is_readable(), Version::read(&one).is_some());
        if let (Some(read), Some(other_read)) = (Version::read(&one), Version::read(&other)) {
            prop_assert_eq!(compare(&one, &other), read.cmp(&other_read));
            let packed = |text: &str| (VersionKey::read(text), VersionKey::read(text).detail(text));
            let order = packed(&one).cmp(&packed(&other));
            prop_assert!(order.is_eq() || order == read.cmp(&other_read));
        }
    }

    #[test]
    fn reading_a_range_never_panics(text in "[0-9xX*v.,<>=!~^| -]{0,16}|\\PC{0,16}") {
        if let Err(error) = Range::parse(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn a_range_says_the_same_in_other_words(
        (major, minor, patch) in (0_u8..4, 0_u8..4, 0_u8..4),
        version in "[0-4](\\.[0-4]){0,2}(-(0|rc\\.1))?",
    ) {
        let inside = |range: String| Range::parse(&range).unwrap().membership(VersionKey::read(&version), &version, true);
        let same = |one: String, other: String| {
            prop_assert_eq!(inside(one), inside(other));
            Ok(())
        };
        same(format!("~{major}.{minor}.{patch}"), format!(">={major}.{minor}.{patch} <{major}.{}.0", minor + 1))?;
        same(format!("{major}.{minor}"), format!(">={major}.{minor}.0 <{major}.{}.0", minor + 1))?;
        same(format!(">{major}.{minor}"), format!(">={major}.{}.0", minor + 1))?;
        same(format!("<={major}"), format!("<{}.0.0", major + 1))?;
        same(format!("{major} - {minor}.{patch}"), format!(">={major} <={minor}.{patch}"))?;
        same(format!("^{}.{minor}", major + 1), format!(">={}.{minor} <{}", major + 1, major + 2))?;
    }
}
