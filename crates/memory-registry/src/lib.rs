#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod access;
mod answer;
mod delivery;
mod image;
mod manners;
mod registry;
mod requests;
mod route;
mod store;

pub use access::{Action, Authentication, Rights, TokenService, Users};
pub use delivery::Delivery;
pub use image::{Format, Image, ImageParts};
pub use manners::{Accept, Challenges, EmptyList, Head, LargePages, Manners, Order, Paging, TagDelete, UnknownLast};
pub use registry::Registry;
pub use requests::{Credential, Request, RequestKind, Requests};
pub use store::{Manifest, digest};
