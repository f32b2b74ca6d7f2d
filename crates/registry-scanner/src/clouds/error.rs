//! Why a cloud gives no credential.

use tokio::time::Instant;

/// A cloud has no credential for a registry now.
///
/// All texts are safe to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cloud} has no credential for it: {reason}; {next_step}")]
pub(crate) struct CloudError {
    /// `AWS`.
    pub(crate) cloud: &'static str,
    /// What went wrong.
    pub(crate) reason: String,
    /// What a person can do about it.
    pub(crate) next_step: String,
    /// The cloud is not asked again before.
    pub(crate) until: Instant,
}
