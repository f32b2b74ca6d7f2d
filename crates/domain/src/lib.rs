//! What is decided: image references, tags, policies, and whether a target moves.
//!
//! Everything here is a function of values: no input or output, no clock, no
//! serialisation, no tasks. Callers bring what they know and what time it is.

#![forbid(unsafe_code)]

pub mod accept;
mod choose;
pub mod codes;
pub mod decide;
pub mod policy;
pub mod reference;
pub mod review;
pub mod scan;
pub mod select;
mod version;
