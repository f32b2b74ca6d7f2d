//! The vectors of github.com/Masterminds/semver 3.5: which versions satisfy which constraints, as it documents, tests and answers.
//!
//! `tests/e2e/masterminds.rs` asks it itself, and about much more.

use crate::order::semver::{Membership, Range, VersionKey};

use Says::{Inside, Outside, Refuses};

/// A constraint, what is inside and what is outside, there as here.
const VECTORS: &[(&str, &str, &str)] = &[
    ("=2.0.0", "2.0.0", "1.2.3"),
    ("=2.0", "2.0.0 2.0.1", "1.2.3"),
    ("4.1", "4.1.0", ""),
    ("!=4.1.0", "4.1.1", "4.1.0 5.1.0-alpha.1"),
    ("!=4.1", "5.1.0", "4.1.0 4.1.1 5.1.0-alpha.1"),
    ("!=4.1-alpha", "4.1.0", "4.1.0-alpha"),
    ("<11", "0.1.0", "11.1.0"),
    ("<1.1", "0.1.0", "1.1.0 1.1.1"),
    ("<=11", "1.2.3 11.2.3", "12.2.3"),
    ("<=1.1", "0.1.0 1.1.0 1.1.1", "1.2.3 0.1.0-alpha"),
    (">1.1", "4.1.0", "1.1.0"),
    (">0", "1", "0 0.0.1-alpha 0.0.0-alpha"),
    (">0.0", "", "0.0.1-alpha"),
    (">0.0.0-0", "0.0.0-alpha", ""),
    (">1.2.3-alpha.1", "1.2.3-alpha.2 1.3.3-alpha.2", ""),
    (">11", "", "11.1.0"),
    (">11.1", "11.2.1", "11.1.0 11.1.1"),
    (">=11", "11.1.2", ""),
    (">=11.1", "11.1.2", "11.0.2"),
    (">=1.1", "4.1.0 1.1.0", "0.0.9 4.1.0-beta"),
    (">=0", "0", "0.0.1-alpha 0.0.0-alpha"),
    (">=0.0", "", "0.0.1-alpha"),
    (">=0-0", "0.0.1-alpha 0.0.0-alpha", ""),
    (">=0.0-0", "0.0.1-alpha", ""),
    (">=0.0.0-0", "0.0.0-alpha 1.2.3 3.4.5-beta.1", ""),
    ("<0", "", "0.0.0-alpha"),
    ("<0-z", "0.0.0-alpha", ""),
    ("=0", "", "1"),
    ("*", "1 4.5.6 1.2.3", "1.2.3-alpha.1"),
    ("2.*", "2.1.1", "1 3.4.5"),
    ("2.1.*", "2.1.1", "2.2.1"),
    ("2", "2.1.1", "1 3.4.5"),
    ("2.1", "2.1.1", "2.2.1"),
    ("~1.2.3", "1.2.4 1.2.5", "1.3.4 1.2.2 1.3.2"),
    ("~1.2", "1.2.4", "1.3.4"),
    ("~1", "1.2.4 1.3.5 1.4", "2.3.4 2.1.1 1.3.5-beta"),
    ("~0.2.3", "0.2.5", "0.3.5"),
    ("~1.2.3-beta.2", "1.2.3-beta.4 1.2.4-beta.2", "1.3.4-beta.2"),
    ("^1.2.3", "1.8.9", "2.8.9 1.2.1"),
    ("^1.1.0", "", "2.1.0"),
    ("^1.2.0", "", "2.2.1 1.2.1-alpha.1"),
    ("^1.2.0-alpha.0", "1.2.1-alpha.1 1.2.1-alpha.0", ""),
    ("^1.2.0-alpha.2", "", "1.2.0-alpha.1"),
    ("^1.2", "1.8.9", "2.8.9"),
    ("^1", "1.8.9", "2.8.9"),
    ("^0.2.3", "0.2.5", "0.5.6"),
    ("^0.2", "0.2.5", "0.5.6"),
    ("^0.0.3", "0.0.3", "0.0.4"),
    ("^0.0", "0.0.3", "0.1.4 1.0.4"),
    ("^0", "0.2.3", "1.1.4"),
    (
        "^0.2.3-beta.2",
        "0.2.3-beta.4 0.2.4-beta.2 0.2.3-beta.2",
        "0.3.4-beta.2",
    ),
    ("0.x.x", "", "1.2.3"),
    ("0.0.x", "", "1.2.3"),
    ("0.0.0", "", "1.2.3"),
    ("^0.0.0", "", "1.2.3"),
    ("= 2.0", "2.0.0", "1.2.3"),
    ("4.1.x", "4.1.3", ""),
    ("1.x", "1.4", ""),
    ("!=4.x", "5.1.0", "4.1.0"),
    ("!=4.1.x", "4.2.0", ""),
    ("!=4.2.x", "", "4.2.3"),
    ("<=1.1-a", "0.1.0-alpha", ""),
    ("<=1.x", "1.1.0", ""),
    ("<=2.x", "", "3.0.0 3.1.0"),
    ("<=1.1.x", "", "1.2.500"),
    ("<=4.5", "3.4.0 3.7.0", "4.6.3"),
    (">1.1, <2", "1.2.1", "1.1.1"),
    (">1.1, <3", "", "4.3.2"),
    (">=1.1, <2, !=1.2.3", "", "1.2.3"),
    (">1.1 <2", "1.2.1", "1.1.1"),
    (">1.1 <3", "", "4.3.2"),
    (">=1.1 <2 !=1.2.3", "", "1.2.3"),
    (">=1.1, <2, !=1.2.3 || > 3", "4.1.2", "3.1.2 3.0.0 1.2.3"),
    (">=1.1, <2, !=1.2.3 || >= 3", "3.0.0", ""),
    (">=1.1 <2 !=1.2.3 || > 3", "4.1.2", "3.1.2 3.0.0 1.2.3"),
    (">=1.1 <2 !=1.2.3 || >= 3", "3.0.0", ""),
    ("> 1.1, < 2", "", "1.1.1"),
    ("> 1.1, <2", "1.2.1", ""),
    (">1.1, < 3", "", "4.3.2"),
    (">= 1.1, < 2, !=1.2.3", "", "1.2.3"),
    ("> 1.1 < 2", "", "1.1.1"),
    (">1.1 < 2", "1.2.1", ""),
    ("> 1.1 <3", "", "4.3.2"),
    (">=1.1 < 2 != 1.2.3", "", "1.2.3"),
    (">= 1.1, <2, !=1.2.3 || > 3", "4.1.2", "3.0.0 1.2.3"),
    (">= 1.1, <2, != 1.2.3 || > 3", "", "3.1.2"),
    (">= 1.1, <2, != 1.2.3 || >= 3", "3.0.0", ""),
    (">= 1.1 <2 != 1.2.3", "", "1.2.3"),
    (">= 1.1 <2 != 1.2.3 || > 3", "4.1.2", "3.1.2"),
    (">= 1.1 <2 != 1.2.3 || >= 3", "3.0.0", ""),
    (">= 1.1 < 2 !=1.2.3 || > 3", "", "3.0.0"),
    (">=1.1 < 2 !=1.2.3 || > 3", "", "1.2.3"),
    (">= 1.0.0 <= 2.0.0-beta", "1.0.1-beta 1.0.1", "3.0.0"),
    (">= 1.0.0 <= 2.0.0-beta || > 3", "1.0.1-beta", "3.0.1-beta"),
    (">= 1.0.0 <= 2.0.0-beta != 1.0.1 || > 3", "1.0.1-beta", ""),
    (">= 1.0.0 <= 2.0.0-beta != 1.0.1-beta || > 3", "", "1.0.1-beta"),
    (">= 1.0.0-0 <= 2.0.0", "1.0.1-beta", ""),
    ("1.1 - 2", "1.1.1", ""),
    ("1.5.0 - 4.5", "3.7.0", ""),
    ("1.1-3", "", "4.3.2"),
    ("^1.1", "1.1.1", "4.3.2 1.1.1-alpha"),
    ("^1.x", "1.1.1", "2.1.1 1.1.1-beta1"),
    ("^2.x", "", "1.1.1"),
    ("^1.1.2-alpha", "1.2.1-beta1", ""),
    ("^0.0.1", "0.0.1", "0.3.1 0.1.3"),
    ("~*", "2.1.1", ""),
    ("~1.x", "1.3.5 1.4", "2.1.1 1.3.5-beta"),
    ("~1.1", "1.1.1", "1.1.1-alpha 1.2.3"),
    ("~1.1-alpha", "1.1.1-beta", ""),
    ("~1.1.1-beta", "1.1.1", "1.1.1-alpha"),
    ("~1.3", "", "2.4.5"),
    ("1.0.0 - 2.0.0 <=2.0.0", "1.5.0", ""),
    ("1.0.0 - 2.0.0, <=2.0.0", "1.5.0", ""),
    ("^1.1.1-alpha", "1.1.1-beta", ""),
    ("^1.1.1-beta", "", "1.1.1-alpha"),
    ("~1.3.6-alpha", "", "1.3.5-beta"),
    ("~1.3.5-alpha", "1.3.5-beta", ""),
    ("~1.3.5-beta", "", "1.3.5-alpha"),
];

