//! Images in the releases of Flux: values for the chart, and what kustomizes its output.

use yaml_spans::Document;

use super::{Cursor, Finder, helm_values::values, kustomize, object, types};
use crate::{Refusal, Row};

/// The groups of Flux v2 and v1.
const GROUPS: [&str; 2] = ["helm.toolkit.fluxcd.io", "helm.fluxcd.io"];

/// Finds the images of a document, if it is a release.
pub(super) fn find(document: Document<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let top = Cursor::top(document.root());
    for (group, kind) in types(&top) {
        if kind != "HelmRelease" || !GROUPS.contains(&group) {
            continue;
        }
        let object = object(document, &top, kind);
        for found in top.descend(&["spec", "values"]) {
            values(Row::HelmRelease, &object, found, finder)?;
        }
        let renderers = top.descend(&["spec", "postRenderers"]);
        for renderer in renderers.iter().flat_map(Cursor::items) {
            let lists = renderer.descend(&["kustomize", "images"]);
            kustomize::lists(Row::HelmRelease, &object, &lists, finder)?;
        }
    }
    Ok(())
}
