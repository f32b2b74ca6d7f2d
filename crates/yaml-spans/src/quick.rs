//! The quick reader: the YAML that nearly everyone writes, read without a parser's tables of tokens and events.
//!
//! It knows block mappings and sequences, brackets, and scalars that stand on one line or in a block. At anything else,
//! and at whatever looks like a mistake, it leaves the section, from one `---` to the next, to the parser: what it takes
//! is a part of what the parser takes, and it makes the same of it. The tests hold the two against one another.

mod blocks;
mod brackets;
mod scalars;

use memchr::{memchr, memmem};

use crate::{
    Layout, ParseError,
    build::{Builder, Mark, Tables},
    location::{Lines, offset},
    node::{Shape, TextRecord},
    scalar::Style,
};
use scalars::Read;

/// The tables of a text, as the parser would make them; `None` if the parser has to see all of it at once.
///
/// # Errors
///
/// As the parser would tell them.
pub(crate) fn tables(text: &str, lines: &Lines) -> Result<Option<Tables>, ParseError> {
    if !is_usual(text) {
        return Ok(None);
    }
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        builder: Builder::new(text, lines),
        levels: Vec::with_capacity(16),
        root: Root::None,
        section: 0,
        mark: Mark::default(),
        error: None,
    };
    // A node takes 14 bytes of a manifest on average.
    reader.builder.tables.nodes.reserve(text.len() / 12);
    match (reader.stream(), reader.error) {
        (Some(()), _) => Ok(Some(reader.builder.finish())),
        (None, Some(error)) => Err(error),
        (None, None) => Ok(None),
    }
}

/// Whether all characters are such that the parser takes them for nothing special.
fn is_usual(text: &str) -> bool {
    let is_plain = |byte: u8| byte >= b' ' && byte != 0x7f || byte == b'\n' || byte == b'\t';
    // No shortcut, so that many bytes can be looked at in one step.
    if !text.bytes().fold(true, |all, byte| all & is_plain(byte)) {
        return false;
    }
    text.is_ascii() || text.chars().all(|char| char.is_ascii() || is_letter(char))
}

/// Whether a character is none that ends a line, marks a byte order or cannot be printed.
fn is_letter(char: char) -> bool {
    matches!(char, '\u{a0}'..='\u{1fff}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{d7ff}' | '\u{1f000}'..='\u{1ffff}')
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    builder: Builder<'t>,
    /// The block mappings and sequences around, the innermost last.
    levels: Vec<Level>,
    root: Root,
    /// Where this section begins, and what there was before it.
    section: usize,
    mark: Mark,
    /// What the parser has against this section.
    error: Option<ParseError>,
}

/// A block mapping or sequence that has not ended.
struct Level {
    column: usize,
    is_mapping: bool,
    /// A sequence as far left as the keys of the mapping that it is in.
    is_flush: bool,
    /// After a key or dash that nothing has followed yet: where nothing is, should it stay so.
    waits: Option<usize>,
}

/// The node that is the document.
#[derive(Clone, Copy)]
enum Root {
    /// There is no document yet.
    None,
    /// It may still come; where nothing is, should it not.
    Waits(usize),
    /// It has begun.
    Begun,
    /// The documents of the section were read by the parser.
    Read,
}

impl<'t> Reader<'t> {
    fn stream(&mut self) -> Option<()> {
        let mut line = 0;
        while line < self.bytes.len() {
            line = match self.line(line) {
                Some(next) => next,
                None => self.by_grammar()?,
            };
        }
        match self.end_document() {
            Some(()) => Some(()),
            None => self.by_grammar().map(|_| ()),
        }
    }

    /// Reads what begins on a line; where the next thing does.
    fn line(&mut self, line: usize) -> Option<usize> {
        let at = self.spaces(line);
        match self.byte(at) {
            None => Some(at),
            Some(b'\n') => Some(at + 1),
            Some(b'#') => Some(self.comment(at)),
            Some(b'-') if at == line && self.bytes[at..].starts_with(b"---") => self.marker(at),
            Some(b'%' | b'.') if at == line => None,
            Some(_) => self.content(line, at),
        }
    }

    /// Begins a section; its first line is to be `---` and nothing else.
    fn marker(&mut self, at: usize) -> Option<usize> {
        if !is_end_of_marker(self.byte(at + 3)) {
            return None;
        }
        if !matches!(self.root, Root::None) {
            self.end_document()?;
            self.section = at;
            self.mark = self.builder.mark();
        }
        if !matches!(self.byte(at + 3), Some(b'\n') | None) {
            return None;
        }
        self.builder.start_document(true, offset(at)).ok()?;
        self.root = Root::Waits(at + 3);
        Some(at + 4)
    }

