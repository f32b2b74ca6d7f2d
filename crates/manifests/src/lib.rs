#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod diff;
mod edit;
mod file_kind;
mod manifest;
mod marker;
mod merge;
mod note;
mod path;
mod pattern;
mod place;
mod places;
mod prefilter;
mod proof;
mod quoting;
mod refusal;
mod rewrite;
mod sharing;
mod splice;
mod templates;
mod text;
mod wanted;

pub use diff::unified_diff;
pub use edit::{Change, Edit, Edited, RefusedPlace};
pub use file_kind::FileKind;
pub use manifest::{Manifest, Reading};
pub use marker::{Aspect, Marker};
pub use note::Note;
pub use path::FieldPath;
pub use pattern::{FieldPattern, FieldPatternError};
pub use place::{Object, Part, Place, Role, Row};
pub use prefilter::may_hold_images;
pub use quoting::plain_is_text;
pub use refusal::Refusal;

#[cfg(test)]
mod tests;
