//! Laws of editing (`contracts/editing.md` §1 and §4), for any bytes in a file of any name.

mod input;
mod laws;
mod second;

use manifests::{FieldPattern, FileKind, Manifest, Reading, may_hold_images};

use input::{values, wanted};

/// One name for each kind of file.
const NAMES: [&str; 5] = [
    "web.yaml",
    "kustomization.yaml",
    "values.yaml",
    "Chart.yaml",
    ".argocd-source-web.yaml",
];

/// Where rules look for images.
const FIELDS: [&str; 4] = [
    "spec.engine.image",
    "spec.jobs[*].image",
    "spec.jobs[name=b].image",
    "*[0].x",
];

/// How many places are edited one at a time.
const MOST: usize = 4;

pub(crate) fn check(data: &[u8]) {
    let fields = FIELDS.map(|field| FieldPattern::parse(field).expect("the fields are ones"));
    let images = [("ns:other".to_owned(), "nginx".to_owned())];
    for name in NAMES {
        let kind = FileKind::of(name);
        check_as(
            &Reading {
                kind,
                ..Reading::default()
            },
            data,
        );
        let reading = Reading {
            kind,
            markers: true,
            fields: &fields,
            images: &images,
        };
        check_as(&reading, data);
    }
}

fn check_as(reading: &Reading<'_>, data: &[u8]) {
    let Ok(manifest) = Manifest::read_bytes_with(reading, data) else {
        return;
    };
    assert_eq!(manifest.text().as_bytes(), data, "the text is what was read");
    let count = manifest.places().len();
    let skipped = count > 0 && reading.fields.is_empty() && !may_hold_images(manifest.text());
    assert!(!skipped, "{reading:?}: would have been skipped");
    for (value, new_name) in values() {
        laws::hold(&manifest, reading, &wanted(0..count, &value, new_name));
        for place in (0..count.min(MOST)).filter(|_| count > 1) {
            laws::hold(&manifest, reading, &wanted(place..place + 1, &value, new_name));
        }
    }
}
