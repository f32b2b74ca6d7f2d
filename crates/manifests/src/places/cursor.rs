//! A way from the top of a document down to a node, through aliases and merge keys.

use yaml_spans::{Mapping, Node};

use crate::merge::sources;

/// A node, and how it was come to.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'s> {
    /// The node itself, no alias.
    pub(super) node: Node<'s>,
    /// Keys and numbers, as people write them.
    pub(super) path: String,
    /// The mappings that were passed.
    pub(super) way: Vec<Mapping<'s>>,
}

impl<'s> Cursor<'s> {
    /// The top of a document.
    pub(super) fn top(root: Node<'s>) -> Self {
        Self {
            node: root.resolved(),
            path: String::new(),
            way: Vec::new(),
        }
    }

    /// The values of `key`: several only where the key is duplicate.
    ///
    /// What is written in a mapping wins over what is merged into it.
    pub(super) fn each(&self, key: &str) -> Vec<Self> {
        let Some(mapping) = self.node.as_mapping() else {
            return Vec::new();
        };
        let own = self.step(&[mapping], mapping, key);
        if !own.is_empty() {
            return own;
        }
        let merged = sources(mapping).into_iter();
        let found = merged.map(|source| self.step(&[mapping, source], source, key));
        found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The value of `key`; the last one where the key is duplicate.
    pub(super) fn last(&self, key: &str) -> Option<Self> {
        self.each(key).pop()
    }

    /// The values at the end of a path of keys.
    pub(super) fn descend(&self, path: &[&str]) -> Vec<Self> {
        let start = vec![self.clone()];
        path.iter().fold(start, |found, key| {
            found.iter().flat_map(|cursor| cursor.each(key)).collect()
        })
    }

    /// The items of a sequence.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> {
        let items = self
            .node
            .as_sequence()
            .into_iter()
            .flat_map(|sequence| sequence.items());
        items.enumerate().map(|(index, item)| Self {
            node: item.resolved(),
            path: format!("{}[{index}]", self.path),
            way: self.way.clone(),
        })
    }

    fn step(&self, passed: &[Mapping<'s>], mapping: Mapping<'s>, key: &str) -> Vec<Self> {
        let separator = if self.path.is_empty() { "" } else { "." };
        let cursor = |value: Node<'s>| Self {
            node: value.resolved(),
            path: format!("{}{separator}{key}", self.path),
            way: [&self.way, passed].concat(),
        };
        mapping.get_all(key).map(cursor).collect()
    }
}
