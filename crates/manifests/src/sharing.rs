//! How many spots of a document show the same scalar.

use std::collections::{HashMap, HashSet};

use yaml_spans::{Document, Kind, Mapping, Node};

use crate::merge::{is_merge_key, own_entries, sources};

/// For each scalar of a document, how often it stands there once aliases and merge keys are followed.
///
/// `None` for a document without aliases, where each stands once. Merged
/// entries that are overridden show nothing. Takes as many steps as the
/// document has nodes with aliases counted through, which is bounded.
pub(crate) fn uses(document: Document<'_>) -> Option<HashMap<usize, usize>> {
    if !document.nodes().any(|node| matches!(node.kind(), Kind::Alias(_))) {
        return None;
    }
    let mut uses = HashMap::new();
    let mut waiting = vec![document.root()];
    while let Some(node) = waiting.pop() {
        match node.resolved().kind() {
            Kind::Mapping(mapping) => shown(mapping, &mut waiting),
            Kind::Sequence(sequence) => waiting.extend(sequence.items()),
            Kind::Scalar(scalar) => *uses.entry(scalar.node().id()).or_default() += 1,
            Kind::Alias(_) => unreachable!("an alias never stands for an alias"),
        }
    }
    Some(uses)
}

/// Adds the nodes that a mapping shows to `waiting`.
fn shown<'s>(mapping: Mapping<'s>, waiting: &mut Vec<Node<'s>>) {
    waiting.extend(own_entries(mapping).flat_map(|entry| [entry.key, entry.value]));
    let sources = sources(mapping);
    if sources.is_empty() {
        // A merge key that merges nothing is a key like any other.
        let others = mapping.entries().filter(|entry| is_merge_key(entry.key));
        return waiting.extend(others.map(|entry| entry.value));
    }
    let mut seen = own_entries(mapping).filter_map(|entry| entry.key.as_text()).collect();
    for source in sources {
        inherited(source, &mut seen, waiting);
    }
}

/// Adds the values of a merged mapping whose keys are new.
fn inherited<'s>(source: Mapping<'s>, seen: &mut HashSet<&'s str>, waiting: &mut Vec<Node<'s>>) {
    let mut keys = Vec::new();
    for entry in own_entries(source) {
        match entry.key.as_text() {
            Some(text) if seen.contains(text) => {}
            Some(text) => {
                keys.push(text);
                waiting.push(entry.value);
            }
            None => waiting.extend([entry.key, entry.value]),
        }
    }
    seen.extend(keys);
}
