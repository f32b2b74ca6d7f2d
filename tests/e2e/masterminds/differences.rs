//! Every difference between Tidemark's ranges and those of Masterminds, with the rule that it comes from.
//!
//! § is a section of the contract of policies; what stands in quotes there is the rule.

mod hyphens;

use super::Says::{self, Accepts, Inside, Outside, Reads, Refuses, Unread};
use super::asked::Asked;
use super::comparators::{Comparator, Version};

/// A deliberate difference.
pub(super) struct Row {
    /// What it is about.
    pub(super) name: &'static str,
    /// A constraint and a version that show it, and no other difference.
    pub(super) example: (&'static str, &'static str),
    /// What Tidemark says, and what Masterminds says.
    pub(super) says: &'static [(Says, Says)],
    /// Why Tidemark does not say the same.
    pub(super) reason: &'static str,
    /// Where it shows.
    sees: Sees,
}

/// Where a difference shows.
enum Sees {
    /// In a constraint or a version as a whole. It may be there although both say the same.
    Whole(fn(&Asked) -> bool),
    /// In how one comparator stands to one version. Always, if there is nothing else in the constraint.
    Comparator(fn(&Comparator, &Version) -> bool),
}

/// All of them.
pub(super) const ROWS: &[Row] = &[
    // Constraints that Tidemark refuses.
    Row {
        name: "a wildcard after < or > alone",
        example: ("<1.x", "0.9.0"),
        says: &[(Refuses, Accepts)],
        reason: "§2: wildcards stand \"not after `<` or `>` alone\": `<1.x` could mean below 1 or below 2",
        sees: Sees::Whole(|asked| asked.any(|one| matches!(one.operator, "<" | ">") && one.has_wildcard())),
    },
    Row {
        name: "a wildcard that leaves nothing",
        example: ("!=*", "1.0.0"),
        says: &[(Refuses, Accepts)],
        reason: "§2: \"`<=*`, `!=*`, `A - *` are invalid\"; Masterminds takes `<=*` for `<1`",
        sees: Sees::Whole(|asked| asked.any(|one| matches!(one.operator, "<=" | "!=") && one.written() == 0)),
    },
    Row {
        name: "a number after a wildcard",
        example: ("1.x.3", "1.2.0"),
        says: &[(Refuses, Accepts)],
        reason: "§2: a wildcard stands \"for a number and all after it\"; Masterminds overlooks the 3",
        sees: Sees::Whole(|asked| asked.any(Comparator::has_number_after_wildcard)),
    },
    Row {
        name: "a pre-release after a wildcard",
        example: ("1.2.x-0", "1.2.0-rc.1"),
        says: &[(Refuses, Accepts)],
        reason: "§2: a wildcard stands \"for a number and all after it\"; `>=1.2-0` and `>=0-0` say what is meant",
        sees: Sees::Whole(|asked| asked.any(|one| one.has_wildcard() && !one.prerelease.is_empty())),
    },
    Row {
        name: "build metadata in a constraint",
        example: ("1.2.3+b", "1.2.3"),
        says: &[(Refuses, Accepts)],
        reason: "§2: \"Build metadata cannot occur in a tag\", so nothing can be meant by it",
        sees: Sees::Whole(|asked| asked.constraint.contains('+')),
    },
    Row {
        name: "a comparator right behind a hyphen range",
        example: ("1 - 2!=1.5.0", "1.5.0"),
        says: &[(Refuses, Accepts)],
        reason: "§2: \"comparators without a separator: invalid\"; Masterminds puts a space behind `A - B` by itself",
        sees: Sees::Whole(|asked| asked.constraint.split("||").any(hyphens::touch_comparator)),
    },
    Row {
        name: "blanks that are no spaces",
        example: ("1.2.3\t|| 2.0.0", "1.2.3"),
        says: &[(Refuses, Accepts)],
        reason: "§2: comparators are \"joined by spaces or commas\"",
        sees: Sees::Whole(|asked| asked.constraint.contains(['\t', '\n'])),
    },
    // Constraints that Masterminds refuses.
    Row {
        name: "an empty text",
        example: ("", "1.0.0"),
        says: &[(Accepts, Refuses)],
        reason: "§2: \"Empty text: `*`\"; Masterminds does so in a comparator, but its constraints refuse it",
        sees: Sees::Whole(|asked| asked.constraint.trim().is_empty()),
    },
    Row {
        name: "a number of more than 64 bits in a constraint",
        example: (">=18446744073709551616", "1.0.0"),
        says: &[(Accepts, Refuses)],
        reason: "§2: \"numbers of any length\"",
        sees: Sees::Whole(|asked| asked.any(|one| one.version().numbers.iter().any(|&number| is_long(number)))),
    },
    Row {
        name: "a hyphen range behind a space",
        example: (">=1 1.2.0 - 1.4.0", "1.3.0"),
        says: &[(Accepts, Refuses)],
        reason: "§2: \"comparators joined by spaces or commas\"; Masterminds swallows the space before `A - B`",
        sees: Sees::Whole(|asked| asked.constraint.split("||").any(hyphens::are_behind_space)),
    },
    Row {
        name: "a hyphen range that touches ||",
        example: ("1||2 - 3", "4.0.0"),
        says: &[
            (Accepts, Refuses),
            (Refuses, Accepts),
            (Outside, Inside),
            (Inside, Outside),
        ],
        reason: "§2: alternatives are parted \"by `||`\" first; Masterminds takes `1||2` for the A of `A - B`",
        sees: Sees::Whole(|asked| hyphens::touch_bars(asked.constraint)),
    },
    Row {
        name: "a long constraint",
        example: (LONG, "1.0.0"),
        says: &[(Accepts, Refuses)],
        reason: "§2 bounds neither length nor alternatives; Masterminds stops at 512 bytes and 32 alternatives",
        sees: Sees::Whole(|asked| asked.constraint.len() > 512 || asked.constraint.split("||").count() > 32),
    },
    // Versions that only one reads.
    Row {
        name: "build metadata in a version",
        example: ("*", "1.2.3+b"),
        says: &[(Unread, Reads)],
        reason: "§2: \"Build metadata cannot occur in a tag\"",
        sees: Sees::Whole(|asked| asked.version.contains('+')),
    },
    Row {
        name: "a version that is longer than a tag",
        example: ("*", LONG_VERSION),
        says: &[(Unread, Reads)],
        reason: "§5: \"`invalidTag` (not in the distribution spec's tag grammar)\", which ends at 128 bytes",
        sees: Sees::Whole(|asked| asked.version.len() > 128),
    },
    Row {
        name: "a number of more than 64 bits in a version",
        example: ("*", "18446744073709551616"),
        says: &[(Reads, Unread)],
        reason: "§2: \"numbers of any length\"",
        sees: Sees::Whole(|asked| asked.read.numbers.into_iter().any(is_long)),
    },
    Row {
        name: "a number of more than 64 bits in a pre-release",
        example: (">1.0.0-99999999999999999999", "1.0.0-100000000000000000000"),
        says: &[(Inside, Outside), (Outside, Inside)],
        reason: "§2: \"Precedence as semver.org 2.0.0 §11\", by which it is a number; Masterminds takes it for a word",
        sees: Sees::Whole(|asked| asked.has_long_identifier()),
    },
    // Where a comparator ends.
    Row {
        name: "the pre-releases of an upper bound",
        example: (">=1.0.0-0 <2.0.0", "2.0.0-rc.1"),
        says: &[(Outside, Inside)],
        reason: "§2: \"an upper bound `<X.Y.Z` […] keeps out the pre-releases of the bound itself\"",
        sees: Sees::Comparator(|one, version| {
            one.operator == "<"
                && one.prerelease.is_empty()
                && version.is_prerelease()
                && version.numbers == one.version().numbers
        }),
    },
    Row {
        name: "the pre-releases of what follows >",
        example: (">1.2 >=1.2-0", "1.3.0-rc.1"),
        says: &[(Outside, Inside)],
        reason: "§2: \"`>1.2` is `>=1.3.0`\", \"Partials and wildcards stand for just these bounds\"",
        sees: Sees::Comparator(|one, version| {
            one.operator == ">"
                && one.prerelease.is_empty()
                && version.is_prerelease()
                && after(one).is_some_and(|numbers| numbers == version.numbers)
        }),
    },
    Row {
        name: "the pre-releases that != keeps out",
        example: ("!=1.2 >=1-0", "1.2.1-rc.1"),
        says: &[(Outside, Inside)],
        reason: "§2: \"`!=1.2` excludes it\", `1.2.x`, in which 1.2.1-rc.1 is; Masterminds excludes releases alone",
        sees: Sees::Comparator(|one, version| {
            one.operator == "!="
                && one.prerelease.is_empty()
                && one.written() == 2
                && version.is_prerelease()
                && one.shares_numbers(version)
                && version.numbers[2] > 0
        }),
    },
    Row {
        name: "the pre-releases that != leaves in",
        example: ("!=1 >=1-0", "1.0.0-rc.1"),
        says: &[(Inside, Outside)],
        reason: "§2: \"Partials and wildcards stand for just these bounds\": 1.0.0-rc.1 is not in `1.x`, which `!=1` excludes",
        sees: Sees::Comparator(|one, version| {
            one.operator == "!="
                && one.prerelease.is_empty()
                && one.written() == 1
                && version.is_prerelease()
                && version.numbers == one.version().numbers
        }),
    },
    Row {
        name: "the first pre-releases under a bare wildcard",
        example: ("* >=0-0", "0.0.0-rc.1"),
        says: &[(Inside, Outside)],
        reason: "§2: \"`*`: every release\", no bound that a pre-release could be below; Masterminds reads `>=0.0.0`",
        sees: Sees::Comparator(|one, version| {
            matches!(one.operator, "" | "=" | ">=" | "~")
                && one.written() == 0
                && version.is_prerelease()
                && version.numbers == [0; 3]
        }),
    },
    Row {
        name: "^ before a bare wildcard",
        example: ("^*", "1.0.0"),
        says: &[(Inside, Outside)],
        reason: "§2: a wildcard stands \"for a number and all after it\"; so Masterminds documents `^*`, but holds 0.0.0 alone",
        sees: Sees::Comparator(|one, version| {
            one.operator == "^" && one.written() == 0 && (version.numbers != [0; 3] || version.is_prerelease())
        }),
    },
    Row {
        name: "~0.0.0",
        example: ("~0.0.0", "1.0.0"),
        says: &[(Outside, Inside)],
        reason: "§2: \"`~1.2` and `~1.2.3` stop before 1.3.0\", so this before 0.1.0; Masterminds takes it for `*`",
        sees: Sees::Comparator(|one, version| {
            one.operator == "~"
                && one.written() == 3
                && one.version().numbers == [0; 3]
                && version.numbers[..2] != [0; 2]
        }),
    },
    // Partial versions with a pre-release.
    Row {
        name: "= and a partial with a pre-release",
        example: ("=1.2-rc.1", "1.2.3"),
        says: &[(Outside, Inside)],
        reason: FILLED,
        sees: Sees::Comparator(|one, version| {
            matches!(one.operator, "" | "=")
                && is_partial_prerelease(one)
                && one.shares_numbers(version)
                && version.is_above(&one.version())
        }),
    },
    Row {
        name: "!= and a partial with a pre-release",
        example: ("!=1.2-rc.1", "1.2.3-rc.1"),
        says: &[(Inside, Outside)],
        reason: FILLED,
        sees: Sees::Comparator(|one, version| {
            one.operator == "!="
                && is_partial_prerelease(one)
                && one.shares_numbers(version)
                && *version != one.version()
                && (one.written() == 1 || version.prerelease == one.prerelease)
        }),
    },
    Row {
        name: "> and a partial with a pre-release",
        example: (">1.2-rc.1", "1.2.3"),
        says: &[(Inside, Outside)],
        reason: FILLED,
        sees: Sees::Comparator(|one, version| {
            one.operator == ">"
                && is_partial_prerelease(one)
                && one.shares_numbers(version)
                && version.is_above(&one.version())
        }),
    },
    Row {
        name: "<= and a partial with a pre-release",
        example: ("<=1.2-rc.1", "1.2.3"),
        says: &[(Outside, Inside)],
        reason: FILLED,
        sees: Sees::Comparator(|one, version| {
            one.operator == "<="
                && is_partial_prerelease(one)
                && one.shares_numbers(version)
                && version.is_above(&one.version())
        }),
    },
    Row {
        name: "~ and a partial with a pre-release",
        example: ("~1-rc.1", "1.1.0"),
        says: &[(Outside, Inside)],
        reason: FILLED,
        sees: Sees::Comparator(|one, version| {
            one.operator == "~"
                && is_partial_prerelease(one)
                && one.written() == 1
                && one.shares_numbers(version)
                && version.numbers[1] > 0
        }),
    },
    Row {
        name: "^ and a partial with a pre-release",
        example: ("^0.0-rc.1", "0.0.1"),
        says: &[(Outside, Inside)],
        reason: FILLED,
        sees: Sees::Comparator(|one, version| {
            one.operator == "^"
                && is_partial_prerelease(one)
                && one.version().numbers == [0; 3]
                && one.shares_numbers(version)
                && version.numbers != [0; 3]
        }),
    },
];

