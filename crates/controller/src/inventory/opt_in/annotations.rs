//! The annotations of Tidemark, on the object that an image belongs to.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use manifests::{Object, Place};
use status_api::report::{FileProblem, OptedInBy};

use super::{ImageFile, Said, flux_v1};

/// What all of them begin with.
const PREFIX: &str = "tidemark.dev/";
/// The policy of all images of the object.
const POLICY: &str = "tidemark.dev/policy";
/// The policy of one image; its container follows, or its alias.
const POLICY_OF: &str = "tidemark.dev/policy.";
/// Why the object is left alone for now.
const HOLD: &str = "tidemark.dev/hold";

/// Problems of the annotations of one file that are told: an object can have hundreds of thousands.
const MOST_PROBLEMS: usize = 100;

/// The policy that the place is given: its container's own goes first.
pub(super) fn policy(place: &Place) -> Option<Said<'_>> {
    let own = place.alias.as_ref().map(|alias| format!("{POLICY_OF}{alias}"));
    let keys = own.into_iter().chain([POLICY.to_owned()]);
    let mut said = keys.filter_map(|key| {
        let policy = place.object.annotation(&key)?;
        let by = OptedInBy::Annotation(key);
        Some(Said { by, policy })
    });
    said.next()
}

/// Why the object is left alone for now.
pub(super) fn hold(place: &Place) -> Option<String> {
    place.object.annotation(HOLD).map(str::to_owned)
}

/// Reports annotations that mean nothing: misspelt ones, and those of images that are not there.
pub(super) fn check(file: &ImageFile, problems: &mut Vec<FileProblem>) {
    let mut objects: Vec<(&Arc<Object>, Option<u32>)> = Vec::new();
    let mut aliases: HashMap<*const Object, BTreeSet<&str>> = HashMap::new();
    for place in file.places.iter().filter(|place| !place.object.annotations.is_empty()) {
        let object = &place.object;
        let known = aliases.entry(Arc::as_ptr(object)).or_insert_with(|| {
            objects.push((object, u32::try_from(place.location.line).ok()));
            BTreeSet::new()
        });
        known.extend(place.alias.as_deref());
    }
    let mut messages = objects.into_iter().flat_map(|(object, line)| {
        let messages = meaningless(object, &aliases[&Arc::as_ptr(object)]);
        messages.map(move |message| (line, message))
    });
    let problem = |(line, message)| FileProblem {
        path: file.path.to_string(),
        line,
        message,
    };
    problems.extend(messages.by_ref().take(MOST_PROBLEMS).map(problem));
    let left_out = messages.next().map(|(line, _)| {
        let left_out = 1 + messages.count();
        (line, format!("{left_out} more problems of this file are not told"))
    });
    problems.extend(left_out.map(problem));
}

fn meaningless<'a>(object: &'a Object, aliases: &'a BTreeSet<&str>) -> impl Iterator<Item = String> + 'a {
    object.annotations.iter().filter_map(move |(key, _)| {
        if let Some(container) = key.strip_prefix(POLICY_OF).or_else(|| flux_v1::image_of(key)) {
            let is_there = aliases.contains(container);
            return (!is_there).then(|| no_such_image(object, key, container, aliases));
        }
        let is_known = !key.starts_with(PREFIX) || key == POLICY || key == HOLD;
        (!is_known).then(|| {
            format!(
                "{object}: the annotation `{key}` is not known; there are `{POLICY}`, `{POLICY_OF}CONTAINER` and `{HOLD}`"
            )
        })
    })
}

fn no_such_image(object: &Object, key: &str, container: &str, aliases: &BTreeSet<&str>) -> String {
    let there = aliases.iter().take(8).map(|alias| format!("`{alias}`"));
    let there = there.collect::<Vec<_>>().join(", ");
    format!("{object}: `{key}` names `{container}`, which has no image here; there are {there}")
}
