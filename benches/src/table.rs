//! The table: a line per figure, printed as soon as it is known.

use std::io::{self, Write};

use crate::instrument::Sample;

/// What a figure may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
    /// Anything: it is shown beside the others.
    None,
}

/// What a figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds of processor time of Tidemark's code.
    CpuMilliseconds,
    /// Milliseconds that pass.
    Milliseconds,
    /// Megabytes (10^6) per second of processor time.
    MegabytesPerSecond,
    /// Mebibytes.
    Mebibytes,
    /// Things.
    Count,
}

impl Target {
    fn is_met(self, figure: f64) -> bool {
        match self {
            Self::AtMost(most) => figure <= most,
            Self::AtLeast(least) => figure >= least,
            Self::None => true,
        }
    }

    fn shown(self) -> String {
        match self {
            Self::AtMost(most) => format!("<= {most}"),
            Self::AtLeast(least) => format!(">= {least}"),
            Self::None => "-".to_owned(),
        }
    }
}

impl Unit {
    fn as_str(self) -> &'static str {
        match self {
            Self::CpuMilliseconds => "ms CPU",
            Self::Milliseconds => "ms",
            Self::MegabytesPerSecond => "MB/CPU s",
            Self::Mebibytes => "MiB",
            Self::Count => "",
        }
    }
}

/// The lines so far.
#[derive(Debug)]
pub struct Table {
    over: Vec<String>,
}

impl Table {
    /// Begins a table with its head.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written to.
    pub fn begin() -> io::Result<Self> {
        let table = Self { over: Vec::new() };
        table.line(["name", "figure", "", "target", "", "from .. to"])?;
        Ok(table)
    }

    /// Adds a line; the median is held against the target.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written to.
    pub fn add(&mut self, name: &str, sample: &Sample, unit: Unit, target: Target) -> io::Result<()> {
        let figure = sample.median();
        let (least, greatest) = sample.range();
        let verdict = match target {
            Target::None => "",
            _ if target.is_met(figure) => "ok",
            _ => "OVER",
        };
        if !target.is_met(figure) {
            self.over.push(name.to_owned());
        }
        let range = format!("{} .. {}", short(least), short(greatest));
        let range = if least.total_cmp(&greatest).is_eq() { "" } else { &range };
        self.line([name, &short(figure), unit.as_str(), &target.shown(), verdict, range])
    }

    /// Ends the table; the names of the figures that are over their targets.
    #[must_use]
    pub fn end(self) -> Vec<String> {
        self.over
    }

    fn line(&self, cells: [&str; 6]) -> io::Result<()> {
        let [name, figure, unit, target, verdict, range] = cells;
        let line = format!("{name:<66}{figure:>9} {unit:<9}{target:>9}  {verdict:<5} {range}");
        let mut out = io::stdout().lock();
        writeln!(out, "{}", line.trim_end())?;
        out.flush()
    }
}

/// A number with three digits that count.
fn short(number: f64) -> String {
    match number.abs() {
        0.0 => "0".to_owned(),
        size if size >= 100.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        size if size >= 1.0 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}

#[cfg(test)]
mod tests;
