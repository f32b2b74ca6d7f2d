#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod backoff;
mod challenge;
mod client;
mod clouds;
mod config;
mod connections;
mod counters;
mod credential;
mod credentials;
pub mod docker_config;
mod elsewhere;
mod error;
mod facts;
#[cfg(test)]
mod fake;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod hash;
mod health;
mod helper;
mod hosts;
mod image;
mod json;
mod jwt;
mod link;
mod list;
mod location;
mod manifest;
mod names;
mod pace;
mod paces;
mod profile;
mod quota;
mod ratelimit;
mod realm;
mod redirect;
mod resolve;
mod retry_after;
mod scanner;
mod tags;
mod token;
mod well_known;

pub use clouds::{
    AccountId, AccountIdError, AzureConfig, CloudsConfig, EcrConfig, EcrRole, Enabled, GoogleConfig, Unprepared,
};
pub use config::{ConfiguredCredentials, DockerConfigFile, HostConfig, Limits, ScannerConfig};
pub use counters::Requests;
pub use credential::Credential;
pub use credentials::{CredentialReport, Passed};
pub use elsewhere::OtherHost;
pub use error::{ErrorCode, ScanError};
pub use facts::{ImageFacts, Wanted};
pub use health::HostReport;
pub use helper::{HELPER_VARIABLES, HelperConfig};
pub use image::ImageConfig;
pub use list::{Listing, Reading, Wish};
pub use manifest::{Descriptor, Manifest, ManifestKind};
pub use profile::{Coded, Heads, Linkless, ListOrder, Manifests, Marks, Profile, Seek};
pub use quota::Quota;
pub use resolve::{Head, RawManifest};
pub use scanner::Scanner;
