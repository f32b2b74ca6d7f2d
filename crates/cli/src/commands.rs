//! The commands: each has its arguments, and a `run` that says how the process ends.

pub(crate) mod explain;
pub(crate) mod status;

mod remote;
