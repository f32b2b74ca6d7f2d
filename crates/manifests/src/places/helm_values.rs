//! Images in Helm values: charts agree on the keys that describe one, and on nothing else.

use std::sync::Arc;

use yaml_spans::{Kind, Stream};

use super::{Cursor, DEEPEST, Finder, MAX_NAME, Naming, Site};
use crate::{Object, Refusal, Role, Row};

/// Maps of texts that are somebody else's, by their key or the end of it.
const OTHERS: [(&str, &str); 4] = [
    ("env", "Env"),
    ("args", "Args"),
    ("labels", "Labels"),
    ("annotations", "Annotations"),
];

/// Finds the images of a file of values.
pub(super) fn find(stream: &Stream, finder: &mut Finder) -> Result<(), Refusal> {
    for document in stream.documents() {
        let top = Cursor::top(document.root());
        let owner = finder.owner(document, &top, "")?;
        values(Row::HelmValues, &owner, top, finder)?;
    }
    Ok(())
}

/// Finds the images in the values at `top`, at any depth.
pub(super) fn values(row: Row, object: &Arc<Object>, top: Cursor<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let site = Site {
        row,
        object,
        naming: Naming::Below(top.path.length()),
    };
    let mut waiting = vec![top];
    while let Some(cursor) = waiting.pop() {
        if cursor.path.length() > DEEPEST {
            continue;
        }
        let from = waiting.len();
        let entries = cursor.entries();
        let siblings = Siblings::among(&entries);
        for (key, value) in entries {
            if is_image(key) {
                image(site, &siblings, key, &value, finder)?;
            }
            if !is_of_others(key) && !matches!(value.node.kind(), Kind::Scalar(_)) {
                waiting.push(value);
            }
        }
        let items = cursor.items();
        waiting.extend(items.filter(|item| !matches!(item.node.kind(), Kind::Scalar(_))));
        // The first is to be the next one.
        waiting[from..].reverse();
    }
    Ok(())
}

/// What may stand beside a name; of duplicate keys the last.
struct Siblings<'s> {
    registry: Option<Cursor<'s>>,
    tag: Option<Cursor<'s>>,
    digest: Option<Cursor<'s>>,
}

impl<'s> Siblings<'s> {
    fn among(entries: &[(&'s str, Cursor<'s>)]) -> Self {
        let last = |wanted: &str| {
            entries
                .iter()
                .rfind(|(key, _)| *key == wanted)
                .map(|(_, value)| value.clone())
        };
        Self {
            registry: last("registry"),
            tag: last("tag"),
            digest: last("digest"),
        }
    }
}

fn is_image(key: &str) -> bool {
    key == "image" || key.ends_with("Image")
}

fn is_of_others(key: &str) -> bool {
    OTHERS.iter().any(|(whole, end)| key == *whole || key.ends_with(end))
}

/// Notes the image that is the value of `key`, which `siblings` stand beside.
fn image(
    site: Site<'_>,
    siblings: &Siblings<'_>,
    key: &str,
    value: &Cursor<'_>,
    finder: &mut Finder,
) -> Result<(), Refusal> {
    if let Kind::Sequence(_) = value.node.kind() {
        return value.items().try_for_each(|item| listed(site, &item, finder));
    }
    let Some(text) = value.node.as_text() else {
        return described(site, value, finder);
    };
    if key != "image" {
        return finder.image(site, value);
    }
    if text.len() > MAX_NAME {
        return Ok(());
    }
    // Beside a tag it is a name, as Flux v1 knew it; else it is all of the image.
    if siblings.tag.is_some() && !text.contains('@') && !has_tag(text) {
        return split(site, value, siblings, Some(value), finder);
    }
    let parts = [
        (Role::Registry, siblings.registry.as_ref()),
        (Role::Whole, Some(value)),
        (Role::Digest, siblings.digest.as_ref()),
    ];
    finder.place(site, value, &parts)
}

/// Notes the image that an item of a list of images is.
fn listed(site: Site<'_>, item: &Cursor<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    match item.node.kind() {
        Kind::Scalar(_) => finder.image(site, item),
        _ => described(site, item, finder),
    }
}

/// Notes the image that the map at `cursor` describes, if it does.
pub(super) fn described(site: Site<'_>, cursor: &Cursor<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let name = cursor.last("repository").or_else(|| cursor.last("name"));
    let siblings = Siblings {
        registry: cursor.last("registry"),
        tag: cursor.last("tag"),
        digest: cursor.last("digest"),
    };
    split(site, cursor, &siblings, name.as_ref(), finder)
}

/// Notes the image at `cursor` whose `name` stands with registry, tag and digest.
fn split(
    site: Site<'_>,
    cursor: &Cursor<'_>,
    siblings: &Siblings<'_>,
    name: Option<&Cursor<'_>>,
    finder: &mut Finder,
) -> Result<(), Refusal> {
    let parts = [
        (Role::Registry, siblings.registry.as_ref()),
        (Role::Name, name),
        (Role::Tag, siblings.tag.as_ref()),
        (Role::Digest, siblings.digest.as_ref()),
    ];
    finder.place(site, cursor, &parts)
}

/// Whether a colon stands behind the last slash; the port of a registry stands before it.
fn has_tag(text: &str) -> bool {
    text.rsplit('/').next().is_some_and(|last| last.contains(':'))
}
