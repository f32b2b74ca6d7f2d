//! Images that markers of Flux are written beside.
//!
//! A marker on a scalar that a row knows opts in what the row found. One on any
//! other scalar makes a place of it; what says which image it is stands beside it, or under the same policy elsewhere.

use std::collections::HashMap;

use yaml_spans::{Comment, Document, Kind, Node, Stream, Style};

use super::{Cursor, Finder, Naming, Site, part};
use crate::{Aspect, FieldPath, Marker, Part, Place, Refusal, Role, Row, marker::KEY, place::name};

/// A scalar with its marker.
struct Marked<'s> {
    cursor: Cursor<'s>,
    marker: Marker,
}

/// Takes note of all markers of a stream.
pub(super) fn find(stream: &Stream, images: &[(String, String)], finder: &mut Finder) -> Result<(), Refusal> {
    let mut wanted = wanted(stream, finder).into_iter().peekable();
    let known = known(0, finder);
    let mut of_document: HashMap<usize, Vec<usize>> = HashMap::new();
    for (number, place) in finder
        .places
        .iter()
        .enumerate()
        .filter(|(_, place)| place.within.is_none())
    {
        of_document.entry(place.object.document).or_default().push(number);
    }
    for document in stream.documents() {
        let end = document.nodes().last().map_or(0, Node::id);
        let mut here = Vec::new();
        while let Some(found) = wanted.next_if(|(node, _)| node.id() <= end) {
            here.push(found);
        }
        let strays = attach(cursors(&Cursor::top(document.root()), here, finder), &known, finder);
        let places = of_document.remove(&document.index()).unwrap_or_default();
        groups(document, strays, images, &places, finder)?;
    }
    check(0, finder);
    Ok(())
}

/// Takes note of all markers of a text inside a scalar, whose top is `top`; there they stand beside what a row knows, or for nothing.
///
/// What was found in it are the places from the number `first` on.
pub(super) fn find_inside(top: &Cursor<'_>, first: usize, finder: &mut Finder) {
    // The first document is what the chart gets.
    let end = top.node.id() + top.node.size();
    let mut wanted = wanted(top.node.stream(), finder);
    wanted.retain(|(node, _)| node.id() < end);
    let known = known(first, finder);
    for stray in attach(cursors(top, wanted, finder), &known, finder) {
        let message = format!(
            "{}: the marker stands beside nothing that is known to be an image",
            stray.cursor.path
        );
        finder.note(stray.cursor.node.span().start, message);
    }
    check(first, finder);
}

/// The nodes that have a marker, in the order of the text; what looks like a marker and is none is noted.
fn wanted<'s>(stream: &'s Stream, finder: &mut Finder) -> Vec<(Node<'s>, Marker)> {
    let mut found = Vec::new();
    if !stream.text().contains(KEY) {
        return found;
    }
    for comment in stream.comments() {
        let marker = match Marker::read(comment.text) {
            None => continue,
            Some(Ok(marker)) => marker,
            Some(Err(error)) => {
                finder.note(comment.span().start, error.to_string());
                continue;
            }
        };
        match node_of(stream, comment) {
            Some(node) => found.push((node, marker)),
            None => finder.note(
                comment.span().start,
                "the marker stands on no line with a value; write it behind the value that it is for".to_owned(),
            ),
        }
    }
    // The marker of a block scalar stands before it.
    found.sort_by_key(|(node, _)| node.id());
    found.dedup_by_key(|(node, _)| node.id());
    found
}

/// The scalar, or the alias of one, that a comment stands behind; of a block scalar, behind its header.
fn node_of<'s>(stream: &'s Stream, comment: Comment<'s>) -> Option<Node<'s>> {
    let start = comment.span().start;
    let line = stream.line(start);
    let behind = stream.first_node_from(start);
    let is_header = |node: &Node<'_>| match node.kind() {
        Kind::Scalar(scalar) => {
            matches!(scalar.style(), Style::Literal | Style::Folded) && is_next(stream, comment, *node)
        }
        _ => false,
    };
    if let Some(block) = behind.filter(is_header) {
        return Some(block);
    }
    let last = behind.map_or(stream.nodes().len(), Node::id).checked_sub(1)?;
    let node = stream.node(last);
    let is_scalar = matches!(node.kind(), Kind::Scalar(_) | Kind::Alias(_)) && !node.span().is_empty();
    (is_scalar && stream.line(node.span().end.saturating_sub(1)) == line).then_some(node)
}

/// Whether nothing stands between a comment and a block scalar: then the comment stands behind its header.
///
/// Looks forward, so that of many comments above one block only the last looks at all the empty lines between.
fn is_next(stream: &Stream, comment: Comment<'_>, node: Node<'_>) -> bool {
    let between = stream.text().get(comment.span().end..node.span().start);
    between.is_some_and(|text| text.trim_start_matches([' ', '\t', '\n', '\r']).is_empty())
}

