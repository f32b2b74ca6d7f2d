//! Images in fields that rules of the configuration name, whatever the kind of the object.

use std::collections::HashMap;

use yaml_spans::{Document, Kind, Stream};

use super::{Cursor, Finder, Naming, Site, helm_values::described, objects::objects};
use crate::{FieldPath, FieldPattern, Refusal, Row, pattern::Step};

/// Finds what the patterns lead to in each object, or in a document that is none.
pub(super) fn find(stream: &Stream, patterns: &[FieldPattern], finder: &mut Finder) -> Result<(), Refusal> {
    let mut known = known(finder);
    for document in stream.documents() {
        let objects = objects(document);
        if objects.is_empty() {
            let top = Cursor::top(document.root());
            look(document, &top, "", patterns, &mut known, finder)?;
        }
        for object in objects {
            look(document, &object.cursor, object.kind, patterns, &mut known, finder)?;
        }
    }
    Ok(())
}

/// The places that have a path in a document, by their numbers.
type Known = HashMap<(usize, FieldPath), Vec<usize>>;

fn known(finder: &Finder) -> Known {
    let mut known = Known::new();
    for number in 0..finder.places.len() {
        learn(&mut known, finder, number);
    }
    known
}

/// Adds the paths of a place, of each of its parts and of all of it.
fn learn(known: &mut Known, finder: &Finder, number: usize) {
    let place = &finder.places[number];
    let paths = place.parts.iter().map(|part| &part.path).chain([&place.path]);
    for path in paths {
        let key = (place.object.document, path.clone());
        let numbers = known.entry(key).or_default();
        if numbers.last() != Some(&number) {
            numbers.push(number);
        }
    }
}

fn look(
    document: Document<'_>,
    top: &Cursor<'_>,
    kind: &str,
    patterns: &[FieldPattern],
    known: &mut Known,
    finder: &mut Finder,
) -> Result<(), Refusal> {
    let mut object = None;
    for (number, pattern) in patterns.iter().enumerate() {
        for found in follow(top, pattern) {
            let key = (document.index(), found.path.clone());
            if let Some(places) = known.get(&key) {
                mark(finder, places, number);
                continue;
            }
            let object = match &object {
                Some(object) => object,
                None => object.insert(finder.owner(document, top, kind)?),
            };
            let site = Site {
                row: Row::Field,
                object,
                naming: Naming::Image,
            };
            let before = finder.places.len();
            match found.node.kind() {
                Kind::Mapping(_) => described(site, &found, finder)?,
                _ => finder.image(site, &found)?,
            }
            for place in before..finder.places.len() {
                mark(finder, &[place], number);
                learn(known, finder, place);
            }
        }
    }
    Ok(())
}

fn mark(finder: &mut Finder, places: &[usize], pattern: usize) {
    for &place in places {
        let fields = &mut finder.places[place].fields;
        if !fields.contains(&pattern) {
            fields.push(pattern);
        }
    }
}

/// All that a pattern leads to from `top`.
fn follow<'s>(top: &Cursor<'s>, pattern: &FieldPattern) -> Vec<Cursor<'s>> {
    pattern.steps().iter().fold(vec![top.clone()], |found, step| {
        found.iter().flat_map(|cursor| next(cursor, step)).collect()
    })
}

fn next<'s>(cursor: &Cursor<'s>, step: &Step) -> Vec<Cursor<'s>> {
    match step {
        Step::Key(key) => cursor.each(key.clone()),
        Step::AnyKey => cursor.entries().into_iter().map(|(_, value)| value).collect(),
        Step::Item(item) => cursor.items().nth(*item).into_iter().collect(),
        Step::AnyItem => cursor.items().collect(),
        Step::ItemWith(key, text) => {
            let has = |item: &Cursor<'_>| item.last(key.clone()).and_then(|value| value.node.as_text()) == Some(text);
            cursor.items().filter(has).collect()
        }
    }
}