    /// Lets the parser read all of this section; where the next one begins.
    fn by_grammar(&mut self) -> Option<usize> {
        #[cfg(test)]
        HELPED.set(HELPED.get() + 1);
        let rest = &self.bytes[self.section..];
        let mut markers = memmem::find_iter(rest, b"\n---").map(|at| at + 1);
        let next = markers.find(|at| is_end_of_marker(rest.get(at + 3).copied()));
        let end = next.map_or(self.bytes.len(), |next| self.section + next);
        // Directives stand before the marker of their document, so they would be in the wrong section.
        let part = &self.bytes[self.section..end];
        if part.starts_with(b"%") || memmem::find(part, b"\n%").is_some() {
            return None;
        }
        self.levels.clear();
        self.root = Root::Read;
        self.builder.rewind(self.mark);
        let mut read = self.builder.read(self.section..end).map(|()| end);
        if read.is_err() && end < self.bytes.len() {
            // What is wrong with a part may look otherwise where more follows.
            self.builder.rewind(self.mark);
            let end = self.bytes.len();
            read = self.builder.read(self.section..end).map(|()| end);
        }
        match read {
            // Where a block without lines begins depends on what follows.
            Ok(end) if end < self.bytes.len() && self.has_block_at_top() => None,
            Ok(end) => Some(end),
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    /// Whether a document of this section is a block of text and nothing else.
    fn has_block_at_top(&self) -> bool {
        let tables = &self.builder.tables;
        let documents = &tables.documents[self.mark.documents..];
        documents.iter().any(|document| {
            let root = &tables.nodes[document.root as usize];
            matches!(root.shape, Shape::Scalar(Style::Literal | Style::Folded, _))
        })
    }

    fn end_document(&mut self) -> Option<()> {
        while !self.levels.is_empty() {
            self.close()?;
        }
        match self.root {
            Root::None => return None,
            Root::Waits(at) => self.nothing(at)?,
            Root::Begun => {}
            Root::Read => return Some(()),
        }
        self.builder.end_document(offset(self.bytes.len()));
        Some(())
    }

    /// Reads the line that begins at `line` and has something at `at`; where the next one begins.
    fn content(&mut self, line: usize, mut at: usize) -> Option<usize> {
        if let Root::None = self.root {
            self.builder.start_document(false, offset(at)).ok()?;
            self.root = Root::Waits(at);
        }
        let mut is_first = true;
        // Once for each dash, and once for what follows.
        loop {
            let (column, is_dash) = (at - line, self.is_dash(at));
            self.leave(column, is_dash)?;
            if !is_dash {
                return self.entry(column, at, is_first);
            }
            let item = self.spaces(at + 1);
            if !matches!(self.levels.last(), Some(level) if level.column == column && !level.is_mapping) {
                self.enter_sequence(column, at, item)?;
            }
            if matches!(self.byte(item), Some(b'\n') | None) {
                self.wait(at + 1);
                // Behind spaces the parser sees nothing elsewhere.
                return (item == at + 1).then_some(item + 1);
            }
            self.wait(at + 1);
            at = item;
            is_first = false;
        }
    }

    /// Ends what stands further right than `column`, and makes room for the entry that begins there.
    fn leave(&mut self, column: usize, is_dash: bool) -> Option<()> {
        while let Some(level) = self.levels.last() {
            if level.column < column || (level.column == column && (is_dash || !level.is_flush)) {
                break;
            }
            self.close()?;
        }
        let Some(level) = self.levels.last_mut() else {
            return matches!(self.root, Root::Waits(_)).then_some(());
        };
        let is_inside = column > level.column || (is_dash && level.is_mapping);
        match (is_inside, level.waits) {
            (true, waits) => waits.map(|_| ()),
            (false, _) if is_dash == level.is_mapping => None,
            (false, None) => Some(()),
            (false, Some(at)) => {
                level.waits = None;
                self.nothing(at)
            }
        }
    }

    /// Begins a sequence whose first dash is at `at`, and its first item at `item`.
    fn enter_sequence(&mut self, column: usize, at: usize, item: usize) -> Option<()> {
        let is_flush = self.levels.last().is_some_and(|level| level.column == column);
        if is_flush && matches!(self.byte(item), Some(b'\n' | b'|' | b'>' | b'#') | None) {
            return None;
        }
        self.fill();
        // A sequence that is not indented begins with its first item, as the parser sees it.
        let start = if is_flush { item } else { at };
        self.enter(Shape::Sequence(Layout::Block), start, column, is_flush)
    }

    fn enter(&mut self, shape: Shape, start: usize, column: usize, is_flush: bool) -> Option<()> {
        let start = offset(start);
        self.builder.start_collection(shape, (start, start), None).ok()?;
        self.levels.push(Level {
            column,
            is_mapping: matches!(shape, Shape::Mapping(_)),
            is_flush,
            waits: None,
        });
        Some(())
    }

    /// Ends the innermost block.
    fn close(&mut self) -> Option<()> {
        let level = self.levels.pop()?;
        if let Some(at) = level.waits {
            self.nothing(at)?;
        }
        self.builder.end_collection(0).ok()
    }

    /// Reads a key with its value, or, behind a dash or at the top, another node.
    fn entry(&mut self, column: usize, at: usize, is_first: bool) -> Option<usize> {
        match self.byte(at)? {
            b'{' | b'[' if !is_first || self.levels.is_empty() => return self.value(at),
            b'|' | b'>' if !is_first => return self.value(at),
            _ => {}
        }
        let scalar = self.scalar(at)?;
        if !self.is_colon(scalar.end) {
            // What is not behind a dash could go on from the line before, or on the next.
            return if is_first { None } else { self.finish(scalar) };
        }
        if scalar.end - at > LONGEST_KEY {
            return None;
        }
        if !matches!(self.levels.last(), Some(level) if level.column == column && level.is_mapping) {
            self.fill();
            self.enter(Shape::Mapping(Layout::Block), at, column, false)?;
        }
        let colon = scalar.end;
        self.push(scalar)?;
        self.wait(colon);
        let value = self.spaces(colon + 1);
        match self.byte(value) {
            Some(b'\n') | None => Some(value + 1),
            Some(b'#') => Some(self.comment(value)),
            Some(_) => self.value(value),
        }
    }

    /// Reads a value that begins on the line of its key or dash.
    fn value(&mut self, at: usize) -> Option<usize> {
        match self.byte(at)? {
            b'{' | b'[' => {
                let column = self.levels.last().map(|level| level.column);
                self.fill();
                let end = self.brackets(at, column)?;
                self.rest(end)
            }
            b'|' | b'>' => {
                let column = self.levels.last()?.column;
                self.fill();
                self.block(at, column)
            }
            _ => {
                let scalar = self.scalar(at)?;
                self.finish(scalar)
            }
        }
    }

    /// Adds a scalar that is a value, and reads the rest of its line.
    fn finish(&mut self, scalar: Read<'t>) -> Option<usize> {
        let end = scalar.end;
        self.fill();
        self.push(scalar)?;
        self.rest(end)
    }

    /// Behind a value only spaces and a comment may follow.
    fn rest(&mut self, end: usize) -> Option<usize> {
        let at = self.spaces(end);
        match self.byte(at) {
            None | Some(b'\n') => Some(at + 1),
            Some(b'#') if at > end => Some(self.comment(at)),
            Some(_) => None,
        }
    }

    /// Notes the comment at `at`; where the next line begins.
    fn comment(&mut self, at: usize) -> usize {
        let end = memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |length| at + length);
        self.builder.tables.comments.push((offset(at), offset(end)));
        end + 1
    }

    /// The innermost block waits for a node; `at` is where nothing is, should none come.
    fn wait(&mut self, at: usize) {
        if let Some(level) = self.levels.last_mut() {
            level.waits = Some(at);
        }
    }

    /// What was waited for has come.
    fn fill(&mut self) {
        match self.levels.last_mut() {
            Some(level) => level.waits = None,
            None => self.root = Root::Begun,
        }
    }

    /// Adds the scalar that is left out at `at`.
    fn nothing(&mut self, at: usize) -> Option<()> {
        let shape = Shape::Scalar(Style::Plain, TextRecord::Slice { start: 0, end: 0 });
        let at = offset(at);
        self.builder.push(shape, (at, at), None, 1).ok().map(|_| ())
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Where the spaces at `at` end.
    fn spaces(&self, at: usize) -> usize {
        let spaces = self.bytes.get(at..).unwrap_or_default();
        at + spaces.iter().take_while(|&&byte| byte == b' ').count()
    }

    fn is_dash(&self, at: usize) -> bool {
        self.byte(at) == Some(b'-') && matches!(self.byte(at + 1), Some(b' ' | b'\n') | None)
    }

    fn is_colon(&self, at: usize) -> bool {
        self.byte(at) == Some(b':') && matches!(self.byte(at + 1), Some(b' ' | b'\n') | None)
    }
}

/// Whether `---` is a marker, seen by what follows.
fn is_end_of_marker(byte: Option<u8>) -> bool {
    matches!(byte, Some(b' ' | b'\t' | b'\n') | None)
}

#[cfg(test)]
thread_local! {
    /// How often the parser had to help, for tests that look whether it had.
    pub(crate) static HELPED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Longer keys are left to the parser, which has a limit of its own.
const LONGEST_KEY: usize = 512;
