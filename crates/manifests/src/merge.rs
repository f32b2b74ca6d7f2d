//! Merge keys: what a mapping holds beside what is written in it.

use yaml_spans::{Entry, Kind, Mapping, Node, Style};

/// Whether `key` is the merge key, which takes in the entries of other mappings.
pub(crate) fn is_merge_key(key: Node<'_>) -> bool {
    let Kind::Scalar(scalar) = key.kind() else { return false };
    let tagged = match key.tag() {
        None => scalar.style() == Style::Plain,
        Some(tag) => tag == "tag:yaml.org,2002:merge",
    };
    tagged && scalar.text() == "<<"
}

/// The entries written in `mapping`, merge keys left out.
pub(crate) fn own_entries(mapping: Mapping<'_>) -> impl Iterator<Item = Entry<'_>> {
    mapping.entries().filter(|entry| !is_merge_key(entry.key))
}

/// The mappings that `mapping` takes in, also through one another, the strongest first.
///
/// Ends, because no alias stands inside the node it names.
pub(crate) fn sources(mapping: Mapping<'_>) -> Vec<Mapping<'_>> {
    let mut found = Vec::new();
    let mut waiting = merged(mapping);
    while let Some(value) = waiting.pop() {
        if let Some(source) = value.as_mapping() {
            found.push(source);
            waiting.extend(merged(source));
        } else if let Some(list) = value.as_sequence() {
            let mut items = list.items().collect::<Vec<_>>();
            items.reverse();
            waiting.extend(items);
        }
    }
    found
}

/// The values of the merge keys of `mapping`, the last first.
fn merged(mapping: Mapping<'_>) -> Vec<Node<'_>> {
    let merges = mapping.entries().filter(|entry| is_merge_key(entry.key));
    let mut values = merges.map(|entry| entry.value).collect::<Vec<_>>();
    values.reverse();
    values
}
