//! Layouts, read a second way: to write by them, not to read.

use super::Seeds;

/// A layout in its parts.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    text: &'a str,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Token(Token),
    Literal(char),
}

/// What a token counts, from the largest.
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token {
    unit: Unit,
    /// How many digits are written; `None` if as many as are needed.
    width: Option<usize>,
}

/// All tokens; where one begins like another, the longer one first.
const TOKENS: [(&str, Unit, Option<usize>); 15] = [
    ("YYYY", Unit::Year, Some(4)),
    ("YY", Unit::Year, None),
    ("0Y", Unit::Year, Some(2)),
    ("MAJOR", Unit::Major, None),
    ("MINOR", Unit::Minor, None),
    ("MICRO", Unit::Micro, None),
    ("MM", Unit::Month, None),
    ("0M", Unit::Month, Some(2)),
    ("WW", Unit::Week, None),
    ("0W", Unit::Week, Some(2)),
    ("DD", Unit::Day, None),
    ("0D", Unit::Day, Some(2)),
    ("HH", Unit::Hour, Some(2)),
    ("mm", Unit::Minute, Some(2)),
    ("ss", Unit::Second, Some(2)),
];

impl Unit {
    fn is_of_the_calendar(self) -> bool {
        self <= Self::Second
    }
}

impl<'a> Layout<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            match TOKENS.iter().find(|(name, ..)| rest.starts_with(name)) {
                Some(&(name, unit, width)) => {
                    parts.push(Part::Token(Token { unit, width }));
                    rest = &rest[name.len()..];
                }
                None => {
                    parts.push(Part::Literal(letter));
                    rest = &rest[letter.len_utf8()..];
                }
            }
        }
        Self { text, parts }
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    fn units(&self) -> Vec<Unit> {
        let unit = |part: &Part| match part {
            Part::Token(token) => Some(token.unit),
            Part::Literal(_) => None,
        };
        self.parts.iter().filter_map(unit).collect()
    }

    /// Whether the contract takes it for a layout.
    pub(super) fn is_valid(&self) -> bool {
        let units = self.units();
        let has = |unit: Unit| units.contains(&unit);
        let twice = (0..units.len()).any(|place| units[..place].contains(&units[place]));
        let orphaned = (has(Unit::Month) && !has(Unit::Year)) || (has(Unit::Day) && !has(Unit::Month));
        let mixed = has(Unit::Week) && (has(Unit::Month) || has(Unit::Day));
        let runs_on = self
            .parts
            .windows(2)
            .any(|pair| matches!(pair, [Part::Token(Token { width: None, .. }), Part::Token(_)]));
        !(units.is_empty() || twice || orphaned || mixed || runs_on)
    }

    /// Whether its literals can stand in a tag.
    pub(super) fn fits_a_tag(&self) -> bool {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "_.-".contains(letter);
        self.parts.iter().all(|part| match part {
            Part::Token(_) => true,
            Part::Literal(letter) => fits(*letter),
        })
    }

    /// Whether no digit follows a number of any length, so that a tag has one reading.
    pub(super) fn reads_one_way(&self) -> bool {
        !self.parts.windows(2).any(|pair| match pair {
            [Part::Token(Token { width: None, .. }), Part::Literal(letter)] => letter.is_ascii_digit(),
            _ => false,
        })
    }

    /// A tag with plausible fields, and the fields in the order that counts.
    pub(super) fn write(&self, seeds: &mut Seeds) -> (Vec<u32>, String) {
        let mut tag = String::new();
        let mut fields = Vec::new();
        for part in &self.parts {
            match part {
                Part::Literal(letter) => tag.push(*letter),
                Part::Token(token) => {
                    let value = token.value(seeds);
                    match token.width {
                        Some(width) => tag.push_str(&format!("{value:0width$}")),
                        None => tag.push_str(&value.to_string()),
                    }
                    fields.push((token.unit, value));
                }
            }
        }
        (in_order(&fields), tag)
    }
}

impl Token {
    fn value(self, seeds: &mut Seeds) -> u32 {
        match (self.unit, self.width) {
            (Unit::Year, Some(4)) => seeds.between(1999, 2031),
            (Unit::Year, Some(_)) => seeds.between(0, 99),
            (Unit::Year, None) => seeds.between(0, 120),
            (Unit::Month, _) => seeds.between(1, 12),
            (Unit::Week, _) => seeds.between(1, 53),
            // Every month has so many.
            (Unit::Day, _) => seeds.between(1, 28),
            (Unit::Hour, _) => seeds.between(0, 23),
            (Unit::Minute | Unit::Second, _) => seeds.between(0, 59),
            (Unit::Major | Unit::Minor | Unit::Micro, _) => seeds.between(0, 12),
        }
    }
}

/// The fields as they are written, but those of the calendar together where the first of them stands, year first.
fn in_order(fields: &[(Unit, u32)]) -> Vec<u32> {
    let mut calendar: Vec<(Unit, u32)> = fields
        .iter()
        .copied()
        .filter(|(unit, _)| unit.is_of_the_calendar())
        .collect();
    calendar.sort_unstable();
    let mut ordered = Vec::new();
    for &(unit, value) in fields {
        if unit.is_of_the_calendar() {
            ordered.extend(calendar.drain(..).map(|(_, value)| value));
        } else {
            ordered.push(value);
        }
    }
    ordered
}
