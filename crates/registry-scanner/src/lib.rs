//! Asks registries for tags, digests, manifests and configurations, within limits and with the right credential.

#![forbid(unsafe_code)]

mod credential;
pub mod docker_config;
mod json;

pub use credential::Credential;
