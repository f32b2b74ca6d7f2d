//! From the parser's events to the tables of a stream.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, Tag, options};

use crate::{
    Layout, Location, MAX_BYTES, MAX_DEPTH, MAX_DOCUMENTS, MAX_NODES, ParseError, Style,
    document::DocumentRecord,
    error::Problem,
    location::{Lines, offset},
    node::{NodeRecord, Properties, Shape, TextRecord},
};

/// All there is to know of a text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tables {
    pub(crate) documents: Vec<DocumentRecord>,
    pub(crate) nodes: Vec<NodeRecord>,
    pub(crate) properties: Vec<Properties>,
    pub(crate) texts: Vec<Box<str>>,
    pub(crate) comments: Vec<(u32, u32)>,
}

/// How many comments may stand in one place: the parser keeps them, at half a kilobyte each, until it knows what follows.
const MAX_COMMENTS: usize = 1 << 17;

/// Refuses a text that is too large to look at.
pub(crate) fn check_size(text: &str) -> Result<(), ParseError> {
    if text.len() > MAX_BYTES {
        let start = Location { line: 1, column: 1 };
        return Err(ParseError::new(Problem::TooLarge, start));
    }
    Ok(())
}

/// Reads the whole text by the parser.
pub(crate) fn tables(text: &str, lines: &Lines) -> Result<Tables, ParseError> {
    let mut builder = Builder::new(text, lines);
    builder.read(0..text.len())?;
    Ok(builder.finish())
}

/// Puts the tables together, in the order of the text.
pub(crate) struct Builder<'t> {
    text: &'t str,
    lines: &'t Lines,
    pub(crate) tables: Tables,
    open: Vec<Open>,
    /// The anchored nodes of this document by the parser's number.
    anchors: HashMap<usize, u32>,
    /// The nodes of closed anchored subtrees, aliases counted through.
    weights: HashMap<u32, u64>,
    /// The nodes of the closed documents, aliases counted through.
    weight: u64,
    /// Where the last document ended.
    ended: u32,
    /// Where the text begins that the parser reads.
    base: u32,
}

/// What there was before a document.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mark {
    pub(crate) documents: usize,
    nodes: usize,
    properties: usize,
    texts: usize,
    comments: usize,
    weight: u64,
}

/// A mapping or sequence that has not ended yet.
struct Open {
    node: u32,
    weight: u64,
}

impl<'t> Builder<'t> {
    pub(crate) fn new(text: &'t str, lines: &'t Lines) -> Self {
        Self {
            text,
            lines,
            tables: Tables::default(),
            open: Vec::new(),
            anchors: HashMap::new(),
            weights: HashMap::new(),
            weight: 0,
            ended: 0,
            base: 0,
        }
    }

    /// Reads a part of the text that means the same when it is read alone, by the parser.
    pub(crate) fn read(&mut self, part: Range<usize>) -> Result<(), ParseError> {
        // Its own limits stand above ours, so that ours are the ones that are met.
        let options = options! {
            emit_anchor_events: true,
            max_buffered_comment_events: MAX_COMMENTS,
            flow_nesting_limit: 4 * MAX_DEPTH,
            block_nesting_limit: 4 * MAX_DEPTH,
        };
        self.base = offset(part.start);
        let first = self.lines.line(self.text, part.start);
        for event in Parser::new_from_str_with_options(&self.text[part], options) {
            let (event, span) = event.map_err(|error| ParseError::from_scan(&error, first))?;
            self.take(event, span)?;
        }
        Ok(())
    }

    /// What there is so far; no document is open.
    pub(crate) fn mark(&self) -> Mark {
        let tables = &self.tables;
        Mark {
            documents: tables.documents.len(),
            nodes: tables.nodes.len(),
            properties: tables.properties.len(),
            texts: tables.texts.len(),
            comments: tables.comments.len(),
            weight: self.weight,
        }
    }

    /// Forgets what came after `mark`.
    pub(crate) fn rewind(&mut self, mark: Mark) {
        let tables = &mut self.tables;
        tables.documents.truncate(mark.documents);
        tables.nodes.truncate(mark.nodes);
        tables.properties.truncate(mark.properties);
        tables.texts.truncate(mark.texts);
        tables.comments.truncate(mark.comments);
        self.weight = mark.weight;
        self.open.clear();
    }

