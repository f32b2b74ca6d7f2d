//! What libyaml sees of an edit.

use std::iter::Peekable;
use std::slice::Iter;

use manifests::{Change, Edited};

use crate::events::{Event, Scalar, events};

/// What ends a line for libyaml, which folds it, and is a character like others since YAML 1.2.
const BREAKS_OF_YAML_1_1: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Where libyaml reads the text before, it reads the text after, and exactly the scalars differ that were changed.
pub(super) fn agrees(before: &str, edited: &Edited) {
    if edited.changes.is_empty() || before.contains(BREAKS_OF_YAML_1_1) {
        return;
    }
    let mut changes = edited.changes.iter().peekable();
    if compare(before, &edited.text, &mut changes) {
        assert!(
            changes.next().is_none(),
            "libyaml sees all changes: {:?}",
            edited.changes
        );
    }
}

/// Compares two texts; whether libyaml reads them at all.
fn compare(before: &str, after: &str, changes: &mut Peekable<Iter<'_, Change>>) -> bool {
    let Some(old) = events(before) else { return false };
    let new = events(after).unwrap_or_else(|| panic!("libyaml does not read {after:?}"));
    assert_eq!(old.len(), new.len(), "libyaml sees other events in {after:?}");
    for (old, new) in old.iter().zip(&new).filter(|(old, new)| old != new) {
        let (Event::Scalar(old), Event::Scalar(new)) = (old, new) else {
            panic!("libyaml sees {old:?} and {new:?}");
        };
        assert_eq!(old.properties, new.properties, "anchor and tag stay: {new:?}");
        let change = changes.peek().expect("libyaml sees no more changes than there are");
        if is_it(old, change) {
            scalar_changed(new, change);
            changes.next();
        } else {
            // A text inside a scalar. One that says no more than itself would be looked into for ever.
            assert!(
                holds_more(old),
                "libyaml sees {old:?} become {new:?}, and not {change:?}"
            );
            assert!(compare(&old.text, &new.text, changes), "{old:?} became {new:?}");
        }
    }
    true
}

/// Whether the text of a scalar is YAML in which there is another one.
fn holds_more(scalar: &Scalar) -> bool {
    let is_other = |event: &Event| matches!(event, Event::Scalar(inner) if inner.text != scalar.text);
    events(&scalar.text).is_some_and(|inner| inner.iter().any(is_other))
}

/// Whether a scalar is the one that was changed; what is nothing may be written as null.
fn is_it(old: &Scalar, change: &Change) -> bool {
    let old = old.text.trim_end_matches('\n');
    old == change.old || change.old.is_empty() && matches!(old, "~" | "null" | "Null" | "NULL")
}

fn scalar_changed(new: &Scalar, change: &Change) {
    assert_eq!(
        new.text.trim_end_matches('\n'),
        change.new,
        "libyaml reads the value: {change:?}"
    );
    assert!(
        !new.untyped || manifests::plain_is_text(&new.text),
        "it is no number: {change:?}"
    );
}
