//! Files of every row of the contract, with images in all the places where they are written, and where they are not.

mod argo;
mod elsewhere;
mod kustomize;
mod pods;
mod releases;
mod values;

use super::chance::Chance;
use super::tree::Node;
use super::wish::Wish;

/// The documents of a file, and what it may be called.
pub(super) struct Sheet {
    pub(super) documents: Vec<Node>,
    pub(super) name: Name,
    /// The row of the contract.
    pub(super) row: &'static str,
}

/// What a file may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// Anything: what is in it says what it is.
    Any,
    /// One of these, and it is found in a folder.
    Found(&'static str),
    /// This, and it has to be named itself.
    Named(&'static str),
}

/// What writes a file of one row.
type Shape = fn(&mut Chance, &Wish) -> Sheet;

/// One for each row, as often as it is common.
const SHAPES: &[Shape] = &[
    pods::workloads,
    pods::workloads,
    pods::patch,
    pods::in_list,
    kustomize::kustomization,
    kustomize::kustomization,
    kustomize::of_flux,
    values::found,
    values::found,
    values::named,
    releases::of_flux,
    releases::of_flux_v1,
    argo::application,
    argo::application,
    argo::application_set,
    argo::source_file,
    elsewhere::alone,
    mixed,
];

/// A file of the row whose turn it is.
pub(super) fn sheet(chance: &mut Chance, wish: &Wish, turn: usize) -> Sheet {
    SHAPES[turn % SHAPES.len()](chance, wish)
}

/// Objects of several rows in one file, as `helm template` and `kubectl get` leave them.
fn mixed(chance: &mut Chance, wish: &Wish) -> Sheet {
    let object = |chance: &mut Chance| match chance.below(6) {
        0 => pods::workload(chance, wish),
        1 => kustomize::of_flux(chance, wish).documents.remove(0),
        2 => releases::of_flux(chance, wish).documents.remove(0),
        3 => argo::application(chance, wish).documents.remove(0),
        4 => elsewhere::object(chance, wish),
        _ => pods::workload(chance, wish),
    };
    let count = 2 + chance.below(5);
    Sheet {
        documents: (0..count).map(|_| object(chance)).collect(),
        name: Name::Any,
        row: "row: several",
    }
}
