//! Mappings and lists between brackets, and JSON.

use serde_json::json;

use super::super::scalars::{Context, quoted};
use super::super::tree::Node;
use super::Writer;

/// How things between brackets are set apart.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// Each entry has a line of its own, this deep; none if all is in one line.
    indent: Option<usize>,
    context: Context,
}

impl Writer<'_> {
    /// Writes `node` between brackets, in one line or in several.
    pub(super) fn in_brackets(&mut self, node: &Node, indent: usize) {
        self.written.features.insert("brackets");
        // In one line, in lines of which the last is as deep as the key, or deeper.
        let levels = self.chance.of(&[0, 0, 0, 0, 1, 2]);
        if levels == 1 {
            self.written.features.insert("a bracket below its key");
        }
        let layout = Layout {
            indent: (levels > 0).then_some(indent + levels * self.manner.step),
            context: Context::Flow,
        };
        self.flow(node, layout);
    }

    /// Writes a whole document as JSON does, over several lines or in one.
    pub(in super::super) fn json(&mut self, node: &Node) {
        self.path = vec![json!(0)];
        let layout = Layout {
            indent: (!self.chance.once_in(5)).then_some(self.manner.step),
            context: Context::Json,
        };
        self.flow(node, layout);
        self.put("\n");
    }

    /// Writes a whole document between brackets.
    pub(in super::super) fn document_in_brackets(&mut self, number: usize, node: &Node) {
        self.path = vec![json!(number)];
        self.in_brackets(node, 0);
        self.put("\n");
    }

    fn flow(&mut self, node: &Node, layout: Layout) {
        match node {
            Node::Map(entries) => {
                let entries = entries.iter().map(|(key, node)| (Some(key.as_str()), node));
                self.between_brackets(["{", "}"], entries.collect(), layout);
            }
            Node::List(items) => {
                let items = items.iter().map(|node| (None, node)).collect();
                self.between_brackets(["[", "]"], items, layout);
            }
            Node::Scalar(scalar) => {
                self.token(scalar, layout.context);
            }
            Node::Anchored(name, node) => {
                self.put(format!("&{name} "));
                self.has_anchor = matches!(**node, Node::Scalar(_));
                self.flow(node, layout);
            }
            Node::Alias(name) => self.put(format!("*{name} ")),
            Node::Within(_) => panic!("a file within needs a block"),
        }
    }

    fn between_brackets(&mut self, [open, close]: [&str; 2], entries: Vec<(Option<&str>, &Node)>, layout: Layout) {
        let inner = Layout {
            indent: layout.indent.map(|indent| indent + self.manner.step),
            ..layout
        };
        let count = entries.len();
        self.put(open);
        for (number, (key, node)) in entries.into_iter().enumerate() {
            self.break_line(layout, 0);
            self.path.push(key.map_or(json!(number), |key| json!(key)));
            if let Some(key) = key {
                self.flow_key(key, node, layout.context);
            }
            self.flow(node, inner);
            self.path.pop();
            if number + 1 < count {
                self.separate(layout);
            }
        }
        if count > 0 {
            self.break_line(layout, self.manner.step);
        }
        self.put(close);
    }

    fn separate(&mut self, layout: Layout) {
        let is_json = layout.context == Context::Json;
        match layout.indent {
            Some(_) if !is_json && self.manner.comments && self.chance.once_in(8) => {
                self.put(", # image: nginx:1.0");
            }
            Some(_) => self.put(","),
            None if is_json => self.put(self.spaces(",")),
            None => self.put(", "),
        }
    }

    /// Compact JSON has no spaces.
    fn spaces(&self, sign: &'static str) -> &'static str {
        match sign {
            "," if self.manner.list_step == 0 => ",",
            "," => ", ",
            _ if self.manner.list_step == 0 => ":",
            _ => ": ",
        }
    }

    fn flow_key(&mut self, key: &str, node: &Node, context: Context) {
        if context == Context::Json {
            let colon = self.spaces(":");
            return self.put(format!("{}{colon}", quoted(key)));
        }
        let key = self.key(key);
        // Behind a key in quotes the colon needs no space.
        let can_touch = key.starts_with('"') && matches!(node, Node::Scalar(_)) && self.chance.once_in(2);
        self.put(if can_touch {
            format!("{key}:")
        } else {
            format!("{key}: ")
        });
    }

    /// Goes to the next line where each entry has its own; `back` is how much less deep it is.
    fn break_line(&mut self, layout: Layout, back: usize) {
        let Some(indent) = layout.indent.map(|indent| indent - back) else {
            return;
        };
        let with_tabs = self.manner.tabs && layout.context == Context::Json;
        if with_tabs {
            self.written.features.insert("tabs");
        }
        let blanks = if with_tabs {
            "\t".repeat(indent / self.manner.step)
        } else {
            " ".repeat(indent)
        };
        self.put(format!("\n{blanks}"));
    }
}
