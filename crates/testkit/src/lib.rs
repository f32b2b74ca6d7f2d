#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod answer;
pub mod ask;
mod background;
mod ca;
mod canary;
mod clouds;
mod environment;
mod folder;
mod git_http;
mod go_registry;
mod http_server;
mod kustomize_helm;
mod line_program;
mod masterminds;
mod memory_server;
mod port;
mod process;
mod proxy;
mod real_registry;
mod recorder;
mod repository;
mod scripted_registry;
mod seen;
mod sources;
mod sshd;
mod tag_list;
mod token_server;
mod wire;

pub use answer::Answer;
pub use ca::{Ca, NAMES, ServerCertificate};
pub use canary::Canary;
pub use clouds::{
    Aws, AwsAgent, AwsKeys, AzureMetadata, AzureRegistry, EntraId, GoogleMetadata, GoogleTokens, StandIn,
};
pub use git_http::{GitHttp, GitHttpSettings, GitRequest};
pub use go_registry::{GoRegistry, Kind as GoRegistryKind};
pub use kustomize_helm::kustomize_helm;
pub use masterminds::masterminds;
pub use memory_server::MemoryRegistry;
pub use proxy::Proxy;
pub use real_registry::{RealRegistry, RegistryRequest, RegistrySettings};
pub use recorder::Recorder;
pub use repository::{BareRepository, HeldPush, OtherCommit};
pub use scripted_registry::ScriptedRegistry;
pub use seen::Seen;
pub use sshd::Sshd;
pub use tag_list::TagList;
pub use token_server::TokenServer;
