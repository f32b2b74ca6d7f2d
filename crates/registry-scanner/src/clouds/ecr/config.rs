//! What the configuration says of ECR.

use super::account::AccountId;
use super::host::EcrHost;

/// `registries.ecr`.
///
/// What is left out here gets no credential of AWS. Its images are scanned nevertheless, with whatever else is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcrConfig {
    /// The regions whose registries get credentials of AWS; none named: all.
    pub regions: Vec<String>,
    /// The accounts whose registries get them; none named: all.
    pub include_accounts: Vec<AccountId>,
    /// Accounts whose registries never get them.
    pub exclude_accounts: Vec<AccountId>,
    /// Roles to take on for some accounts; the first that names the account counts.
    pub roles: Vec<EcrRole>,
    /// The daemon does not start without an identity of AWS.
    pub require: bool,
}

/// A role that is taken on before the registries of some accounts are asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EcrRole {
    /// Whose registries it opens; never empty.
    pub accounts: Vec<AccountId>,
    /// `arn:aws:iam::123456789012:role/tidemark`.
    pub arn: String,
    /// What the role's owner wants to be told by whoever takes it on; no secret.
    pub external_id: Option<String>,
}

impl Default for EcrConfig {
    fn default() -> Self {
        // Where EKS keeps the images of its own components: every node may pull them, and nobody else can open them.
        let eks = AccountId::parse("602401143452").expect("it has twelve digits");
        Self {
            regions: Vec::new(),
            include_accounts: Vec::new(),
            exclude_accounts: vec![eks],
            roles: Vec::new(),
            require: false,
        }
    }
}

impl EcrConfig {
    /// Whether `host` gets credentials of AWS.
    pub(super) fn includes(&self, host: &EcrHost) -> bool {
        (self.regions.is_empty() || self.regions.contains(&host.region))
            && (self.include_accounts.is_empty() || self.include_accounts.contains(&host.account))
            && !self.exclude_accounts.contains(&host.account)
    }

    /// The role to take on for `host`, if any.
    pub(super) fn role_for(&self, host: &EcrHost) -> Option<&EcrRole> {
        self.roles.iter().find(|role| role.accounts.contains(&host.account))
    }
}
