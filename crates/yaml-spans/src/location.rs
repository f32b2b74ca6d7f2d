//! Lines and columns.

use std::fmt;

use memchr::{memchr, memchr_iter, memrchr, memrchr2};

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

/// How many lines end before each block of a text: little to keep, whatever the lines are like.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    ends: Vec<u32>,
    has_returns: bool,
}

/// The bytes of a block.
const BLOCK: usize = 1024;

impl Lines {
    /// A line ends with a line feed, a carriage return, or both in this order.
    pub(crate) fn new(text: &str) -> Self {
        let mut lines = Self {
            ends: Vec::with_capacity(text.len() / BLOCK + 1),
            has_returns: memchr(b'\r', text.as_bytes()).is_some(),
        };
        let mut ends = 0;
        for start in (0..=text.len()).step_by(BLOCK) {
            lines.ends.push(ends);
            ends += offset(lines.count(text, start, (start + BLOCK).min(text.len())));
        }
        lines
    }

    pub(crate) fn line(&self, text: &str, position: usize) -> usize {
        let position = position.min(text.len());
        let block = position / BLOCK;
        1 + self.ends[block] as usize + self.count(text, block * BLOCK, position)
    }

    pub(crate) fn location(&self, text: &str, position: usize) -> Location {
        let before = text.get(self.start(text, position)..position).unwrap_or_default();
        Location {
            line: self.line(text, position),
            column: before.chars().count() + 1,
        }
    }

    /// Where the line begins that `position` is on; a byte order mark is no part of it.
    fn start(&self, text: &str, position: usize) -> usize {
        let mut before = &text.as_bytes()[..position.min(text.len())];
        while let Some(index) = self.last(before) {
            if is_end(text, index) {
                return index + 1;
            }
            before = &before[..index];
        }
        if text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        }
    }

    fn last(&self, bytes: &[u8]) -> Option<usize> {
        if self.has_returns {
            memrchr2(b'\n', b'\r', bytes)
        } else {
            memrchr(b'\n', bytes)
        }
    }

    /// How many lines end from `start` on and before `end`.
    fn count(&self, text: &str, start: usize, end: usize) -> usize {
        let bytes = &text.as_bytes()[start..end];
        let feeds = memchr_iter(b'\n', bytes).count();
        if !self.has_returns {
            return feeds;
        }
        let returns = memchr_iter(b'\r', bytes).filter(|index| is_end(text, start + index));
        feeds + returns.count()
    }
}

/// Whether the line feed or carriage return at `index` ends a line.
fn is_end(text: &str, index: usize) -> bool {
    let bytes = text.as_bytes();
    bytes[index] == b'\n' || bytes.get(index + 1) != Some(&b'\n')
}

/// Offsets fit: no text is longer than [`MAX_BYTES`](crate::MAX_BYTES).
pub(crate) fn offset(position: usize) -> u32 {
    u32::try_from(position).expect("texts are limited to 16 MiB")
}
