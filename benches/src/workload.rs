//! The loads: as large as a large fleet, shaped as people write, and the same in every run.

pub mod fleet;
pub mod mix;
pub mod stream;
pub mod tags;
