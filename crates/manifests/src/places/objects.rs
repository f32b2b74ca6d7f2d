//! The objects of a document: the document itself, and the items of lists.

use yaml_spans::Document;

use super::{Cursor, DEEPEST, MAX_NAME, argo_cd, helm_release, kustomize, pod_templates};

/// The group that is not written.
pub(super) const CORE: &str = "";

/// How many values of a duplicate key are looked at; a file with an image below it is refused for one.
const MAX_DUPLICATES: usize = 8;

/// An object, and one of the types that it says it is of; several only where those keys are duplicate.
pub(super) struct Typed<'s> {
    pub(super) document: Document<'s>,
    pub(super) cursor: Cursor<'s>,
    /// The group of its API, without the version.
    pub(super) group: &'s str,
    pub(super) kind: &'s str,
}

/// A node that may be an object, and the type that the items of the list around it have.
type Candidate<'s> = (Cursor<'s>, Option<(&'s str, &'s str)>);

/// All objects of a document, in the order of the text; lists are not among them, their items are.
pub(super) fn objects(document: Document<'_>) -> Vec<Typed<'_>> {
    let mut found = Vec::new();
    let mut waiting: Vec<Candidate<'_>> = vec![(Cursor::top(document.root()), None)];
    while let Some((cursor, inherited)) = waiting.pop() {
        if cursor.path.length() > DEEPEST {
            continue;
        }
        for (group, kind) in types(&cursor, inherited) {
            let Some(of) = items_of(group, kind) else {
                let cursor = cursor.clone();
                found.push(Typed {
                    document,
                    cursor,
                    group,
                    kind,
                });
                continue;
            };
            let lists = cursor.each("items");
            let items = lists.iter().flat_map(Cursor::items).map(|item| (item, of));
            // The first item is to be the next one.
            let place = waiting.len();
            waiting.extend(items);
            waiting[place..].reverse();
        }
    }
    found
}

/// Whether a document names no type at all.
pub(super) fn is_untyped(document: Document<'_>) -> bool {
    types(&Cursor::top(document.root()), None).is_empty()
}

/// The types that an object says it is of; else the one that the list around it says its items are of.
fn types<'s>(object: &Cursor<'s>, inherited: Option<(&'s str, &'s str)>) -> Vec<(&'s str, &'s str)> {
    let (versions, kinds) = (object.each("apiVersion"), object.each("kind"));
    if versions.is_empty() && kinds.is_empty() {
        // The items of a typed list, as the API server prints it, do not repeat their type.
        return inherited.into_iter().collect();
    }
    let (versions, kinds) = (texts(&versions), texts(&kinds));
    let group = |version: &'s str| version.rsplit_once('/').map_or(CORE, |(group, _)| group);
    let pairs = versions
        .iter()
        .flat_map(|version| kinds.iter().map(move |kind| (group(version), *kind)));
    pairs.collect()
}

/// The last texts of a key, each once.
fn texts<'s>(cursors: &[Cursor<'s>]) -> Vec<&'s str> {
    let texts = cursors.iter().rev().filter_map(|cursor| cursor.node.as_text());
    let mut found = Vec::new();
    for text in texts.filter(|text| text.len() <= MAX_NAME) {
        if !found.contains(&text) {
            found.push(text);
        }
        if found.len() == MAX_DUPLICATES {
            break;
        }
    }
    found.reverse();
    found
}

/// Of a list, the type of its items, if they have one for all; `None` for what is no list.
///
/// A list of what no row knows is somebody's own resource.
fn items_of<'s>(group: &'s str, kind: &'s str) -> Option<Option<(&'s str, &'s str)>> {
    match kind.strip_suffix("List")? {
        "" => (group == CORE).then_some(None),
        of => is_known(group, of).then_some(Some((group, of))),
    }
}

fn is_known(group: &str, kind: &str) -> bool {
    pod_templates::is_workload(group, kind)
        || kustomize::path_of(group, kind).is_some()
        || helm_release::is_release(group, kind)
        || argo_cd::template_of(group, kind).is_some()
}
