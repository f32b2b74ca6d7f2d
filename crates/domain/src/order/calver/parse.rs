//! Reading layouts.

use thiserror::Error;

use super::{Layout, Piece, TOKENS, Token, Unit};

/// The longest layout, in bytes.
const LONGEST: usize = 256;

/// A text is no layout.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a layout: {problem} (byte {at})")]
pub(crate) struct LayoutError {
    pub(crate) text: String,
    pub(crate) at: usize,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
enum Problem {
    #[error("it is longer than {LONGEST} bytes")]
    TooLong,
    #[error("it has no token; there are {}", names())]
    NoToken,
    #[error("`{0}` and `{1}` are one unit; a layout has each unit once")]
    Twice(&'static str, &'static str),
    #[error("`{0}`, a month, needs a year beside it")]
    MonthWithoutYear(&'static str),
    #[error("`{0}`, a day, needs a month beside it")]
    DayWithoutMonth(&'static str),
    #[error("`{0}`, a week, cannot stand beside a month or a day")]
    WeekBesideMonth(&'static str),
    #[error("`{0}` has no fixed width, so that something else than a token must follow it{1}")]
    Varying(&'static str, &'static str),
}

fn names() -> String {
    TOKENS.map(|token| token.name).join(", ")
}

/// A token, and where it stands.
type Placed = (usize, Token);

/// Reads a layout.
pub(super) fn layout(text: &str) -> Result<Layout, LayoutError> {
    let fault = |(at, problem): (usize, Problem)| LayoutError {
        text: text.chars().take(160).flat_map(char::escape_debug).collect(),
        at,
        problem,
    };
    if text.len() > LONGEST {
        return Err(fault((LONGEST, Problem::TooLong)));
    }
    let (pieces, fields) = pieces(text);
    check(&pieces, &fields).map_err(fault)?;
    Ok(Layout {
        text: text.to_owned(),
        pieces,
        order: order(&fields),
    })
}

/// Takes a layout apart.
fn pieces(text: &str) -> (Vec<Piece>, Vec<Placed>) {
    let (mut pieces, mut fields) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let token = TOKENS.iter().find(|token| text[at..].starts_with(token.name));
        if let Some(token) = token {
            pieces.push(Piece::Field(*token));
            fields.push((at, *token));
            at += token.name.len();
            continue;
        }
        match pieces.last_mut() {
            Some(Piece::Literal(literal)) => literal.push(letter),
            _ => pieces.push(Piece::Literal(letter.to_string())),
        }
        at += letter.len_utf8();
    }
    (pieces, fields)
}

/// What is wrong with a layout, and where.
fn check(pieces: &[Piece], fields: &[Placed]) -> Result<(), (usize, Problem)> {
    if fields.is_empty() {
        return Err((0, Problem::NoToken));
    }
    let find = |unit: Unit| fields.iter().find(|(_, token)| token.unit == unit);
    for (place, (at, token)) in fields.iter().enumerate() {
        let twice = fields[..place].iter().find(|(_, before)| before.unit == token.unit);
        if let Some((_, before)) = twice {
            return Err((*at, Problem::Twice(before.name, token.name)));
        }
        let problem = match token.unit {
            Unit::Month if find(Unit::Year).is_none() => Problem::MonthWithoutYear(token.name),
            Unit::Day if find(Unit::Month).is_none() && find(Unit::Week).is_none() => {
                Problem::DayWithoutMonth(token.name)
            }
            Unit::Week if find(Unit::Month).is_some() || find(Unit::Day).is_some() => {
                Problem::WeekBesideMonth(token.name)
            }
            _ => continue,
        };
        return Err((*at, problem));
    }
    varying(pieces, fields).map_or(Ok(()), Err)
}

/// A token of varying width that stands directly before another.
fn varying(pieces: &[Piece], fields: &[Placed]) -> Option<(usize, Problem)> {
    let mut fields = fields.iter();
    for (place, piece) in pieces.iter().enumerate() {
        let Piece::Field(token) = piece else { continue };
        let (at, _) = fields.next()?;
        if token.varies() && matches!(pieces.get(place + 1), Some(Piece::Field(_))) {
            return Some((*at, Problem::Varying(token.name, advice(token))));
        }
    }
    None
}

/// What has a fixed width instead.
fn advice(token: &Token) -> &'static str {
    match token.unit {
        Unit::Year => "; `0Y` and `YYYY` have a fixed one",
        Unit::Month => "; `0M` has two digits",
        Unit::Week => "; `0W` has two digits",
        Unit::Day => "; `0D` has two digits",
        _ => "",
    }
}

/// The places of the fields in the order in which they count: as written, but dates and times together and the largest unit first.
fn order(fields: &[Placed]) -> Vec<usize> {
    let is_time = |place: &usize| fields[*place].1.unit <= Unit::Second;
    let mut times: Vec<usize> = (0..fields.len()).filter(is_time).collect();
    times.sort_by_key(|&place| fields[place].1.unit);
    let mut order = Vec::new();
    for place in 0..fields.len() {
        if is_time(&place) {
            order.append(&mut times);
        } else {
            order.push(place);
        }
    }
    order
}