    /// The tables of the whole text.
    pub(crate) fn finish(mut self) -> Tables {
        // A comment beside the header of a block scalar is told after the scalar.
        self.tables.comments.sort_unstable();
        self.tables
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), ParseError> {
        let (start, end) = bytes(&span);
        let (start, end) = (start + self.base, end + self.base);
        match event {
            Event::DocumentStart(explicit, _) => self.start_document(explicit, start)?,
            Event::DocumentEnd => self.end_document(end),
            Event::Comment(..) => self.tables.comments.push((start, end)),
            Event::MappingStart(style, _, tag) => {
                self.start_collection(Shape::Mapping(layout(style)), (start, end), tag)?;
            }
            Event::SequenceStart(style, _, tag) => {
                self.start_collection(Shape::Sequence(layout(style)), (start, end), tag)?;
            }
            Event::MappingEnd | Event::SequenceEnd => self.end_collection(end)?,
            Event::Scalar(text, style, _, tag) => {
                let span = scalar_span(&text, style, (start, end));
                let has_lines = style == ScalarStyle::Plain && matches!(text, Cow::Owned(_));
                if has_lines && holds_comment(&self.text[span.0 as usize..span.1 as usize]) {
                    let problem = Problem::Syntax("a comment inside of a plain scalar".to_owned());
                    return Err(self.problem(problem, span.0));
                }
                let shape = self.scalar(text, style, span);
                self.push(shape, span, tag, 1)?;
            }
            Event::Anchor(number, _) => self.anchor(number, (start, end)),
            Event::Alias(number) => self.alias(number, (start, end))?,
            _ => {}
        }
        Ok(())
    }

    pub(crate) fn start_document(&mut self, explicit: bool, start: u32) -> Result<(), ParseError> {
        if self.tables.documents.len() == MAX_DOCUMENTS {
            return Err(self.problem(Problem::TooManyDocuments, start));
        }
        let between = &self.text[self.ended.min(start) as usize..start as usize];
        self.anchors.clear();
        self.weights.clear();
        let root = offset(self.tables.nodes.len());
        self.tables.documents.push(DocumentRecord {
            root,
            end: root,
            start,
            explicit,
            directives: between
                .split(['\n', '\r'])
                .any(|line| line.trim_start_matches('\u{feff}').starts_with('%')),
        });
        Ok(())
    }

    pub(crate) fn end_document(&mut self, end: u32) {
        let nodes = offset(self.tables.nodes.len());
        if let Some(document) = self.tables.documents.last_mut() {
            document.end = nodes;
        }
        self.ended = end;
    }

    pub(crate) fn start_collection(
        &mut self,
        shape: Shape,
        span: (u32, u32),
        tag: Option<Cow<'_, Tag>>,
    ) -> Result<(), ParseError> {
        if self.open.len() == MAX_DEPTH {
            return Err(self.problem(Problem::TooDeep, span.0));
        }
        let node = self.push(shape, span, tag, 0)?;
        self.open.push(Open { node, weight: 1 });
        Ok(())
    }

    pub(crate) fn end_collection(&mut self, end: u32) -> Result<(), ParseError> {
        let Open { node, weight } = self.open.pop().expect("the parser closes only what it opened");
        let next = offset(self.tables.nodes.len());
        let record = &mut self.tables.nodes[node as usize];
        record.next = next;
        // The parser sees the end of a block only at the next token; there the last child decides.
        if let Shape::Mapping(Layout::Flow) | Shape::Sequence(Layout::Flow) = record.shape {
            record.end = end;
        }
        let end = record.end;
        if record.properties != 0 {
            self.weights.insert(node, weight);
        }
        self.add_to_parent(weight, end)
    }

    fn scalar(&mut self, text: Cow<'_, str>, style: ScalarStyle, span: (u32, u32)) -> Shape {
        let style = self::style(style);
        // What was left out is told as `~`.
        let text = if style == Style::Plain && span.0 == span.1 {
            "".into()
        } else {
            text
        };
        let record = match self.slice_of(&text) {
            Some(slice) => slice,
            None => {
                self.tables.texts.push(text.into());
                TextRecord::Resolved(offset(self.tables.texts.len() - 1))
            }
        };
        Shape::Scalar(style, record)
    }

