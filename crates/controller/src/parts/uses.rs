//! What of the configuration is of use to some image.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use status_api::Board;
use status_api::report::FileProblem;

use crate::config::{Config, RepositoryConfig};

/// The rules and policies that applied in one repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Uses {
    /// Rules, by their number in the file.
    pub(crate) rules: BTreeSet<usize>,
    /// Policies, by their name.
    pub(crate) policies: BTreeSet<String>,
}

/// The same of all repositories, by name, each with the configuration that it was looked at under.
#[derive(Debug, Default)]
pub(crate) struct AllUses(Mutex<BTreeMap<String, (Arc<Config>, Uses)>>);

impl AllUses {
    /// Replaces what is known of one repository, and posts what is of use to none.
    ///
    /// Posted under the lock, so that of two looks at once the later one has the last word.
    pub(crate) fn put(&self, repository: &str, config: &Arc<Config>, uses: Uses, board: &Board) {
        let mut all = self.lock();
        all.insert(repository.to_owned(), (Arc::clone(config), uses));
        board.post_unused(&unused(&all, config));
    }

    /// Another configuration is in force: numbers and names mean something else from here on.
    pub(super) fn forget(&self, board: &Board) {
        let mut all = self.lock();
        all.clear();
        board.post_unused(&[]);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, (Arc<Config>, Uses)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The rules and policies of `config` that are of use to no image, once every repository they are for has been looked at.
fn unused(all: &BTreeMap<String, (Arc<Config>, Uses)>, config: &Arc<Config>) -> Vec<FileProblem> {
    // A look that began under another configuration says nothing of this one.
    let of = |repository: &RepositoryConfig| {
        let (under, uses) = all.get(repository.name.as_str())?;
        Arc::ptr_eq(under, config).then_some(uses)
    };
    let is_unused = |concerns: &dyn Fn(&str) -> bool, uses: &dyn Fn(&Uses) -> bool| {
        let concerned = config.repositories.iter();
        let mut concerned = concerned.filter(|repository| concerns(repository.name.as_str()));
        concerned.all(|repository| of(repository).is_some_and(|used| !uses(used)))
    };
    let rules = config.rules.iter().enumerate().filter(|(number, rule)| {
        is_unused(&|name| rule.matcher.is_for_repository(name), &|used| {
            used.rules.contains(number)
        })
    });
    let rules = rules.map(|(number, _)| FileProblem {
        path: format!("rules[{number}]"),
        line: None,
        message: "it matches no image in any repository (annotations, markers and earlier rules go first)".to_owned(),
    });
    let policies = config.policies.iter().map(|policy| policy.name.as_str()).enumerate();
    let policies = policies.filter(|(_, name)| is_unused(&|_| true, &|used| used.policies.contains(*name)));
    let policies = policies.map(|(number, name)| FileProblem {
        path: format!("policies[{number}]"),
        line: None,
        message: format!("no image in any repository follows `{name}`; name it in an annotation, a marker or a rule"),
    });
    rules.chain(policies).collect()
}

#[cfg(test)]
mod tests;
