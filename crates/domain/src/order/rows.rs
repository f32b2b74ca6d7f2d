//! Intervals of the first three numbers of versions, and the bytes that tags with such numbers begin with.

/// More than all that is told apart here: a place without a bound.
const MAX: u64 = u64::MAX;

/// So many numbers below the first wanted one are left out one by one.
const MOST_GAPS: u64 = 200;

/// So many wanted numbers are named one by one.
const MOST_NAMED: u64 = 64;

/// Stands behind `.` and `-`, which end a number, and before all other letters of tags.
const BEHIND_NUMBER: &str = "/";

/// Stands behind all digits.
const BEHIND_DIGITS: &str = ":";

/// Where texts stand by bytes: from the first on, before the second; to the end without one.
pub(crate) type Bytes = (String, Option<String>);

/// Rows of three numbers from one to another, both included; a missing number is 0.
///
/// Never too narrow: what is too large to be told apart is taken as unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rows {
    low: [u64; 3],
    high: [u64; 3],
}

impl Rows {
    /// Every row.
    pub(crate) const ALL: Self = Self {
        low: [0; 3],
        high: [MAX; 3],
    };

    /// The rows that begin with `numbers`, given without leading zeros, or come after these.
    #[must_use]
    pub(crate) fn from(mut self, numbers: &[impl AsRef<str>]) -> Self {
        let mut low = [0; 3];
        for (place, number) in low.iter_mut().zip(numbers) {
            match read(number.as_ref()) {
                MAX => break,
                number => *place = number,
            }
        }
        self.low = self.low.max(low);
        self
    }

    /// The rows that begin with `numbers`, or come before these.
    #[must_use]
    pub(crate) fn upto(mut self, numbers: &[impl AsRef<str>]) -> Self {
        self.high = self.high.min(highest(numbers));
        self
    }

    /// The rows that come before all that begin with `numbers`.
    #[must_use]
    pub(crate) fn before(self, numbers: &[impl AsRef<str>]) -> Self {
        let mut high = highest(numbers);
        let is_told_apart = numbers.len() <= high.len() && numbers.iter().all(|number| read(number.as_ref()) != MAX);
        if !is_told_apart {
            return self.upto(numbers);
        }
        // One less: the last number that is not 0, and any behind it.
        for place in (0..numbers.len()).rev() {
            if high[place] > 0 {
                high[place] -= 1;
                return Self {
                    high: self.high.min(high),
                    ..self
                };
            }
            high[place] = MAX;
        }
        // Nothing comes before zeros.
        Self {
            low: [1, 0, 0],
            high: [0; 3],
        }
    }

    /// Where texts stand that begin with such numbers joined by dots, perhaps with leading zeros, behind which come the end,
    /// `.` or `-`. What stands behind these does not matter.
    pub(crate) fn bytes(&self, start: &str, out: &mut Vec<Bytes>) {
        if self.low <= self.high {
            cover(start, &self.low, &self.high, out);
        }
    }

    /// The same for one number alone, of any size from `least` on, with whatever behind it.
    pub(crate) fn number_from(start: &str, least: &str, out: &mut Vec<Bytes>) {
        let least = match read(least) {
            MAX => 0,
            least => least,
        };
        open(start, least, out);
    }
}

/// A number without leading zeros; 0 may be empty.
fn read(number: &str) -> u64 {
    if number.is_empty() {
        0
    } else {
        number.parse().unwrap_or(MAX)
    }
}

/// The highest row that begins with `numbers`.
fn highest(numbers: &[impl AsRef<str>]) -> [u64; 3] {
    let mut high = [MAX; 3];
    for (place, number) in high.iter_mut().zip(numbers) {
        *place = read(number.as_ref());
        if *place == MAX {
            break;
        }
    }
    high
}

fn cover(start: &str, low: &[u64], high: &[u64], out: &mut Vec<Bytes>) {
    let (Some((&first, low)), Some((&last, high))) = (low.split_first(), high.split_first()) else {
        return;
    };
    let (zeros, maxima) = (vec![0; low.len()], vec![MAX; low.len()]);
    if first == last {
        return match last {
            MAX => open(start, 0, out),
            _ => exactly(start, first, low, high, out),
        };
    }
    exactly(start, first, low, &maxima, out);
    if last == MAX {
        return open(start, first + 1, out);
    }
    between(start, first + 1, last - 1, out);
    exactly(start, last, &zeros, high, out);
}

/// Texts whose next number is `number`, and the numbers behind it from `low` to `high`.
fn exactly(start: &str, number: u64, low: &[u64], high: &[u64], out: &mut Vec<Bytes>) {
    padded(start, number, &number.to_string(), out);
    let text = format!("{start}{number}");
    let all = low.iter().all(|&number| number == 0);
    if all && high.iter().all(|&number| number == MAX) {
        return out.push((text.clone(), Some(text + BEHIND_NUMBER)));
    }
    let dotted = text.clone() + ".";
    if all {
        // The numbers behind are missing: the end, or `-`, which stands before the dot.
        out.push((text, Some(dotted.clone())));
    }
    cover(&dotted, low, high, out);
}

/// Texts whose next number is from `first` to `last`.
fn between(start: &str, first: u64, last: u64, out: &mut Vec<Bytes>) {
    if first > last {
        return;
    }
    if last - first >= MOST_NAMED {
        return out.push((format!("{start}0"), Some(format!("{start}{BEHIND_DIGITS}"))));
    }
    let texts = (first..=last).map(|number| number.to_string());
    let greatest = texts.clone().max().unwrap_or_default();
    padded(start, last, &greatest, out);
    out.extend(texts.map(|text| (format!("{start}{text}"), Some(format!("{start}{text}{BEHIND_NUMBER}")))));
}

/// Texts whose next number has leading zeros and, without them, stands by bytes at or before `greatest`.
fn padded(start: &str, number: u64, greatest: &str, out: &mut Vec<Bytes>) {
    let end = match number {
        // Any number of zeros.
        0 => format!("{start}01"),
        _ => format!("{start}0{greatest}{BEHIND_NUMBER}"),
    };
    out.push((format!("{start}00"), Some(end)));
}

/// Texts whose next number is `least` or more: longer numbers may begin with any digit, so that only the smaller ones are left out.
fn open(start: &str, least: u64, out: &mut Vec<Bytes>) {
    let gaps = if least > MOST_GAPS { 0 } else { least };
    let mut gaps: Vec<String> = (0..gaps).map(|number| format!("{start}{number}")).collect();
    gaps.sort_unstable();
    let mut from = format!("{start}0");
    for gap in gaps {
        let behind = format!("{gap}{BEHIND_NUMBER}");
        if from < gap {
            out.push((from, Some(gap)));
        }
        from = behind;
    }
    out.push((from, Some(format!("{start}{BEHIND_DIGITS}"))));
}
