//! Policies by name.

use domain::policy::{Policy, in_full};
use domain::reference::Repository;

use super::names::Name;
use super::suggest::closest;
use crate::policy_text::{PolicyTextError, is_kind, parse_policy};

/// The policies of the configuration; no two have the same name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Policies(Vec<NamedPolicy>);

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedPolicy {
    /// What rules and annotations call it; never the name of a kind.
    pub name: Name,
    /// The image that markers of it mean where nothing beside them says which.
    pub image: Option<Repository>,
    /// The policy.
    pub policy: Policy,
}

/// A text is neither the name of a policy of the configuration nor a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyNameError {
    /// It looks like a name, and there is none like it.
    #[error("there is no policy named `{name}`{}", hint(.closest.as_deref()))]
    Unknown {
        /// The text.
        name: String,
        /// The name that was perhaps meant, or the policy in place.
        closest: Option<String>,
    },
    /// It is a policy in place, and an invalid one.
    #[error(transparent)]
    Invalid(PolicyTextError),
}

fn hint(closest: Option<&str>) -> String {
    closest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

impl Policies {
    pub(crate) fn new(policies: Vec<NamedPolicy>) -> Self {
        Self(policies)
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &NamedPolicy> {
        self.0.iter()
    }

    /// The policy of that name.
    pub fn get(&self, name: &str) -> Option<&NamedPolicy> {
        self.0.iter().find(|policy| policy.name.as_str() == name)
    }

    /// What a text in an annotation, or after `policy:` in a rule, means: a name of this configuration, or a policy in place
    /// in short or long form.
    ///
    /// # Errors
    ///
    /// It is neither. It then matches nothing.
    pub fn resolve(&self, text: &str) -> Result<Policy, PolicyNameError> {
        if let Some(named) = self.get(text) {
            return Ok(named.policy.clone());
        }
        if Name::parse(text).is_ok() && !is_kind(text) {
            let names = self.0.iter().map(|policy| policy.name.as_str());
            return Err(PolicyNameError::Unknown {
                name: text.to_owned(),
                closest: closest(text, names).map(str::to_owned).or_else(|| in_place(text)),
            });
        }
        parse_policy(text).map_err(PolicyNameError::Invalid)
    }
}

/// The policy that was meant by a text that could be a name; every word but `latest` rather is one than a tag to follow.
fn in_place(text: &str) -> Option<String> {
    in_full(text).filter(|meant| text == "latest" || !meant.starts_with("digest:"))
}
