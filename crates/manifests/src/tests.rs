//! Features through text: what is found, and what an edit makes of it.

use std::fmt::Write as _;

use domain::reference::{Repository, Value};
use expect_test::Expect;

use crate::{Edit, Edited, FileKind, Manifest, Place, Refusal};

mod anchors;
mod annotations;
mod argo_cd;
mod bytes;
mod fields;
mod found;
mod goldens;
mod helm_release;
mod helm_values;
mod hostile;
mod kustomize;
mod markers;
mod properties;
mod refused;
mod scalars;
mod styles;

/// A digest, for whoever needs one.
const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Sets `nginx` to `value` wherever it is written, and shows what came of it.
fn check(text: &str, value: &str, expected: &Expect) {
    expected.assert_eq(&shown(text, value, |_| true));
}

/// As [`check`], in some places only.
fn check_where(text: &str, value: &str, wanted: fn(&Place) -> bool, expected: &Expect) {
    expected.assert_eq(&shown(text, value, wanted));
}

/// Shows where images are found.
fn check_places(text: &str, expected: &Expect) {
    let mut out = String::new();
    match Manifest::read(text) {
        Ok(manifest) => {
            for place in manifest.places() {
                writeln!(out, "{} {place} {:?}", place.location, place.text).unwrap();
            }
        }
        Err(refusal) => out = refused(&refusal),
    }
    expected.assert_eq(&out);
}

/// As [`check`], in a file of a kind, and with a new name if there is one.
fn check_file(kind: FileKind, text: &str, value: &str, name: Option<&str>, expected: &Expect) {
    let manifest = Manifest::read_as(kind, text);
    let edited = manifest.and_then(|manifest| edit(&manifest, value, name, |_| true));
    expected.assert_eq(&told(text, edited));
}

fn shown(text: &str, value: &str, wanted: fn(&Place) -> bool) -> String {
    told(text, edited(text, value, None, wanted))
}

/// What differs, what was refused, and where there was nothing to set.
fn told(text: &str, edited: Result<Edited, Refusal>) -> String {
    let edited = match edited {
        Ok(edited) => edited,
        Err(refusal) => return refused(&refusal),
    };
    let mut out = difference(text, &edited.text);
    for refused in &edited.refused {
        writeln!(out, "{}: {}", refused.code, refused.reason).unwrap();
    }
    if !edited.nothing_to_set.is_empty() {
        writeln!(out, "nothing to set: {:?}", edited.nothing_to_set).unwrap();
    }
    out
}

/// Sets the tag and digest of `nginx`, and its name if there is a new one.
fn edited(text: &str, value: &str, name: Option<&str>, wanted: impl Fn(&Place) -> bool) -> Result<Edited, Refusal> {
    edit(&Manifest::read(text)?, value, name, wanted)
}

fn edit(
    manifest: &Manifest,
    value: &str,
    name: Option<&str>,
    wanted: impl Fn(&Place) -> bool,
) -> Result<Edited, Refusal> {
    let nginx = Repository::parse("nginx").unwrap();
    let is_nginx = |place: &Place| place.image.as_ref() == Some(&nginx);
    let places = manifest.places().iter().enumerate();
    let places = places.filter(|(_, place)| is_nginx(place) && wanted(place));
    let edit = |(place, _)| Edit {
        place,
        to: Value::parse(value).unwrap(),
        name: name.map(str::to_owned),
    };
    manifest.edit(&places.map(edit).collect::<Vec<_>>())
}

fn refused(refusal: &Refusal) -> String {
    format!("{}: {}: {refusal}\n", refusal.location(), refusal.code())
}

/// The lines that differ; the tests here never change how many there are.
fn difference(old: &str, new: &str) -> String {
    let mut out = String::new();
    for (old, new) in old.split('\n').zip(new.split('\n')).filter(|(old, new)| old != new) {
        writeln!(out, "- {}\n+ {}", old.escape_debug(), new.escape_debug()).unwrap();
    }
    out
}

/// A Deployment whose only container is the lines of `container`, indented as they need to be.
fn deployment(container: &str) -> String {
    let container = container.replace('\n', "\n          ");
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  template:\n    \
         spec:\n      containers:\n        - {container}\n"
    )
}
