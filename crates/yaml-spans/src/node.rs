//! Nodes, and finding one's way among them.

use std::{collections::HashSet, ops::Range};

use crate::{Location, Scalar, Stream, Style};

/// One node as the arena holds it.
#[derive(Debug, Clone)]
pub(crate) struct NodeRecord {
    pub(crate) shape: Shape,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// One past the last node inside this one.
    pub(crate) next: u32,
    /// One more than the index of its anchor and tag; 0 if it has neither.
    pub(crate) properties: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Mapping(Layout),
    Sequence(Layout),
    Scalar(Style, TextRecord),
    Alias { target: u32 },
}

/// Where the text of a scalar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextRecord {
    /// It is written as it reads.
    Slice { start: u32, end: u32 },
    /// It had to be resolved (escapes, folds, indentation).
    Resolved(u32),
}

/// The anchor and tag of a node.
#[derive(Debug, Clone, Default)]
pub(crate) struct Properties {
    pub(crate) anchor: Option<(u32, u32)>,
    pub(crate) tag: Option<Box<str>>,
}

/// How a mapping or sequence is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// By indentation.
    Block,
    /// In brackets.
    Flow,
}

/// A node of the tree; small, copied freely.
#[derive(Debug, Clone, Copy)]
pub struct Node<'s> {
    pub(crate) stream: &'s Stream,
    pub(crate) index: u32,
}

/// What a node is.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'s> {
    /// Keys with values.
    Mapping(Mapping<'s>),
    /// Items.
    Sequence(Sequence<'s>),
    /// Text.
    Scalar(Scalar<'s>),
    /// A stand-in for an anchored node.
    Alias(Alias<'s>),
}

/// A node that holds keys with values.
#[derive(Debug, Clone, Copy)]
pub struct Mapping<'s>(Node<'s>);

/// A node that holds items.
#[derive(Debug, Clone, Copy)]
pub struct Sequence<'s>(Node<'s>);

/// A node that stands for another one.
#[derive(Debug, Clone, Copy)]
pub struct Alias<'s>(Node<'s>);

/// A key and its value.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'s> {
    /// The key.
    pub key: Node<'s>,
    /// The value.
    pub value: Node<'s>,
}

/// The name other nodes refer to a node by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor<'s> {
    /// Without the `&`.
    pub name: &'s str,
    /// The bytes it was written in, `&` included.
    pub span: Range<usize>,
}

