//! Writes what a file says, in a manner that chance gives.

mod flow;

use serde_json::{Value, json};

use super::chance::Chance;
use super::scalars::{Context, Token, token};
use super::tree::{Nature, Node, Scalar};
use super::written::{Spot, Written};

/// Comments with images in them that nobody must touch.
const COMMENTS: &[&str] = &[
    "image: nginx:1.0",
    "was nginx:1.2.3, before that docker.io/library/nginx:1.2",
    "tag: 1.2.3",
    "- image: ghcr.io/acme/api:1.0",
    "keep in step with \"acme/api:1.0@sha256:00\"",
    "{\"$imagepolicy\": \"shop:api\"}",
    "été 🚢",
];

/// Names for anchors that nothing refers to.
const ANCHORS: &[&str] = &["image", "i", "the-image", "img_", "x9"];

/// How a file is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// By how many spaces a mapping is further in than its key.
    pub(super) step: usize,
    /// The same of a list.
    pub(super) list_step: usize,
    /// How many spaces follow the dash of an item.
    pub(super) dash: usize,
    pub(super) comments: bool,
    /// Tabs stand before comments.
    pub(super) tabs: bool,
    /// Once in so many times something is written between brackets.
    pub(super) brackets: usize,
    /// Once in so many times a key is in quotes, or has a question mark.
    pub(super) odd_keys: usize,
}

impl Manner {
    pub(super) fn any(chance: &mut Chance) -> Self {
        Self {
            step: chance.of(&[2, 2, 2, 4, 3]),
            list_step: chance.of(&[0, 0, 2]),
            dash: chance.of(&[1, 1, 1, 3]),
            comments: chance.once_in(2),
            tabs: chance.once_in(16),
            brackets: chance.of(&[usize::MAX, usize::MAX, 40, 12]),
            odd_keys: chance.of(&[usize::MAX, usize::MAX, 12]),
        }
    }
}