/// The same where pre-releases are wanted everywhere: `IncludePrerelease` there, `prerelease: true` here.
const VECTORS_WITH_PRERELEASES: &[(&str, &str, &str)] = &[
    (">=1.1", "4.1.0-beta 4.1.0 1.1.0", "0.0.9"),
    (">1.1", "4.1.0-beta 4.1.0", "1.1.0"),
    ("<=1.1", "0.1.0-alpha 0.1.0 1.1.0 1.1.1", ""),
    ("<1.1", "0.1.0-alpha 0.1.0", "1.1.0 1.1.1"),
    ("^1.x", "1.1.1-beta1 1.1.1", "2.1.1"),
    ("~1.1", "1.1.1-alpha 1.1.1", "1.2.3"),
    ("*", "1.2.3-alpha 1.2.3", ""),
    ("= 2.0", "2.0.1-beta 2.0.0", "1.2.3"),
    ("!=4.1-alpha", "4.1.0", "4.1.0-alpha"),
    ("<=1.1-a", "0.1.0-alpha", ""),
    (">= 1.0.0 <= 2.0.0-beta", "1.0.1-beta 1.0.1", "3.0.0"),
    (">= 1.0.0 <= 2.0.0-beta || > 3", "1.0.1-beta", "3.0.1-beta"),
    (">= 1.0.0 <= 2.0.0-beta != 1.0.1 || > 3", "1.0.1-beta", ""),
    (">= 1.0.0 <= 2.0.0-beta != 1.0.1-beta || > 3", "", "1.0.1-beta"),
    (">= 1.0.0-0 <= 2.0.0", "1.0.1-beta", ""),
    ("^1.1", "1.1.1 1.1.1-alpha", "4.3.2"),
    ("^1.1.2-alpha", "1.2.1-beta1", ""),
    ("~1", "1.3.5 1.4 1.3.5-beta", "2.1.1"),
    ("~1.x", "1.3.5 1.4 1.3.5-beta", "2.1.1"),
    ("~1.1-alpha", "1.1.1-beta", ""),
    ("~1.1.1-beta", "1.1.1", "1.1.1-alpha"),
    ("^1.1.1-alpha", "1.1.1-beta", ""),
    ("^1.1.1-beta", "", "1.1.1-alpha"),
    ("~1.3.6-alpha", "", "1.3.5-beta"),
    ("~1.3.5-alpha", "1.3.5-beta", ""),
    ("~1.3.5-beta", "", "1.3.5-alpha"),
];