impl<'s> Node<'s> {
    /// What it is; an alias is not looked through.
    pub fn kind(self) -> Kind<'s> {
        match self.record().shape {
            Shape::Mapping(_) => Kind::Mapping(Mapping(self)),
            Shape::Sequence(_) => Kind::Sequence(Sequence(self)),
            Shape::Scalar(style, text) => Kind::Scalar(Scalar {
                node: self,
                style,
                text,
            }),
            Shape::Alias { .. } => Kind::Alias(Alias(self)),
        }
    }

    /// The bytes of its content, without anchor and tag.
    ///
    /// A quoted scalar includes its quotes; a block scalar is from its first
    /// character to its last line end, without the header; what was left out
    /// is empty. A block mapping or sequence ends with the last node in it.
    pub fn span(self) -> Range<usize> {
        self.record().start as usize..self.record().end as usize
    }

    /// The line and column where its content begins.
    pub fn location(self) -> Location {
        self.stream.location(self.record().start as usize)
    }

    /// Its place in the arena: the same node has the same number, later nodes have larger ones.
    pub fn id(self) -> usize {
        self.index as usize
    }

    /// How many nodes are in it, itself included, aliases not counted through.
    pub fn size(self) -> usize {
        (self.record().next - self.index) as usize
    }

    /// The name it can be referred to by.
    pub fn anchor(self) -> Option<Anchor<'s>> {
        let (start, end) = self.properties()?.anchor?;
        let span = start as usize..end as usize;
        Some(Anchor {
            name: &self.stream.text[span.start + 1..span.end],
            span,
        })
    }

    /// Its tag, resolved (`tag:yaml.org,2002:str` for `!!str`).
    pub fn tag(self) -> Option<&'s str> {
        self.properties()?.tag.as_deref()
    }

    /// What an alias stands for; every other node is itself.
    pub fn resolved(self) -> Self {
        match self.record().shape {
            Shape::Alias { target } => Node {
                stream: self.stream,
                index: target,
            },
            _ => self,
        }
    }

    /// The mapping that it is or stands for.
    pub fn as_mapping(self) -> Option<Mapping<'s>> {
        match self.resolved().kind() {
            Kind::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The sequence that it is or stands for.
    pub fn as_sequence(self) -> Option<Sequence<'s>> {
        match self.resolved().kind() {
            Kind::Sequence(sequence) => Some(sequence),
            _ => None,
        }
    }

    /// The scalar that it is or stands for.
    pub fn as_scalar(self) -> Option<Scalar<'s>> {
        match self.resolved().kind() {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of the scalar that it is or stands for.
    pub fn as_text(self) -> Option<&'s str> {
        self.as_scalar().map(|scalar| scalar.text())
    }

    /// The stream that it is a part of.
    pub fn stream(self) -> &'s Stream {
        self.stream
    }

    pub(crate) fn record(self) -> &'s NodeRecord {
        &self.stream.tables.nodes[self.index as usize]
    }

    fn properties(self) -> Option<&'s Properties> {
        let index = self.record().properties.checked_sub(1)?;
        Some(&self.stream.tables.properties[index as usize])
    }

    /// The nodes directly inside it.
    fn children(self) -> impl Iterator<Item = Node<'s>> {
        let (stream, end) = (self.stream, self.record().next);
        let within = move |index: u32| (index < end).then_some(Node { stream, index });
        std::iter::successors(within(self.index + 1), move |node| within(node.record().next))
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.stream, other.stream) && self.index == other.index
    }
}

impl Eq for Node<'_> {}

impl<'s> Mapping<'s> {
    /// The node that it is.
    pub fn node(self) -> Node<'s> {
        self.0
    }

    /// How it is written.
    pub fn layout(self) -> Layout {
        match self.0.record().shape {
            Shape::Mapping(layout) => layout,
            _ => unreachable!("only mappings are wrapped"),
        }
    }

    /// Its keys with their values, in the order of the text.
    pub fn entries(self) -> impl Iterator<Item = Entry<'s>> {
        let mut children = self.0.children();
        std::iter::from_fn(move || {
            Some(Entry {
                key: children.next()?,
                value: children.next()?,
            })
        })
    }

    /// The value of the first key that reads `key`.
    pub fn get(self, key: &str) -> Option<Node<'s>> {
        self.get_all(key).next()
    }

    /// The values of all keys that read `key`; more than one where keys are duplicate.
    pub fn get_all(self, key: &str) -> impl Iterator<Item = Node<'s>> {
        let is_key = move |entry: &Entry<'s>| entry.key.as_text() == Some(key);
        self.entries().filter(is_key).map(|entry| entry.value)
    }

    /// The scalar keys that read the same as an earlier one, in the order of the text.
    pub fn duplicate_keys(self) -> impl Iterator<Item = Node<'s>> {
        let mut seen = HashSet::new();
        let keys = self.entries().map(|entry| entry.key);
        keys.filter(move |key| key.as_text().is_some_and(|text| !seen.insert(text)))
    }
}

impl<'s> Sequence<'s> {
    /// The node that it is.
    pub fn node(self) -> Node<'s> {
        self.0
    }

    /// How it is written.
    pub fn layout(self) -> Layout {
        match self.0.record().shape {
            Shape::Sequence(layout) => layout,
            _ => unreachable!("only sequences are wrapped"),
        }
    }

    /// Its items, in the order of the text.
    pub fn items(self) -> impl Iterator<Item = Node<'s>> {
        self.0.children()
    }
}

impl<'s> Alias<'s> {
    /// The node that it is.
    pub fn node(self) -> Node<'s> {
        self.0
    }

    /// The node that it stands for, which is no alias and does not contain this one.
    pub fn target(self) -> Node<'s> {
        self.0.resolved()
    }
}
