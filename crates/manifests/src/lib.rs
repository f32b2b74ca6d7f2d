#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod diff;
mod edit;
mod manifest;
mod merge;
mod path;
mod place;
mod places;
mod proof;
mod quoting;
mod refusal;
mod rewrite;
mod sharing;
mod splice;
mod templates;

pub use diff::unified_diff;
pub use edit::{Change, Edit, Edited, RefusedPlace};
pub use manifest::{Manifest, may_hold_images};
pub use path::FieldPath;
pub use place::{Object, Place};
pub use quoting::plain_is_text;
pub use refusal::Refusal;

#[cfg(test)]
mod tests;