/// Constraints that the documentation of Masterminds calls equivalent.
const EQUIVALENTS: &[(&str, &str)] = &[
    ("1.2 - 1.4.5", ">= 1.2 <= 1.4.5"),
    ("2.3.4 - 4.5", ">= 2.3.4 <= 4.5"),
    ("1.2-1.4.5", "1.2.0-1.4.5"),
    ("1.2.x", ">= 1.2.0, < 1.3.0"),
    (">= 1.2.x", ">= 1.2.0"),
    ("<= 2.x", "< 3"),
    ("~1.2.3", ">= 1.2.3, < 1.3.0"),
    ("~1", ">= 1, < 2"),
    ("~2.3", ">= 2.3, < 2.4"),
    ("~1.2.x", ">= 1.2.0, < 1.3.0"),
    ("~1.x", ">= 1, < 2"),
    ("^1.2.3", ">= 1.2.3, < 2.0.0"),
    ("^1.2.x", ">= 1.2.0, < 2.0.0"),
    ("^2.3", ">= 2.3, < 3"),
    ("^2.x", ">= 2.0.0, < 3"),
    ("^0.2.3", ">=0.2.3 <0.3.0"),
    ("^0.2", ">=0.2.0 <0.3.0"),
    ("^0.0.3", ">=0.0.3 <0.0.4"),
    ("^0.0", ">=0.0.0 <0.1.0"),
    ("^0", ">=0.0.0 <1.0.0"),
];

