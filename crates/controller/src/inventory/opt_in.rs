//! How a place is opted in: by annotations of its object, by a marker beside it, by annotations that Flux v1 knew, or by the
//! first rule that matches; in this order.

mod annotations;
mod flux_v1;

use std::collections::HashMap;
use std::sync::Arc;

use manifests::{FieldPattern, Place, Row};
use status_api::report::{FileProblem, OptedInBy};
use transport::chain;

use super::{Chosen, ImageFile};
use crate::config::{Config, LeftOut, RuleSubject};
use crate::parts::Uses;

/// A place that someone opted in.
pub(super) struct OptIn {
    pub(super) by: OptedInBy,
    pub(super) policy: Result<Chosen, String>,
    pub(super) hold: Option<String>,
}

/// Who says that a place is to be kept up to date, and the policy as it is written there.
struct Said<'a> {
    by: OptedInBy,
    policy: &'a str,
}

/// One repository under one configuration.
///
/// Policies are kept by their text and by the number of their rule: thousands of objects say the same.
pub(super) struct Scope<'a> {
    repository: &'a str,
    config: &'a Config,
    by_text: HashMap<String, Result<Chosen, String>>,
    by_rule: HashMap<usize, Chosen>,
    used: Uses,
}

impl<'a> Scope<'a> {
    pub(super) fn new(repository: &'a str, config: &'a Config) -> Self {
        Self {
            repository,
            config,
            by_text: HashMap::new(),
            by_rule: HashMap::new(),
            used: Uses::default(),
        }
    }

    /// What of the configuration applied.
    pub(super) fn into_used(self) -> Uses {
        self.used
    }

    /// How the place is opted in; `None` if it is not.
    pub(super) fn opt_in(&mut self, file: &ImageFile, place: &Place) -> Option<OptIn> {
        // What only the field of a rule leads to is nobody's image without that rule.
        if place.row == Row::Field {
            let rule = self.first_rule(file, place)?;
            self.used.rules.insert(rule);
        }
        let (by, policy) = match annotations::policy(place) {
            Some(said) => (said.by, self.named_or_in_place(said.policy)),
            None => self.without_annotation(file, place)?,
        };
        if let Ok(Chosen { name: Some(name), .. }) = &policy {
            self.used.policies.insert(name.clone());
        }
        let policy = policy.and_then(|chosen| match self.left_out(place) {
            Some(reason) => Err(format!("{reason}, so this image is never scanned")),
            None => Ok(chosen),
        });
        let hold = annotations::hold(place).or_else(|| flux_v1::lock(place));
        Some(OptIn { by, policy, hold })
    }

    /// What a marker, Flux v1 or a rule says.
    fn without_annotation(&mut self, file: &ImageFile, place: &Place) -> Option<(OptedInBy, Result<Chosen, String>)> {
        if let Some(marker) = place.marker() {
            let by = OptedInBy::Marker(format!("{}:{}", marker.namespace, marker.policy));
            return Some((by, self.named(&marker.policy)));
        }
        if let Some(said) = flux_v1::policy(place) {
            return Some((said.by, self.in_place(said.policy)));
        }
        let rule = self.first_rule(file, place)?;
        self.used.rules.insert(rule);
        Some((OptedInBy::Rule(rule), Ok(self.by_rule(rule))))
    }

    /// The number of the first rule that matches.
    fn first_rule(&self, file: &ImageFile, place: &Place) -> Option<usize> {
        // What a field leads to is told of even if it is no image.
        let image = match &place.image {
            Some(image) => image.to_string(),
            None if place.row == Row::Field => String::new(),
            None => return None,
        };
        let fields: Vec<&FieldPattern> = place.fields.iter().map(|&field| &file.fields[field]).collect();
        let subject = RuleSubject {
            repository: self.repository,
            path: &file.path,
            fields: &fields,
            by_field_alone: matches!(place.row, Row::Field | Row::Marker),
            namespace: &place.object.namespace,
            kind: &place.object.kind,
            container: place.alias.as_deref().unwrap_or(""),
            image: &image,
        };
        self.config.rules.first_match(&subject).map(|(_, number)| number)
    }

    fn by_rule(&mut self, number: usize) -> Chosen {
        let rules = &self.config.rules;
        let chosen = self.by_rule.entry(number).or_insert_with(|| {
            let rule = rules.iter().nth(number).expect("a number of these rules");
            Chosen {
                policy: Arc::new(rule.policy.clone()),
                name: rule.policy_name.as_ref().map(|name| name.as_str().to_owned()),
            }
        });
        chosen.clone()
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

    /// A policy by its name alone, as markers have it.
    fn named(&mut self, name: &str) -> Result<Chosen, String> {
        match self.config.policies.get(name) {
            Some(_) => self.named_or_in_place(name),
            None => Err(format!(
                "the marker names the policy `{name}`, and the configuration has none of this name; \
                 add `- {{name: {name}, semver: …}}` to `policies`, or take the marker away"
            )),
        }
    }

    /// A policy that is written in place, whatever `policies` has.
    fn in_place(&mut self, text: &str) -> Result<Chosen, String> {
        match self.config.policies.get(text) {
            None => self.named_or_in_place(text),
            Some(_) => Err(format!(
                "`{text}` is no filter of Flux; those are `semver:`, `glob:` and `regexp:`"
            )),
        }
    }

    fn left_out(&self, place: &Place) -> Option<LeftOut<'_>> {
        let image = place.reference.as_ref()?.repository.to_string();
        self.config.images.left_out(&image)
    }
}

/// Reports annotations that mean nothing: misspelt ones, and those of images that are not there.
pub(super) fn check_annotations(file: &ImageFile, problems: &mut Vec<FileProblem>) {
    annotations::check(file, problems);
}
