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
    let mut keys = Keys::default();
    let mut waiting = vec![document.root()];
    while let Some(node) = waiting.pop() {
        match node.resolved().kind() {
            Kind::Mapping(mapping) => shown(mapping, &mut keys, &mut waiting),
            Kind::Sequence(sequence) => waiting.extend(sequence.items()),
            Kind::Scalar(scalar) => *uses.entry(scalar.node().id()).or_default() += 1,
            Kind::Alias(_) => unreachable!("an alias never stands for an alias"),
        }
    }
    Some(uses)
}

/// Adds the nodes that a mapping shows to `waiting`.
fn shown<'s>(mapping: Mapping<'s>, keys: &mut Keys<'s>, waiting: &mut Vec<Node<'s>>) {
    waiting.extend(own_entries(mapping).flat_map(|entry| [entry.key, entry.value]));
    let sources = sources(mapping);
    if sources.is_empty() {
        // A merge key that merges nothing is a key like any other.
        let others = mapping.entries().filter(|entry| is_merge_key(entry.key));
        return waiting.extend(others.map(|entry| entry.value));
    }
    let own = own_entries(mapping).filter_map(|entry| keys.number(entry.key));
    let mut seen = own.collect();
    for source in sources {
        inherited(source, keys, &mut seen, waiting);
    }
}

/// Adds the values of a merged mapping whose keys are new.
fn inherited<'s>(source: Mapping<'s>, keys: &mut Keys<'s>, seen: &mut HashSet<usize>, waiting: &mut Vec<Node<'s>>) {
    let mut new = Vec::new();
    for entry in own_entries(source) {
        match keys.number(entry.key) {
            Some(key) if seen.contains(&key) => {}
            Some(key) => {
                new.push(key);
                waiting.push(entry.value);
            }
            None => waiting.extend([entry.key, entry.value]),
        }
    }
    seen.extend(new);
}

/// Numbers for keys, the same for the same text: each is read once, however often it is merged.
#[derive(Default)]
struct Keys<'s> {
    by_node: HashMap<usize, usize>,
    by_text: HashMap<&'s str, usize>,
}

impl<'s> Keys<'s> {
    /// The number of a key, if it is text.
    fn number(&mut self, key: Node<'s>) -> Option<usize> {
        let scalar = key.as_scalar()?;
        let by_text = &mut self.by_text;
        let number = self.by_node.entry(scalar.node().id()).or_insert_with(|| {
            let next = by_text.len();
            *by_text.entry(scalar.text()).or_insert(next)
        });
        Some(*number)
    }
}