const FILLED: &str = "§2: \"a partial with a pre-release is filled with zeros after any operator\"; \
    Masterminds does so after `>=` and `<` alone";

/// A constraint of more than 32 alternatives.
const LONG: &str = "1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1";

/// A version of 129 bytes.
const LONG_VERSION: &str = "1.0.0-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

impl Row {
    /// Whether it is the reason for a difference.
    pub(super) fn explains(&self, asked: &Asked, says: (Says, Says)) -> bool {
        self.says.contains(&says)
            && match self.sees {
                Sees::Whole(sees) => sees(asked),
                Sees::Comparator(sees) => asked.considered().any(|one| sees(one, &asked.read)),
            }
    }

    /// Whether both must differ, here where a constraint is one comparator, for its reason.
    pub(super) fn is_certain_of(&self, asked: &Asked) -> bool {
        match self.sees {
            // There the two may differ twice, and agree.
            Sees::Comparator(_) if asked.has_long_identifier() => false,
            Sees::Comparator(sees) => asked.only().is_some_and(|one| sees(one, &asked.read)),
            Sees::Whole(_) => false,
        }
    }
}

fn is_long(number: u128) -> bool {
    number > u128::from(u64::MAX)
}

/// The numbers of the first version behind all that a partial stands for.
fn after(one: &Comparator) -> Option<[u128; 3]> {
    let last = one.written().checked_sub(1).filter(|&last| last < 2)?;
    let mut numbers = one.version().numbers;
    numbers[last] += 1;
    Some(numbers)
}

fn is_partial_prerelease(one: &Comparator) -> bool {
    !one.prerelease.is_empty() && one.written() < 3
}
