//! The scan half of the daemon: what is wanted → pages → facts, one loop per registry host.

mod asked;
mod attempt;
mod host;
mod known;
mod memory;
mod queue;
mod round;
mod schedule;
mod wanted;
mod work;

pub(crate) use asked::Asked;
pub(crate) use attempt::Scanning;
pub(crate) use host::run_host_loops;
pub(crate) use known::{Knowledge, Known};
pub(crate) use round::ask_untried;
pub(crate) use wanted::{Ask, Asks, Wanted};
