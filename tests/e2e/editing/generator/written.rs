//! A file as it is written, before and after the edit.

use std::collections::BTreeSet;

use serde_json::Value;

/// Bytes that stay, or that are to become others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) before: String,
    pub(super) after: String,
}

impl Piece {
    pub(super) fn fixed(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            before: text.clone(),
            after: text,
        }
    }
}

/// A scalar that is to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::editing) struct Spot {
    /// How readers get there: the number of the document, keys, numbers of items, and `null` where a text is read as a file.
    pub(in crate::editing) path: Vec<Value>,
    /// What readers find there after the edit.
    pub(in crate::editing) reads: String,
    /// What the report says was there, and is.
    pub(in crate::editing) old: String,
    pub(in crate::editing) new: String,
    /// Where the scalar begins: behind its tag and anchor, in a block at its first line. Both count from one.
    pub(in crate::editing) line: usize,
    pub(in crate::editing) column: usize,
    /// The piece that it begins with.
    pub(super) piece: usize,
}

/// What was written so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    pub(super) pieces: Vec<Piece>,
    pub(super) spots: Vec<Spot>,
    /// Words of the reasons why places are refused.
    pub(super) refused: Vec<&'static str>,
    /// What is special about it, in words.
    pub(super) features: BTreeSet<&'static str>,
    /// Whether a block would read otherwise without a line end behind it.
    pub(super) needs_last_line_end: bool,
}

impl Written {
    pub(super) fn put(&mut self, text: impl Into<String>) {
        self.pieces.push(Piece::fixed(text));
    }

    /// Adds what was written as a file of its own, each line `indent` deeper.
    pub(super) fn put_within(&mut self, mut within: Self, path: &[Value], indent: usize) {
        within.indent(indent);
        let first = self.pieces.len();
        self.pieces.extend(within.pieces);
        for mut spot in within.spots {
            spot.piece += first;
            // Of the files within, the first document is the only one.
            spot.path.splice(..1, path.iter().cloned().chain([Value::Null]));
            self.spots.push(spot);
        }
        self.refused.extend(within.refused);
        self.features.extend(within.features);
    }

    fn indent(&mut self, indent: usize) {
        let mut begins_line = true;
        for piece in &mut self.pieces {
            let ends_line = piece.before.ends_with('\n');
            for text in [&mut piece.before, &mut piece.after] {
                *text = indented(text, indent, begins_line);
            }
            begins_line = if piece.before.is_empty() {
                begins_line
            } else {
                ends_line
            };
        }
    }

    /// Ends the lines of each piece as `end` says.
    pub(super) fn end_lines(&mut self, mut end: impl FnMut() -> &'static str) {
        for piece in &mut self.pieces {
            let end = end();
            for text in [&mut piece.before, &mut piece.after] {
                *text = text.replace('\n', end);
            }
        }
    }

    /// Says where each spot is.
    pub(super) fn locate(&mut self) {
        for spot in &mut self.spots {
            let text: String = self.pieces[..spot.piece]
                .iter()
                .map(|piece| piece.before.as_str())
                .collect();
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            let line = text.rsplit('\n').next().expect("a text has a last line");
            spot.line = text.matches('\n').count() + 1;
            // The mark of the order of bytes is in no column.
            spot.column = line.chars().filter(|&c| c != '\u{feff}').count() + 1;
        }
    }

    pub(super) fn before(&self) -> String {
        self.pieces.iter().map(|piece| piece.before.as_str()).collect()
    }

    pub(super) fn after(&self) -> String {
        self.pieces.iter().map(|piece| piece.after.as_str()).collect()
    }
}

/// `text` with its lines further in, but for empty ones.
fn indented(text: &str, indent: usize, mut begins_line: bool) -> String {
    let mut indented = String::new();
    for line in text.split_inclusive('\n') {
        if begins_line && line != "\n" {
            indented.push_str(&" ".repeat(indent));
        }
        indented.push_str(line);
        begins_line = true;
    }
    indented
}
