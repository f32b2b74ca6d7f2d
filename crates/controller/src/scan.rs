//! The scan half of the daemon: what is wanted → pages → facts, one loop per registry host.

mod attempt;
mod host;
mod known;
mod memory;
mod schedule;
mod wanted;

pub(crate) use attempt::Scanning;
pub(crate) use host::{Round, round, run_host_loops};
pub(crate) use known::{Knowledge, Known};
pub(crate) use wanted::{Ask, Asks, Wanted};