/// Constraints that Masterminds refuses, as Tidemark does.
const REFUSED: &[&str] = &[
    "foo",
    ">= bar",
    "BAR >= 1.2.3",
    "v1.2.3-beta.01",
    "12.3.4.1234",
    "12.23.4.1234",
    "12.3.34.1234",
    "12.3.34~ 1.2.3",
    "1 || ",
    ">=1<2",
    ">=1,",
    "1.2.3 -",
];

/// What Tidemark says of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Inside,
    Outside,
    /// The constraint is no range.
    Refuses,
}

/// Deliberate differences: a constraint and a version; what Masterminds says, what Tidemark says, and the rule in §2 of the contract
/// of policies.
const DIFFERENCES: &[(&str, &str, Says, Says, &str)] = &[
    ("", "4.5.6", Refuses, Inside, "Empty text: `*`."),
    ("", "1.2.3-alpha.1", Refuses, Outside, "Empty text: `*`."),
    (
        "~0.0.0",
        "1.2.3",
        Inside,
        Outside,
        "`~1.2.3` stops before 1.3.0, so `~0.0.0` before 0.1.0.",
    ),
    ("<1.x", "0.1.1", Inside, Refuses, NOT_AFTER_LESS),
    ("<2.x", "1.1.1", Inside, Refuses, NOT_AFTER_LESS),
    ("<1.1.x", "1.0.500", Inside, Refuses, NOT_AFTER_LESS),
    (">1.x", "2.0.0", Inside, Refuses, NOT_AFTER_LESS),
    ("<=*", "0.0.1", Inside, Refuses, "`<=*`, `!=*`, `A - *` are invalid."),
    ("!=*", "1.0.0", Inside, Refuses, "`<=*`, `!=*`, `A - *` are invalid."),
    ("1 - *", "1.0.0", Outside, Refuses, "`<=*`, `!=*`, `A - *` are invalid."),
    ("*-0", "1.2.3-alpha.1", Inside, Refuses, AND_ALL_AFTER),
    ("^1.2.x-alpha", "1.2.1-beta1", Inside, Refuses, AND_ALL_AFTER),
    ("1.x.3", "1.2.0", Inside, Refuses, AND_ALL_AFTER),
    ("^*", "1.0.0", Outside, Inside, AND_ALL_AFTER),
    (
        "1.2.3+build",
        "1.2.3",
        Inside,
        Refuses,
        "Build metadata cannot occur in a tag.",
    ),
    ("!=4.1-alpha", "4.1.1-alpha", Outside, Inside, FILLED),
    (">0-0", "0.0.1-alpha", Outside, Inside, FILLED),
    (">0-0", "0.0.0-alpha", Outside, Inside, FILLED),
    (">0.0-0", "0.0.1-alpha", Outside, Inside, FILLED),
    ("=1.2-rc", "1.2.3", Inside, Outside, FILLED),
    ("<=1.2-rc", "1.2.3", Inside, Outside, FILLED),
    ("~1-rc", "1.1.0", Inside, Outside, FILLED),
    ("^0.0-rc", "0.0.1", Inside, Outside, FILLED),
    (
        ">=1.0.0-0 <2.0.0",
        "2.0.0-rc.1",
        Inside,
        Outside,
        "An upper bound `<X.Y.Z` keeps out the pre-releases of the bound itself.",
    ),
    (">1.2 >=1-0", "1.3.0-rc.1", Inside, Outside, "`>1.2` is `>=1.3.0`."),
    (
        "!=1.2 >=1-0",
        "1.2.1-rc.1",
        Inside,
        Outside,
        "`!=1.2` excludes `1.2.x`, in which 1.2.1-rc.1 is.",
    ),
    (
        "!=1 >=1-0",
        "1.0.0-rc.1",
        Outside,
        Inside,
        "1.0.0-rc.1 is not in `1.x`, which `!=1` excludes.",
    ),
    (
        "* >=0-0",
        "0.0.0-rc.1",
        Outside,
        Inside,
        "`*`: every release, without a bound.",
    ),
    (
        "18446744073709551616",
        "18446744073709551616.0.1",
        Refuses,
        Inside,
        "Numbers of any length.",
    ),
];

