//! A way from the top of a document down to a node, through aliases and merge keys.

use std::{cell::Cell, collections::HashSet, iter, rc::Rc};

use yaml_spans::{Mapping, Node};

use crate::{
    FieldPath,
    merge::{own_entries, sources},
};

/// A node, and how it was come to.
///
/// Cheap to clone: what many cursors have passed they share.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'s> {
    /// The node itself, no alias.
    pub(super) node: Node<'s>,
    /// Keys and numbers, as people write them.
    pub(super) path: FieldPath,
    passed: Option<Rc<Passed<'s>>>,
}

/// A mapping that was passed, and those before it.
#[derive(Debug)]
struct Passed<'s> {
    mapping: Mapping<'s>,
    before: Option<Rc<Self>>,
    /// It was handed out by [`Cursor::unchecked`], and so were all before it.
    checked: Cell<bool>,
}

impl<'s> Passed<'s> {
    fn new(mapping: Mapping<'s>, before: Option<Rc<Self>>) -> Rc<Self> {
        Rc::new(Self {
            mapping,
            before,
            checked: Cell::new(false),
        })
    }
}

impl<'s> Cursor<'s> {
    /// The top of a document.
    pub(super) fn top(root: Node<'s>) -> Self {
        Self {
            node: root.resolved(),
            path: FieldPath::default(),
            passed: None,
        }
    }

    /// The values of `key`: several only where the key is duplicate.
    ///
    /// What is written in a mapping wins over what is merged into it.
    pub(super) fn each(&self, key: &'static str) -> Vec<Self> {
        let Some(mapping) = self.node.as_mapping() else {
            return Vec::new();
        };
        let own = self.step(None, mapping, key);
        if !own.is_empty() {
            return own;
        }
        let merged = sources(mapping).into_iter();
        let mut found = merged.map(|source| self.step(Some(mapping), source, key));
        found.find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The value of `key`; the last one where the key is duplicate.
    pub(super) fn last(&self, key: &'static str) -> Option<Self> {
        self.each(key).pop()
    }

    /// The values at the end of a path of keys.
    pub(super) fn descend(&self, path: &[&'static str]) -> Vec<Self> {
        let start = vec![self.clone()];
        path.iter().fold(start, |found, key| {
            found.iter().flat_map(|cursor| cursor.each(key)).collect()
        })
    }

    /// All entries whose keys are text, what is merged in and not overridden last.
    pub(super) fn entries(&self) -> Vec<(&'s str, Self)> {
        let Some(mapping) = self.node.as_mapping() else {
            return Vec::new();
        };
        let mut found = Vec::new();
        self.enter(mapping, self.passed.clone(), &HashSet::new(), &mut found);
        let sources = sources(mapping);
        if sources.is_empty() {
            return found;
        }
        let before = Passed::new(mapping, self.passed.clone());
        let mut seen = found.iter().map(|(key, _)| *key).collect::<HashSet<_>>();
        for source in sources {
            let old = found.len();
            self.enter(source, Some(Rc::clone(&before)), &seen, &mut found);
            seen.extend(found[old..].iter().map(|(key, _)| *key));
        }
        found
    }

    /// Adds the entries of `mapping` whose keys are not `seen`.
    fn enter(
        &self,
        mapping: Mapping<'s>,
        before: Option<Rc<Passed<'s>>>,
        seen: &HashSet<&'s str>,
        found: &mut Vec<(&'s str, Self)>,
    ) {
        let passed = Passed::new(mapping, before);
        for entry in own_entries(mapping) {
            let Some(key) = entry.key.as_text().filter(|key| !seen.contains(key)) else {
                continue;
            };
            let cursor = Self {
                node: entry.value.resolved(),
                path: self.path.key(key.to_owned()),
                passed: Some(Rc::clone(&passed)),
            };
            found.push((key, cursor));
        }
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
            path: self.path.item(index),
            passed: self.passed.clone(),
        })
    }

    /// The mappings that were passed, the last first, each way to one only once.
    pub(super) fn unchecked(&self) -> impl Iterator<Item = Mapping<'s>> {
        let steps = iter::successors(self.passed.as_ref(), |passed| passed.before.as_ref());
        let news = steps.take_while(|passed| !passed.checked.replace(true));
        news.map(|passed| passed.mapping)
    }

    /// The values of `key` in `mapping`, which is merged into `into` or is this node.
    fn step(&self, into: Option<Mapping<'s>>, mapping: Mapping<'s>, key: &'static str) -> Vec<Self> {
        let mut values = mapping.get_all(key).peekable();
        if values.peek().is_none() {
            return Vec::new();
        }
        let before = match into {
            None => self.passed.clone(),
            Some(mapping) => Some(Passed::new(mapping, self.passed.clone())),
        };
        let passed = Passed::new(mapping, before);
        let path = self.path.key(key);
        let cursor = |value: Node<'s>| Self {
            node: value.resolved(),
            path: path.clone(),
            passed: Some(Rc::clone(&passed)),
        };
        values.map(cursor).collect()
    }
}
