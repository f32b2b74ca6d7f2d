//! Scalars on one line.

use memchr::{memchr2, memchr3};

use super::Reader;
use crate::{
    location::offset,
    node::{Shape, TextRecord},
    scalar::Style,
};

/// A scalar that was read.
pub(super) struct Read<'t> {
    style: Style,
    start: usize,
    /// One past its last byte, quotes included.
    pub(super) end: usize,
    text: Text<'t>,
}

/// What a scalar says.
enum Text<'t> {
    AsWritten(&'t str),
    Resolved(Box<str>),
}

/// What a byte is within a plain scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Nothing but itself.
    Text,
    /// It depends on its neighbours.
    Space,
    Colon,
    /// It ends the scalar in brackets.
    Bracket,
    /// It ends the line.
    End,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Text; 256];
    classes[b' ' as usize] = Class::Space;
    classes[b':' as usize] = Class::Colon;
    classes[b'\n' as usize] = Class::End;
    classes[b'\t' as usize] = Class::End;
    let brackets = b",[]{}";
    let mut index = 0;
    while index < brackets.len() {
        classes[brackets[index] as usize] = Class::Bracket;
        index += 1;
    }
    classes
};

impl<'t> Reader<'t> {
    /// Reads the scalar at `at`, outside brackets.
    pub(super) fn scalar(&self, at: usize) -> Option<Read<'t>> {
        self.scalar_in(at, false)
    }

    /// Reads the scalar at `at`, in brackets.
    pub(super) fn scalar_in_brackets(&self, at: usize) -> Option<Read<'t>> {
        self.scalar_in(at, true)
    }

    fn scalar_in(&self, at: usize, in_brackets: bool) -> Option<Read<'t>> {
        match self.byte(at)? {
            b'"' => self.double_quoted(at),
            b'\'' => self.single_quoted(at),
            _ => self.plain(at, in_brackets),
        }
    }

    fn plain(&self, start: usize, in_brackets: bool) -> Option<Read<'t>> {
        if !self.begins_plain(start) {
            return None;
        }
        let (mut at, mut end) = (start, start);
        while let Some(byte) = self.byte(at) {
            match CLASSES[byte as usize] {
                Class::Text => end = at + 1,
                Class::Space if self.byte(at + 1) == Some(b'#') => break,
                Class::Space => {}
                Class::Colon => match self.byte(at + 1).map_or(Class::End, |next| CLASSES[next as usize]) {
                    Class::Space | Class::End => break,
                    Class::Bracket if in_brackets => return None,
                    _ => end = at + 1,
                },
                Class::Bracket if in_brackets => break,
                Class::Bracket => end = at + 1,
                Class::End => break,
            }
            at += 1;
        }
        // Tabs, and spaces before a colon, are the parser's.
        let is_odd = self.byte(at) == Some(b'\t') || (self.byte(at) == Some(b':') && end < at);
        (!is_odd).then(|| Read {
            style: Style::Plain,
            start,
            end,
            text: Text::AsWritten(&self.text[start..end]),
        })
    }

    /// Whether the byte at `at` begins a plain scalar beyond doubt.
    fn begins_plain(&self, at: usize) -> bool {
        match self.bytes[at] {
            b'-' => self
                .byte(at + 1)
                .is_some_and(|next| next.is_ascii_alphanumeric() || next == b'-'),
            byte => byte.is_ascii_alphanumeric() || byte >= 0x80 || b"_./$(+~^<;=\\)".contains(&byte),
        }
    }

    fn single_quoted(&self, start: usize) -> Option<Read<'t>> {
        let (mut at, mut has_quotes) = (start + 1, false);
        loop {
            at += memchr2(b'\'', b'\n', &self.bytes[at..])?;
            match (self.bytes[at], self.byte(at + 1)) {
                (b'\n', _) => return None,
                (_, Some(b'\'')) => has_quotes = true,
                _ => break,
            }
            at += 2;
        }
        let written = &self.text[start + 1..at];
        Some(Read {
            style: Style::SingleQuoted,
            start,
            end: at + 1,
            text: match has_quotes {
                true => Text::Resolved(written.replace("''", "'").into()),
                false => Text::AsWritten(written),
            },
        })
    }

    fn double_quoted(&self, start: usize) -> Option<Read<'t>> {
        let (mut at, mut from, mut resolved) = (start + 1, start + 1, String::new());
        loop {
            at += memchr3(b'"', b'\\', b'\n', &self.bytes[at..])?;
            match self.bytes[at] {
                b'"' => break,
                b'\n' => return None,
                _ => {}
            }
            resolved.push_str(&self.text[from..at]);
            resolved.push(match self.byte(at + 1)? {
                byte @ (b'"' | b'\\' | b'/') => char::from(byte),
                b'n' => '\n',
                b't' => '\t',
                _ => return None,
            });
            at += 2;
            from = at;
        }
        let rest = &self.text[from..at];
        Some(Read {
            style: Style::DoubleQuoted,
            start,
            end: at + 1,
            text: match from > start + 1 {
                true => Text::Resolved((resolved + rest).into()),
                false => Text::AsWritten(rest),
            },
        })
    }

    /// Adds a scalar to the tree.
    pub(super) fn push(&mut self, scalar: Read<'t>) -> Option<()> {
        let text = match scalar.text {
            // Of both kinds the text begins at the start, or behind a quote.
            Text::AsWritten(text) => {
                let start = scalar.start + usize::from(scalar.style != Style::Plain);
                TextRecord::Slice {
                    start: offset(start),
                    end: offset(start + text.len()),
                }
            }
            Text::Resolved(text) => self.resolved(text),
        };
        let span = (offset(scalar.start), offset(scalar.end));
        self.builder
            .push(Shape::Scalar(scalar.style, text), span, None, 1)
            .ok()?;
        Some(())
    }

    /// Keeps a text that does not stand in the file as it reads.
    pub(super) fn resolved(&mut self, text: Box<str>) -> TextRecord {
        let texts = &mut self.builder.tables.texts;
        texts.push(text);
        TextRecord::Resolved(offset(texts.len() - 1))
    }
}