const NOT_AFTER_LESS: &str = "Wildcards stand not after `<` or `>` alone.";
const AND_ALL_AFTER: &str = "A wildcard stands for a number and all after it.";
const FILLED: &str = "A partial with a pre-release is filled with zeros after any operator.";

/// What Tidemark says.
fn says(constraint: &str, version: &str, prereleases: bool) -> Says {
    let key = VersionKey::read(version);
    assert!(key.is_readable(), "{version} is no version");
    match Range::parse(constraint) {
        Err(_) => Refuses,
        Ok(range) if range.membership(key, version, prereleases) == Membership::Inside => Inside,
        Ok(_) => Outside,
    }
}

#[test]
fn the_vectors_of_masterminds_hold() {
    for (constraint, inside, outside) in VECTORS {
        for version in inside.split_whitespace() {
            assert_eq!(says(constraint, version, false), Inside, "{version} in `{constraint}`");
        }
        for version in outside.split_whitespace() {
            assert_eq!(says(constraint, version, false), Outside, "{version} in `{constraint}`");
        }
    }
}

#[test]
fn the_vectors_of_masterminds_with_prereleases_hold() {
    // Releases do not care whether pre-releases are wanted.
    let releases = |versions: &str| -> Vec<String> {
        let versions = versions.split_whitespace().filter(|version| !version.contains('-'));
        versions.map(str::to_owned).collect()
    };
    let every = |versions: &str| versions.split_whitespace().map(str::to_owned).collect();
    let with = VECTORS_WITH_PRERELEASES
        .iter()
        .map(|row| (row.0, every(row.1), every(row.2)));
    let without = VECTORS.iter().map(|row| (row.0, releases(row.1), releases(row.2)));
    for (constraint, inside, outside) in with.chain(without) {
        for version in inside {
            assert_eq!(says(constraint, &version, true), Inside, "{version} in `{constraint}`");
        }
        for version in outside {
            assert_eq!(says(constraint, &version, true), Outside, "{version} in `{constraint}`");
        }
    }
}

#[test]
fn what_masterminds_calls_equivalent_is() {
    let numbers = [
        "0.0", "0.1", "0.2", "0.3", "1.0", "1.2", "1.3", "1.4", "2.0", "2.3", "2.4", "3.0", "4.5", "4.6", "5.0",
    ];
    let ends = [
        "", ".0", ".2", ".3", ".4", ".5", ".6", ".0-0", ".0-rc.1", ".3-rc.1", ".4-rc.1",
    ];
    let versions = || {
        numbers
            .iter()
            .flat_map(|number| ends.iter().map(move |end| format!("{number}{end}")))
    };
    for (one, other) in EQUIVALENTS {
        for version in versions().chain(["1.2.0-1.4.5".to_owned()]) {
            for prereleases in [false, true] {
                let both = [one, other].map(|constraint| says(constraint, &version, prereleases));
                assert_eq!(both[0], both[1], "{version} in `{one}` and `{other}`");
                assert_ne!(both[0], Refuses, "`{one}`");
            }
        }
    }
}

#[test]
fn what_masterminds_refuses_is_refused() {
    for constraint in REFUSED {
        assert_eq!(says(constraint, "1", false), Refuses, "`{constraint}`");
    }
}

#[test]
fn differences_to_masterminds_are_deliberate() {
    for (constraint, version, theirs, ours, reason) in DIFFERENCES {
        assert_ne!(theirs, ours, "{version} in `{constraint}`");
        assert_eq!(
            says(constraint, version, false),
            *ours,
            "{version} in `{constraint}`: {reason}"
        );
    }
}
