//! Which places of a repository's files are targets: opted in by an annotation of their object, by a marker, or by a rule.
//!
//! A function of the files and the configuration; nothing here waits or remembers.

mod opt_in;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::policy::Policy;
use domain::reference::{Repository, Value};
use manifests::{FieldPattern, Place, Role, Row};
use sha2::{Digest, Sha256};
use status_api::report::{FileProblem, OptedInBy, Workload};

use self::opt_in::{OptIn, Scope, check_annotations};
use crate::config::Config;
use crate::parts::Uses;
use crate::scan::{Ask, Asks};

/// An image in git that someone wants kept up to date.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// Opaque, and the same as long as repository, path, object and container are.
    pub(crate) id: String,
    /// The file, from the root of the repository.
    pub(crate) path: Arc<str>,
    /// The place in the file.
    pub(crate) place: Place,
    /// Its number among the places of the file, for the editor.
    pub(crate) index: usize,
    /// The image without tag and digest.
    pub(crate) image: Repository,
    /// What is written after its name.
    pub(crate) current: Value,
    /// What opted it in.
    pub(crate) by: OptedInBy,
    /// Its policy, or what is wrong with how it was opted in.
    pub(crate) policy: Result<Chosen, String>,
    /// The reason of `tidemark.dev/hold`.
    pub(crate) hold: Option<String>,
}

/// A policy, and the name it goes by.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub(crate) policy: Arc<Policy>,
    pub(crate) name: Option<String>,
}

/// The targets of one head, and what was found to be wrong on the way.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    pub(crate) targets: Vec<Target>,
    pub(crate) problems: Vec<FileProblem>,
    /// What of the configuration applied.
    pub(crate) used: Uses,
}

/// A file with the places of images in it.
#[derive(Debug, Clone)]
pub(crate) struct ImageFile {
    pub(crate) path: Arc<str>,
    pub(crate) places: Arc<[Place]>,
    /// The fields of rules that were looked for in it.
    pub(crate) fields: Arc<[FieldPattern]>,
}

impl Inventory {
    /// Finds the targets among the places of all files of a repository.
    pub(crate) fn of(repository: &str, files: &[ImageFile], config: &Config) -> Self {
        let mut scope = Scope::new(repository, config);
        let mut inventory = Self::default();
        for file in files {
            let mut ids = BTreeMap::new();
            for index in 0..file.places.len() {
                inventory.add(repository, file, index, &mut scope, &mut ids);
            }
            check_annotations(file, &mut inventory.problems);
        }
        inventory.used = scope.into_used();
        inventory
    }

    fn add(
        &mut self,
        repository: &str,
        file: &ImageFile,
        index: usize,
        scope: &mut Scope<'_>,
        ids: &mut BTreeMap<String, u32>,
    ) {
        let place = &file.places[index];
        let Some(OptIn { by, policy, hold }) = scope.opt_in(file, place) else {
            return;
        };
        let Some(reference) = &place.reference else {
            self.problems.push(problem(
                file,
                place,
                format!("`{}` is opted in, but is no image reference", place.text),
            ));
            return;
        };
        let id = target_id(repository, &file.path, place, ids);
        self.targets.push(Target {
            id,
            path: file.path.clone(),
            place: place.clone(),
            index,
            image: reference.repository.clone(),
            current: reference.value(),
            by,
            policy,
            hold,
        });
    }

    /// What has to be known of each repository to decide all targets; equal asks once.
    pub(crate) fn asks(&self) -> Asks {
        let mut asks = Asks::new();
        for target in &self.targets {
            let Ok(chosen) = &target.policy else { continue };
            let ask = Ask {
                policy: chosen.policy.clone(),
                current: target.current.clone(),
            };
            let known: &mut Vec<Ask> = asks.entry(target.image.clone()).or_default();
            if !known.contains(&ask) {
                known.push(ask);
            }
        }
        asks
    }
}

impl Target {
    /// Whom the image belongs to, as people name it.
    pub(crate) fn workload(&self) -> Workload {
        let object = &self.place.object;
        let container = self.place.alias.clone();
        if object.kind.is_empty() {
            let name = self.path.to_string();
            return Workload {
                name,
                container,
                ..Workload::default()
            };
        }
        Workload {
            namespace: Some(object.namespace.clone()),
            kind: object.kind.clone(),
            name: object.name.clone(),
            container,
        }
    }
}

fn problem(file: &ImageFile, place: &Place, message: String) -> FileProblem {
    FileProblem {
        path: file.path.to_string(),
        line: u32::try_from(place.location.line).ok(),
        message,
    }
}

/// A hash of repository, path, object and container or field: it says nothing, and survives moves of lines and documents.
///
/// What the object does not tell apart (two volumes, twice the same object in one file) is numbered in the order of the text.
fn target_id(repository: &str, path: &str, place: &Place, seen: &mut BTreeMap<String, u32>) -> String {
    let owner = place.object.to_string();
    let within = within(place);
    let twin = seen.entry(format!("{owner}\0{within}")).or_default();
    let mut hash = Sha256::new();
    for part in [repository, path, &owner, &within, &twin.to_string()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    *twin += 1;
    hex::encode(&hash.finalize()[..12])
}

/// What tells a place from others of its object: the container, the name that a kustomization knows the image by, or the field.
fn within(place: &Place) -> String {
    let fixed = place.part(Role::FixedName).map(|part| &part.text);
    match (place.row, fixed) {
        (Row::PodTemplate, _) => place.container.clone().unwrap_or_default(),
        (Row::Kustomize, Some(name)) => format!("images[name={name}]"),
        _ => place.path.to_string(),
    }
}

#[cfg(test)]
mod tests;
