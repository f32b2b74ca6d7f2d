//! Documents made up by the input, printed in every style: an edit changes the scalars that were meant, and no others.

mod dice;
mod printer;
mod styles;
mod tree;

use std::collections::BTreeSet;

use manifests::{Edit, Edited, Manifest};

use crate::events::{Event, events};

use dice::Dice;
use printer::{Printer, Written};
use tree::Maker;

/// How many bytes are a file as large as one needs to be.
const MOST: usize = 1024;

pub(crate) fn check(data: &[u8]) {
    let mut dice = Dice::new(&data[..data.len().min(MOST)]);
    let file = Maker::file(&mut dice);
    let chosen: BTreeSet<usize> = (0..file.refused.len()).filter(|_| !dice.once_in(4)).collect();
    let mut printer = Printer::new(&mut dice, file.kind);
    for (number, document) in file.documents.iter().enumerate() {
        printer.document(document, number == 0);
    }
    printer.finish();
    let Printer {
        out, scalars, shared, ..
    } = printer;
    let manifest = Manifest::read_as(file.kind, out.as_str())
        .unwrap_or_else(|refusal| panic!("{out:?}: {refusal} at {}", refusal.location()));
    assert_eq!(
        manifest.places().len(),
        file.refused.len(),
        "every image is found in {out:?}"
    );
    let edits: Vec<Edit> = chosen
        .iter()
        .map(|&place| Edit {
            place,
            to: file.value.clone(),
            name: None,
        })
        .collect();
    let edited = manifest
        .edit(&edits)
        .unwrap_or_else(|refusal| panic!("{out:?}: {refusal} at {}", refusal.location()));
    let refused: BTreeSet<usize> = chosen
        .iter()
        .copied()
        .filter(|place| file.refused[*place] || is_shared(&scalars, &shared, *place))
        .collect();
    let told: BTreeSet<usize> = edited.refused.iter().map(|refused| refused.place).collect();
    assert_eq!(told, refused, "what cannot be changed is refused in {out:?}");
    let changes: Vec<&Written> = scalars
        .iter()
        .filter(|scalar| changes(scalar, &chosen, &refused))
        .collect();
    the_spans_are_the_scalars(&out, &edited, &changes);
    libyaml_reads_what_was_meant(&out, &edited.text, &scalars, &changes);
}

/// Whether a scalar of a place that would change is shown by an alias, too.
fn is_shared(scalars: &[Written], shared: &[usize], place: usize) -> bool {
    let differs = |scalar: &usize| {
        let image = scalars[*scalar].image.as_ref();
        image.is_some_and(|(of, becomes)| *of == place && *becomes != scalars[*scalar].text)
    };
    shared.iter().any(differs)
}

/// Whether a scalar is to change.
fn changes(scalar: &Written, chosen: &BTreeSet<usize>, refused: &BTreeSet<usize>) -> bool {
    let image = scalar.image.as_ref();
    image.is_some_and(|(place, becomes)| chosen.contains(place) && !refused.contains(place) && *becomes != scalar.text)
}

fn the_spans_are_the_scalars(out: &str, edited: &Edited, changes: &[&Written]) {
    assert_eq!(edited.changes.len(), changes.len(), "{:?} in {out:?}", edited.changes);
    for (change, scalar) in edited.changes.iter().zip(changes) {
        let (inner, outer) = (&change.span, &scalar.span);
        assert!(
            outer.start <= inner.start && inner.end <= outer.end,
            "{change:?} in {scalar:?} in {out:?}"
        );
    }
}

fn libyaml_reads_what_was_meant(before: &str, after: &str, scalars: &[Written], changed: &[&Written]) {
    let old = events(before).unwrap_or_else(|| panic!("libyaml does not read {before:?}"));
    let new = events(after).unwrap_or_else(|| panic!("libyaml does not read {after:?}, which was {before:?}"));
    assert_eq!(old.len(), new.len(), "{after:?} was {before:?}");
    let mut scalars = scalars.iter();
    for (old, new) in old.iter().zip(&new) {
        let (Event::Scalar(old), Event::Scalar(new)) = (old, new) else {
            assert_eq!(old, new, "{after:?} was {before:?}");
            continue;
        };
        let written = scalars.next().expect("libyaml sees no more scalars than were written");
        assert_eq!(old.text.trim_end_matches('\n'), written.text, "in {before:?}");
        if changed.iter().any(|changed| changed.span == written.span) {
            let becomes = written.image.as_ref().map(|(_, becomes)| becomes.as_str());
            assert_eq!(Some(new.text.trim_end_matches('\n')), becomes, "in {after:?}");
            assert_eq!(old.properties, new.properties, "in {after:?}");
            assert!(
                !new.untyped || manifests::plain_is_text(&new.text),
                "no text in {after:?}"
            );
        } else {
            assert_eq!(old, new, "{after:?} was {before:?}");
        }
    }
    assert!(scalars.next().is_none(), "libyaml sees all scalars of {before:?}");
}
