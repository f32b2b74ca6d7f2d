//! The laws.

use std::collections::BTreeSet;

use domain::reference::{Reference, Repository, Tag, Value};
use manifests::{Change, Edit, Edited, Manifest, Part, Place, Reading, Role, unified_diff};

use super::second;

/// All of them, for `edits` that want the same of places that differ.
pub(super) fn hold(manifest: &Manifest, reading: &Reading<'_>, edits: &[Edit]) {
    let edited = manifest
        .edit(edits)
        .unwrap_or_else(|refusal| panic!("{edits:?}: {refusal} at {}", refusal.location()));
    only_the_spans_change(manifest, &edited);
    every_place_has_one_outcome(manifest, edits, &edited);
    let after = Manifest::read_with(reading, edited.text.as_str())
        .unwrap_or_else(|refusal| panic!("{edits:?}: reads no more: {refusal} at {}", refusal.location()));
    // Markers take names from one another, so that a new name can make other places. Only the command line writes new names,
    // and it reads no markers.
    let is_renamed = edits.iter().any(|edit| edit.name.is_some());
    if !(reading.markers && is_renamed) {
        the_places_are_the_same(manifest, &after, &edited);
        for edit in edits {
            the_value_is_there(manifest, &after, &edited, edit);
        }
        again_changes_nothing(&after, edits, &edited);
    }
    second::agrees(manifest.text(), &edited);
    let changed = edited.text != manifest.text();
    assert_eq!(
        changed,
        !edited.changes.is_empty(),
        "{edits:?}: a change changes something"
    );
    assert_eq!(
        changed,
        !unified_diff("a", manifest.text(), &edited).is_empty(),
        "{edits:?}: the diff shows it"
    );
}

/// Every byte outside of the changes stays, and a change is part of a scalar of its places.
fn only_the_spans_change(manifest: &Manifest, edited: &Edited) {
    let mut expected = String::new();
    let mut at = 0;
    for change in &edited.changes {
        assert!(!change.places.is_empty(), "somebody wanted {change:?}");
        for &place in &change.places {
            let parts = &manifest.places()[place].parts;
            let holds = |part: &Part| part.span.start <= change.span.start && change.span.end <= part.span.end;
            assert!(parts.iter().any(holds), "{change:?} lies outside of {parts:?}");
        }
        expected.push_str(&manifest.text()[at..change.span.start]);
        expected.push_str(&change.written);
        at = change.span.end;
    }
    expected.push_str(&manifest.text()[at..]);
    assert_eq!(edited.text, expected, "nothing but the changes changes");
}

/// Changed, refused, or nothing to set; what is in neither reads so already.
fn every_place_has_one_outcome(manifest: &Manifest, edits: &[Edit], edited: &Edited) {
    let asked: BTreeSet<usize> = edits.iter().map(|edit| edit.place).collect();
    let changed: BTreeSet<usize> = edited.changes.iter().flat_map(|change| change.places.clone()).collect();
    let refused: BTreeSet<usize> = edited.refused.iter().map(|refused| refused.place).collect();
    let nothing: BTreeSet<usize> = edited.nothing_to_set.iter().copied().collect();
    for set in [&changed, &refused, &nothing] {
        assert!(set.is_subset(&asked), "only what was asked: {edited:?}");
    }
    for (one, other) in [(&changed, &refused), (&changed, &nothing), (&refused, &nothing)] {
        assert!(one.is_disjoint(other), "one outcome for each: {edited:?}");
    }
    for refused in &edited.refused {
        assert!(!refused.reason.is_empty() && !refused.code.is_empty(), "{refused:?}");
        let place = &manifest.places()[refused.place];
        let is_there = place.parts.iter().any(|part| part.location == refused.location);
        assert!(is_there, "{refused:?} points at a part of {place:?}");
    }
}