    /// Where `part` lies in the text, if it was borrowed from there.
    fn slice_of(&self, part: &str) -> Option<TextRecord> {
        if part.is_empty() {
            return Some(TextRecord::Slice { start: 0, end: 0 });
        }
        let start = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let end = start.checked_add(part.len())?;
        let slice = TextRecord::Slice {
            start: u32::try_from(start).ok()?,
            end: u32::try_from(end).ok()?,
        };
        (self.text.get(start..end) == Some(part)).then_some(slice)
    }

    fn alias(&mut self, number: usize, span: (u32, u32)) -> Result<(), ParseError> {
        let target = self.anchors.get(&number).copied();
        let target = target.expect("the parser refuses an alias without its anchor");
        let record = &self.tables.nodes[target as usize];
        let weight = match record.shape {
            Shape::Scalar(..) | Shape::Alias { .. } => 1,
            Shape::Mapping(_) | Shape::Sequence(_) => match self.weights.get(&target) {
                Some(&weight) => weight,
                None => return Err(self.problem(Problem::CyclicAlias, span.0)),
            },
        };
        self.push(Shape::Alias { target }, span, None, weight)?;
        Ok(())
    }

    fn anchor(&mut self, number: usize, span: (u32, u32)) {
        let node = offset(self.tables.nodes.len() - 1);
        self.anchors.insert(number, node);
        self.properties(node).anchor = Some(span);
    }

    fn properties(&mut self, node: u32) -> &mut Properties {
        let record = &mut self.tables.nodes[node as usize];
        if record.properties == 0 {
            self.tables.properties.push(Properties::default());
            record.properties = offset(self.tables.properties.len());
        }
        &mut self.tables.properties[record.properties as usize - 1]
    }

    /// Adds a node that counts as `weight` nodes; a collection counts when it ends.
    pub(crate) fn push(
        &mut self,
        shape: Shape,
        (start, end): (u32, u32),
        tag: Option<Cow<'_, Tag>>,
        weight: u64,
    ) -> Result<u32, ParseError> {
        if self.tables.nodes.len() as u64 >= MAX_NODES {
            return Err(self.problem(Problem::TooManyNodes, start));
        }
        let index = offset(self.tables.nodes.len());
        let record = NodeRecord {
            shape,
            start,
            end,
            next: index + 1,
            properties: 0,
        };
        self.tables.nodes.push(record);
        if let Some(tag) = tag {
            let tag = format!("{}{}", tag.handle(), tag.suffix());
            self.properties(index).tag = Some(tag.into());
        }
        self.add_to_parent(weight, end)?;
        Ok(index)
    }

    /// Counts a node, and what is in it, that reaches up to `end`.
    fn add_to_parent(&mut self, weight: u64, end: u32) -> Result<(), ParseError> {
        let sum = match self.open.last_mut() {
            Some(open) => {
                let parent = &mut self.tables.nodes[open.node as usize];
                parent.end = parent.end.max(end);
                &mut open.weight
            }
            None => &mut self.weight,
        };
        *sum = sum.saturating_add(weight);
        if *sum > MAX_NODES {
            return Err(self.problem(Problem::TooManyNodes, end));
        }
        Ok(())
    }

    fn problem(&self, problem: Problem, at: u32) -> ParseError {
        ParseError::new(problem, self.lines.location(self.text, at as usize))
    }
}

/// The bytes of a scalar; a block scalar without content has none, where it ends.
///
/// The parser tells its header instead if it is the last of the text.
fn scalar_span(text: &str, style: ScalarStyle, (start, end): (u32, u32)) -> (u32, u32) {
    let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    let is_empty = is_block && text.trim_end_matches('\n').is_empty();
    (if is_empty { end } else { start }, end)
}

/// Whether a line of plain text is a comment, which the parser takes for an empty line if it begins with a tab.
fn holds_comment(plain: &str) -> bool {
    let mut lines = plain.split(['\n', '\r']).skip(1);
    lines.any(|line| line.trim_start_matches([' ', '\t']).starts_with('#'))
}

fn bytes(span: &Span) -> (u32, u32) {
    let range = span.byte_range().expect("a parser of text tells bytes");
    (offset(range.start), offset(range.end.max(range.start)))
}

fn layout(style: StructureStyle) -> Layout {
    match style {
        StructureStyle::Block => Layout::Block,
        StructureStyle::Flow => Layout::Flow,
    }
}

fn style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}
