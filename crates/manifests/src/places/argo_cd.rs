//! Images in the sources of Argo CD's applications: parameters and values for charts, images for kustomizations.

use std::{collections::HashMap, sync::Arc};

use yaml_spans::Document;

use super::{Cursor, Finder, MAX_NAME, Naming, Site, helm_values::values, objects::Typed, values_alias};
use crate::{Object, Refusal, Role, Row};

const GROUP: &str = "argoproj.io";

/// Finds the images of an object, if it is an application or makes some.
pub(super) fn find(object: &Typed<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let Some(template) = template_of(object.group, object.kind) else {
        return Ok(());
    };
    let owner = finder.owner(object.document, &object.cursor, object.kind)?;
    for spec in object.cursor.descend(template) {
        let several = spec.each("sources");
        let sources = spec.each("source").into_iter();
        for found in sources.chain(several.iter().flat_map(Cursor::items)) {
            source(&owner, &found, finder)?;
        }
    }
    Ok(())
}

/// Finds the images of a document that overrides a source by the name of its file.
pub(super) fn find_source(document: Document<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let top = Cursor::top(document.root());
    let owner = finder.owner(document, &top, "")?;
    source(&owner, &top, finder)
}

/// Where the specification of an application stands; `None` for other kinds.
pub(super) fn template_of(group: &str, kind: &str) -> Option<&'static [&'static str]> {
    match kind {
        _ if group != GROUP => None,
        "Application" => Some(&["spec"]),
        "ApplicationSet" => Some(&["spec", "template", "spec"]),
        _ => None,
    }
}

fn source(owner: &Arc<Object>, source: &Cursor<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    for helm in source.each("helm") {
        for list in helm.each("parameters") {
            parameters(owner, &list, finder)?;
        }
        for found in helm.each("valuesObject") {
            values(Row::ArgoCd, owner, found, finder)?;
        }
        for text in helm.each("values") {
            finder.text(&text, |top, finder| values(Row::ArgoCd, owner, top, finder))?;
        }
    }
    let site = Site {
        row: Row::ArgoCd,
        object: owner,
        naming: Naming::Image,
    };
    for entry in source.descend(&["kustomize", "images"]).iter().flat_map(Cursor::items) {
        finder.substitute(site, &entry)?;
    }
    Ok(())
}

/// Finds the images in a list of `name` and `value`; of a name that stands twice, the last one counts, as for Helm.
fn parameters(owner: &Arc<Object>, list: &Cursor<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let entries = list.items().filter_map(|entry| {
        let name = entry.last("name")?.node.as_text()?;
        let name = (name.len() <= MAX_NAME).then_some(name)?;
        Some((name, entry.last("value")?))
    });
    let entries = entries.collect::<Vec<_>>();
    let known = entries.iter().map(|(name, value)| (*name, value));
    let known = known.collect::<HashMap<&str, &Cursor<'_>>>();
    for (name, value) in &entries {
        let is_last = known.get(name).is_some_and(|last| last.path == value.path);
        let Some((prefix, kind)) = kind(name).filter(|_| is_last) else {
            continue;
        };
        let site = Site {
            row: Row::ArgoCd,
            object: owner,
            naming: Naming::Alias(&values_alias(prefix)),
        };
        let sibling = |key: &str| {
            let name = if prefix.is_empty() {
                key.to_owned()
            } else {
                format!("{prefix}.{key}")
            };
            known.get(name.as_str()).copied()
        };
        let (registry, tag, digest) = (sibling("registry"), sibling("tag"), sibling("digest"));
        if name.ends_with(".name") && sibling("repository").is_some() {
            continue;
        }
        match kind {
            // Beside a tag it is a name.
            Kind::Whole if tag.is_none() || !value.node.as_text().is_some_and(is_name) => finder.image(site, value)?,
            _ => {
                let name = (Role::Name, Some(value));
                let parts = [
                    (Role::Registry, registry),
                    name,
                    (Role::Tag, tag),
                    (Role::Digest, digest),
                ];
                finder.place(site, value, &parts)?;
            }
        }
    }
    Ok(())
}

/// What the value of a parameter is.
#[derive(Clone, Copy)]
enum Kind {
    Whole,
    Name,
}

/// What is in front of the last key of the name of a parameter, and what its value is, if it is of an image.
fn kind(name: &str) -> Option<(&str, Kind)> {
    let (prefix, key) = name.rsplit_once('.').unwrap_or(("", name));
    match key {
        "image" => Some((prefix, Kind::Whole)),
        "repository" if !prefix.is_empty() => Some((prefix, Kind::Name)),
        // What charts call `repository` is `name` in the image updater's own defaults.
        "name" if prefix.ends_with("image") || prefix.ends_with("Image") => Some((prefix, Kind::Name)),
        _ => None,
    }
}

/// Whether a text has neither tag nor digest; the port of a registry stands before the last slash.
fn is_name(text: &str) -> bool {
    let last = text.rsplit('/').next().unwrap_or(text);
    !last.contains([':', '@'])
}
