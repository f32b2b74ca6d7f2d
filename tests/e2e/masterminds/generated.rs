//! Questions by chance, the same in every run.

use super::Question;

/// Constraints, each with as many versions.
const CONSTRAINTS: usize = 2_500;
const VERSIONS: usize = 8;

/// Another number makes other questions.
const SEED: u64 = 0x7469_6465_6d61_726b;

const OPERATORS: &[&str] = &[
    "", "", "=", "!=", ">", ">=", "=>", "<", "<=", "=<", "~", "~>", "^", "^", "~ ", ">= ", "< ",
];
const SEPARATORS: &[&str] = &[" ", " ", ", ", ",", "  ", " , "];
const BARS: &[&str] = &[" || ", " || ", "||", " ||", "|| "];
const WILDCARDS: &[&str] = &["x", "X", "*"];
const NUMBERS: &[&str] = &["0", "0", "1", "1", "2", "3", "10", "02", "18446744073709551616"];
const PRERELEASES: &[&str] = &[
    "0",
    "1",
    "9",
    "10",
    "rc",
    "rc.1",
    "rc.2",
    "rc.10",
    "rc.1.1",
    "alpha",
    "Beta",
    "0a",
    "-",
    "a-b",
    "18446744073709551616",
];
/// What a slip of the finger leaves.
const SLIPS: &[&str] = &[
    "x", "*", ".", "-", " ", "v", "=", ">", "|", ",", "~", "+b", "-0", "\t", "1", "0",
];

/// All of them.
pub(super) fn questions() -> Vec<Question> {
    let mut chance = Chance(SEED);
    let question = |_| Question {
        constraint: chance.constraint(),
        versions: (0..VERSIONS).map(|_| chance.version()).collect(),
    };
    (0..CONSTRAINTS).map(question).collect()
}

/// Numbers by SplitMix64: few lines, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % bound as u64).expect("it is below a usize")
    }

    /// Once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// One to three alternatives; once in ten times with a slip.
    fn constraint(&mut self) -> String {
        let mut text = self.alternative();
        while self.once_in(4) {
            text = text + self.of(BARS) + &self.alternative();
        }
        if self.once_in(10) {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let at = places[self.below(places.len())];
            text.insert_str(at, self.of(SLIPS));
        }
        text
    }

    fn alternative(&mut self) -> String {
        let mut text = self.comparator();
        while self.once_in(3) {
            text = text + self.of(SEPARATORS) + &self.comparator();
        }
        text
    }

    fn comparator(&mut self) -> String {
        if self.once_in(8) {
            return format!("{} - {}", self.operand(), self.operand());
        }
        format!("{}{}", self.of(OPERATORS), self.operand())
    }

    /// A version that may be partial or wild.
    fn operand(&mut self) -> String {
        let mut parts: Vec<&str> = (0..=self.below(3)).map(|_| self.number()).collect();
        if self.once_in(6) {
            let from = self.below(parts.len());
            parts[from..].fill(self.of(WILDCARDS));
        }
        let wild = parts.iter().any(|part| WILDCARDS.contains(part));
        let prerelease = if wild { self.once_in(20) } else { self.once_in(3) };
        self.spelled(&parts, prerelease)
    }

    fn version(&mut self) -> String {
        let count = if self.once_in(4) { self.below(4) + 1 } else { 3 };
        let parts: Vec<&str> = (0..count).map(|_| self.number()).collect();
        let prerelease = self.once_in(2);
        let build = if self.once_in(50) { "+b" } else { "" };
        self.spelled(&parts, prerelease) + build
    }

    fn number(&mut self) -> &'static str {
        // The last is for once in a while.
        let end = if self.once_in(60) {
            NUMBERS.len()
        } else {
            NUMBERS.len() - 1
        };
        self.of(&NUMBERS[..end])
    }

    fn spelled(&mut self, parts: &[&str], prerelease: bool) -> String {
        let v = if self.once_in(10) { "v" } else { "" };
        let numbers = parts.join(".");
        let prerelease = if prerelease {
            format!("-{}", self.of(PRERELEASES))
        } else {
            String::new()
        };
        format!("{v}{numbers}{prerelease}")
    }
}
