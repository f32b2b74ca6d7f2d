//! Policies and rules.

use std::collections::HashMap;
use std::ops::Range;

use domain::policy::{Policy, PolicyFields};
use yaml_spans::{Mapping, Node};

use super::Checker;
use crate::config::decode::MOST_ITEMS;
use crate::config::file::{MatchFile, NamedPolicyFile, PolicyOrTextFile, RuleFile};
use crate::config::names::Name;
use crate::config::policies::{NamedPolicy, Policies, PolicyNameError};
use crate::config::policy_file::policy_of;
use crate::config::rules::{Rule, RuleMatch, Rules};
use crate::config::text::List;
use crate::place;
use crate::policy_text::{PolicyTextError, is_known, value};

impl<'a> Checker<'a> {
    pub(super) fn policies(&mut self, file: List<NamedPolicyFile>) -> Policies {
        self.refuse_doubles("policies", "name", str::to_owned);
        let mut policies = self.long_forms("policies", |item| Some(("", item)));
        let read = file.into_items().filter_map(|(number, named)| {
            Some(NamedPolicy {
                name: named.name.0.0,
                image: named.image.map(|image| image.0),
                policy: policies.remove(&number)?,
            })
        });
        Policies::new(read.collect())
    }

    pub(super) fn rules(&mut self, file: List<RuleFile>, policies: &Policies) -> Rules {
        let mut in_place = self.long_forms("rules", |item| Some((".policy", item.as_mapping()?.get("policy")?)));
        let items = file.into_items();
        let read = items.filter_map(|(number, rule)| {
            let key = format!("rules[{number}]");
            self.check_repository(&format!("{key}.match.repository"), &rule.matcher);
            let (policy_name, policy) = match &rule.policy {
                PolicyOrTextFile::Long(_) => (None, in_place.remove(&number)?),
                PolicyOrTextFile::Text(text) => {
                    self.named_or_in_place(&format!("{key}.policy"), &text.0.0, policies)?
                }
            };
            Some(Rule {
                matcher: matcher(rule.matcher),
                policy_name,
                policy,
            })
        });
        Rules::new(read.collect())
    }

    /// The valid policies in long form of a list, by the numbers of their items; also of items that do not read otherwise.
    fn long_forms(
        &mut self,
        list: &str,
        of: fn(Node<'a>) -> Option<(&'static str, Node<'a>)>,
    ) -> HashMap<usize, Policy> {
        let root = self.root;
        let items = root
            .as_mapping()
            .and_then(|root| root.get(list))
            .and_then(Node::as_sequence);
        let items = items.into_iter().flat_map(yaml_spans::Sequence::items).enumerate();
        let read = items.take(MOST_ITEMS).filter_map(|(number, item)| {
            let (key, node) = of(item)?;
            let policy = self.policy(&format!("{list}[{number}]{key}"), node.as_mapping()?)?;
            Some((number, policy))
        });
        read.collect()
    }

    fn named_or_in_place(&mut self, key: &str, text: &str, policies: &Policies) -> Option<(Option<Name>, Policy)> {
        match policies.resolve(text) {
            Ok(policy) => Some((policies.get(text).map(|named| named.name.clone()), policy)),
            // A policy of that name is there, but something else is wrong with it.
            Err(PolicyNameError::Unknown { .. }) if self.names("policies").any(|name| name == text) => None,
            Err(error) => {
                let spot = match &error {
                    PolicyNameError::Invalid(error) => error.spot(text),
                    PolicyNameError::Unknown { .. } => None,
                };
                self.problem_at(key, spot, error.to_string());
                None
            }
        }
    }

    /// The policy in long form that is written at `key`.
    fn policy(&mut self, key: &str, mapping: Mapping<'a>) -> Option<Policy> {
        let errors = match policy_of(self.policy_fields(key, mapping)) {
            Ok(policy) => return Some(policy),
            Err(errors) => errors,
        };
        // Of a kind that is misspelt, the domain would say that there is none.
        let broken = self.report.concerns(key);
        for error in errors {
            let spot = error.spot().map(|spot| (spot.text(), spot.span()));
            if !error.part().is_empty() {
                self.problem_at(&format!("{key}.{}", error.part()), spot, error.detail());
            } else if !broken {
                self.problem(key, error.detail());
            }
        }
        None
    }

    /// The keys of a policy with their values. What is no key of one has been reported, as has a second one of a name.
    fn policy_fields(&mut self, key: &str, mapping: Mapping<'_>) -> PolicyFields {
        let mut fields = PolicyFields::default();
        for entry in mapping.entries() {
            let Some(name) = entry.key.as_text().filter(|name| is_known(name)) else {
                continue;
            };
            if fields.entries.iter().any(|(known, _)| known == name) {
                continue;
            }
            match value(entry.value) {
                Ok(value) => fields.entries.push((name.to_owned(), value)),
                Err(PolicyTextError::LongForm { location, reason }) => {
                    self.report.add(location, &format!("{key}.{name}"), reason);
                }
                Err(error) => self.problem(&format!("{key}.{name}"), error.to_string()),
            }
        }
        fields
    }

    /// Notes a problem with the text at `key`, where it is written there as it was read.
    fn problem_at(&mut self, key: &str, spot: Option<(&str, Range<usize>)>, text: String) {
        if self.report.is_full() || self.report.concerns(key) {
            return self.problem(key, text);
        }
        let found = place::of_key(self.root, key);
        let pointed = spot.and_then(|(read, span)| {
            let start = place::of_text(found.node).filter(|_| found.is_whole)?;
            (found.node.as_text() == Some(read)).then(|| self.root.stream().location(start + span.start))
        });
        match pointed {
            Some(location) => self.report.add(location, key, text),
            None => self.problem(key, text),
        }
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
        field: file.field.map(|field| field.0),
        namespace: file.namespace.map(|glob| glob.0),
        kind: file.kind.map(|glob| glob.0),
        container: file.container.map(|glob| glob.0),
        image: file.image.map(|glob| glob.0),
    }
}
