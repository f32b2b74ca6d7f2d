//! Laws of the tree that knows its bytes.

mod resolved;

use std::ops::Range;

use yaml_spans::{Document, Kind, Layout, Location, MAX_DEPTH, MAX_DOCUMENTS, Node, ParseError, Stream};

pub(crate) fn check(text: &str) {
    let read = Stream::parse(text);
    both_ways_agree(&read, text);
    let stream = match read {
        Ok(stream) => stream,
        Err(error) => {
            let location = error.location();
            assert!(location.line >= 1 && location.column >= 1, "{location}");
            assert!(location.line <= lines(text), "{location} is behind the end");
            return;
        }
    };
    assert_eq!(stream.text(), text);
    documents_follow_each_other(&stream);
    for node in stream.nodes() {
        lies_in_the_text(node);
        holds_its_children(node);
    }
    comments_follow_each_other(&stream);
    levels_are_limited(&stream);
    locations_are_counted(&stream);
    sections_mean_the_same_alone(&stream);
}

/// The short cut sees what the grammar sees.
fn both_ways_agree(read: &Result<Stream, ParseError>, text: &str) {
    let by_grammar = Stream::parse_by_grammar(text);
    let (stream, by_grammar) = match (read, &by_grammar) {
        (Ok(stream), Ok(by_grammar)) => (stream, by_grammar),
        (read, by_grammar) => {
            let problem = |read: &Result<Stream, ParseError>| read.as_ref().err().cloned();
            assert_eq!(problem(read), problem(by_grammar));
            return;
        }
    };
    let documents = |stream: &Stream| {
        let documents = stream.documents();
        let documents = documents.map(|document| (document.start(), document.is_explicit(), document.root().id()));
        documents.collect::<Vec<_>>()
    };
    assert_eq!(documents(stream), documents(by_grammar));
    assert_eq!(stream.nodes().len(), by_grammar.nodes().len());
    for (node, by_grammar) in stream.nodes().zip(by_grammar.nodes()) {
        assert_eq!(told(node, 0), told(by_grammar, 0));
        assert_eq!(node.anchor(), by_grammar.anchor());
    }
    assert!(stream.comments().eq(by_grammar.comments()));
    assert_eq!(stream.sections(), by_grammar.sections());
}

/// Line ends are `\n`, `\r\n` and `\r`.
fn lines(text: &str) -> usize {
    text.replace("\r\n", "\n").matches(['\n', '\r']).count() + 1
}

fn documents_follow_each_other(stream: &Stream) {
    let documents: Vec<Document<'_>> = stream.documents().collect();
    assert!(documents.len() <= MAX_DOCUMENTS);
    let mut nodes = 0;
    let mut end = 0;
    for (index, document) in documents.into_iter().enumerate() {
        assert_eq!(document.index(), index);
        assert_eq!(
            document.root().id(),
            nodes,
            "document {index} goes on where the last one ended"
        );
        assert_eq!(document.root().size(), document.nodes().len(), "a document is one node");
        assert!(document.start() >= end, "document {index} begins behind the last one");
        let root = document.root().span();
        assert!(
            root.is_empty() || root.start >= document.start(),
            "document {index} holds its root"
        );
        let begins = is_marker(stream.text(), document.start());
        // A document that is nothing may end where the next one begins.
        assert!(
            document.is_explicit() == begins || root.is_empty() && begins,
            "document {index}"
        );
        nodes += document.root().size();
        end = root.end.max(document.start());
    }
    assert_eq!(nodes, stream.nodes().len(), "every node is in a document");
}

/// Three dashes are one at the start of a line and before white space.
fn is_marker(text: &str, at: usize) -> bool {
    let (before, behind) = text.split_at(at);
    let starts = before.is_empty() || before.ends_with(['\n', '\r', '\u{feff}']);
    let behind = behind.strip_prefix("---").filter(|_| starts);
    behind.is_some_and(|behind| behind.is_empty() || behind.starts_with([' ', '\t', '\n', '\r']))
}

fn lies_in_the_text(node: Node<'_>) {
    let (text, span) = (node.stream().text(), node.span());
    let raw = text
        .get(span.clone())
        .unwrap_or_else(|| panic!("{span:?} is no part of the text"));
    if let Some(anchor) = node.anchor() {
        assert_eq!(&text[anchor.span.clone()], format!("&{}", anchor.name), "{raw:?}");
        assert!(
            anchor.span.end <= span.start || span.is_empty(),
            "an anchor stands before {raw:?}"
        );
    }
    match node.kind() {
        Kind::Scalar(scalar) => resolved::check(scalar, raw),
        Kind::Alias(alias) => {
            let target = alias.target();
            assert!(target.id() < node.id(), "{raw:?} stands for what was there before");
            assert!(
                target.id() + target.size() <= node.id(),
                "{raw:?} is not in what it stands for"
            );
            assert!(!matches!(target.kind(), Kind::Alias(_)), "{raw:?} stands for no alias");
            let name = target.anchor().map(|anchor| format!("*{}", anchor.name));
            assert_eq!(name.as_deref(), Some(raw));
        }
        Kind::Mapping(mapping) => {
            let first = mapping.entries().next().map(|entry| entry.key);
            brackets(node, first, mapping.layout(), ['{', '}']);
        }
        Kind::Sequence(sequence) => brackets(node, sequence.items().next(), sequence.layout(), ['[', ']']),
    }
}

