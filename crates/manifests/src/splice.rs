//! Bytes in place of bytes.

use std::ops::Range;

/// Text to be written over a range of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Splice {
    /// The bytes that go.
    pub(crate) range: Range<usize>,
    /// The text that comes.
    pub(crate) text: String,
}

/// Applies splices, which are in order and apart, to the bytes `within` of `text`.
pub(crate) fn apply(text: &str, within: Range<usize>, splices: &[Splice]) -> String {
    let added = splices.iter().map(|splice| splice.text.len()).sum::<usize>();
    let mut out = String::with_capacity(within.len() + added);
    let mut at = within.start;
    for splice in splices {
        out.push_str(&text[at..splice.range.start]);
        out.push_str(&splice.text);
        at = splice.range.end;
    }
    out.push_str(&text[at..within.end]);
    out
}

/// Where bytes go when splices are applied.
pub(crate) struct Shift<'a> {
    splices: &'a [Splice],
    /// How far the bytes behind each splice move.
    moved: Vec<isize>,
    /// Where the text that is looked at begins.
    start: usize,
}

impl<'a> Shift<'a> {
    pub(crate) fn new(splices: &'a [Splice], start: usize) -> Self {
        let moved = splices.iter().scan(0, |sum, splice| {
            *sum += splice.text.len() as isize - splice.range.len() as isize;
            Some(*sum)
        });
        Self {
            splices,
            moved: moved.collect(),
            start,
        }
    }

    /// The new offset of a byte that no splice removes.
    pub(crate) fn of(&self, offset: usize) -> usize {
        let before = self.splices.partition_point(|splice| splice.range.end <= offset);
        let moved = before.checked_sub(1).map_or(0, |last| self.moved[last]);
        (offset - self.start).saturating_add_signed(moved)
    }
}
