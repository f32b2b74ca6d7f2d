//! The finder: one module for each row of the table of places.

mod annotations;
mod argo_cd;
mod cursor;
mod fields;
mod helm_release;
mod helm_values;
mod kustomize;
mod markers;
mod objects;
mod pod_templates;

use std::{collections::HashSet, sync::Arc};

use yaml_spans::{Document, Kind, Location, Mapping, Node, Scalar, Stream, Value};

use crate::{
    FieldPath, FileKind, Note, Object, Part, Place, Reading, Refusal, Role, Row,
    manifest::Found,
    merge::{own_entries, sources},
    place::{Written, read},
    refusal::Problem,
    rewrite::content,
    text::Text,
};
pub(crate) use annotations::PREFIX as ANNOTATIONS;
use cursor::Cursor;
use objects::objects;

/// Finds all places of a stream, in the order of the text.
///
/// # Errors
///
/// The file must not be edited: duplicate keys on the way to an image, or an
/// image that is a template action.
pub(crate) fn find(stream: &Stream, reading: &Reading<'_>) -> Result<Found, Refusal> {
    let mut finder = Finder {
        markers: reading.markers,
        ..Finder::default()
    };
    let mut is_untyped = true;
    for document in stream.documents() {
        is_untyped &= find_in(document, reading.kind, &mut finder)?;
    }
    match reading.kind {
        FileKind::Values if is_untyped => helm_values::find(stream, &mut finder)?,
        FileKind::ArgoSource if is_untyped => {
            for document in stream.documents() {
                argo_cd::find_source(document, &mut finder)?;
            }
        }
        _ => {}
    }
    if !reading.fields.is_empty() {
        fields::find(stream, reading.fields, &mut finder)?;
    }
    if reading.markers {
        markers::find(stream, reading.images, &mut finder)?;
        annotations::find(stream, &mut finder);
    }
    Ok(finder.finish(stream))
}

/// Finds the places of the objects of a document; whether it names no type at all.
fn find_in(document: Document<'_>, file: FileKind, finder: &mut Finder) -> Result<bool, Refusal> {
    for object in objects(document) {
        pod_templates::find(&object, finder)?;
        kustomize::find(&object, finder)?;
        helm_release::find(&object, finder)?;
        argo_cd::find(&object, finder)?;
    }
    let is_untyped = objects::is_untyped(document);
    if is_untyped && file == FileKind::Kustomization {
        kustomize::find_untyped(document, finder)?;
    }
    Ok(is_untyped)
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

/// The most bytes of a name, a key or a reference that are looked at; all that can be used are far shorter.
const MAX_NAME: usize = 2048;

/// The most bytes that are kept of the images of a file, with aliases counted through: some 40,000 images.
const MAX_KEPT: usize = 64 << 20;

/// The same, of notes.
const MAX_NOTED: usize = 4 << 20;

/// Longer ways than this are only made of aliases, and lead to no image.
const DEEPEST: usize = 1_000;

/// Objects have no more annotations: the API server takes 256 KiB of them in all.
const MAX_ANNOTATIONS: usize = 1_000;

/// About how many bytes a place takes, with what an edit makes of it.
const PLACE: usize = 1536;

/// About how many bytes a node of a text inside a scalar takes.
const NODE: usize = 32;

/// What the rows report to.
#[derive(Default)]
struct Finder {
    places: Vec<Place>,
    texts: Vec<Text>,
    /// What leads to no image, and the byte where it stands.
    notes: Vec<(usize, String)>,
    /// Markers are looked for.
    markers: bool,
    /// The bytes of all notes.
    noted: usize,
    /// The text inside a scalar that is being looked through.
    within: Option<usize>,
    /// The scalars that were looked at for a text.
    holders: HashSet<usize>,
    /// How many bytes of names, paths and references were kept.
    kept: usize,
    /// The mappings that are known to have no duplicate keys.
    checked: HashSet<(Option<usize>, usize)>,
    /// The names that are known to be of images, so that no key says it again.
    taken: HashSet<(Option<usize>, usize)>,
}

/// Where an image was found.
#[derive(Clone, Copy)]
struct Site<'a> {
    row: Row,
    object: &'a Arc<Object>,
    naming: Naming<'a>,
}

