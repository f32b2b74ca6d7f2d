//! Asks registries for tags, digests, manifests and configurations, within limits and with the right credential.

#![forbid(unsafe_code)]
