//! What clouds have that cannot be had here: AWS by programs that speak its protocols, Google and Azure made after their documentation.

mod aws;
mod azure;
mod forward;
mod google;
mod log;
mod stand_in;

pub use aws::{Aws, AwsAgent, AwsKeys};
pub use azure::{AzureMetadata, AzureRegistry, EntraId};
pub use google::{GoogleMetadata, GoogleTokens};
pub use stand_in::StandIn;
