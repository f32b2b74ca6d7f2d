//! Lines and columns.

use std::fmt;

use memchr::{memchr, memchr_iter, memchr2_iter};

/// A line and a column, both counted from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where each line begins.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// A line ends with a line feed, a carriage return, or both in this order.
    pub(crate) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let first = if text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        // A line of a manifest takes 30 bytes on average.
        let mut starts = Vec::with_capacity(bytes.len() / 24 + 1);
        starts.push(offset(first));
        if memchr(b'\r', bytes).is_none() {
            starts.extend(memchr_iter(b'\n', bytes).map(|index| offset(index + 1)));
        } else {
            let ends = memchr2_iter(b'\n', b'\r', bytes);
            let ends = ends.filter(|&index| bytes[index] == b'\n' || bytes.get(index + 1) != Some(&b'\n'));
            starts.extend(ends.map(|index| offset(index + 1)));
        }
        Self { starts }
    }

    pub(crate) fn line(&self, position: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= position).max(1)
    }

    pub(crate) fn location(&self, text: &str, position: usize) -> Location {
        let line = self.line(position);
        let start = self.starts[line - 1] as usize;
        let before = text.get(start..position).unwrap_or_default();
        Location {
            line,
            column: before.chars().count() + 1,
        }
    }
}

/// Offsets fit: no text is longer than [`MAX_BYTES`](crate::MAX_BYTES).
pub(crate) fn offset(position: usize) -> u32 {
    u32::try_from(position).expect("texts are limited to 16 MiB")
}
