//! The finder: one module for each row of the table of places.

mod cursor;
mod pod_templates;

use std::{collections::HashSet, sync::Arc};

use domain::reference::Reference;
use yaml_spans::{Document, Kind, Location, Mapping, Node, Scalar, Stream, Style, Value};

use crate::{
    Object, Place, Refusal,
    merge::{own_entries, sources},
    refusal::Problem,
};
use cursor::Cursor;

/// Finds all places of a stream, in the order of the text.
///
/// # Errors
///
/// The file must not be edited: duplicate keys on the way to an image, or an
/// image that is a template action.
pub(crate) fn find(stream: &Stream) -> Result<Vec<Place>, Refusal> {
    let mut finder = Finder {
        places: Vec::new(),
        checked: HashSet::new(),
    };
    for document in stream.documents() {
        pod_templates::find(document, &mut finder)?;
    }
    let mut places = finder.places;
    places.sort_by_key(|place| place.node);
    let locations = stream.locations(places.iter().map(|place| place.span.start));
    for (place, location) in places.iter_mut().zip(locations) {
        place.location = location;
    }
    Ok(places)
}

/// What the rows report to.
struct Finder {
    places: Vec<Place>,
    /// The mappings that are known to have no duplicate keys.
    checked: HashSet<usize>,
}

impl Finder {
    /// Notes that the scalar at `cursor` is an image, if it is text at all.
    fn image(&mut self, object: &Arc<Object>, container: Option<&str>, cursor: &Cursor<'_>) -> Result<(), Refusal> {
        let Kind::Scalar(scalar) = cursor.node.kind() else {
            return Ok(());
        };
        let Value::Text(_) = scalar.value() else { return Ok(()) };
        let text = content(scalar);
        if text.is_empty() {
            return Ok(());
        }
        self.check_way(cursor)?;
        if text.contains("{{") {
            return Err(Refusal::new(Problem::Template, cursor.node.location()));
        }
        self.places.push(Place {
            object: Arc::clone(object),
            container: container.map(str::to_owned),
            path: cursor.path.clone(),
            text: text.to_owned(),
            reference: Reference::parse(text).ok(),
            span: cursor.node.span(),
            // Found out for all places at once, when their order is known.
            location: Location { line: 0, column: 0 },
            comment: comment(scalar),
            node: cursor.node.id(),
        });
        Ok(())
    }

    /// Refuses duplicate keys in the mappings that led to `cursor`.
    fn check_way(&mut self, cursor: &Cursor<'_>) -> Result<(), Refusal> {
        for mapping in cursor.unchecked() {
            if !self.checked.insert(mapping.node().id()) {
                continue;
            }
            if let Some(key) = mapping.duplicate_keys().next() {
                let name = key.as_text().unwrap_or_default().to_owned();
                return Err(Refusal::new(Problem::DuplicateKey(name), key.location()));
            }
        }
        Ok(())
    }
}

/// The text of a scalar; a block scalar's line end is its form, not its content.
fn content(scalar: Scalar<'_>) -> &str {
    match scalar.style() {
        Style::Literal | Style::Folded => scalar.text().trim_end_matches('\n'),
        _ => scalar.text(),
    }
}

/// The comment on the line of `scalar`; of a block scalar, on the line of its header.
fn comment(scalar: Scalar<'_>) -> Option<String> {
    let (stream, span) = (scalar.node().stream(), scalar.node().span());
    let text = stream.text();
    let (comment, line) = match scalar.style() {
        Style::Literal | Style::Folded => {
            let above = text[..span.start].trim_end_matches([' ', '\t', '\n', '\r']).len();
            let before = stream.comments_in(0..span.start).next_back();
            (before, stream.line(above.saturating_sub(1)))
        }
        _ => (stream.comments_in(span.end..text.len()).next(), stream.line(span.end)),
    };
    let comment = comment.filter(|comment| stream.line(comment.span().start) == line);
    comment.map(|comment| comment.text.to_owned())
}

/// What is known of the object at `cursor`.
fn object(document: Document<'_>, cursor: &Cursor<'_>, kind: &str) -> Arc<Object> {
    let metadata = cursor.last("metadata");
    let text = |key: &'static str| {
        let node = metadata.as_ref().and_then(|metadata| metadata.last(key))?;
        node.node.as_text().map(str::to_owned)
    };
    let annotations = metadata.as_ref().and_then(|metadata| metadata.last("annotations"));
    Arc::new(Object {
        namespace: text("namespace")
            .filter(|name| !name.is_empty())
            .unwrap_or("default".into()),
        kind: kind.to_owned(),
        name: text("name").unwrap_or_default(),
        annotations: annotations
            .and_then(|node| node.node.as_mapping())
            .map_or(Vec::new(), texts),
        document: document.index(),
    })
}

/// The entries of a mapping of texts, merged ones first, so that the strongest is the last.
fn texts(mapping: Mapping<'_>) -> Vec<(String, String)> {
    let mut all = sources(mapping);
    all.reverse();
    all.push(mapping);
    let entries = all.into_iter().flat_map(own_entries);
    let text = |node: Node<'_>| node.as_text().map(str::to_owned);
    entries
        .filter_map(|entry| Some((text(entry.key)?, text(entry.value)?)))
        .collect()
}
