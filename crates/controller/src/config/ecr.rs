//! `registries.ecr`: the private registries of AWS.

use registry_scanner::{AccountId, EcrConfig, EcrRole};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Checker;
use super::text::{List, Scalar, Text};

/// The private registries of AWS (ECR), opened in the name that AWS knows Tidemark by. What is left out here gets no credential of
/// AWS, and is scanned with those that are known otherwise.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EcrFile {
    /// Only the registries of these regions. Default: those of all regions.
    pub(crate) regions: Option<List<Text<AwsRegion>>>,
    /// Only the registries of these accounts. Default: those of all accounts.
    pub(crate) include_accounts: Option<List<Text<AccountId>>>,
    /// Not the registries of these accounts. By default that of the components of EKS.
    #[schemars(extend("default" = ["602401143452"]))]
    pub(crate) exclude_accounts: Option<List<Text<AccountId>>>,
    /// Roles that are taken on to open the registries of some accounts. The first that names the account counts.
    pub(crate) roles: Option<List<EcrRoleFile>>,
    /// Whether the daemon refuses to start while AWS knows it by no name.
    #[schemars(extend("default" = false))]
    pub(crate) require: Option<bool>,
}

/// A role that is taken on to open the registries of some accounts.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EcrRoleFile {
    /// The accounts whose registries it opens.
    pub(crate) accounts: List<Text<AccountId>>,
    /// The name of the role.
    pub(crate) role: Text<RoleArn>,
    /// What the owner of the role wants to be told by whoever takes it on.
    pub(crate) external_id: Option<Text<ExternalId>>,
}

/// A region of AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AwsRegion(pub(crate) String);

/// The whole name of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RoleArn(pub(crate) String);

/// A text that the owner of a role and those who take it on have agreed upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExternalId(pub(crate) String);

/// The `format` of an account in the schema.
pub(super) const ACCOUNT_FORMAT: &str = "aws-account";

impl Scalar for AccountId {
    const FORMAT: &'static str = ACCOUNT_FORMAT;
    const EXAMPLE: &'static str = "123456789012";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| {
            format!("{error}; write it in quotes, for a number loses the zeros that it begins with: \"012345678901\"")
        })
    }

    fn print(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Scalar for AwsRegion {
    const FORMAT: &'static str = "aws-region";
    const EXAMPLE: &'static str = "eu-west-1";

    fn read(text: &str) -> Result<Self, String> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if begins && text.len() <= 63 && text.contains('-') && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a region of AWS is written as in `eu-west-1`, without the letter of a zone; no pattern".to_owned())
        }
    }

    fn print(&self) -> String {
        self.0.clone()
    }
}

impl Scalar for RoleArn {
    const FORMAT: &'static str = "aws-role";
    const EXAMPLE: &'static str = "arn:aws:iam::123456789012:role/tidemark";

    fn read(text: &str) -> Result<Self, String> {
        let good = || {
            let (partition, rest) = text.strip_prefix("arn:")?.split_once(":iam::")?;
            let (account, name) = rest.split_once(":role/")?;
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@-_/".contains(&byte);
            let partition = partition == "aws" || partition.starts_with("aws-") && !partition.contains(':');
            let whole = partition && AccountId::parse(account).is_ok() && !name.is_empty() && name.bytes().all(plain);
            (whole && text.len() <= 2048).then(|| Self(text.to_owned()))
        };
        good().ok_or_else(|| format!("the whole name of a role is `{}`", Self::EXAMPLE))
    }

    fn print(&self) -> String {
        self.0.clone()
    }
}

impl Scalar for ExternalId {
    const FORMAT: &'static str = "aws-external-id";
    const EXAMPLE: &'static str = "tidemark-fleet";

    fn read(text: &str) -> Result<Self, String> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@:/-_".contains(&byte);
        if (2..=1224).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err("an external id has 2 to 1224 letters, digits and `+=,.@:/-_`".to_owned())
        }
    }

    fn print(&self) -> String {
        self.0.clone()
    }
}

impl Checker<'_> {
    pub(super) fn ecr(&mut self, file: EcrFile) -> EcrConfig {
        let defaults = EcrConfig::default();
        let mut roles = Vec::new();
        for (number, role) in file.roles.unwrap_or_default().into_items() {
            let accounts = accounts(role.accounts);
            if accounts.is_empty() {
                let text = "a role without an account is never taken on; name the accounts whose registries it opens";
                self.problem(&format!("registries.ecr.roles[{number}].accounts"), text);
            }
            roles.push(EcrRole {
                accounts,
                arn: role.role.0.0,
                external_id: role.external_id.map(|id| id.0.0),
            });
        }
        EcrConfig {
            regions: items(file.regions).map(|region| region.0).collect(),
            include_accounts: items(file.include_accounts).collect(),
            exclude_accounts: file.exclude_accounts.map_or(defaults.exclude_accounts, accounts),
            roles,
            require: file.require.unwrap_or(defaults.require),
        }
    }
}

fn items<T>(list: Option<List<Text<T>>>) -> impl Iterator<Item = T> {
    list.unwrap_or_default().into_items().map(|(_, item)| item.0)
}

fn accounts(list: List<Text<AccountId>>) -> Vec<AccountId> {
    items(Some(list)).collect()
}

/// What is in force, as a file says it.
pub(super) fn print(config: &EcrConfig) -> EcrFile {
    let texts = |accounts: &[AccountId]| accounts.iter().cloned().map(Text).collect();
    EcrFile {
        regions: Some(config.regions.iter().cloned().map(AwsRegion).map(Text).collect()),
        include_accounts: Some(texts(&config.include_accounts)),
        exclude_accounts: Some(texts(&config.exclude_accounts)),
        roles: Some(
            config
                .roles
                .iter()
                .map(|role| EcrRoleFile {
                    accounts: texts(&role.accounts),
                    role: Text(RoleArn(role.arn.clone())),
                    external_id: role.external_id.clone().map(ExternalId).map(Text),
                })
                .collect(),
        ),
        require: Some(config.require),
    }
}

#[cfg(test)]
mod tests;
