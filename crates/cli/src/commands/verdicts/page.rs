//! How much room there is.

use std::io::{self, IsTerminal};

use clap::builder::styling::Style;
use terminal_size::{Width, terminal_size_of};

use crate::environment;

/// Columns where nothing tells how many there are.
const WIDTH: usize = 100;

/// Columns that are used at least, even if lines are then broken by the terminal.
const NARROWEST: usize = 30;

/// Tags of each verdict that a terminal is filled with.
const MOST: usize = 10;

/// What a table is written on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// Columns.
    pub(crate) width: usize,
    /// How many tags of each verdict there is room for; `None` for all.
    pub(crate) most: Option<usize>,
    /// Whether something may stand out by its colour.
    pub(crate) colours: bool,
}

impl Page {
    /// A file.
    #[cfg(test)]
    pub(crate) const ENDLESS: Self = Self {
        width: WIDTH,
        most: None,
        colours: false,
    };

    /// The page behind standard error.
    pub(crate) fn stderr() -> Self {
        let stderr = io::stderr();
        let size = terminal_size_of(&stderr);
        Self::of(stderr.is_terminal(), size.map(|(width, _)| width))
    }

    /// The page behind standard output.
    pub(crate) fn stdout() -> Self {
        let stdout = io::stdout();
        let size = terminal_size_of(&stdout);
        Self::of(stdout.is_terminal(), size.map(|(width, _)| width))
    }

    fn of(is_terminal: bool, width: Option<Width>) -> Self {
        let width = width
            .map(|Width(columns)| usize::from(columns))
            .filter(|&columns| columns > 0)
            .or_else(environment::columns)
            .unwrap_or(WIDTH);
        Self {
            width: width.max(NARROWEST),
            most: is_terminal.then_some(MOST),
            colours: is_terminal,
        }
    }

    /// A style, if there are colours.
    pub(super) fn style(&self, style: Style) -> Style {
        if self.colours { style } else { Style::new() }
    }
}
