//! A parsed text.

use std::{ops::Range, sync::Arc};

use crate::{
    Document, Location, Node, ParseError,
    build::{self, Tables},
    document::DocumentRecord,
    location::Lines,
    quick,
};

/// A text and the tree of its documents.
///
/// Nodes lie in one arena in the order of the text, so a subtree is a range
/// of it. Cheap to keep: about 30 bytes a node beside the text.
#[derive(Debug, Clone)]
pub struct Stream {
    pub(crate) text: Arc<str>,
    pub(crate) tables: Tables,
    pub(crate) lines: Lines,
}

/// A comment, from its `#` to the end of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment<'s> {
    /// The text after the `#`.
    pub text: &'s str,
    start: u32,
    end: u32,
}

impl Comment<'_> {
    /// The bytes it was written in, `#` included, line end excluded.
    pub fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Stream {
    /// Reads a text of any number of documents.
    ///
    /// # Errors
    ///
    /// The text is not YAML, or passes one of the limits of this crate.
    pub fn parse(text: impl Into<Arc<str>>) -> Result<Self, ParseError> {
        let text = text.into();
        build::check_size(&text)?;
        let lines = Lines::new(&text);
        let tables = match quick::tables(&text, &lines)? {
            Some(tables) => tables,
            None => build::tables(&text, &lines)?,
        };
        Ok(Self { text, tables, lines })
    }

    /// As [`parse`](Self::parse), which takes a short cut for what is usual, and slower: the grammar has the word on all of it.
    ///
    /// For those who prove something: the two have next to no code in common.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_by_grammar(text: impl Into<Arc<str>>) -> Result<Self, ParseError> {
        let text = text.into();
        build::check_size(&text)?;
        let lines = Lines::new(&text);
        let tables = build::tables(&text, &lines)?;
        Ok(Self { text, tables, lines })
    }

    /// The whole text, a byte order mark included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The documents, in the order of the text.
    pub fn documents(&self) -> impl ExactSizeIterator<Item = Document<'_>> + DoubleEndedIterator {
        (0..self.tables.documents.len()).map(|index| Document { stream: self, index })
    }

    /// The comments, in the order of the text.
    pub fn comments(&self) -> impl ExactSizeIterator<Item = Comment<'_>> {
        self.comments_of(0..self.tables.comments.len())
    }

    /// The comments that begin within `range`, in the order of the text.
    pub fn comments_in(&self, range: Range<usize>) -> impl ExactSizeIterator<Item = Comment<'_>> + DoubleEndedIterator {
        let starts_before = |limit: usize| {
            self.tables
                .comments
                .partition_point(|&(start, _)| (start as usize) < limit)
        };
        self.comments_of(starts_before(range.start)..starts_before(range.end))
    }

    /// The line and column of a byte offset.
    pub fn location(&self, offset: usize) -> Location {
        self.lines.location(&self.text, offset)
    }

    /// The lines and columns of byte offsets that do not descend.
    ///
    /// Looks at the text once, where [`location`](Self::location) looks at the
    /// start of the line each time: that matters where a file is one long line.
    pub fn locations(&self, offsets: impl IntoIterator<Item = usize>) -> Vec<Location> {
        // A byte order mark is no column.
        let start = if self.text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        let mut last = (start, self.location(start));
        let locate = |offset: usize| {
            let line = self.line(offset);
            let between = self.text.get(last.0..offset).filter(|_| line == last.1.line);
            let location = match between {
                Some(between) => {
                    let column = last.1.column + between.chars().count();
                    Location { line, column }
                }
                None => self.location(offset),
            };
            last = (offset, location);
            location
        };
        offsets.into_iter().map(locate).collect()
    }

    /// The line of a byte offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.lines.line(&self.text, offset)
    }

    /// The document with this number.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn document(&self, index: usize) -> Document<'_> {
        assert!(
            index < self.tables.documents.len(),
            "no document has the number {index}"
        );
        Document { stream: self, index }
    }

    /// The document that the node with this [`id`](Node::id) is in.
    ///
    /// # Panics
    ///
    /// If there is no such node.
    pub fn document_of(&self, id: usize) -> Document<'_> {
        assert!(id < self.tables.nodes.len(), "no node has the number {id}");
        let after = self
            .tables
            .documents
            .partition_point(|document| document.root as usize <= id);
        self.document(after - 1)
    }

    /// The node with this [`id`](Node::id).
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn node(&self, id: usize) -> Node<'_> {
        assert!(id < self.tables.nodes.len(), "no node has the number {id}");
        Node {
            stream: self,
            index: id as u32,
        }
    }

    /// The nodes of all documents, each before what is in it.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        (0..self.tables.nodes.len()).map(|index| Node {
            stream: self,
            index: index as u32,
        })
    }

    /// The first node that begins at `offset` or behind it.
    pub fn first_node_from(&self, offset: usize) -> Option<Node<'_>> {
        let index = self.tables.nodes.partition_point(|node| (node.start as usize) < offset);
        (index < self.tables.nodes.len()).then(|| self.node(index))
    }

    pub(crate) fn record(&self, index: usize) -> &DocumentRecord {
        &self.tables.documents[index]
    }

    fn comments_of(&self, range: Range<usize>) -> impl ExactSizeIterator<Item = Comment<'_>> + DoubleEndedIterator {
        self.tables.comments[range].iter().map(|&(start, end)| Comment {
            text: &self.text[start as usize + 1..end as usize],
            start,
            end,
        })
    }
}
