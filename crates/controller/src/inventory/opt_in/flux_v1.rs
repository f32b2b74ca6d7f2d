//! The annotations of Flux v1, for repositories that still have them.
//!
//! `fluxcd.io/automated: "true"` opts in all images of an object. Each follows its own filter, or else the build that is
//! newest, whatever its tag.

use manifests::Place;
use status_api::report::OptedInBy;

use super::Said;

/// Opts the object in if it is `"true"`.
const AUTOMATED: &str = "fluxcd.io/automated";
/// Takes that back if it is `"true"`; Tidemark's own annotations, markers and rules still opt the object in.
const IGNORE: &str = "fluxcd.io/ignore";
/// Holds the object if it is `"true"`.
const LOCKED: &str = "fluxcd.io/locked";
/// Why it is held.
const LOCKED_MESSAGE: &str = "fluxcd.io/locked_msg";
/// The filters of one image, in this order; its container follows, or its alias.
const FILTER_OF: [&str; 2] = ["filter.fluxcd.io/", "fluxcd.io/tag."];
/// The filter of the images that have none of their own.
const FILTER: &str = "fluxcd.io/tag_all";
/// What Flux v1 did without any.
const NEWEST: &str = "glob:*";

/// The filter that the place follows, if its object is automated.
pub(super) fn policy(place: &Place) -> Option<Said<'_>> {
    if !is_true(place, AUTOMATED) || is_true(place, IGNORE) {
        return None;
    }
    let own = place
        .alias
        .iter()
        .flat_map(|alias| FILTER_OF.map(|prefix| format!("{prefix}{alias}")));
    let keys = own.chain([FILTER.to_owned()]);
    let mut said = keys.filter_map(|key| {
        let policy = place.object.annotation(&key)?;
        let by = OptedInBy::Annotation(key);
        Some(Said { by, policy })
    });
    let by = || OptedInBy::Annotation(AUTOMATED.to_owned());
    said.next().or_else(|| {
        Some(Said {
            by: by(),
            policy: NEWEST,
        })
    })
}

/// Why the object is held, if it is.
pub(super) fn lock(place: &Place) -> Option<String> {
    is_true(place, LOCKED).then(|| match place.object.annotation(LOCKED_MESSAGE) {
        Some(message) => message.to_owned(),
        None => format!("`{LOCKED}` is set"),
    })
}

/// The image that an annotation gives a filter, if it does.
pub(super) fn image_of(key: &str) -> Option<&str> {
    FILTER_OF.iter().find_map(|prefix| key.strip_prefix(prefix))
}

fn is_true(place: &Place, key: &str) -> bool {
    place.object.annotation(key) == Some("true")
}
