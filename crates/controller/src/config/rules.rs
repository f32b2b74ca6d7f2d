//! Policies for what carries no annotation.

use domain::policy::Policy;
use manifests::FieldPattern;

use super::globs::{Glob, PathGlob};
use super::names::Name;

/// The rules in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rules(Vec<Rule>);

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What it is for.
    pub matcher: RuleMatch,
    /// The name of its policy, where it has one.
    pub policy_name: Option<Name>,
    /// Its policy.
    pub policy: Policy,
}

/// What a rule is for: all that is there must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleMatch {
    /// The name of the repository.
    pub repository: Option<Glob>,
    /// The path of the file.
    pub path: Option<PathGlob>,
    /// The field in the object.
    pub field: Option<FieldPattern>,
    /// The namespace of the workload.
    pub namespace: Option<Glob>,
    /// The kind of the workload, without regard to case.
    pub kind: Option<Glob>,
    /// The name of the container.
    pub container: Option<Glob>,
    /// The canonical name of the image.
    pub image: Option<Glob>,
}

/// A place of an image, as rules see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleSubject<'a> {
    /// The name of the repository in the configuration.
    pub repository: &'a str,
    /// The path of the file, with `/` between its folders.
    pub path: &'a str,
    /// The fields of rules that lead to it.
    pub fields: &'a [&'a FieldPattern],
    /// It is known by its field alone, so that only a rule that names one can be meant.
    pub by_field_alone: bool,
    /// The namespace, `default` where the manifest says none.
    pub namespace: &'a str,
    /// The kind, such as `Deployment`.
    pub kind: &'a str,
    /// The name of the container, or what annotations call the image by; empty for a place that has none, which only `*` fits.
    pub container: &'a str,
    /// The canonical name of the image.
    pub image: &'a str,
}

impl Rules {
    pub(crate) fn new(rules: Vec<Rule>) -> Self {
        Self(rules)
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.0.iter()
    }

    /// The first rule that fits, and its number in the file, from 0.
    pub fn first_match(&self, subject: &RuleSubject<'_>) -> Option<(&Rule, usize)> {
        self.0.iter().zip(0..).find(|(rule, _)| rule.matcher.fits(subject))
    }
}

impl RuleMatch {
    /// Whether all that is there fits.
    pub fn fits(&self, subject: &RuleSubject<'_>) -> bool {
        let fits = |glob: &Option<Glob>, text: &str| glob.as_ref().is_none_or(|glob| glob.matches(text));
        let field = match &self.field {
            Some(field) => subject.fields.contains(&field),
            None => !subject.by_field_alone,
        };
        field
            && self.is_for_repository(subject.repository)
            && self.path.as_ref().is_none_or(|glob| glob.matches(subject.path))
            && fits(&self.namespace, subject.namespace)
            && self
                .kind
                .as_ref()
                .is_none_or(|glob| glob.matches_ignoring_case(subject.kind))
            && fits(&self.container, subject.container)
            && fits(&self.image, subject.image)
    }
}

impl RuleMatch {
    /// Whether it can be for files of the repository.
    pub fn is_for_repository(&self, repository: &str) -> bool {
        self.repository.as_ref().is_none_or(|glob| glob.matches(repository))
    }
}

#[cfg(test)]
mod tests;
