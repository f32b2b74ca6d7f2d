//! What a file says, apart from how it is written.

/// A node of a file.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// One text.
    Scalar(Scalar),
    /// Keys and what they hold, in the order of the file.
    Map(Vec<(String, Self)>),
    /// Items.
    List(Vec<Self>),
    /// A node with an anchor.
    Anchored(String, Box<Self>),
    /// What an anchor stands at.
    Alias(String),
    /// A file within the file, in a literal block.
    Within(Box<Self>),
}

/// One text, and what is to become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scalar {
    /// What stays at its start.
    pub(super) kept: String,
    /// What follows now.
    pub(super) old: String,
    /// What is to follow.
    pub(super) new: String,
    pub(super) nature: Nature,
    /// Words of the reason why its place is refused; it stays then.
    pub(super) objection: Option<&'static str>,
}

/// How a text may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// In any style: it is an image, or a part of one.
    Image,
    /// As a text, in the style that is the simplest.
    Text,
    /// As it stands: a number or a truth value.
    Verbatim,
    /// In a literal block: it has lines.
    Lines,
}

impl Scalar {
    pub(super) fn before(&self) -> String {
        format!("{}{}", self.kept, self.old)
    }

    pub(super) fn after(&self) -> String {
        format!("{}{}", self.kept, self.new)
    }
}

fn fixed(text: impl Into<String>, nature: Nature) -> Node {
    Node::Scalar(Scalar {
        kept: text.into(),
        old: String::new(),
        new: String::new(),
        nature,
        objection: None,
    })
}

/// A text that has nothing to do with the edit.
pub(super) fn text(text: impl Into<String>) -> Node {
    fixed(text, Nature::Text)
}

/// An image, or a part of one, that is to stay.
pub(super) fn other_image(text: impl Into<String>) -> Node {
    fixed(text, Nature::Image)
}

/// A number, a truth value or nothing.
pub(super) fn verbatim(text: impl Into<String>) -> Node {
    fixed(text, Nature::Verbatim)
}

/// Lines of text.
pub(super) fn lines(text: impl Into<String>) -> Node {
    fixed(text, Nature::Lines)
}

/// An image, or a part of one, that is to change behind what is `kept` of it.
pub(super) fn image(kept: impl Into<String>, old: impl Into<String>, new: impl Into<String>) -> Node {
    Node::Scalar(Scalar {
        kept: kept.into(),
        old: old.into(),
        new: new.into(),
        nature: Nature::Image,
        objection: None,
    })
}

/// An image, or a part of one, because of which a place is refused: the reason has `words`.
pub(super) fn refused(text: impl Into<String>, words: &'static str) -> Node {
    match other_image(text) {
        Node::Scalar(scalar) => Node::Scalar(Scalar {
            objection: Some(words),
            ..scalar
        }),
        other => other,
    }
}

/// A mapping.
pub(super) fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::Map(
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

/// A sequence.
pub(super) fn list<const N: usize>(items: [Node; N]) -> Node {
    Node::List(items.into())
}

/// `node` below the keys of `path`, which are joined by dots.
pub(super) fn below(path: &str, node: Node) -> Node {
    let keys = path.rsplit('.');
    keys.fold(node, |node, key| Node::Map(vec![(key.to_owned(), node)]))
}

impl Node {
    /// The entries of a mapping, to add to.
    pub(super) fn entries(&mut self) -> &mut Vec<(String, Self)> {
        match self {
            Self::Map(entries) => entries,
            Self::Anchored(_, node) => node.entries(),
            other => panic!("no mapping: {other:?}"),
        }
    }

    /// This mapping with one more entry at its end.
    pub(super) fn with(mut self, key: &str, value: Self) -> Self {
        self.entries().push((key.to_owned(), value));
        self
    }
}

impl Node {
    /// Whether `is` holds of this node or of one in it.
    pub(super) fn any(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        is(self)
            || match self {
                Self::Map(entries) => entries.iter().any(|(_, node)| node.any(is)),
                Self::List(items) => items.iter().any(|node| node.any(is)),
                Self::Anchored(_, node) | Self::Within(node) => node.any(is),
                Self::Scalar(_) | Self::Alias(_) => false,
            }
    }

    /// Whether it has an anchor somewhere, or a file within.
    pub(super) fn is_more_than_json(&self) -> bool {
        self.any(&|node| matches!(node, Self::Anchored(..) | Self::Alias(_) | Self::Within(_)))
    }
}
