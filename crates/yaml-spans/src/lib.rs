#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod build;
mod document;
mod error;
mod limits;
mod location;
mod node;
mod quick;
mod scalar;
mod stream;

pub use document::{Document, Section};
pub use error::ParseError;
pub use limits::{MAX_BYTES, MAX_DEPTH, MAX_DOCUMENTS, MAX_NODES};
pub use location::Location;
pub use node::{Alias, Anchor, Entry, Kind, Layout, Mapping, Node, Sequence};
pub use scalar::{Scalar, Style, Value, plain_value};
pub use stream::{Comment, Stream};

#[cfg(test)]
mod tests;