/// The ways to the nodes that have markers; keys are noted.
fn cursors<'s>(top: &Cursor<'s>, wanted: Vec<(Node<'s>, Marker)>, finder: &mut Finder) -> Vec<Marked<'s>> {
    let ids = wanted.iter().map(|(node, _)| node.id()).collect::<Vec<_>>();
    let mut found = top.lead_to(&ids);
    let mut marked = Vec::new();
    for (node, marker) in wanted {
        match found.remove(&node.id()) {
            Some(cursor) => marked.push(Marked { cursor, marker }),
            None => finder.note(
                node.span().start,
                "the marker stands behind a key; write it behind the value".to_owned(),
            ),
        }
    }
    marked
}

/// The parts of places by their paths; in which document, the node says.
type Known = HashMap<(usize, FieldPath), Vec<(usize, usize)>>;

fn known(first: usize, finder: &Finder) -> Known {
    let mut known = Known::new();
    for (place, found) in finder.places.iter().enumerate().skip(first) {
        for (part, written) in found.parts.iter().enumerate() {
            if found.within == finder.within {
                let key = (written.node, written.path.clone());
                known.entry(key).or_default().push((place, part));
            }
        }
    }
    known
}

/// Puts the markers to the parts of places that they stand beside; the others are left.
fn attach<'s>(marked: Vec<Marked<'s>>, known: &Known, finder: &mut Finder) -> Vec<Marked<'s>> {
    let mut strays = Vec::new();
    for marked in marked {
        let key = (marked.cursor.node.id(), marked.cursor.path.clone());
        let Some(parts) = known.get(&key) else {
            strays.push(marked);
            continue;
        };
        for &(place, part) in parts {
            let role = finder.places[place].parts[part].role;
            if fits(marked.marker.aspect, role) {
                finder.places[place].parts[part].marker = Some(marked.marker.clone());
            } else {
                let spot = finder.places[place].spot(&finder.places[place].parts[part]);
                let message = format!(
                    "{spot}: the marker says that the value is {}, but it is {}",
                    marked.marker.aspect.words(),
                    words(role)
                );
                finder.note(marked.cursor.node.span().start, message);
            }
        }
    }
    strays
}

fn fits(aspect: Aspect, role: Role) -> bool {
    match aspect {
        Aspect::Whole => role == Role::Whole,
        Aspect::Tag => role == Role::Tag,
        Aspect::Name => matches!(role, Role::Name | Role::FixedName),
        Aspect::Digest => role == Role::Digest,
    }
}

fn words(role: Role) -> &'static str {
    match role {
        Role::Whole => Aspect::Whole.words(),
        Role::Name | Role::FixedName => Aspect::Name.words(),
        Role::Registry => "a registry alone",
        Role::Tag => Aspect::Tag.words(),
        Role::Digest => Aspect::Digest.words(),
    }
}

/// What several marked scalars are told to be one image by: their policy, and the mapping that they stand in.
#[derive(PartialEq, Eq, Hash)]
struct Group {
    namespace: String,
    policy: String,
    around: FieldPath,
}

/// Makes places of marked scalars that no row knows; `known` are the numbers of those that the rows know.
fn groups(
    document: Document<'_>,
    strays: Vec<Marked<'_>>,
    images: &[(String, String)],
    known: &[usize],
    finder: &mut Finder,
) -> Result<(), Refusal> {
    let mut order = Vec::new();
    let mut groups: HashMap<Group, usize> = HashMap::new();
    for marked in strays {
        // A whole image is complete by itself.
        let around = match marked.marker.aspect {
            Aspect::Whole => marked.cursor.path.clone(),
            _ => marked.cursor.path.above(),
        };
        let group = Group {
            namespace: marked.marker.namespace.clone(),
            policy: marked.marker.policy.clone(),
            around,
        };
        let number = *groups.entry(group).or_insert_with(|| {
            order.push(Vec::new());
            order.len() - 1
        });
        order[number].push(marked);
    }
    if order.is_empty() {
        return Ok(());
    }
    let top = Cursor::top(document.root());
    let kind = top
        .last("kind")
        .and_then(|kind| kind.node.as_text())
        .unwrap_or_default();
    let is_object = !kind.is_empty() && top.last("apiVersion").is_some();
    let object = finder.owner(document, &top, if is_object { kind } else { "" })?;
    let site = Site {
        row: Row::Marker,
        object: &object,
        naming: Naming::Image,
    };
    let mut names = Names::default();
    known.iter().for_each(|&number| names.learn(&finder.places[number]));
    // What says its name can say it for others.
    order.sort_by_key(|group| !group.iter().any(says_name));
    for group in order {
        let before = finder.places.len();
        place(site, &group, images, &names, finder)?;
        finder.places[before..].iter().for_each(|place| names.learn(place));
    }
    Ok(())
}

