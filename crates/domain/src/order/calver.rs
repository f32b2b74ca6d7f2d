//! Calendar versions: layouts, and the tags that read as one (`contracts/policies.md` §3).

mod parse;
mod problem;

use std::cmp::Ordering;

use super::compare_digits;
use super::packed::Packed;
use crate::fault::Fault;

/// A layout such as `YYYY.0M.MICRO`: which numbers a tag has, and in which order they count.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    text: String,
    pieces: Vec<Piece>,
    /// Which fields are compared, first first: places among the fields as written.
    order: Vec<usize>,
}

/// Two layouts of one text are one.
impl PartialEq for Layout {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// A part of a layout.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Field(Token),
}

/// A number in a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token {
    name: &'static str,
    unit: Unit,
    /// How many digits it has, at least and at most.
    digits: (usize, usize),
    /// Whether more than one digit may begin with a zero.
    padded: bool,
}

/// What a number counts; dates and times in the order in which they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Major,
    Minor,
    Micro,
}

/// Any number of digits.
const ANY: usize = usize::MAX;

/// All tokens, longer names before those that they begin with.
const TOKENS: [Token; 15] = [
    Token::new("MAJOR", Unit::Major, (1, ANY), true),
    Token::new("MINOR", Unit::Minor, (1, ANY), true),
    Token::new("MICRO", Unit::Micro, (1, ANY), true),
    Token::new("YYYY", Unit::Year, (4, 4), true),
    Token::new("YY", Unit::Year, (1, 3), false),
    Token::new("0Y", Unit::Year, (2, 2), true),
    Token::new("MM", Unit::Month, (1, 2), false),
    Token::new("0M", Unit::Month, (2, 2), true),
    Token::new("WW", Unit::Week, (1, 2), false),
    Token::new("0W", Unit::Week, (2, 2), true),
    Token::new("DD", Unit::Day, (1, 2), false),
    Token::new("0D", Unit::Day, (2, 2), true),
    Token::new("HH", Unit::Hour, (2, 2), true),
    Token::new("mm", Unit::Minute, (2, 2), true),
    Token::new("ss", Unit::Second, (2, 2), true),
];

impl Token {
    const fn new(name: &'static str, unit: Unit, digits: (usize, usize), padded: bool) -> Self {
        Self {
            name,
            unit,
            digits,
            padded,
        }
    }

    fn varies(&self) -> bool {
        self.digits.0 != self.digits.1
    }

    /// Whether digits may stand for it, seen alone.
    fn takes(&self, digits: &str) -> bool {
        if !self.padded && digits.len() > 1 && digits.starts_with('0') {
            return false;
        }
        let within = |low: u8, high: u8| digits.parse().is_ok_and(|number: u8| low <= number && number <= high);
        match self.unit {
            Unit::Month => within(1, 12),
            Unit::Week => within(1, 53),
            Unit::Day => within(1, 31),
            Unit::Hour => within(0, 23),
            Unit::Minute | Unit::Second => within(0, 59),
            Unit::Year | Unit::Major | Unit::Minor | Unit::Micro => true,
        }
    }
}