/// What an image goes by.
#[derive(Clone, Copy)]
enum Naming<'a> {
    /// Its container, where that has a name.
    Container(Option<&'a str>),
    /// The keys that lead to it, without the first so many.
    Below(usize),
    /// A name of its own.
    Alias(&'a str),
    /// The last component of its own name.
    Image,
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
        // A name that is half of it is another one.
        if known
            .clone()
            .any(|(role, cursor)| role == Role::Registry && part(role, cursor).is_none())
        {
            return Ok(());
        }
        let known = known.filter_map(|(role, cursor)| Some((part(role, cursor)?, cursor)));
        let (parts, cursors): (Vec<Part>, Vec<&Cursor<'_>>) = known.unzip();
        self.add(site, cursor, parts, &cursors)
    }

    /// Notes that the scalar at `cursor` is an image, which the name of the one that it is put in the place of, and `=`, may stand before.
    fn substitute(&mut self, site: Site<'_>, cursor: &Cursor<'_>) -> Result<(), Refusal> {
        let Some(mut part) = part(Role::Whole, cursor) else {
            return Ok(());
        };
        let (other, image) = part.text.split_at(part.text.find('=').map_or(0, |at| at + 1));
        (part.substituted, part.text) = (Some(other.to_owned()), image.to_owned());
        self.add(site, cursor, vec![part], &[cursor])
    }

    /// Notes an image whose parts stand at `cursors`.
    fn add(
        &mut self,
        site: Site<'_>,
        cursor: &Cursor<'_>,
        parts: Vec<Part>,
        cursors: &[&Cursor<'_>],
    ) -> Result<(), Refusal> {
        let Some(Written { text, reference, image }) = read(&parts) else {
            return Ok(());
        };
        let action = parts.iter().position(|part| part.text.contains("{{"));
        // Where any key may hold any text, only what is a reference is an image.
        let is_meant = matches!(site.row, Row::PodTemplate | Row::Field | Row::Marker);
        if image.is_none() && !is_meant && action.is_none() || self.is_taken(site.naming, &parts) {
            return Ok(());
        }
        let texts = parts.iter().map(|part| 2 * part.text.len() + part.path.bytes());
        let names = site.naming.container().map_or(0, str::len) + site.object.bytes();
        self.keep(PLACE + texts.sum::<usize>() + 2 * names, cursor.node)?;
        cursors.iter().try_for_each(|cursor| self.check_way(cursor))?;
        // An `ApplicationSet` has actions of its own, which are filled in before anything is deployed.
        if action.is_some() && site.row == Row::ArgoCd {
            return Ok(());
        }
        if let Some(action) = action {
            return Err(Refusal::new(
                Problem::Template,
                cursors.get(action).copied().unwrap_or(cursor).node.location(),
            ));
        }
        self.places.push(Place {
            row: site.row,
            object: Arc::clone(site.object),
            container: site.naming.container().map(str::to_owned),
            alias: site.naming.alias(&cursor.path, &parts),
            path: cursor.path.clone(),
            text,
            reference,
            image,
            location: NOWHERE,
            parts,
            fields: Vec::new(),
            within: self.within,
        });
        Ok(())
    }

    /// Whether the name in `parts` is that of an image that was found under a name of its own before; if it has one, it is so now.
    fn is_taken(&mut self, naming: Naming<'_>, parts: &[Part]) -> bool {
        let names = parts
            .iter()
            .filter(|part| matches!(part.role, Role::Whole | Role::Name));
        let names = names.map(|part| (self.within, part.node)).collect::<Vec<_>>();
        match naming {
            Naming::Alias(_) => {
                self.taken.extend(names);
                false
            }
            _ => !self.taken.is_empty() && names.iter().any(|name| self.taken.contains(name)),
        }
    }

    /// Looks through the text in the scalar at `cursor`, which is YAML itself, beginning at its top.
    ///
    /// A text that several spots share is looked through once.
    fn text(
        &mut self,
        cursor: &Cursor<'_>,
        find: impl FnOnce(Cursor<'_>, &mut Self) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let Kind::Scalar(scalar) = cursor.node.kind() else {
            return Ok(());
        };
        if self.within.is_some() || !self.holders.insert(cursor.node.id()) {
            return Ok(());
        }
        let Some(text) = Text::read(scalar) else {
            return Ok(());
        };
        let text = match text {
            Ok(text) => text,
            Err(error) => {
                let message = format!("{}: the text in it is {error}, so no image is found there", cursor.path);
                self.note(cursor.node.span().start, message);
                return Ok(());
            }
        };
        self.keep(text.stream.nodes().len() * NODE, cursor.node)?;
        self.within = Some(self.texts.len());
        let (places, notes) = (self.places.len(), self.notes.len());
        let top = text.stream.documents().next();
        let found = top.map_or(Ok(()), |top| {
            let top = Cursor::inside(top.root(), cursor);
            find(top.clone(), self)?;
            if self.markers {
                markers::find_inside(&top, places, self);
            }
            Ok(())
        });
        self.within = None;
        found.map_err(|refusal: Refusal| refusal.at(cursor.node.location()))?;
        if self.places.len() > places {
            self.check_way(cursor)?;
        }
        for part in self.places[places..].iter_mut().flat_map(|place| &mut place.parts) {
            part.span = text.outside(part.span.clone());
        }
        for (offset, _) in &mut self.notes[notes..] {
            *offset = text.outside(*offset..*offset).start;
        }
        self.texts.push(text);
        Ok(())
    }

    /// Takes account of so many bytes that are kept of what stands at `node`.
    fn keep(&mut self, bytes: usize, node: Node<'_>) -> Result<(), Refusal> {
        self.kept = self.kept.saturating_add(bytes);
        if self.kept > MAX_KEPT {
            return Err(Refusal::new(Problem::TooMuchText(MAX_KEPT >> 20), node.location()));
        }
        Ok(())
    }

    /// What is known of the object at `cursor`.
    fn owner(&mut self, document: Document<'_>, cursor: &Cursor<'_>, kind: &str) -> Result<Arc<Object>, Refusal> {
        let object = owner(document, cursor, kind);
        let annotations = object.annotations.iter().map(|(key, value)| key.len() + value.len());
        self.keep(annotations.sum::<usize>() + object.bytes(), cursor.node)?;
        Ok(object)
    }

    /// Notes what leads to no image, and the byte where it stands.
    ///
    /// Once there is no room for more, what is noted is enough.
    fn note(&mut self, offset: usize, message: String) {
        self.noted = self.noted.saturating_add(message.len());
        if self.noted <= MAX_NOTED {
            self.notes.push((offset, message));
        }
    }

    /// All that was found, in the order of the text, with lines and columns.
    fn finish(self, stream: &Stream) -> Found {
        let Self {
            mut places,
            texts,
            mut notes,
            ..
        } = self;
        places.sort_by_key(start);
        locate(stream, &mut places);
        notes.sort();
        let locations = stream.locations(notes.iter().map(|(offset, _)| *offset));
        let notes = notes.into_iter().zip(locations);
        let notes = notes.map(|((_, message), location)| Note { location, message });
        Found {
            places,
            texts,
            notes: notes.collect(),
        }
    }

    /// Refuses duplicate keys in the mappings that led to `cursor`.
    fn check_way(&mut self, cursor: &Cursor<'_>) -> Result<(), Refusal> {
        for mapping in cursor.unchecked() {
            if !self.checked.insert((self.within, mapping.node().id())) {
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

impl Naming<'_> {
    fn container(&self) -> Option<&str> {
        match self {
            Self::Container(name) => *name,
            _ => None,
        }
    }

    /// The name that annotations use for the image at `path`, which `parts` say.
    fn alias(&self, path: &FieldPath, parts: &[Part]) -> Option<String> {
        match self {
            Self::Container(name) => name.map(str::to_owned),
            Self::Alias(alias) => Some((*alias).to_owned()),
            Self::Below(steps) => Some(values_alias(&path.dotted(*steps))),
            Self::Image => {
                let name = crate::place::name(parts)?;
                let name = crate::place::whole_name(&name);
                name.rsplit('/').next().map(str::to_owned)
            }
        }
    }
}

/// What the keys of a chart's values come to, without the one that says that it is an image.
fn values_alias(keys: &str) -> String {
    match keys.strip_suffix("image") {
        Some("") => "chart-image".to_owned(),
        Some(before) if before.ends_with('.') => before.trim_end_matches('.').to_owned(),
        _ if keys.is_empty() => "chart-image".to_owned(),
        _ => keys.to_owned(),
    }
}

/// The scalar at `cursor`, if it can say what its role is to say.
///
/// Names are text. Tags are often written as numbers; they mean what is written.
fn part(role: Role, cursor: &Cursor<'_>) -> Option<Part> {
    let text = match (cursor.node.kind(), role) {
        (Kind::Scalar(scalar), role) => text(role, scalar)?,
        // It is no digest, and in the way all the same.
        (Kind::Mapping(_), Role::Digest) => "{…}",
        (Kind::Sequence(_), Role::Digest) => "[…]",
        _ => return None,
    };
    Some(Part {
        role,
        path: cursor.path.clone(),
        text: text.to_owned(),
        span: cursor.node.span(),
        location: NOWHERE,
        marker: None,
        substituted: None,
        node: cursor.node.id(),
    })
}

/// The text of a scalar in its role, if it can have that.
fn text(role: Role, scalar: Scalar<'_>) -> Option<&str> {
    // Measured before it is read: thousands of aliases can stand for one long text.
    if scalar.text().len() > MAX_NAME {
        return None;
    }
    match (scalar.value(), role) {
        (Value::Null, _) => Some(""),
        (Value::Text(_), _) | (_, Role::Tag | Role::Digest) => Some(content(scalar)),
        _ => None,
    }
}

/// What is known of the object at `cursor`.
fn owner(document: Document<'_>, cursor: &Cursor<'_>, kind: &str) -> Arc<Object> {
    let metadata = cursor.last("metadata");
    let text = |key: &'static str| {
        let node = metadata.as_ref().and_then(|metadata| metadata.last(key))?;
        let scalar = node.node.as_scalar().filter(|scalar| scalar.text().len() <= MAX_NAME)?;
        (scalar.value() != Value::Null).then(|| scalar.text().to_owned())
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
    let texts = entries.filter_map(|entry| Some((text(entry.key)?, text(entry.value)?)));
    texts.take(MAX_ANNOTATIONS).collect()
}
