//! Texts inside scalars that are YAML themselves.

use std::ops::Range;

use yaml_spans::{ParseError, Scalar, Stream, Style};

/// The text of a scalar, read as YAML.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// The scalar's number in the tree.
    pub(crate) holder: usize,
    pub(crate) stream: Stream,
    /// The bytes of the scalar.
    span: Range<usize>,
    /// Where each of its lines begins, in it and outside; `None` if it is written in a way that hides this.
    lines: Option<Vec<Line>>,
}

/// A line of a text.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// Where it begins in the text.
    inside: usize,
    /// Where it begins in the file, behind its indentation.
    outside: usize,
}

impl Text {
    /// Reads the text of `scalar`; `None` if there is none, or none that could hold an image.
    pub(crate) fn read(scalar: Scalar<'_>) -> Option<Result<Self, ParseError>> {
        let text = scalar.text();
        if !crate::may_hold_images(text) {
            return None;
        }
        let span = scalar.node().span();
        let raw = &scalar.node().stream().text()[span.clone()];
        let is_literal = scalar.style() == Style::Literal;
        let lines = if is_literal { lines(text, raw, span.start) } else { None };
        Some(Stream::parse(text).map(|stream| Self {
            holder: scalar.node().id(),
            stream,
            span,
            lines,
        }))
    }

    /// Whether its scalars can be found in the file.
    pub(crate) fn is_literal(&self) -> bool {
        self.lines.is_some()
    }

    /// The bytes of the file that hold these of the text; all of the scalar, where that cannot be said.
    pub(crate) fn outside(&self, range: Range<usize>) -> Range<usize> {
        match (self.place(range.start), self.place(range.end)) {
            (Some((_, start)), Some((_, end))) => start..end,
            _ => self.span.clone(),
        }
    }

    /// The bytes of the file that hold these of the text, which are on one line.
    pub(crate) fn within_line(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let (line, start) = self.place(range.start)?;
        let (same, end) = self.place(range.end)?;
        (line == same).then_some(start..end)
    }

    /// The line of a byte of the text, and where the byte is in the file.
    fn place(&self, offset: usize) -> Option<(usize, usize)> {
        let lines = self.lines.as_ref()?;
        let line = lines.partition_point(|line| line.inside <= offset).checked_sub(1)?;
        let Line { inside, outside } = lines[line];
        Some((line, outside + offset - inside))
    }
}

/// Finds the lines of `text` in `raw`, which has an indentation before each, and begins at `start`.
fn lines(text: &str, raw: &str, start: usize) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    // Empty lines before the first that is not stand before the scalar.
    let blank = text.len() - text.trim_start_matches('\n').len();
    let mut inside = if raw.starts_with(['\n', '\r', ' ']) { 0 } else { blank };
    let mut outside = start;
    let mut raws = raw.split_inclusive('\n');
    for line in text[inside..].split_inclusive('\n') {
        let raw = raws.next()?;
        let content = line.trim_end_matches('\n');
        let indentation = raw.trim_end_matches(['\n', '\r']).strip_suffix(content)?;
        if !indentation.bytes().all(|byte| byte == b' ') {
            return None;
        }
        lines.push(Line {
            inside,
            outside: outside + indentation.len(),
        });
        inside += line.len();
        outside += raw.len();
    }
    Some(lines)
}

#[cfg(test)]
mod tests;
