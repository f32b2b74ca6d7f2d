//! Mappings and sequences in brackets, as JSON has them.

use super::{LONGEST_KEY, Reader};
use crate::{Layout, location::offset, node::Shape};

/// A bracket that is open.
struct Open {
    is_mapping: bool,
    next: Next,
}

/// What may come next in a bracket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// An item or a key, or the end.
    Entry,
    /// The value of a key.
    Value,
    /// A comma, or the end.
    Comma,
}

impl Open {
    /// Whether a node that is no key may come now; then a comma is next.
    fn takes_node(&mut self) -> bool {
        let takes = match self.is_mapping {
            true => self.next == Next::Value,
            false => self.next == Next::Entry,
        };
        self.next = Next::Comma;
        takes
    }
}

impl Reader<'_> {
    /// Reads what is in the bracket at `at`, in what stands at `column`; where it ends.
    pub(super) fn brackets(&mut self, mut at: usize, column: Option<usize>) -> Option<usize> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            at = self.blanks(at, column)?;
            let byte = self.byte(at)?;
            match byte {
                b'{' | b'[' => {
                    if open.last_mut().is_some_and(|around| !around.takes_node()) {
                        return None;
                    }
                    open.push(self.open_bracket(at, byte == b'{')?);
                    at += 1;
                }
                b'}' | b']' => {
                    let closed = open.pop()?;
                    if closed.is_mapping != (byte == b'}') || closed.next == Next::Value {
                        return None;
                    }
                    at += 1;
                    self.builder.end_collection(offset(at)).ok()?;
                    if open.is_empty() {
                        return Some(at);
                    }
                }
                b',' => {
                    let around = open.last_mut()?;
                    if around.next != Next::Comma {
                        return None;
                    }
                    around.next = Next::Entry;
                    at += 1;
                }
                _ => at = self.scalar_of(at, open.last_mut()?)?,
            }
        }
    }

    fn open_bracket(&mut self, at: usize, is_mapping: bool) -> Option<Open> {
        let shape = match is_mapping {
            true => Shape::Mapping(Layout::Flow),
            false => Shape::Sequence(Layout::Flow),
        };
        let span = (offset(at), offset(at + 1));
        self.builder.start_collection(shape, span, None).ok()?;
        Some(Open {
            is_mapping,
            next: Next::Entry,
        })
    }

    /// Reads a key with its colon, a value or an item; where it ends.
    fn scalar_of(&mut self, at: usize, around: &mut Open) -> Option<usize> {
        let is_key = around.is_mapping && around.next == Next::Entry;
        if !is_key && !around.takes_node() {
            return None;
        }
        let is_quoted = matches!(self.bytes[at], b'"' | b'\'');
        let scalar = self.scalar_in_brackets(at)?;
        let end = scalar.end;
        self.push(scalar)?;
        if !is_key {
            return (self.byte(end) != Some(b':')).then_some(end);
        }
        around.next = Next::Value;
        // Behind quotes the colon may touch the value, as in JSON.
        let is_colon = self.is_colon(end) || (is_quoted && self.byte(end) == Some(b':'));
        (is_colon && end - at <= LONGEST_KEY).then_some(end + 1)
    }

    /// Where the next thing in brackets is; its line must be indented more than `column`.
    fn blanks(&mut self, mut at: usize, column: Option<usize>) -> Option<usize> {
        loop {
            let blank = self.spaces(at);
            match self.byte(blank)? {
                b'\n' => at = blank + 1,
                b'#' if blank > at || at == 0 || self.bytes[at - 1] == b'\n' => at = self.comment(blank),
                _ => {
                    let is_new_line = at > 0 && self.bytes[at - 1] == b'\n';
                    let is_left = column.is_some_and(|column| blank - at <= column);
                    let is_odd =
                        is_new_line && (is_left || (blank == at && matches!(self.bytes[at], b'-' | b'.' | b'%')));
                    return (!is_odd).then_some(blank);
                }
            }
        }
    }
}
