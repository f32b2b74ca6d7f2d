//! `images` of kustomizations: an image goes by one name in the manifests, and is deployed under another.

use std::sync::Arc;

use yaml_spans::{Document, Scalar, Value};

use super::{Cursor, Finder, Naming, Site, objects::Typed};
use crate::{Object, Refusal, Role, Row};

/// The group of what `kustomize` itself reads.
const KUSTOMIZE: &str = "kustomize.config.k8s.io";
/// The group of Flux's object that overrides it.
const FLUX: &str = "kustomize.toolkit.fluxcd.io";

/// Finds the images of an object, if it is a kustomization.
pub(super) fn find(object: &Typed<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let Some(path) = path_of(object.group, object.kind) else {
        return Ok(());
    };
    let owner = finder.owner(object.document, &object.cursor, object.kind)?;
    lists(Row::Kustomize, &owner, &object.cursor.descend(path), finder)
}

/// Finds the images of a document that is a kustomization by the name of its file alone.
pub(super) fn find_untyped(document: Document<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let top = Cursor::top(document.root());
    let kind = top.last("kind").and_then(|kind| kind.node.as_text());
    let owner = finder.owner(document, &top, kind.unwrap_or_default())?;
    lists(Row::Kustomize, &owner, &top.each("images"), finder)
}

/// Where the images of a kustomization stand; `None` for other kinds.
pub(super) fn path_of(group: &str, kind: &str) -> Option<&'static [&'static str]> {
    match (group, kind) {
        (KUSTOMIZE, "Kustomization" | "Component") => Some(&["images"]),
        (FLUX, "Kustomization") => Some(&["spec", "images"]),
        _ => None,
    }
}

/// Finds the images of the entries of `lists`.
pub(super) fn lists(row: Row, object: &Arc<Object>, lists: &[Cursor<'_>], finder: &mut Finder) -> Result<(), Refusal> {
    let site = Site {
        row,
        object,
        naming: Naming::Image,
    };
    for entry in lists.iter().flat_map(Cursor::items) {
        let scalar = |key| entry.last(key);
        let (name, new_name, tag, digest) = (scalar("name"), scalar("newName"), scalar("newTag"), scalar("digest"));
        // What is deployed goes by the new name, even if that is none.
        let is_text = |cursor: &Cursor<'_>| {
            matches!(
                cursor.node.as_scalar().map(Scalar::value),
                Some(Value::Text(_) | Value::Null)
            )
        };
        if !new_name.as_ref().is_none_or(is_text) {
            continue;
        }
        let parts = [
            (Role::FixedName, name.as_ref()),
            (Role::Name, new_name.as_ref()),
            (Role::Tag, tag.as_ref()),
            (Role::Digest, digest.as_ref()),
        ];
        finder.place(site, &entry, &parts)?;
    }
    Ok(())
}