fn says_name(marked: &Marked<'_>) -> bool {
    matches!(marked.marker.aspect, Aspect::Whole | Aspect::Name)
}

/// Makes a place of the scalars that have markers of one policy in one mapping.
fn place(
    site: Site<'_>,
    group: &[Marked<'_>],
    images: &[(String, String)],
    names: &Names,
    finder: &mut Finder,
) -> Result<(), Refusal> {
    let first = &group[0];
    let mut parts = group.iter().filter_map(marked_part).collect::<Vec<_>>();
    if !group.iter().any(says_name) {
        let image = images.iter().find(|(policy, _)| *policy == first.marker.policy);
        let name = match image {
            Some((_, image)) => configured(&parts, image).ok_or_else(String::new),
            None => names.of(&first.marker),
        };
        match name {
            Ok(name) => parts.push(name),
            Err(message) => {
                finder.note(
                    first.cursor.node.span().start,
                    format!("{}: {message}", first.cursor.path),
                );
                return Ok(());
            }
        }
    }
    let cursors = group.iter().map(|marked| &marked.cursor).collect::<Vec<_>>();
    finder.add(site, &first.cursor, parts, &cursors)
}

fn marked_part(marked: &Marked<'_>) -> Option<Part> {
    let role = match marked.marker.aspect {
        Aspect::Whole => Role::Whole,
        Aspect::Tag => Role::Tag,
        Aspect::Name => Role::Name,
        Aspect::Digest => Role::Digest,
    };
    let mut part = part(role, &marked.cursor)?;
    part.marker = Some(marked.marker.clone());
    Some(part)
}

/// The name of an image that is written nowhere in the file: it has the place of what is, and is never written.
fn configured(parts: &[Part], image: &str) -> Option<Part> {
    let mut part = parts.first()?.clone();
    part.role = Role::FixedName;
    part.text = image.to_owned();
    part.marker = None;
    Some(part)
}

/// The names of the images of a document that markers mark, by the policies that they name.
#[derive(Default)]
struct Names(HashMap<(String, String), Named>);

/// What a policy marks.
enum Named {
    /// Images of one name, and a part that says it.
    One(Option<String>, Part),
    Several,
}

impl Names {
    fn learn(&mut self, place: &Place) {
        let says = |part: &&Part| matches!(part.role, Role::Whole | Role::Name | Role::FixedName);
        let (Some(marker), Some(own)) = (place.marker(), place.parts.iter().find(says)) else {
            return;
        };
        let name = name(&place.parts);
        let policy = (marker.namespace.clone(), marker.policy.clone());
        let named = self
            .0
            .entry(policy)
            .or_insert_with(|| Named::One(name.clone(), own.clone()));
        if matches!(named, Named::One(other, _) if *other != name) {
            *named = Named::Several;
        }
    }

    /// The name that the policy of `marker` has elsewhere in the document, if it has one there.
    fn of(&self, marker: &Marker) -> Result<Part, String> {
        let policy = (marker.namespace.clone(), marker.policy.clone());
        let (name, part) = match self.0.get(&policy) {
            Some(Named::One(name, part)) => (name, part),
            Some(Named::Several) => {
                return Err(format!(
                    "the marker names `{}:{}`, which marks several images in this document; mark the name beside it, too",
                    marker.namespace, marker.policy
                ));
            }
            None => {
                return Err(format!(
                    "the marker says nothing of which image it is; mark its name with `{{\"{KEY}\": \"{}:{}:name\"}}`, too, \
                     or give the policy `{}` an `image`",
                    marker.namespace, marker.policy, marker.policy
                ));
            }
        };
        let mut part = part.clone();
        part.role = Role::FixedName;
        part.text = crate::place::whole_name(name.as_deref().unwrap_or_default()).to_owned();
        part.marker = None;
        Ok(part)
    }
}

/// Takes back the markers of places, from the number `first` on, that follow two policies at once.
fn check(first: usize, finder: &mut Finder) {
    let mut notes = Vec::new();
    let places = finder.places[first..].iter_mut();
    for place in places.filter(|place| place.within == finder.within) {
        let policies = place.parts.iter().filter_map(|part| part.marker.as_ref());
        let mut policies = policies.map(|marker| (&marker.namespace, &marker.policy));
        let Some(first) = policies.next() else { continue };
        let Some(other) = policies.find(|policy| *policy != first) else {
            continue;
        };
        let message = format!(
            "{place}: one image has markers of two policies, `{}:{}` and `{}:{}`",
            first.0, first.1, other.0, other.1
        );
        let at = place.parts.iter().map(|part| part.span.start).min();
        notes.push((at.unwrap_or_default(), message));
        for part in &mut place.parts {
            part.marker = None;
        }
    }
    finder.notes.extend(notes);
}
