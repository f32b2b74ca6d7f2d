//! Reading layouts.

use super::problem::{MINUTES, Problem};
use super::{Layout, Piece, TOKENS, Token, Unit};
use crate::fault::{Fault, Flaw};

/// The longest layout, in bytes.
const LONGEST: usize = 256;

/// A token, and where it stands.
type Placed = (usize, Token);

/// Reads a layout.
pub(super) fn layout(text: &str) -> Result<Layout, Fault> {
    let refuse = |flaw: Flaw<Problem>| flaw.of("a layout", text);
    if text.len() > LONGEST {
        return Err(refuse(Flaw::new(
            text.floor_char_boundary(LONGEST),
            Problem::TooLong(LONGEST),
        )));
    }
    let (pieces, fields) = pieces(text);
    if fields.is_empty() {
        return Err(refuse(Flaw::of_span(0..text.len(), Problem::no_token(text))));
    }
    check(&pieces, &fields)
        .map_err(|((at, token), problem)| refuse(Flaw::of_span(at..at + token.name.len(), problem)))?;
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

/// What is wrong with a layout, and with which token.
fn check(pieces: &[Piece], fields: &[Placed]) -> Result<(), (Placed, Problem)> {
    let find = |unit: Unit| fields.iter().find(|(_, token)| token.unit == unit);
    for (place, field) in fields.iter().enumerate() {
        let token = field.1;
        let minutes = if find(Unit::Hour).is_some() { MINUTES } else { "" };
        let twice = fields[..place].iter().find(|(_, before)| before.unit == token.unit);
        if let Some((_, before)) = twice {
            let minutes = if token.unit == Unit::Month { minutes } else { "" };
            return Err((*field, Problem::Twice(before.name, token.name, minutes)));
        }
        let problem = match token.unit {
            Unit::Month if find(Unit::Year).is_none() => Problem::MonthWithoutYear(token.name, minutes),
            Unit::Day if find(Unit::Month).is_none() && find(Unit::Week).is_none() => {
                Problem::DayWithoutMonth(token.name)
            }
            Unit::Week if find(Unit::Month).is_some() || find(Unit::Day).is_some() => {
                Problem::WeekBesideMonth(token.name)
            }
            _ => continue,
        };
        return Err((*field, problem));
    }
    varying(pieces, fields).map_or(Ok(()), Err)
}

/// A token of varying width that stands directly before another.
fn varying(pieces: &[Piece], fields: &[Placed]) -> Option<(Placed, Problem)> {
    let mut fields = fields.iter();
    for (place, piece) in pieces.iter().enumerate() {
        let Piece::Field(token) = piece else { continue };
        let field = fields.next()?;
        if token.varies() && matches!(pieces.get(place + 1), Some(Piece::Field(_))) {
            return Some((*field, Problem::varying(token)));
        }
    }
    None
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
