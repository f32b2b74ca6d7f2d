//! The finder: one module for each row of the table of places.

mod cursor;
mod helm_release;
mod helm_values;
mod kustomize;
mod pod_templates;

use std::{collections::HashSet, sync::Arc};

use yaml_spans::{Document, Kind, Location, Mapping, Node, Scalar, Stream, Style, Value};

use crate::{
    FileKind, Object, Part, Place, Refusal, Role, Row,
    merge::{own_entries, sources},
    place::read,
    refusal::Problem,
    rewrite::content,
};
use cursor::Cursor;

/// The group that is not written.
const CORE: &str = "";

/// Finds all places of a stream, in the order of the text.
///
/// # Errors
///
/// The file must not be edited: duplicate keys on the way to an image, or an
/// image that is a template action.
pub(crate) fn find(stream: &Stream, kind: FileKind) -> Result<Vec<Place>, Refusal> {
    let mut finder = Finder {
        places: Vec::new(),
        checked: HashSet::new(),
    };
    for document in stream.documents() {
        pod_templates::find(document, &mut finder)?;
        kustomize::find(document, kind, &mut finder)?;
        helm_release::find(document, &mut finder)?;
    }
    if kind == FileKind::Values {
        helm_values::find(stream, &mut finder)?;
    }
    let mut places = finder.places;
    places.sort_by_key(start);
    locate(stream, &mut places);
    Ok(places)
}

/// Where the first part of a place begins.
fn start(place: &Place) -> usize {
    let starts = place.parts.iter().map(|part| part.span.start);
    starts.min().unwrap_or_default()
}

/// Finds out lines and columns for all parts at once.
fn locate(stream: &Stream, places: &mut [Place]) {
    let mut parts = places.iter_mut().flat_map(|place| &mut place.parts).collect::<Vec<_>>();
    parts.sort_by_key(|part| part.span.start);
    let locations = stream.locations(parts.iter().map(|part| part.span.start));
    for (part, location) in parts.into_iter().zip(locations) {
        part.location = location;
    }
    for place in places {
        let first = place.parts.iter().min_by_key(|part| part.span.start);
        place.location = first.map_or(NOWHERE, |part| part.location);
    }
}

/// Where a place is while only its bytes are known.
const NOWHERE: Location = Location { line: 0, column: 0 };

/// What the rows report to.
struct Finder {
    places: Vec<Place>,
    /// The mappings that are known to have no duplicate keys.
    checked: HashSet<usize>,
}

/// Where an image was found.
#[derive(Clone, Copy)]
struct Site<'a> {
    row: Row,
    object: &'a Arc<Object>,
    container: Option<&'a str>,
}

impl Finder {
    /// Notes that the scalar at `cursor` is an image, if it is text at all.
    fn image(&mut self, site: Site<'_>, cursor: &Cursor<'_>) -> Result<(), Refusal> {
        self.place(site, cursor, &[(Role::Whole, Some(cursor))])
    }

    /// Notes that the scalars of `parts` together are the image at `cursor`, if what they say is a name.
    fn place(
        &mut self,
        site: Site<'_>,
        cursor: &Cursor<'_>,
        parts: &[(Role, Option<&Cursor<'_>>)],
    ) -> Result<(), Refusal> {
        let known = parts.iter().filter_map(|(role, cursor)| Some((*role, (*cursor)?)));
        let known = known.filter_map(|(role, cursor)| Some((part(role, cursor)?, cursor)));
        let (parts, cursors): (Vec<Part>, Vec<&Cursor<'_>>) = known.unzip();
        let Some((text, reference)) = read(&parts) else {
            return Ok(());
        };
        let action = parts.iter().position(|part| part.text.contains("{{"));
        // Where any key may hold any text, only what is a reference is an image.
        if reference.is_none() && site.row != Row::PodTemplate && action.is_none() {
            return Ok(());
        }
        cursors.iter().try_for_each(|cursor| self.check_way(cursor))?;
        if let Some(action) = action {
            return Err(Refusal::new(Problem::Template, cursors[action].node.location()));
        }
        self.places.push(Place {
            row: site.row,
            object: Arc::clone(site.object),
            container: site.container.map(str::to_owned),
            path: cursor.path.clone(),
            text,
            reference,
            location: NOWHERE,
            parts,
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

/// The scalar at `cursor`, if it can say what its role is to say.
///
/// Names are text. Tags are often written as numbers; they mean what is written.
fn part(role: Role, cursor: &Cursor<'_>) -> Option<Part> {
    let Kind::Scalar(scalar) = cursor.node.kind() else {
        return None;
    };
    let text = match (scalar.value(), role) {
        (Value::Null, _) => "",
        (Value::Text(_), _) | (_, Role::Tag | Role::Digest) => content(scalar),
        _ => return None,
    };
    Some(Part {
        role,
        path: cursor.path.clone(),
        text: text.to_owned(),
        span: cursor.node.span(),
        location: NOWHERE,
        comment: comment(scalar),
        node: cursor.node.id(),
    })
}

/// The API groups and kinds that an object says it is of; several only where those keys are duplicate.
fn types<'s>(object: &Cursor<'s>) -> Vec<(&'s str, &'s str)> {
    let (versions, kinds) = (object.each("apiVersion"), object.each("kind"));
    let texts = |cursors: &[Cursor<'s>]| {
        let texts = cursors.iter().filter_map(|cursor| cursor.node.as_text());
        texts.collect::<Vec<_>>()
    };
    let (versions, kinds) = (texts(&versions), texts(&kinds));
    let group = |version: &'s str| version.rsplit_once('/').map_or(CORE, |(group, _)| group);
    let pairs = versions
        .iter()
        .flat_map(|version| kinds.iter().map(move |kind| (group(version), *kind)));
    pairs.collect()
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
