//! The comparison suite: what Tidemark spends, counted and timed.
//!
//! Here are the loads, the instruments and the table; the benches are in
//! `comparison/` (figures with targets) and `steps.rs` (inner steps without).

#![forbid(unsafe_code)]

pub mod instrument;
pub mod product;
pub mod table;
pub mod workload;
