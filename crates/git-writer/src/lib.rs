#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

mod branch;
mod commit;
mod fault;
mod files;
#[cfg(test)]
mod fixture;
mod heights;
mod known_hosts;
mod libgit2;
mod mirror;
mod object_id;
mod path;
mod remote;
mod seed;
mod smart;
mod tree;
mod url;

pub use branch::{BranchError, BranchName};
pub use commit::{Change, Commit, CommitError, Draft, Signature, SignatureError, update_id};
pub use fault::Failure;
pub use files::{Files, ReadError, SkipReason, Skipped, TreeFile};
pub use mirror::{FetchError, Head, Mirror, OpenError, PushError, PushOutcome};
pub use object_id::{ObjectId, ObjectIdError};
pub use remote::{Auth, Limits, Remote};
pub use seed::{SeedError, seed};
pub use url::{GitUrl, UrlError};
