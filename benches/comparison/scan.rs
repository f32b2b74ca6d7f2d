//! What it takes to scan: `tidemark run --once` against registries that limit, that are huge, or that misbehave beside others.
//!
//! Nothing is to be moved, so that a run is its lists and its decisions. The registries are in this process, outside the one that is measured; each
//! figure comes with the exact number of requests that they saw.

mod huge;
mod limited;
mod names;
mod neighbour;
mod site;
mod warm;

use benches::table::Table;

pub(crate) fn measure(table: &mut Table) -> anyhow::Result<()> {
    names::measure(table)?;
    limited::measure(table)?;
    warm::measure(table)?;
    neighbour::measure(table)?;
    huge::measure(table)
}
