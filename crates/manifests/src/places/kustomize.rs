//! `images` of kustomizations: an image goes by one name in the manifests, and is deployed under another.

use std::sync::Arc;

use yaml_spans::Document;

use super::{Cursor, Finder, Site, object, types};
use crate::{FileKind, Object, Refusal, Role, Row};

/// The group of what `kustomize` itself reads.
const KUSTOMIZE: &str = "kustomize.config.k8s.io";
/// The group of Flux's object that overrides it.
const FLUX: &str = "kustomize.toolkit.fluxcd.io";

/// Finds the images of a document, if it is a kustomization by its kind or by the name of its file.
pub(super) fn find(document: Document<'_>, file: FileKind, finder: &mut Finder) -> Result<(), Refusal> {
    let top = Cursor::top(document.root());
    let types = types(&top);
    if types.is_empty() && file == FileKind::Kustomization {
        let kind = top.last("kind").and_then(|kind| kind.node.as_text());
        let object = object(document, &top, kind.unwrap_or_default());
        return lists(Row::Kustomize, &object, &top.each("images"), finder);
    }
    for (group, kind) in types {
        let path: &[&str] = match (group, kind) {
            (KUSTOMIZE, "Kustomization" | "Component") => &["images"],
            (FLUX, "Kustomization") => &["spec", "images"],
            _ => continue,
        };
        let object = object(document, &top, kind);
        lists(Row::Kustomize, &object, &top.descend(path), finder)?;
    }
    Ok(())
}

/// Finds the images of the entries of `lists`.
pub(super) fn lists(row: Row, object: &Arc<Object>, lists: &[Cursor<'_>], finder: &mut Finder) -> Result<(), Refusal> {
    let site = Site {
        row,
        object,
        container: None,
    };
    for entry in lists.iter().flat_map(Cursor::items) {
        let scalar = |key| entry.last(key);
        let (name, new_name, tag, digest) = (scalar("name"), scalar("newName"), scalar("newTag"), scalar("digest"));
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
