//! The vectors of semver.org 2.0.0: its list of valid and invalid versions, and the order of §11.

use std::cmp::Ordering;

use super::compare;
use crate::order::semver::{Version, VersionKey};

/// Versions that are valid there; and why one does not read here (`contracts/policies.md` §2).
const VALID: &[(&str, Option<&str>)] = &[
    ("0.0.4", None),
    ("1.2.3", None),
    ("10.20.30", None),
    ("1.1.2-prerelease+meta", NO_BUILD),
    ("1.1.2+meta", NO_BUILD),
    ("1.1.2+meta-valid", NO_BUILD),
    ("1.0.0-alpha", None),
    ("1.0.0-beta", None),
    ("1.0.0-alpha.beta", None),
    ("1.0.0-alpha.beta.1", None),
    ("1.0.0-alpha.1", None),
    ("1.0.0-alpha0.valid", None),
    ("1.0.0-alpha.0valid", None),
    ("1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay", NO_BUILD),
    ("1.0.0-rc.1+build.1", NO_BUILD),
    ("2.0.0-rc.1+build.123", NO_BUILD),
    ("1.2.3-beta", None),
    ("10.2.3-DEV-SNAPSHOT", None),
    ("1.2.3-SNAPSHOT-123", None),
    ("1.0.0", None),
    ("2.0.0", None),
    ("1.1.7", None),
    ("2.0.0+build.1848", NO_BUILD),
    ("2.0.1-alpha.1227", None),
    ("1.0.0-alpha+beta", NO_BUILD),
    ("1.2.3----RC-SNAPSHOT.12.9.1--.12+788", NO_BUILD),
    ("1.2.3----R-S.12.9.1--.12+meta", NO_BUILD),
    ("1.2.3----RC-SNAPSHOT.12.9.1--.12", None),
    ("1.0.0+0.build.1-rc.10000aaa-kk-0.1", NO_BUILD),
    ("99999999999999999999999.999999999999999999.99999999999999999", None),
    ("1.0.0-0A.is.legal", None),
];

const NO_BUILD: Option<&str> = Some("Build metadata cannot occur in a tag.");

/// Texts that are no versions there; and as what one reads here, and why.
const INVALID: &[(&str, Option<(&str, &str)>)] = &[
    ("1", Some(("1.0.0", MISSING))),
    ("1.2", Some(("1.2.0", MISSING))),
    ("1.2.3-0123", None),
    ("1.2.3-0123.0123", None),
    ("1.1.2+.123", None),
    ("+invalid", None),
    ("-invalid", None),
    ("-invalid+invalid", None),
    ("-invalid.01", None),
    ("alpha", None),
    ("alpha.beta", None),
    ("alpha.beta.1", None),
    ("alpha.1", None),
    ("alpha+beta", None),
    ("alpha_beta", None),
    ("alpha.", None),
    ("alpha..", None),
    ("beta", None),
    ("1.0.0-alpha_beta", None),
    ("-alpha.", None),
    ("1.0.0-alpha..", None),
    ("1.0.0-alpha..1", None),
    ("1.0.0-alpha...1", None),
    ("1.0.0-alpha....1", None),
    ("1.0.0-alpha.....1", None),
    ("1.0.0-alpha......1", None),
    ("1.0.0-alpha.......1", None),
    ("01.1.1", Some(("1.1.1", ZEROS))),
    ("1.01.1", Some(("1.1.1", ZEROS))),
    ("1.1.01", Some(("1.1.1", ZEROS))),
    ("1.2.3.DEV", None),
    ("1.2-SNAPSHOT", Some(("1.2.0-SNAPSHOT", MISSING))),
    ("1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788", None),
    ("1.2-RC-SNAPSHOT", Some(("1.2.0-RC-SNAPSHOT", MISSING))),
    ("-1.0.3-gamma+b7718", None),
    ("+justmeta", None),
    ("9.8.7+meta+meta", None),
    ("9.8.7-whatever+meta+meta", None),
    (
        "99999999999999999999999.999999999999999999.99999999999999999----RC-SNAPSHOT.12.09.1--------------------------------..12",
        None,
    ),
    // A question that the page answers: "v1.2.3" is no semantic version, but the tag of one.
    ("v1.2.3", Some(("1.2.3", "It reads `v?N[.N[.N]][-PRE]`."))),
];

const MISSING: &str = "Missing numbers are 0.";
const ZEROS: &str = "Leading zeros are allowed in the three.";

/// The examples of §11, by the number of their rule: the first has the lower precedence.
const ORDER: &[(&str, &str, &str)] = &[
    ("11.2", "1.0.0", "2.0.0"),
    ("11.2", "2.0.0", "2.1.0"),
    ("11.2", "2.1.0", "2.1.1"),
    // §2: each number grows by itself.
    ("11.2", "1.9.0", "1.10.0"),
    ("11.2", "1.10.0", "1.11.0"),
    ("11.3", "1.0.0-alpha", "1.0.0"),
    ("11.4.1", "1.0.0-beta.2", "1.0.0-beta.11"),
    ("11.4.2", "1.0.0-alpha.beta", "1.0.0-beta"),
    ("11.4.2", "1.0.0-RC", "1.0.0-rc"),
    ("11.4.2", "1.0.0--", "1.0.0-A"),
    ("11.4.3", "1.0.0-alpha.1", "1.0.0-alpha.beta"),
    ("11.4.3", "1.0.0-99999999999999999999", "1.0.0--"),
    ("11.4.4", "1.0.0-alpha", "1.0.0-alpha.1"),
    ("11.4.4", "1.0.0-beta", "1.0.0-beta.2"),
    ("11.4", "1.0.0-beta.11", "1.0.0-rc.1"),
    ("11.4", "1.0.0-rc.1", "1.0.0"),
];

/// What `text` reads as, by both readers.
fn read(text: &str) -> Option<String> {
    let version = Version::read(text).map(|version| version.to_string());
    assert_eq!(VersionKey::read(text).is_readable(), version.is_some(), "{text}");
    version
}

#[test]
fn what_semver_org_calls_valid_reads_as_written() {
    for (text, refused) in VALID {
        match refused {
            None => assert_eq!(read(text).as_deref(), Some(*text)),
            Some(reason) => assert_eq!(read(text), None, "{text}: {reason}"),
        }
    }
}

#[test]
fn what_semver_org_calls_invalid_does_not_read_unless_the_contract_is_wider() {
    for (text, wider) in INVALID {
        match wider {
            None => assert_eq!(read(text), None, "{text}"),
            Some((version, reason)) => assert_eq!(read(text).as_deref(), Some(*version), "{text}: {reason}"),
        }
    }
}

#[test]
fn the_precedence_of_semver_org_holds_rule_by_rule() {
    for (rule, lower, higher) in ORDER {
        assert_eq!(compare(lower, higher), Ordering::Less, "§{rule}: {lower} and {higher}");
        assert_eq!(
            compare(higher, lower),
            Ordering::Greater,
            "§{rule}: {higher} and {lower}"
        );
    }
}