/// The same places at the same paths; a part reads as its change says, or as before.
fn the_places_are_the_same(before: &Manifest, after: &Manifest, edited: &Edited) {
    let (old, new) = (before.places(), after.places());
    assert_eq!(old.len(), new.len(), "no place comes or goes: {old:?} {new:?}");
    for (index, (old, new)) in old.iter().zip(new).enumerate() {
        let what = |place: &Place| {
            let parts = place.parts.iter();
            let parts = parts.map(|part| (part.role, part.path.clone(), part.marker.clone()));
            let parts = (parts.collect::<Vec<_>>(), place.fields.clone());
            (
                place.row,
                place.object.clone(),
                place.container.clone(),
                place.path.clone(),
                parts,
            )
        };
        assert_eq!(what(old), what(new), "place {index} stays what it is");
        for (old, new) in old.parts.iter().zip(&new.parts) {
            let change = edited.changes.iter().find(|change| is_of(change, old));
            if is_from_elsewhere(edited, index, old) {
                continue;
            }
            let same = (old.text.as_str(), old.text.as_str());
            let (was, is) = change.map_or(same, |change| (&change.old, &change.new));
            assert!(says(was, &old.text), "{change:?}: {old:?}");
            assert!(says(is, &new.text), "{}: {:?} for {is:?}", old.path, new.text);
        }
    }
}

/// Whether a scalar says `text` of an image, maybe behind the name that it is put in the place of.
fn says(scalar: &str, text: &str) -> bool {
    let other = scalar.strip_suffix(text);
    scalar == text || other.is_some_and(|other| other.ends_with('='))
}

/// Whether a part is a name that another place has, and that was changed there.
fn is_from_elsewhere(edited: &Edited, place: usize, part: &Part) -> bool {
    let change = edited.changes.iter().find(|change| is_of(change, part));
    part.role == Role::FixedName && change.is_some_and(|change| !change.places.contains(&place))
}

fn is_of(change: &Change, part: &Part) -> bool {
    part.span.start <= change.span.start && change.span.end <= part.span.end
}

/// The reference of an edited place is what was asked for; of one that was left alone, what it was.
fn the_value_is_there(before: &Manifest, after: &Manifest, edited: &Edited, edit: &Edit) {
    let (old, new) = (&before.places()[edit.place], &after.places()[edit.place]);
    let is_refused = edited.refused.iter().any(|refused| refused.place == edit.place);
    let is_left = is_refused || edited.nothing_to_set.contains(&edit.place);
    if old.parts.iter().any(|part| is_from_elsewhere(edited, edit.place, part)) {
        return;
    }
    if is_left {
        assert_eq!(
            (&old.text, &old.reference),
            (&new.text, &new.reference),
            "it was left: {edit:?}"
        );
        return;
    }
    // What is no tag stays beside a digest that has a key of its own, and makes it all no reference.
    let tag = old.part(Role::Tag).filter(|part| !part.text.is_empty());
    if edit.to.tag.is_none() && tag.is_some_and(|part| Tag::parse(&part.text).is_err()) && new.reference.is_none() {
        return;
    }
    let name = match &edit.name {
        Some(name) => Repository::parse(name).expect("the names are ones"),
        None => old.image.clone().expect("what has no name is refused"),
    };
    let expected = expected(old, name, &edit.to);
    assert_eq!(new.reference.as_ref(), Some(&expected), "{edit:?}");
}

/// The reference of `place` with its new name, tag and digest.
fn expected(place: &Place, repository: Repository, to: &Value) -> Reference {
    let filled = |role| place.part(role).is_some_and(|part| !part.text.is_empty());
    let holds_tag = filled(Role::Whole) || filled(Role::Tag);
    let digest_alone = to.tag.is_none();
    let keeps_tag = digest_alone && (place.part(Role::Digest).is_some() || !filled(Role::Whole));
    // Beside a digest that is none, the tag is one all the same.
    let written = || Tag::parse(&place.part(Role::Tag)?.text).ok();
    let whole = place.reference.as_ref();
    let old = whole.map_or_else(written, |reference| reference.tag.clone());
    let tag = if keeps_tag { old } else { to.tag.clone() };
    Reference {
        repository,
        tag: tag.filter(|_| holds_tag),
        digest: to.digest.clone(),
    }
}

/// What was written is written: asking again finds all done.
fn again_changes_nothing(after: &Manifest, edits: &[Edit], edited: &Edited) {
    let again = after
        .edit(edits)
        .unwrap_or_else(|refusal| panic!("{edits:?} again: {refusal}"));
    assert!(again.changes.is_empty(), "{edits:?} again: {:?}", again.changes);
    assert_eq!(again.text, edited.text, "{edits:?} again");
    assert_eq!(again.nothing_to_set, edited.nothing_to_set, "{edits:?} again");
    let refused = |edited: &Edited| edited.refused.iter().map(|refused| refused.place).collect::<Vec<_>>();
    assert_eq!(refused(&again), refused(edited), "{edits:?} again");
}
