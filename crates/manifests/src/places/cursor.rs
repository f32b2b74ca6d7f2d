//! A way from the top of a document down to a node, through aliases and merge keys.

use std::{
    borrow::Cow,
    cell::Cell,
    collections::{HashMap, HashSet},
    iter,
    rc::Rc,
};

use yaml_spans::{Kind, Mapping, Node};

use super::MAX_NAME;
use crate::{
    FieldPath,
    merge::{own_entries, sources},
};

/// So many values of one key are looked at, the last ones; a file with more than one is refused wherever it matters.
const MAX_DUPLICATES: usize = 8;

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

    /// The top of a text that stands in the scalar at `around`.
    pub(super) fn inside(root: Node<'s>, around: &Cursor<'_>) -> Self {
        Self {
            node: root.resolved(),
            path: around.path.clone(),
            passed: None,
        }
    }

    /// The values of `key`: several only where the key is duplicate.
    ///
    /// What is written in a mapping wins over what is merged into it.
    pub(super) fn each(&self, key: impl Into<Cow<'static, str>>) -> Vec<Self> {
        let key = key.into();
        let Some(mapping) = self.node.as_mapping() else {
            return Vec::new();
        };
        let own = self.step(None, mapping, key.clone());
        if !own.is_empty() {
            return own;
        }
        let merged = sources(mapping).into_iter();
        let mut found = merged.map(|source| self.step(Some(mapping), source, key.clone()));
        found.find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The value of `key`; the last one where the key is duplicate.
    pub(super) fn last(&self, key: impl Into<Cow<'static, str>>) -> Option<Self> {
        self.each(key).pop()
    }

    /// The values at the end of a path of keys.
    pub(super) fn descend(&self, path: &[&'static str]) -> Vec<Self> {
        let start = vec![self.clone()];
        path.iter().fold(start, |found, key| {
            found.iter().flat_map(|cursor| cursor.each(*key)).collect()
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
            let key = entry.key.as_text().filter(|key| key.len() <= MAX_NAME);
            let Some(key) = key.filter(|key| !seen.contains(key)) else {
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

    /// The ways to the values and items below that have these numbers, which ascend.
    ///
    /// Looks only into what holds one of them, and at everything once. No way leads to a key.
    pub(super) fn lead_to(&self, ids: &[usize]) -> HashMap<usize, Self> {
        let holds = |node: &Node<'_>| {
            let first = ids.partition_point(|&id| id < node.id());
            ids.get(first).is_some_and(|&id| id < node.id() + node.size())
        };
        let mut found = HashMap::new();
        let mut waiting = vec![(self.node, self.clone())];
        while let Some((node, cursor)) = waiting.pop() {
            match node.kind() {
                Kind::Mapping(mapping) => {
                    let passed = Passed::new(mapping, cursor.passed.clone());
                    let entries = mapping.entries().filter(|entry| holds(&entry.value));
                    waiting.extend(entries.filter_map(|entry| {
                        let key = entry.key.as_text().filter(|key| key.len() <= MAX_NAME)?;
                        let path = cursor.path.key(key.to_owned());
                        Some((entry.value, cursor.at(entry.value, path, Some(&passed))))
                    }));
                }
                Kind::Sequence(sequence) => {
                    let items = sequence.items().enumerate().filter(|(_, item)| holds(item));
                    let passed = cursor.passed.as_ref();
                    waiting.extend(items.map(|(index, item)| (item, cursor.at(item, cursor.path.item(index), passed))));
                }
                Kind::Scalar(_) | Kind::Alias(_) => {
                    found.insert(node.id(), cursor);
                }
            }
        }
        found
    }

    fn at(&self, node: Node<'s>, path: FieldPath, passed: Option<&Rc<Passed<'s>>>) -> Self {
        Self {
            node: node.resolved(),
            path,
            passed: passed.cloned(),
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
    fn step(&self, into: Option<Mapping<'s>>, mapping: Mapping<'s>, key: Cow<'static, str>) -> Vec<Self> {
        let mut values = mapping.get_all(&key).collect::<Vec<_>>();
        values.drain(..values.len().saturating_sub(MAX_DUPLICATES));
        if values.is_empty() {
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
        values.into_iter().map(cursor).collect()
    }
}
