//! Images in the releases of Flux: values for the chart, and what kustomizes its output.

use std::{collections::HashMap, sync::Arc};

use super::{Cursor, Finder, Naming, Site, helm_values::values, kustomize, objects::Typed};
use crate::{Object, Refusal, Role, Row};

/// The groups of Flux v2 and v1.
const GROUPS: [&str; 2] = ["helm.toolkit.fluxcd.io", "helm.fluxcd.io"];

/// Annotations of Flux v1 that say where in the values an image is written; an alias follows.
const REPOSITORY: &str = "repository.fluxcd.io/";
const REGISTRY: &str = "registry.fluxcd.io/";
const TAG: &str = "tag.fluxcd.io/";

/// How many images of a release are looked for by annotations.
const MAX_ALIASES: usize = 256;

/// Finds the images of an object, if it is a release.
pub(super) fn find(object: &Typed<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    if !is_release(object.group, object.kind) {
        return Ok(());
    }
    let owner = finder.owner(object.document, &object.cursor, object.kind)?;
    for found in object.cursor.descend(&["spec", "values"]) {
        aliases(&owner, &object.cursor, &found, finder)?;
        values(Row::HelmRelease, &owner, found, finder)?;
    }
    let renderers = object.cursor.descend(&["spec", "postRenderers"]);
    for renderer in renderers.iter().flat_map(Cursor::items) {
        let lists = renderer.descend(&["kustomize", "images"]);
        kustomize::lists(Row::HelmRelease, &owner, &lists, finder)?;
    }
    Ok(())
}

/// Whether a kind is a release.
pub(super) fn is_release(group: &str, kind: &str) -> bool {
    kind == "HelmRelease" && GROUPS.contains(&group)
}

/// Finds the images in `values` that annotations of the release name; they go before what is found by its keys.
fn aliases(owner: &Arc<Object>, release: &Cursor<'_>, values: &Cursor<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let annotations = owner.annotations.iter();
    let all = annotations.clone().map(|(key, value)| (key.as_str(), value.as_str()));
    let all = all.collect::<HashMap<_, _>>();
    let mut lookup = Lookup::default();
    let named = annotations.filter_map(|(key, path)| Some((key, path, key.strip_prefix(REPOSITORY)?)));
    for (key, path, alias) in named.take(MAX_ALIASES) {
        let Some(name) = lookup.dotted(values, path) else {
            let message = format!("{owner}: `{key}` names `{path}`, which is not among the values");
            finder.note(release.node.span().start, message);
            continue;
        };
        let path_of = |prefix: &str| all.get(format!("{prefix}{alias}").as_str()).copied();
        let (registry, tag) = (path_of(REGISTRY), path_of(TAG));
        // Where the tag has a place of its own, it is not looked for behind the name.
        let name_role = if tag.is_some() { Role::Name } else { Role::Whole };
        let mut at = |path: Option<&str>| lookup.dotted(values, path?);
        let (registry, tag) = (at(registry), at(tag));
        let site = Site {
            row: Row::HelmRelease,
            object: owner,
            naming: Naming::Alias(alias),
        };
        let parts = [
            (Role::Registry, registry.as_ref()),
            (name_role, Some(&name)),
            (Role::Tag, tag.as_ref()),
        ];
        finder.place(site, &name, &parts)?;
    }
    Ok(())
}

/// The entries of mappings by their keys: thousands of paths can lead through the same ones.
#[derive(Default)]
struct Lookup<'s>(HashMap<usize, HashMap<&'s str, Cursor<'s>>>);

impl<'s> Lookup<'s> {
    /// The value at the end of keys, or numbers of items, with dots between.
    fn dotted(&mut self, top: &Cursor<'s>, path: &str) -> Option<Cursor<'s>> {
        path.split('.').try_fold(top.clone(), |cursor, step| {
            if cursor.node.as_sequence().is_some() {
                return cursor.items().nth(step.parse().ok()?);
            }
            let entries = self.0.entry(cursor.node.id());
            let entries = entries.or_insert_with(|| cursor.entries().into_iter().collect());
            entries.get(step).cloned()
        })
    }
}
