//! Edits shown as a unified diff.
//!
//! The edits say which lines they touch, so nothing has to be searched: the
//! diff is exact however large the file is and however many edits there are.

use std::{fmt::Write as _, ops::Range};

use memchr::memchr_iter;

use crate::{Change, Edited};

/// The lines around a change that are shown with it.
const CONTEXT: usize = 3;

/// Shows what `edited` made of `old` as a unified diff of the file `path`; empty if nothing.
pub fn unified_diff(path: &str, old: &str, edited: &Edited) -> String {
    let mut out = String::new();
    if edited.changes.is_empty() {
        return out;
    }
    // As git writes it: a name with blanks ends at a tab.
    let end = if path.contains(' ') { "\t" } else { "" };
    write!(out, "--- a/{path}{end}\n+++ b/{path}{end}\n").expect("strings take all text");
    let (old, new) = (Lines::new(old), Lines::new(&edited.text));
    for hunk in hunks(&regions(&old, &new, &edited.changes)) {
        show(hunk, &old, &new, &mut out);
    }
    out
}

/// Lines that were replaced by lines.
#[derive(Debug, Clone)]
struct Region {
    old: Range<usize>,
    new: Range<usize>,
}

/// The lines that the changes touch, in order, neighbours as one.
fn regions(old: &Lines<'_>, new: &Lines<'_>, changes: &[Change]) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    let mut moved = 0;
    for change in changes {
        let start = change.span.start.saturating_add_signed(moved);
        moved += change.written.len() as isize - change.span.len() as isize;
        let region = Region {
            old: old.touched(&change.span),
            new: new.touched(&(start..start + change.written.len())),
        };
        match regions.last_mut() {
            Some(last) if region.old.start <= last.old.end => {
                last.old.end = region.old.end.max(last.old.end);
                last.new.end = region.new.end.max(last.new.end);
            }
            _ => regions.push(region),
        }
    }
    regions
}

/// Groups regions whose contexts meet.
fn hunks(regions: &[Region]) -> impl Iterator<Item = &[Region]> {
    regions.chunk_by(|one, next| next.old.start - one.old.end <= 2 * CONTEXT)
}

fn show(hunk: &[Region], old: &Lines<'_>, new: &Lines<'_>, out: &mut String) {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else {
        return;
    };
    let above = first.old.start.min(CONTEXT);
    let below = (old.count() - last.old.end).min(CONTEXT);
    let numbers = |first: usize, last: usize| Numbers(first - above, last + below);
    let (from, to) = (
        numbers(first.old.start, last.old.end),
        numbers(first.new.start, last.new.end),
    );
    writeln!(out, "@@ -{from} +{to} @@").expect("strings take all text");
    let mut at = from.0;
    for region in hunk {
        old.show(' ', at..region.old.start, out);
        old.show('-', region.old.clone(), out);
        new.show('+', region.new.clone(), out);
        at = region.old.end;
    }
    old.show(' ', at..from.1, out);
}

/// A range of lines, shown as its first one, from 1, and how many they are.
struct Numbers(usize, usize);

impl std::fmt::Display for Numbers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.1 - self.0 {
            1 => write!(f, "{}", self.0 + 1),
            count => write!(f, "{},{count}", self.0 + 1),
        }
    }
}

/// A text by lines, as diff sees them: they end at line feeds only.
struct Lines<'t> {
    text: &'t str,
    /// How many lines end before each block, and then in all.
    ends: Vec<usize>,
}

/// The bytes of a block.
const BLOCK: usize = 4096;

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let mut ends = vec![0];
        for block in text.as_bytes().chunks(BLOCK) {
            ends.push(ends[ends.len() - 1] + memchr_iter(b'\n', block).count());
        }
        Self { text, ends }
    }

    /// How many lines there are; an empty text is one.
    fn count(&self) -> usize {
        let ends = self.ends[self.ends.len() - 1];
        if self.text.ends_with('\n') { ends } else { ends + 1 }
    }

    /// The lines that hold the bytes of `span`, and those at its ends.
    fn touched(&self, span: &Range<usize>) -> Range<usize> {
        let last = self.count() - 1;
        let line = |offset: usize| {
            let block = offset / BLOCK;
            let before = &self.text.as_bytes()[block * BLOCK..offset];
            (self.ends[block] + memchr_iter(b'\n', before).count()).min(last)
        };
        line(span.start)..line(span.end) + 1
    }

    /// Where a line begins, or where the text ends.
    fn start(&self, line: usize) -> usize {
        if line == 0 {
            return 0;
        }
        let block = self.ends.partition_point(|&ends| ends < line).saturating_sub(1);
        let from = (block * BLOCK).min(self.text.len());
        let ends = memchr_iter(b'\n', &self.text.as_bytes()[from..]);
        let end = ends.into_iter().nth(line - self.ends[block] - 1);
        end.map_or(self.text.len(), |end| from + end + 1)
    }

    fn show(&self, sign: char, lines: Range<usize>, out: &mut String) {
        if lines.is_empty() {
            return;
        }
        let shown = &self.text[self.start(lines.start)..self.start(lines.end)];
        for text in shown.split_inclusive('\n') {
            out.push(sign);
            out.push_str(text);
            if !text.ends_with('\n') {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
}

#[cfg(test)]
mod tests;
