//! Annotations of Tidemark that stand where they opt nothing in.
//!
//! Whoever annotates a ConfigMap, a resource of a kind that no row knows, or the pod template instead of its object expects an
//! update, and would wait for it without a word.

use memchr::memmem;
use yaml_spans::Stream;

use super::{Cursor, Finder, MAX_ANNOTATIONS, objects::Typed, objects::objects, pod_templates, start};

/// What all of them begin with.
pub(crate) const PREFIX: &str = "tidemark.dev/";

/// Notes those of objects without any image, and those of pod templates. All places were found before.
pub(super) fn find(stream: &Stream, finder: &mut Finder) {
    if memmem::find(stream.text().as_bytes(), PREFIX.as_bytes()).is_none() {
        return;
    }
    let mut starts: Vec<usize> = finder.places.iter().map(start).collect();
    starts.sort_unstable();
    let mut last = None;
    for object in stream.documents().flat_map(objects) {
        let node = object.cursor.node.resolved();
        // What says twice of which type it is, is looked at once.
        if last.replace(node.id()) == Some(node.id()) {
            continue;
        }
        let span = node.span();
        let first = starts.partition_point(|&at| at < span.start);
        if starts.get(first).is_none_or(|&at| at >= span.end) {
            note_imageless(&object, finder);
        }
        note_templates(&object, finder);
    }
}

fn note_imageless(object: &Typed<'_>, finder: &mut Finder) {
    let Some(metadata) = object.cursor.last("metadata") else {
        return;
    };
    if let Some((key, at)) = annotation(&metadata) {
        let kind = object.kind;
        finder.note(
            at,
            format!(
                "the annotation `{key}` does nothing: no image is known in this {kind}; if it has one in a field of its own, name the \
                 field by `match.field` of a rule"
            ),
        );
    }
}

fn note_templates(object: &Typed<'_>, finder: &mut Finder) {
    for metadata in pod_templates::metadata(object) {
        if let Some((key, at)) = annotation(&metadata) {
            let kind = object.kind;
            finder.note(
                at,
                format!("the annotation `{key}` does nothing here: it belongs to the metadata of the {kind} itself, not of its pods"),
            );
        }
    }
}

/// The first annotation of Tidemark in a `metadata`, and where its key stands.
fn annotation<'s>(metadata: &Cursor<'s>) -> Option<(&'s str, usize)> {
    let mapping = metadata.last("annotations")?.node.as_mapping()?;
    let mut keys = mapping.entries().take(MAX_ANNOTATIONS).map(|entry| entry.key);
    keys.find_map(|key| {
        let text = key.as_text()?;
        text.starts_with(PREFIX).then(|| (text, key.span().start))
    })
}
