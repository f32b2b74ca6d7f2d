#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod address;
mod authority;
mod client;
mod secret;
mod text;

pub use address::{AddressRule, is_public};
pub use authority::{Authority, AuthorityError, Origin, Scheme};
pub use client::{BodyError, ClientError, HttpClient, HttpConfig, Proxy, Response, SendError, Trust};
pub use secret::Secret;
pub use text::{Redactor, chain, one_line};
