//! What places are to become.

use std::ops::Range;

use domain::reference::Value;
use manifests::Edit;

/// Tags that are numbers, truth or dates where nothing quotes them, and digests, each with a name for the image or none.
const VALUES: [(&str, Option<&str>); 9] = [
    ("1.10", None),
    ("v2.0.0-rc.1", None),
    ("no", Some("nginx")),
    ("2024-01-01", None),
    ("1_0e3", Some("quay.io/acme/other")),
    ("1.9.2@", None),
    ("0x1F@", Some("registry.test:5000/a/b")),
    ("@", None),
    ("@", Some("localhost/x")),
];

/// The values that every place is to become; `@` at the end stands for a digest.
pub(super) fn values() -> impl Iterator<Item = (Value, Option<&'static str>)> {
    VALUES.into_iter().map(|(text, name)| {
        let digest = format!("@sha256:{}", "a1".repeat(32));
        let value = Value::parse(&text.replace('@', &digest)).expect("the values are ones");
        (value, name)
    })
}

/// The edits of `places`.
pub(super) fn wanted(places: Range<usize>, value: &Value, name: Option<&str>) -> Vec<Edit> {
    let edit = |place| Edit {
        place,
        to: value.clone(),
        name: name.map(str::to_owned),
    };
    places.map(edit).collect()
}
