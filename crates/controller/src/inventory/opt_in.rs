//! How a place is opted in: annotations of its object first, then the first rule that matches.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use manifests::{Object, Place};
use status_api::report::FileProblem;
use transport::chain;

use super::{Chosen, ImageFile, can_be_opted_in};
use crate::config::{Config, RuleSubject};

/// What all annotations of Tidemark begin with.
const PREFIX: &str = "tidemark.dev/";
/// The policy of all containers of the object.
const POLICY: &str = "tidemark.dev/policy";
/// The policy of one container; its name follows.
const POLICY_OF: &str = "tidemark.dev/policy.";
/// Why the object is left alone for now.
const HOLD: &str = "tidemark.dev/hold";

/// A place that someone opted in.
pub(super) struct OptIn {
    pub(super) policy: Result<Chosen, String>,
    pub(super) hold: Option<String>,
}

/// One repository under one configuration.
///
/// Policies are kept by their text and by the number of their rule: thousands of objects say the same.
pub(super) struct Scope<'a, U> {
    repository: &'a str,
    config: &'a Config,
    by_text: HashMap<String, Result<Chosen, String>>,
    by_rule: HashMap<usize, Chosen>,
    used: U,
}

impl<'a, U: FnMut(usize)> Scope<'a, U> {
    pub(super) fn new(repository: &'a str, config: &'a Config, used: U) -> Self {
        Self {
            repository,
            config,
            by_text: HashMap::new(),
            by_rule: HashMap::new(),
            used,
        }
    }

    /// How the place is opted in; `None` if it is not.
    pub(super) fn opt_in(&mut self, file: &ImageFile, place: &Place) -> Option<OptIn> {
        let hold = place.object.annotation(HOLD).map(str::to_owned);
        let policy = match annotated(place) {
            Some(text) => self.named_or_in_place(text),
            None => self.by_rule(file, place)?,
        };
        let policy = policy.and_then(|chosen| match self.excluded(place) {
            Some(glob) => Err(format!(
                "`registries.exclude` has `{glob}`, so this image is not looked at"
            )),
            None => Ok(chosen),
        });
        Some(OptIn { policy, hold })
    }

    fn by_rule(&mut self, file: &ImageFile, place: &Place) -> Option<Result<Chosen, String>> {
        let image = place.reference.as_ref()?.repository.to_string();
        let subject = RuleSubject {
            repository: self.repository,
            path: &file.path,
            namespace: &place.object.namespace,
            kind: &place.object.kind,
            container: place.container.as_deref().unwrap_or(""),
            image: &image,
        };
        let (rule, index) = self.config.rules.first_match(&subject)?;
        (self.used)(index);
        let chosen = self.by_rule.entry(index).or_insert_with(|| Chosen {
            policy: Arc::new(rule.policy.clone()),
            name: rule.policy_name.as_ref().map(|name| name.as_str().to_owned()),
        });
        Some(Ok(chosen.clone()))
    }

    /// A policy by its name in `policies:`, or written in place.
    fn named_or_in_place(&mut self, text: &str) -> Result<Chosen, String> {
        if let Some(known) = self.by_text.get(text) {
            return known.clone();
        }
        let name = self
            .config
            .policies
            .get(text)
            .map(|named| named.name.as_str().to_owned());
        let chosen = match self.config.policies.resolve(text) {
            Ok(policy) => Ok(Chosen {
                policy: Arc::new(policy),
                name,
            }),
            Err(error) => Err(chain(&error).to_string()),
        };
        self.by_text.insert(text.to_owned(), chosen.clone());
        chosen
    }

    fn excluded(&self, place: &Place) -> Option<String> {
        let image = place.reference.as_ref()?.repository.to_string();
        self.config
            .exclude
            .iter()
            .find(|glob| glob.matches(&image))
            .map(|glob| glob.as_str().to_owned())
    }

    /// Reports annotations of ours that mean nothing: misspelt ones, and those of containers that are not there.
    pub(super) fn check_annotations(&self, file: &ImageFile, problems: &mut Vec<FileProblem>) {
        let mut checked = BTreeSet::new();
        for place in file.places.iter().filter(|place| can_be_opted_in(place)) {
            let object = &place.object;
            if !checked.insert((object.document, object.to_string())) {
                continue;
            }
            let line = u32::try_from(place.location.line).ok();
            let of_object = |other: &&Place| Arc::ptr_eq(&other.object, object) || other.object == *object;
            let containers: BTreeSet<&str> = file
                .places
                .iter()
                .filter(of_object)
                .filter_map(|place| place.container.as_deref())
                .collect();
            for message in meaningless(object, &containers) {
                problems.push(FileProblem {
                    path: file.path.to_string(),
                    line,
                    message,
                });
            }
        }
    }
}

/// The policy that the object's annotations give the place: its container's own goes first.
fn annotated(place: &Place) -> Option<&str> {
    let own = place
        .container
        .as_deref()
        .and_then(|container| place.object.annotation(&format!("{POLICY_OF}{container}")));
    own.or_else(|| place.object.annotation(POLICY))
}

fn meaningless<'a>(object: &'a Object, containers: &'a BTreeSet<&str>) -> impl Iterator<Item = String> + 'a {
    object.annotations.iter().filter_map(move |(key, _)| {
        if !key.starts_with(PREFIX) || key == POLICY || key == HOLD {
            return None;
        }
        match key.strip_prefix(POLICY_OF) {
            Some(container) if containers.contains(container) => None,
            Some(container) => Some(format!("{object}: `{key}` names the container `{container}`, which has no image here")),
            None => Some(format!("{object}: the annotation `{key}` is not known; there are `{POLICY}`, `{POLICY_OF}CONTAINER` and `{HOLD}`")),
        }
    })
}
