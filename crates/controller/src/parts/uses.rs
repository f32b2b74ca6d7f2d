//! What of the configuration is of use to some image.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use crate::config::Config;

/// The rules and policies that applied in one repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Uses {
    /// Rules, by their number in the file.
    pub(crate) rules: BTreeSet<usize>,
    /// Policies, by their name.
    pub(crate) policies: BTreeSet<String>,
}

/// The same of all repositories, by name.
#[derive(Debug, Default)]
pub(crate) struct AllUses(Mutex<BTreeMap<String, Uses>>);

/// What is of use to no image.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Unused {
    pub(crate) rules: Vec<usize>,
    /// Policies by their number and name.
    pub(crate) policies: Vec<(usize, String)>,
}

impl AllUses {
    /// Replaces what is known of one repository.
    pub(crate) fn put(&self, repository: &str, uses: Uses) {
        self.lock().insert(repository.to_owned(), uses);
    }

    /// What matches nothing, once every repository has been looked at.
    pub(crate) fn unused(&self, config: &Config) -> Unused {
        let uses = self.lock();
        let mut names = config.repositories.iter().map(|repository| repository.name.as_str());
        if names.any(|name| !uses.contains_key(name)) {
            return Unused::default();
        }
        let rules = (0..config.rules.iter().len()).filter(|rule| !uses.values().any(|used| used.rules.contains(rule)));
        let policies = config.policies.iter().map(|policy| policy.name.as_str()).enumerate();
        let policies = policies.filter(|(_, name)| !uses.values().any(|used| used.policies.contains(*name)));
        Unused {
            rules: rules.collect(),
            policies: policies.map(|(number, name)| (number, name.to_owned())).collect(),
        }
    }

    /// The numbers mean something else from here on.
    pub(super) fn forget(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Uses>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