impl Layout {
    /// Reads a layout; an empty text is `YYYY.0M.0D`.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        parse::layout(if text.is_empty() { "YYYY.0M.0D" } else { text })
    }

    /// The layout as written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Reads a text that has this layout, perhaps with a `v` before it; `None` for everything else.
    pub(crate) fn read<'t>(&self, text: &'t str) -> Option<Date<'t>> {
        self.read_exactly(text)
            .or_else(|| self.read_exactly(text.strip_prefix('v')?))
    }

    fn read_exactly<'t>(&self, text: &'t str) -> Option<Date<'t>> {
        let mut fields = Fields::default();
        if !self.matches(&self.pieces, text, &mut fields) {
            return None;
        }
        let mut ordered = Fields::default();
        for &place in &self.order {
            ordered.push(fields.0[place].trim_start_matches('0'));
        }
        Some(Date(ordered))
    }

    /// The start of `text`, behind which texts of later dates come by bytes; `None` for what does not read.
    ///
    /// It goes as far as the numbers have a width of their own and count in the order in which they are written.
    pub(crate) fn sorted_start<'t>(&self, text: &'t str) -> Option<&'t str> {
        let text = if self.read_exactly(text).is_some() {
            text
        } else {
            text.strip_prefix('v')
                .filter(|text| self.read_exactly(text).is_some())?
        };
        let (mut end, mut place) = (0, 0);
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => end += literal.len(),
                Piece::Field(token) if !token.varies() && self.order[place] == place => {
                    end += token.digits.0;
                    place += 1;
                }
                Piece::Field(_) => break,
            }
        }
        text.get(..end)
    }

    /// What stands before the first number.
    pub(crate) fn start(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Literal(literal)) => literal,
            _ => "",
        }
    }

    /// The first number of a text, without leading zeros, if it counts most; `None` for what does not read, too.
    pub(crate) fn first_number<'t>(&self, text: &'t str) -> Option<&'t str> {
        let date = self.read(text).filter(|_| self.order.first() == Some(&0))?;
        Some(date.0.0[0])
    }

    /// Whether pieces match a text wholly; the digits of the fields are left in `fields`.
    ///
    /// Goes as deep as there are pieces. Only a digit that stands as a literal behind a field can make it try again.
    fn matches<'t>(&self, pieces: &[Piece], text: &'t str, fields: &mut Fields<'t>) -> bool {
        let Some((piece, rest)) = pieces.split_first() else {
            return text.is_empty() && self.is_a_day(fields);
        };
        let token = match piece {
            Piece::Literal(literal) => {
                return text
                    .strip_prefix(literal.as_str())
                    .is_some_and(|text| self.matches(rest, text, fields));
            }
            Piece::Field(token) => token,
        };
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (least, most) = token.digits;
        for length in (least..=most.min(digits)).rev() {
            let (number, behind) = text.split_at(length);
            let kept = *fields;
            fields.push(number);
            if token.takes(number) && self.matches(rest, behind, fields) {
                return true;
            }
            *fields = kept;
        }
        false
    }

    /// Why a text does not read as the layout.
    pub(crate) fn misread<'s, 't>(&'s self, text: &'t str) -> Misread<'s, 't> {
        let read = |text| {
            let mut farthest = Reach::default();
            reach(&self.pieces, text, 0, &mut farthest);
            farthest
        };
        let whole = read(text);
        let (text, farthest) = match text.strip_prefix('v') {
            Some(behind) if whole.at == 0 => (behind, read(behind)),
            _ => (text, whole),
        };
        let found = &text[farthest.at..];
        let is_field = |piece: &&Piece| matches!(piece, Piece::Field(_));
        // At the end, the next number says more than the point before it.
        let next = farthest
            .wanted
            .iter()
            .find(|piece| !found.is_empty() || is_field(piece));
        match (next.or(farthest.wanted.first()), found) {
            (Some(wanted), found) => Misread::Wanted {
                wanted: wanted.as_str(),
                found,
            },
            (None, "") => Misread::NoSuchDay,
            (None, rest) => Misread::Left(rest),
        }
    }

    /// Whether the day exists in its month.
    fn is_a_day(&self, fields: &Fields<'_>) -> bool {
        let number = |unit: Unit| -> Option<u32> { self.field(unit, fields)?.parse().ok() };
        let (Some(month), Some(day)) = (number(Unit::Month), number(Unit::Day)) else {
            return true;
        };
        let Some(year) = number(Unit::Year) else { return true };
        // The short tokens count from the year 2000; leap years have a period of 400.
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        day <= last
    }

    /// The digits of a unit, as written.
    fn field<'t>(&self, unit: Unit, fields: &Fields<'t>) -> Option<&'t str> {
        let mut tokens = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Field(token) => Some(token),
            Piece::Literal(_) => None,
        });
        tokens.position(|token| token.unit == unit).map(|place| fields.0[place])
    }
}

/// Why a text does not read as a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misread<'l, 't> {
    /// A piece of the layout is not where it should be.
    Wanted {
        /// The token, or the text that stands for itself.
        wanted: &'l str,
        /// The rest of the text from there on.
        found: &'t str,
    },
    /// There is more than the layout has.
    Left(&'t str),
    /// The month has no such day.
    NoSuchDay,
}

/// How far a text reads as a layout, and the pieces from the one on that did not read.
#[derive(Default)]
struct Reach<'l> {
    at: usize,
    wanted: &'l [Piece],
}

impl Piece {
    fn as_str(&self) -> &str {
        match self {
            Self::Literal(text) => text,
            Self::Field(token) => token.name,
        }
    }
}

/// Goes the ways that [`Layout::matches`] goes, and remembers where the farthest one ended.
fn reach<'l>(pieces: &'l [Piece], text: &str, at: usize, farthest: &mut Reach<'l>) {
    if at >= farthest.at {
        *farthest = Reach { at, wanted: pieces };
    }
    let Some((piece, rest)) = pieces.split_first() else {
        return;
    };
    match piece {
        Piece::Literal(literal) => {
            if text[at..].starts_with(literal.as_str()) {
                reach(rest, text, at + literal.len(), farthest);
            }
        }
        Piece::Field(token) => {
            let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
            let (least, most) = token.digits;
            for length in (least..=most.min(digits)).rev() {
                if token.takes(&text[at..at + length]) {
                    reach(rest, text, at + length, farthest);
                }
            }
        }
    }
}

/// The digits of at most ten fields: each unit stands in a layout once.
#[derive(Debug, Clone, Copy, Default)]
struct Fields<'t>([&'t str; 10], usize);

impl<'t> Fields<'t> {
    fn push(&mut self, digits: &'t str) {
        self.0[self.1] = digits;
        self.1 += 1;
    }
}

/// What was read from a text: its numbers without leading zeros, in the order in which they count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Date<'t>(Fields<'t>);

impl Date<'_> {
    /// As much as fits, packed.
    pub(crate) fn key(&self) -> u128 {
        let mut packed = Packed::default();
        let Fields(fields, count) = &self.0;
        for field in &fields[..*count] {
            packed.number(field, 0);
        }
        packed.into_number()
    }

    /// The order of two dates of one layout.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let fields = self.0.0.iter().zip(&other.0.0);
        fields
            .map(|(one, other)| compare_digits(one, other))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}
