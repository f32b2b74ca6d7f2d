//! Where in a text of YAML something is written.

use yaml_spans::{Kind, Node, Style};

/// What a dotted key such as `rules[0].policy` leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'s> {
    /// The value of the key, or the innermost one around it that is there.
    pub(crate) node: Node<'s>,
    /// Whether it is the value of the key itself.
    pub(crate) is_whole: bool,
}

/// Follows a dotted key down from `root`.
pub(crate) fn of_key<'s>(root: Node<'s>, key: &str) -> Found<'s> {
    let mut node = root;
    for step in key.split(['.', '[']).filter(|step| !step.is_empty()) {
        let inner = match step.strip_suffix(']') {
            Some(number) => number
                .parse()
                .ok()
                .and_then(|number: usize| node.as_sequence().and_then(|items| items.items().nth(number))),
            None => node.as_mapping().and_then(|mapping| mapping.get(step)),
        };
        match inner {
            Some(inner) => node = inner,
            None => return Found { node, is_whole: false },
        }
    }
    Found { node, is_whole: true }
}

/// The byte at which the text of a scalar begins, where it is written letter for letter on one line; not of an alias.
pub(crate) fn of_text(node: Node<'_>) -> Option<usize> {
    let Kind::Scalar(scalar) = node.kind() else {
        return None;
    };
    let quote = match scalar.style() {
        Style::Plain => 0,
        Style::SingleQuoted | Style::DoubleQuoted => 1,
        Style::Literal | Style::Folded => return None,
    };
    let start = node.span().start + quote;
    let written = node.stream().text().get(start..)?;
    (written.starts_with(scalar.text()) && !scalar.text().contains('\n')).then_some(start)
}
