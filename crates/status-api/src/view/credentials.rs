//! Where credentials come from, and how they fared.

use domain::codes::CredentialSource;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::registry::CredentialView;
use crate::report::PassedCredential;

/// A credential that does not open a repository; never the credential itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PassedCredentialView {
    /// Where it comes from, as a code.
    #[schema(example = "dockerConfig")]
    pub source: String,
    /// The same in words.
    pub text: String,
    /// Why it does not, and what to do about it.
    pub reason: String,
}

/// A source as a code and in words.
pub(crate) fn source(source: &CredentialSource) -> CredentialView {
    CredentialView {
        source: source.code().to_owned(),
        text: source.to_string(),
    }
}

pub(crate) fn passed(passed: &[PassedCredential]) -> Vec<PassedCredentialView> {
    let view = |passed: &PassedCredential| PassedCredentialView {
        source: passed.source.to_owned(),
        text: passed.text.clone(),
        reason: passed.reason.clone(),
    };
    passed.iter().map(view).collect()
}
