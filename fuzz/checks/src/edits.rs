//! Laws of editing (`contracts/editing.md` §1 and §4), for any bytes in a file of any name.

mod input;
mod laws;

use manifests::{FileKind, Manifest, may_hold_images};

use input::{values, wanted};

/// One name for each kind of file.
const NAMES: [&str; 4] = ["web.yaml", "kustomization.yaml", "values.yaml", "Chart.yaml"];

/// How many places are edited one at a time.
const MOST: usize = 6;

pub(crate) fn check(data: &[u8]) {
    for name in NAMES {
        let kind = FileKind::of(name);
        let Ok(manifest) = Manifest::read_bytes_as(kind, data) else {
            continue;
        };
        assert_eq!(manifest.text().as_bytes(), data, "{name}: the text is what was read");
        let count = manifest.places().len();
        assert!(
            count == 0 || may_hold_images(manifest.text()),
            "{name}: would have been skipped"
        );
        for (value, new_name) in values() {
            let all = wanted(0..count, &value, new_name);
            laws::hold(&manifest, kind, &all);
            for place in (0..count.min(MOST)).filter(|_| count > 1) {
                laws::hold(&manifest, kind, &wanted(place..place + 1, &value, new_name));
            }
        }
    }
}
