//! The vectors of Flux v1 for `semver:`; where a range was none, it let every version in.

use std::cmp::Ordering;

use super::compare;
use crate::order::semver::{Membership, Range, VersionKey};

/// Ranges with the tags that match and those that do not.
const VECTORS: &[(&str, &[&str], &[&str])] = &[
    ("*", &["1", "1.0", "v1.0.3"], &["", "latest", "2.0.1-alpha.1"]),
    ("~1", &["v1", "1", "1.2", "1.2.3"], &["2.0.0"]),
    (
        "2.0.1-alpha.1",
        &["2.0.1-alpha.1", "v2.0.1-alpha.1"],
        &[
            "2.0.1",
            "2.0.0",
            "2.0.1-alpha.2",
            "2.0.1-alpha",
            "2.0.1-beta.1",
            "2.0.2-alpha.1",
        ],
    ),
];

#[test]
fn the_vectors_of_flux_hold() {
    for (range, matching, others) in VECTORS {
        let read = Range::parse(range).unwrap();
        let matches = |tag: &str| {
            let key = VersionKey::read(tag);
            key.is_readable() && read.membership(key, tag, false) == Membership::Inside
        };
        for tag in *matching {
            assert!(matches(tag), "{tag} in `{range}`");
        }
        for tag in *others {
            assert!(!matches(tag), "{tag} in `{range}`");
        }
    }
}

#[test]
fn versions_rank_as_in_flux() {
    let descending = ["3", "1.10.0", "1.2.30", "v1"];
    for (place, one) in descending.iter().enumerate() {
        for (other_place, other) in descending.iter().enumerate() {
            assert_eq!(compare(one, other), other_place.cmp(&place), "{one} and {other}");
        }
    }
    // Which of the two is picked is a question of ties, not of versions.
    assert_eq!(compare("1.10", "1.10.0"), Ordering::Equal);
}

#[test]
fn what_flux_took_for_every_version_is_refused() {
    for range in ["invalid", "~latest", "1.2.3.4", ">=1.x.", "master-*"] {
        assert!(Range::parse(range).is_err(), "{range}");
    }
}