/// What is in brackets begins and ends with them, but for one pair in a sequence, which begins with its key.
fn brackets(node: Node<'_>, first: Option<Node<'_>>, layout: Layout, [open, close]: [char; 2]) {
    let span = node.span();
    let is_pair = first.is_some_and(|first| first.span().start == span.start);
    if layout == Layout::Flow && !is_pair {
        let raw = &node.stream().text()[span];
        let fits = raw.starts_with(open) && raw.ends_with(close);
        assert!(
            fits || raw.starts_with(['?', ':', '!', '&']),
            "{raw:?} stands in brackets"
        );
    }
}

/// The nodes in a node lie in it, in order and apart.
fn holds_its_children(node: Node<'_>) {
    let children: Vec<Node<'_>> = match node.kind() {
        Kind::Mapping(mapping) => mapping.entries().flat_map(|entry| [entry.key, entry.value]).collect(),
        Kind::Sequence(sequence) => sequence.items().collect(),
        Kind::Scalar(_) | Kind::Alias(_) => Vec::new(),
    };
    let depth = node.size();
    let sizes: usize = children.iter().map(|child| child.size()).sum();
    assert_eq!(sizes + 1, depth, "a node is itself and what is in it");
    let (span, mut end) = (node.span(), node.span().start);
    for child in children {
        let inside = child.span();
        assert!(
            end <= inside.start && inside.end <= span.end,
            "{inside:?} lies in {span:?}, behind {end}"
        );
        end = inside.end;
    }
}

fn comments_follow_each_other(stream: &Stream) {
    let mut end = 0;
    let scalars = stream.nodes().filter(|node| matches!(node.kind(), Kind::Scalar(_)));
    let scalars: Vec<Range<usize>> = scalars.map(Node::span).filter(|span| !span.is_empty()).collect();
    for comment in stream.comments() {
        let span = comment.span();
        assert!(end <= span.start, "comments are in order: {comment:?}");
        assert_eq!(&stream.text()[span.clone()], format!("#{}", comment.text));
        assert!(
            !comment.text.contains(['\n', '\r']),
            "a comment is of one line: {comment:?}"
        );
        let scalar = scalars.partition_point(|scalar| scalar.end <= span.start);
        let holds = scalars.get(scalar).is_some_and(|scalar| scalar.start <= span.start);
        assert!(!holds, "{comment:?} is text");
        let around = stream.comments_in(span.start..span.start + 1);
        assert_eq!(around.collect::<Vec<_>>(), [comment]);
        end = span.end;
    }
}

/// Collections stand in no more others than the limit allows.
fn levels_are_limited(stream: &Stream) {
    let mut open: Vec<usize> = Vec::new();
    for node in stream
        .nodes()
        .filter(|node| !matches!(node.kind(), Kind::Scalar(_) | Kind::Alias(_)))
    {
        while open.last().is_some_and(|&end| end <= node.id()) {
            open.pop();
        }
        open.push(node.id() + node.size());
        assert!(open.len() <= MAX_DEPTH, "{} is too deep", node.location());
    }
}

fn locations_are_counted(stream: &Stream) {
    let text = stream.text();
    let mut offsets: Vec<usize> = stream.nodes().map(|node| node.span().start).collect();
    offsets.sort_unstable();
    let all = stream.locations(offsets.iter().copied());
    for (&offset, location) in offsets.iter().zip(all) {
        assert_eq!(location, counted(text, offset), "byte {offset}");
        assert_eq!(stream.location(offset), location, "byte {offset}");
        assert_eq!(stream.line(offset), location.line, "byte {offset}");
    }
}

fn counted(text: &str, offset: usize) -> Location {
    let before = &text[..offset];
    // A byte order mark is no column.
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    // Between the two bytes of a line end no line has begun.
    let is_split = before.ends_with('\r') && text[offset..].starts_with('\n');
    assert!(!is_split, "byte {offset} is inside of a line end");
    Location {
        line: lines(before),
        column: line.chars().count() + 1,
    }
}

fn sections_mean_the_same_alone(stream: &Stream) {
    let mut end = 0;
    for section in stream.sections() {
        assert_eq!(section.span.start, end, "sections cover the text");
        end = section.span.end;
        let alone = Stream::parse(&stream.text()[section.span.clone()])
            .unwrap_or_else(|error| panic!("{section:?} alone: {error}"));
        assert_eq!(alone.documents().len(), section.documents.len(), "{section:?}");
        let whole: Vec<_> = stream
            .nodes_of(&section)
            .map(|node| told(node, section.span.start))
            .collect();
        let alone: Vec<_> = alone.nodes().map(|node| told(node, 0)).collect();
        assert_eq!(whole, alone, "{section:?}");
    }
    assert_eq!(end, stream.text().len(), "sections cover the text");
}

/// What there is to say of a node: its bytes, counted from `start`, its form, text and tag, and what is in it.
fn told(node: Node<'_>, start: usize) -> (Range<usize>, String, Option<&str>, usize) {
    let span = node.span();
    let form = match node.kind() {
        Kind::Mapping(mapping) => format!("mapping {:?}", mapping.layout()),
        Kind::Sequence(sequence) => format!("sequence {:?}", sequence.layout()),
        Kind::Scalar(scalar) => format!("{:?} {:?}", scalar.style(), scalar.text()),
        Kind::Alias(alias) => format!("alias, {} nodes after", node.id() - alias.target().id()),
    };
    (span.start - start..span.end - start, form, node.tag(), node.size())
}