/// Writes nodes one after another.
pub(super) struct Writer<'a> {
    pub(super) chance: &'a mut Chance,
    pub(super) manner: Manner,
    pub(super) written: Written,
    /// The way from the root of the file to what is written next.
    pub(super) path: Vec<Value>,
    /// Whether the scalar that is written next has an anchor already.
    has_anchor: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(chance: &'a mut Chance, manner: Manner) -> Self {
        Self {
            chance,
            manner,
            written: Written::default(),
            path: Vec::new(),
            has_anchor: false,
        }
    }

    /// Writes a document in blocks.
    pub(super) fn document(&mut self, number: usize, node: &Node) {
        self.path = vec![json!(number)];
        match node {
            Node::Map(entries) => self.entries(entries, 0, false),
            Node::List(items) => self.items(items, 0),
            other => panic!("a document is a mapping or a list, not {other:?}"),
        }
    }

    fn put(&mut self, text: impl Into<String>) {
        self.written.put(text);
    }

    fn entries(&mut self, entries: &[(String, Node)], indent: usize, mut is_in_line: bool) {
        for (key, value) in entries {
            if !is_in_line {
                self.between(indent);
                self.put(" ".repeat(indent));
            }
            is_in_line = false;
            self.path.push(json!(key));
            self.entry(key, value, indent);
            self.path.pop();
        }
    }

    fn entry(&mut self, key: &str, value: &Node, indent: usize) {
        let is_explicit = !matches!(value, Node::List(_)) && key != "<<" && self.is_odd();
        let key = self.key(key);
        if is_explicit {
            self.written.features.insert("explicit keys");
            self.put(format!("? {key}\n{}:", " ".repeat(indent)));
        } else {
            let space = if self.is_odd() { " " } else { "" };
            self.put(format!("{key}{space}:"));
        }
        self.value(value, indent);
    }

    fn is_odd(&mut self) -> bool {
        self.manner.odd_keys != usize::MAX && self.chance.once_in(self.manner.odd_keys)
    }

    /// A key, mostly plain.
    fn key(&mut self, key: &str) -> String {
        let is_plain = key.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
        match key {
            "<<" => key.to_owned(),
            _ if !is_plain || key == "y" => format!("\"{key}\""),
            _ if self.is_odd() => {
                self.written.features.insert("keys in quotes");
                self.chance
                    .of(&[format!("\"{key}\"").as_str(), format!("'{key}'").as_str()])
                    .to_owned()
            }
            _ => key.to_owned(),
        }
    }

    /// What follows a key or a dash, with the end of its line.
    fn value(&mut self, node: &Node, indent: usize) {
        match node {
            Node::Anchored(name, node) => {
                self.put(format!(" &{name}"));
                self.written.features.insert("shared");
                self.has_anchor = true;
                self.value(node, indent);
            }
            Node::Alias(name) => {
                self.put(format!(" *{name}"));
                self.end_line();
            }
            Node::Scalar(scalar) => self.scalar(scalar, indent),
            Node::Within(node) => self.within(node, indent),
            Node::Map(_) | Node::List(_) if self.goes_in_brackets(node) => {
                self.put(" ");
                self.in_brackets(node, indent);
                self.end_line();
            }
            Node::Map(entries) => {
                self.has_anchor = false;
                self.end_line();
                self.entries(entries, indent + self.manner.step, false);
            }
            Node::List(items) => {
                self.end_line();
                self.items(items, indent + self.manner.list_step);
            }
        }
    }

    fn goes_in_brackets(&mut self, node: &Node) -> bool {
        let is_empty = match node {
            Node::Map(entries) => entries.is_empty(),
            Node::List(items) => items.is_empty(),
            _ => false,
        };
        let can = !node.any(&|node| matches!(node, Node::Within(_)));
        is_empty || can && self.manner.brackets != usize::MAX && self.chance.once_in(self.manner.brackets)
    }

    fn items(&mut self, items: &[Node], indent: usize) {
        for (number, item) in items.iter().enumerate() {
            self.between(indent);
            self.put(format!("{}-", " ".repeat(indent)));
            self.path.push(json!(number));
            match item {
                Node::Map(entries) if !self.goes_in_brackets(item) => {
                    self.put(" ".repeat(self.manner.dash));
                    self.entries(entries, indent + 1 + self.manner.dash, true);
                }
                // Nothing of an item that is further in may begin where the next dash would.
                Node::Anchored(name, map) if matches!(**map, Node::Map(_)) => {
                    self.put(format!(" &{name}\n"));
                    self.written.features.insert("shared");
                    let Node::Map(entries) = &**map else { unreachable!() };
                    self.entries(entries, indent + 2, false);
                }
                _ => self.value(item, indent),
            }
            self.path.pop();
        }
    }

    fn scalar(&mut self, scalar: &Scalar, indent: usize) {
        let deeper = self.manner.step;
        let context = Context::Block {
            indent: indent + deeper,
            deeper,
        };
        self.before_scalar(scalar, indent + deeper);
        let is_block = self.token(scalar, context);
        if is_block {
            self.put("\n");
        } else {
            self.end_line();
        }
    }

    /// What stands between a key or a dash and its scalar: a space, a tab, or the end of the line.
    fn before_scalar(&mut self, scalar: &Scalar, indent: usize) {
        let is_image = scalar.nature == Nature::Image;
        if is_image && !self.has_anchor && self.chance.once_in(50) {
            self.written.features.insert("a value below its key");
            let comment = self.chance.of(&["", "", " # tag: 1.2.3"]);
            self.put(format!("{comment}\n{}", " ".repeat(indent)));
        } else if is_image && self.manner.tabs && self.chance.once_in(4) {
            self.written.features.insert("tabs");
            self.put(" \t");
        } else {
            self.put(" ");
        }
    }

    /// Writes a scalar, and says whether nothing can follow in its line.
    fn token(&mut self, scalar: &Scalar, context: Context) -> bool {
        let anchor = self.anchor();
        let anchor = anchor.as_deref();
        let token = token(self.chance, scalar, context, anchor);
        self.put(&*token.head);
        if scalar.old != scalar.new {
            self.spot(scalar, &token);
        }
        self.written.refused.extend(scalar.objection);
        self.written.needs_last_line_end = !token.tail.is_empty();
        self.written.pieces.extend(token.body);
        token.is_block
    }

    /// A name that no other node has; none if the node has one already.
    fn anchor(&mut self) -> Option<String> {
        if std::mem::take(&mut self.has_anchor) {
            return None;
        }
        let name = self.chance.of(ANCHORS);
        Some(format!("{name}{}", self.written.pieces.len()))
    }

    fn spot(&mut self, scalar: &Scalar, token: &Token) {
        self.written.features.insert(token.feature);
        self.written.features.extend(token.properties);
        self.written.spots.push(Spot {
            path: self.path.clone(),
            reads: scalar.after() + token.tail,
            old: scalar.before(),
            new: scalar.after(),
            line: 0,
            column: 0,
            piece: self.written.pieces.len(),
        });
    }

    /// A file within the file, in a literal block.
    fn within(&mut self, node: &Node, indent: usize) {
        let manner = Manner::any(self.chance);
        let mut writer = Writer::new(self.chance, Manner { tabs: false, ..manner });
        // A first line that is empty or further in would say how deep the others are.
        writer.put("# values\n");
        writer.document(0, node);
        let within = writer.written;
        // Without its last line end, a block at the end would read otherwise.
        let ends_in_block = within.needs_last_line_end;
        let header = if ends_in_block {
            "|"
        } else {
            self.chance.of(&["|", "|", "|-"])
        };
        self.written.needs_last_line_end = ends_in_block;
        self.put(format!(" {header}\n"));
        self.written.features.insert("a file within");
        self.written.put_within(within, &self.path, indent + self.manner.step);
    }

    /// Comments and empty lines before an entry or an item.
    fn between(&mut self, indent: usize) {
        if self.manner.comments && self.chance.once_in(8) {
            let comment = self.chance.of(COMMENTS);
            let indent = self.chance.of(&[indent, indent, 0]);
            self.put(format!("{}# {comment}\n", " ".repeat(indent)));
        }
        if self.chance.once_in(20) {
            self.put("\n");
        }
    }

    /// Ends a line, perhaps behind a comment.
    fn end_line(&mut self) {
        if self.manner.comments && self.chance.once_in(6) {
            let comment = self.chance.of(COMMENTS);
            let blanks = if self.manner.tabs {
                self.written.features.insert("tabs");
                self.chance.of(&["\t", " \t", "\t\t"])
            } else {
                self.chance.of(&[" ", "  "])
            };
            self.put(format!("{blanks}# {comment}"));
        } else if self.chance.once_in(40) {
            self.put("  ");
        }
        self.put("\n");
    }
}
