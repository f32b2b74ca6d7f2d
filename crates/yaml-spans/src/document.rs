//! The documents of a stream, and the sections it can be taken apart into.

use std::ops::Range;

use crate::{Node, Stream};

#[derive(Debug, Clone, Copy)]
pub(crate) struct DocumentRecord {
    /// The root node.
    pub(crate) root: u32,
    /// One past the last node.
    pub(crate) end: u32,
    /// Where the document begins: at its `---`, or at its first node.
    pub(crate) start: u32,
    /// The document begins with `---`.
    pub(crate) explicit: bool,
    /// There are directives (`%YAML`, `%TAG`) before it.
    pub(crate) directives: bool,
}

/// One document of a stream.
#[derive(Debug, Clone, Copy)]
pub struct Document<'s> {
    pub(crate) stream: &'s Stream,
    pub(crate) index: usize,
}

impl<'s> Document<'s> {
    /// The one node that is the document; an empty document is an empty plain scalar.
    pub fn root(&self) -> Node<'s> {
        Node {
            stream: self.stream,
            index: self.record().root,
        }
    }

    /// Its number in the stream, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Whether it begins with `---`.
    pub fn is_explicit(&self) -> bool {
        self.record().explicit
    }

    /// Where it begins: at its `---`, or at its first node.
    pub fn start(&self) -> usize {
        self.record().start as usize
    }

    /// Its nodes, each before what is in it.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node<'s>> + use<'s> {
        let (stream, record) = (self.stream, self.record());
        (record.root..record.end).map(move |index| Node { stream, index })
    }

    fn record(&self) -> &'s DocumentRecord {
        self.stream.record(self.index)
    }
}

/// A part of a stream that means the same when it is parsed alone.
///
/// It begins at a `---` (or with the text) and ends where the next section
/// begins: nothing crosses a `---`, neither anchors nor indentation. Streams
/// with directives are one section, for those stand before the `---`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The bytes of the section; sections cover the text without a gap.
    pub span: Range<usize>,
    /// The documents in it, by number.
    pub documents: Range<usize>,
}

impl Stream {
    /// The parts of the text that can be parsed on their own, in order.
    pub fn sections(&self) -> Vec<Section> {
        let documents = &self.tables.documents;
        let whole = documents.iter().any(|document| document.directives);
        let mut starts = vec![(0, 0)];
        for (index, document) in documents.iter().enumerate().skip(1) {
            if document.explicit && !whole {
                starts.push((document.start as usize, index));
            }
        }
        let ends = starts.iter().skip(1).copied();
        let ends = ends.chain([(self.text.len(), documents.len())]).collect::<Vec<_>>();
        let section = |(start, end): (&(usize, usize), &(usize, usize))| Section {
            span: start.0..end.0,
            documents: start.1..end.1,
        };
        starts.iter().zip(&ends).map(section).collect()
    }

    /// The nodes of the documents of `section`, each before what is in it.
    pub fn nodes_of(&self, section: &Section) -> impl ExactSizeIterator<Item = Node<'_>> {
        let documents = &self.tables.documents[section.documents.clone()];
        let first = documents.first().map_or(0, |document| document.root);
        let end = documents.last().map_or(first, |document| document.end);
        (first..end).map(|index| Node { stream: self, index })
    }
}
