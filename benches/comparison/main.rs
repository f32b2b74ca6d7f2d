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
mod scan;
mod select;

use std::process::ExitCode;

use anyhow::Context;
use benches::product;
use benches::table::Table;

/// A part of the product whose figures are taken.
struct Family {
    name: &'static str,
    measure: fn(&mut Table) -> anyhow::Result<()>,
    /// Whether the whole binary is run.
    runs_binary: bool,
}

const FAMILIES: [Family; 7] = [
    Family::of_code("decide", decide::measure),
    Family::of_code("edit", edit::measure),
    Family::of_code("index", index::measure),
    Family::of_code("git", git::measure),
    Family::of_binary("select", select::measure),
    Family::of_binary("memory", memory::measure),
    Family::of_binary("scan", scan::measure),
];

impl Family {
    const fn of_code(name: &'static str, measure: fn(&mut Table) -> anyhow::Result<()>) -> Self {
        Self {
            name,
            measure,
            runs_binary: false,
        }
    }

    const fn of_binary(name: &'static str, measure: fn(&mut Table) -> anyhow::Result<()>) -> Self {
        Self {
            name,
            measure,
            runs_binary: true,
        }
    }
}

fn main() -> anyhow::Result<ExitCode> {
    // cargo adds options of its own.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |family: &&Family| wanted.is_empty() || wanted.iter().any(|word| family.name == word.as_str());
    let families: Vec<&Family> = FAMILIES.iter().filter(is_wanted).collect();
    anyhow::ensure!(
        !families.is_empty(),
        "there are no figures called {}",
        wanted.join(", ")
    );
    if families.iter().any(|family| family.runs_binary) {
        // Now, so that what cargo says comes before the table.
        product::build()?;
    }
    let mut table = Table::begin()?;
    for family in families {
        (family.measure)(&mut table).with_context(|| format!("measuring {}", family.name))?;
    }
    let over = table.end();
    anyhow::ensure!(over.is_empty(), "over their targets: {}", over.join("; "));
    Ok(ExitCode::SUCCESS)
}
