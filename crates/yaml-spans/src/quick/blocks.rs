//! Scalars in blocks of lines.

use memchr::memchr;

use super::Reader;
use crate::{location::offset, node::Shape, scalar::Style};

/// The lines of a block as they are taken in.
struct Lines {
    text: String,
    is_folded: bool,
    /// Empty lines since the last that is not.
    empty: usize,
}

impl Lines {
    /// Takes in a line that is not empty, without its line end.
    fn take(&mut self, line: &str) {
        let breaks = match self.text.is_empty() {
            true => 0,
            false if self.is_folded && self.empty == 0 => {
                self.text.push(' ');
                0
            }
            false => self.empty + usize::from(!self.is_folded),
        };
        self.text.extend(std::iter::repeat_n('\n', breaks));
        self.text.push_str(line);
        self.empty = 0;
    }

    /// The whole text, with the line ends that the header asks for.
    fn end(mut self, header: Option<u8>) -> Box<str> {
        let breaks = match header {
            Some(b'-') => 0,
            Some(b'+') => 1 + self.empty,
            _ => 1,
        };
        self.text.extend(std::iter::repeat_n('\n', breaks));
        self.text.into()
    }
}

impl Reader<'_> {
    /// Reads the block whose header is at `at`, in what stands at `column`; where the line behind it begins.
    pub(super) fn block(&mut self, at: usize, column: usize) -> Option<usize> {
        let is_folded = self.bytes[at] == b'>';
        let header = self.byte(at + 1).filter(|byte| matches!(byte, b'-' | b'+'));
        let mut line = at + 1 + usize::from(header.is_some());
        if self.byte(line)? != b'\n' {
            return None;
        }
        line += 1;
        let start = self.spaces(line);
        let indent = start - line;
        if indent <= column || matches!(self.byte(start)?, b'\n' | b'\t') {
            return None;
        }
        let mut lines = Lines {
            text: String::new(),
            is_folded,
            empty: 0,
        };
        let end = loop {
            let at = self.indentation(line, indent);
            match self.byte(at) {
                None if at == line => break at,
                Some(b'\n') => lines.empty += 1,
                Some(_) if at - line == indent => lines.take(self.written(at, is_folded)?),
                Some(b'\t') | None => return None,
                Some(_) => break at,
            }
            line = at + memchr(b'\n', &self.bytes[at..])? + 1;
        };
        let style = if is_folded { Style::Folded } else { Style::Literal };
        let text = self.resolved(lines.end(header));
        let span = (offset(start), offset(end));
        self.builder.push(Shape::Scalar(style, text), span, None, 1).ok()?;
        Some(line)
    }

    /// Where the first `indent` spaces at `line` end, or sooner if there are less.
    fn indentation(&self, line: usize, indent: usize) -> usize {
        let spaces = self.bytes[line..].iter().take(indent);
        line + spaces.take_while(|&&byte| byte == b' ').count()
    }

    /// The rest of a line that is not empty, if the parser takes it for nothing else.
    fn written(&self, at: usize, is_folded: bool) -> Option<&str> {
        let end = at + memchr(b'\n', &self.bytes[at..])?;
        let is_odd = match self.bytes[at] {
            // A line that is indented more is not folded, and one of spaces alone is not empty.
            b' ' => is_folded || self.spaces(at) == end,
            b'\t' => true,
            _ => false,
        };
        (!is_odd).then(|| &self.text[at..end])
    }
}
