//! The figures that Tidemark promises, beside their targets; `docs/performance.md` says what each is.
//!
//! `make bench` runs all; `cargo bench --package benches --bench comparison -- git memory` some.
//! A figure over its target makes the run fail, after all have been taken.

#![forbid(unsafe_code)]

mod decide;
mod edit;
mod git;
mod index;
mod memory;
mod mirror;
mod select;

use std::process::ExitCode;

use anyhow::Context;
use benches::table::Table;

/// What takes the figures of one part of the product.
type Family = fn(&mut Table) -> anyhow::Result<()>;

const FAMILIES: [(&str, Family); 6] = [
    ("decide", decide::measure),
    ("edit", edit::measure),
    ("index", index::measure),
    ("git", git::measure),
    ("select", select::measure),
    ("memory", memory::measure),
];

fn main() -> anyhow::Result<ExitCode> {
    // cargo adds options of its own.
    let wanted = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let mut table = Table::begin(wanted)?;
    for (name, measure) in FAMILIES {
        if table.wants(name) {
            measure(&mut table).with_context(|| format!("measuring {name}"))?;
        }
    }
    let over = table.end();
    anyhow::ensure!(over.is_empty(), "over their targets: {}", over.join("; "));
    Ok(ExitCode::SUCCESS)
}
