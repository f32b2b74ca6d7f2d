//! Policies and rules.

use domain::policy::Policy;
use yaml_spans::Node;

use super::Checker;
use crate::config::file::{MatchFile, NamedPolicyFile, PolicyOrTextFile, RuleFile};
use crate::config::names::Name;
use crate::config::policies::{NamedPolicy, Policies, PolicyNameError};
use crate::config::policy_file::PolicyFile;
use crate::config::rules::{Rule, RuleMatch, Rules};
use crate::config::text::List;

impl Checker<'_> {
    pub(super) fn policies(&mut self, file: List<NamedPolicyFile>) -> Policies {
        self.refuse_doubles("policies", "name", str::to_owned);
        let items = file.into_items();
        let read = items.filter_map(|(number, named)| {
            let policy = self.policy(&format!("policies[{number}]"), &named.policy)?;
            Some(NamedPolicy {
                name: named.name.0.0,
                policy,
            })
        });
        Policies::new(read.collect())
    }

    pub(super) fn rules(&mut self, file: List<RuleFile>, policies: &Policies) -> Rules {
        let items = file.into_items();
        let read = items.filter_map(|(number, rule)| {
            let key = format!("rules[{number}]");
            self.check_repository(&format!("{key}.match.repository"), &rule.matcher);
            let (policy_name, policy) = self.policy_of_rule(&format!("{key}.policy"), &rule.policy, policies)?;
            Some(Rule {
                matcher: matcher(rule.matcher),
                policy_name,
                policy,
            })
        });
        Rules::new(read.collect())
    }

    fn policy_of_rule(
        &mut self,
        key: &str,
        written: &PolicyOrTextFile,
        policies: &Policies,
    ) -> Option<(Option<Name>, Policy)> {
        let text = match written {
            PolicyOrTextFile::Long(policy) => return Some((None, self.policy(key, policy)?)),
            PolicyOrTextFile::Text(text) => text.0.0.as_str(),
        };
        match policies.resolve(text) {
            Ok(policy) => Some((policies.get(text).map(|named| named.name.clone()), policy)),
            // A policy of that name is there, but something else is wrong with it.
            Err(PolicyNameError::Unknown { .. }) if self.names("policies").any(|name| name == text) => None,
            Err(error) => {
                self.problem(key, error.to_string());
                None
            }
        }
    }

    fn policy(&mut self, key: &str, file: &PolicyFile) -> Option<Policy> {
        let errors = match file.policy() {
            Ok(policy) => return Some(policy),
            Err(errors) => errors,
        };
        // Of a kind whose argument is no text, the domain would say that there is no kind.
        let broken = self.report.concerns(key);
        for error in errors {
            if !error.part().is_empty() {
                self.problem(&format!("{key}.{}", error.part()), error.detail());
            } else if !broken {
                self.problem(key, error.detail());
            }
        }
        None
    }

    /// A name that no repository has is a slip; a pattern may wait for its repository.
    fn check_repository(&mut self, key: &str, matcher: &MatchFile) {
        let Some(name) = matcher.repository.as_ref().and_then(|glob| glob.0.literal()) else {
            return;
        };
        if !self.report.is_full() && !self.names("repositories").any(|repository| repository == name) {
            self.problem(key, format!("there is no repository named `{name}`"));
        }
    }

    /// The names of a list as they are written, also of what is wrong otherwise.
    fn names(&self, list: &str) -> impl Iterator<Item = &str> {
        let items = self
            .root
            .as_mapping()
            .and_then(|root| root.get(list))
            .and_then(Node::as_sequence);
        let items = items.into_iter().flat_map(yaml_spans::Sequence::items);
        items.filter_map(|item| item.as_mapping()?.get("name")?.as_text())
    }
}

fn matcher(file: MatchFile) -> RuleMatch {
    RuleMatch {
        repository: file.repository.map(|glob| glob.0),
        path: file.path.map(|glob| glob.0),
        namespace: file.namespace.map(|glob| glob.0),
        kind: file.kind.map(|glob| glob.0),
        container: file.container.map(|glob| glob.0),
        image: file.image.map(|glob| glob.0),
    }
}
