use std::fmt::Write as _;

use expect_test::{Expect, expect};

use crate::{Kind, Layout, Node, ParseError, Stream, Style};

mod limits;
mod properties;
mod quick;
mod values;

/// Parses `text` and shows its tree: a line for each document, node and comment.
fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&shown(text));
}

fn shown(text: &str) -> String {
    shown_of(Stream::parse(text))
}

fn shown_of(stream: Result<Stream, ParseError>) -> String {
    let stream = match stream {
        Ok(stream) => stream,
        Err(error) => return format!("{}: {} ({})\n", error.location(), error, error.code()),
    };
    let mut out = String::new();
    for document in stream.documents() {
        let marker = if document.is_explicit() { "---" } else { "" };
        writeln!(out, "document {} {}{marker}", document.index(), document.start()).unwrap();
        for node in document.nodes() {
            writeln!(out, "  {}", line(node)).unwrap();
        }
    }
    for comment in stream.comments() {
        writeln!(out, "comment {:?} {:?}", comment.span(), comment.text).unwrap();
    }
    out
}

fn line(node: Node<'_>) -> String {
    let what = match node.kind() {
        Kind::Mapping(mapping) => format!("mapping{}", bracket(mapping.layout())),
        Kind::Sequence(sequence) => format!("sequence{}", bracket(sequence.layout())),
        Kind::Scalar(scalar) => format!("{} {:?}", style(scalar.style()), scalar.text()),
        Kind::Alias(alias) => format!("alias of {}", alias.target().location()),
    };
    let anchor = node
        .anchor()
        .map(|anchor| format!(" &{} {:?}", anchor.name, anchor.span));
    let tag = node.tag().map(|tag| format!(" !<{tag}>"));
    let written = &node.stream().text()[node.span()];
    let (anchor, tag) = (anchor.unwrap_or_default(), tag.unwrap_or_default());
    format!("{} {what}{anchor}{tag} {written:?}", node.location())
}

fn bracket(layout: Layout) -> &'static str {
    match layout {
        Layout::Block => "",
        Layout::Flow => " in brackets",
    }
}

fn style(style: Style) -> &'static str {
    match style {
        Style::Plain => "plain",
        Style::SingleQuoted => "single",
        Style::DoubleQuoted => "double",
        Style::Literal => "literal",
        Style::Folded => "folded",
    }
}

#[test]
fn every_style_knows_its_bytes() {
    check(
        "a: plain text # one\nb: 'it''s'\nc: \"x\\ty\"\nd: |- # two\n  literal\n  lines\ne: >\n  folded\n  text\nf:\n",
        &expect![[r#"
            document 0 0
              1:1 mapping "a: plain text # one\nb: 'it''s'\nc: \"x\\ty\"\nd: |- # two\n  literal\n  lines\ne: >\n  folded\n  text\nf"
              1:1 plain "a" "a"
              1:4 plain "plain text" "plain text"
              2:1 plain "b" "b"
              2:4 single "it's" "'it''s'"
              3:1 plain "c" "c"
              3:4 double "x\ty" "\"x\\ty\""
              4:1 plain "d" "d"
              5:3 literal "literal\nlines" "literal\n  lines\n"
              7:1 plain "e" "e"
              8:3 folded "folded text\n" "folded\n  text\n"
              10:1 plain "f" "f"
              10:2 plain "" ""
            comment 14..19 " one"
            comment 47..52 " two"
        "#]],
    );
}

#[test]
fn anchors_tags_and_aliases_are_told() {
    check(
        "a: &x !!str 1\nb: *x\nc: &y !own {k: *x}\n<<: *y\n",
        &expect![[r#"
        document 0 0
          1:1 mapping "a: &x !!str 1\nb: *x\nc: &y !own {k: *x}\n<<: *y"
          1:1 plain "a" "a"
          1:13 plain "1" &x 3..5 !<tag:yaml.org,2002:str> "1"
          2:1 plain "b" "b"
          2:4 alias of 1:13 "*x"
          3:1 plain "c" "c"
          3:12 mapping in brackets &y 23..25 !<!own> "{k: *x}"
          3:13 plain "k" "k"
          3:16 alias of 1:13 "*x"
          4:1 plain "<<" "<<"
          4:5 alias of 3:12 "*y"
    "#]],
    );
}

#[test]
fn block_collections_end_with_their_last_node() {
    check(
        "a:\n- 1\n-\n- b: 2\n\n\n# end\nc: [1, {d: e}]\n",
        &expect![[r#"
            document 0 0
              1:1 mapping "a:\n- 1\n-\n- b: 2\n\n\n# end\nc: [1, {d: e}]"
              1:1 plain "a" "a"
              2:3 sequence "1\n-\n- b: 2"
              2:3 plain "1" "1"
              3:2 plain "" ""
              4:3 mapping "b: 2"
              4:3 plain "b" "b"
              4:6 plain "2" "2"
              8:1 plain "c" "c"
              8:4 sequence in brackets "[1, {d: e}]"
              8:5 plain "1" "1"
              8:8 mapping in brackets "{d: e}"
              8:9 plain "d" "d"
              8:12 plain "e" "e"
            comment 18..23 " end"
        "#]],
    );
}

#[test]
fn carriage_returns_a_mark_and_a_missing_line_end_are_fine() {
    check(
        "\u{feff}a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 'é' # last",
        &expect![[r#"
        document 0 3
          1:1 mapping "a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 'é'"
          1:1 plain "a" "a"
          1:4 plain "1" "1"
          2:1 plain "b" "b"
          3:3 literal "x\ny\n" "x\r\n  y\r\n"
          5:1 plain "c" "c"
          5:4 single "é" "'é'"
        comment 33..39 " last"
    "#]],
    );
}

#[test]
fn json_is_yaml() {
    check(
        "{\n\t\"a\\/b\": [1, true, null],\n\t\"c\" : \"\\u00e9\"\n}\n",
        &expect![[r#"
        document 0 0
          1:1 mapping in brackets "{\n\t\"a\\/b\": [1, true, null],\n\t\"c\" : \"\\u00e9\"\n}"
          2:2 double "a/b" "\"a\\/b\""
          2:10 sequence in brackets "[1, true, null]"
          2:11 plain "1" "1"
          2:14 plain "true" "true"
          2:20 plain "null" "null"
          3:2 double "c" "\"c\""
          3:8 double "é" "\"\\u00e9\""
    "#]],
    );
}

#[test]
fn streams_have_many_documents() {
    check(
        "# first\na: 1\n---\n---\nb: 2\n...\n# between\n---\nc: 3\n...\nd: 4\n",
        &expect![[r#"
        document 0 8
          2:1 mapping "a: 1"
          2:1 plain "a" "a"
          2:4 plain "1" "1"
        document 1 13---
          3:4 plain "" ""
        document 2 17---
          5:1 mapping "b: 2"
          5:1 plain "b" "b"
          5:4 plain "2" "2"
        document 3 40---
          9:1 mapping "c: 3"
          9:1 plain "c" "c"
          9:4 plain "3" "3"
        document 4 53
          11:1 mapping "d: 4"
          11:1 plain "d" "d"
          11:4 plain "4" "4"
        comment 0..7 " first"
        comment 30..39 " between"
    "#]],
    );
}

#[test]
fn what_is_no_yaml_is_refused_with_its_line() {
    check(
        "a: 1\nb: [1,\nc: 2\n",
        &expect![[r#"
        2:4: not valid YAML: unclosed bracket '[' (notYaml)
    "#]],
    );
    check(
        "a: 1\n b: 2\n",
        &expect![[r#"
        2:3: not valid YAML: mapping values are not allowed in this context (notYaml)
    "#]],
    );
    check(
        "a: *nowhere\n",
        &expect![[r#"
        1:4: not valid YAML: while parsing node, found unknown anchor (notYaml)
    "#]],
    );
    check(
        "a: \"x\n---\ny\"\n",
        &expect![[r#"
        2:1: not valid YAML: invalid indentation in multiline quoted scalar (notYaml)
    "#]],
    );
    check(
        "a: 1\n\0",
        &expect![[r#"
        2:1: not valid YAML: unexpected character: `\u{0}' (notYaml)
    "#]],
    );
}

#[test]
fn a_comment_ends_a_plain_scalar_behind_a_tab_too() {
    check(
        "a: x\n\t# c\n  d\n",
        &expect![[r#"
            1:4: not valid YAML: a comment inside of a plain scalar (notYaml)
        "#]],
    );
}

#[test]
fn nothing_is_a_stream_without_documents() {
    check("", &expect![""]);
    check(
        "# only a comment\n",
        &expect![[r#"
        comment 0..16 " only a comment"
    "#]],
    );
}

#[test]
fn keys_are_found_and_duplicates_named() {
    let stream = Stream::parse("a: 1\n\"b\": 2\na: 3\n'b': 4\na: 5\nB: 6\n").unwrap();
    let mapping = stream.documents().next().unwrap().root().as_mapping().unwrap();
    assert_eq!(mapping.get("b").and_then(Node::as_text), Some("2"));
    assert_eq!(
        mapping.get_all("a").filter_map(Node::as_text).collect::<Vec<_>>(),
        ["1", "3", "5"]
    );
    assert!(mapping.get("c").is_none());
    let duplicates = mapping
        .duplicate_keys()
        .map(|key| key.location().line)
        .collect::<Vec<_>>();
    assert_eq!(duplicates, [3, 4, 5]);
}

#[test]
fn sections_cut_the_stream_at_its_markers() {
    let text = "# head\na: 1\n# tail\n---\nb: 2\n...\nc: 3\n--- # d\nd: 4\n";
    let stream = Stream::parse(text).unwrap();
    let sections = stream.sections();
    let parts = sections
        .iter()
        .map(|section| &text[section.span.clone()])
        .collect::<Vec<_>>();
    assert_eq!(
        parts,
        ["# head\na: 1\n# tail\n", "---\nb: 2\n...\nc: 3\n", "--- # d\nd: 4\n"]
    );
    let documents = sections
        .iter()
        .map(|section| section.documents.clone())
        .collect::<Vec<_>>();
    assert_eq!(documents, [0..1, 1..3, 3..4]);
}

#[test]
fn an_empty_block_scalar_ends_alike_before_a_marker_and_at_the_end() {
    for head in [
        "a: |\n",
        "a: >-\n\n",
        "a: >-\n   \n",
        "a: |+\n\n\n",
        "--- |\n",
        "a: | # c\n",
    ] {
        let span = |text: &str| Stream::parse(text).unwrap().document(0).nodes().last().unwrap().span();
        assert_eq!(span(head), span(&format!("{head}---\nb: c\n")), "{head:?}");
    }
}

#[test]
fn a_byte_order_mark_is_no_column() {
    let stream = Stream::parse("\u{feff}a: b\n").unwrap();
    let starts = stream.nodes().map(|node| node.span().start).collect::<Vec<_>>();
    let each = starts.iter().map(|&start| stream.location(start)).collect::<Vec<_>>();
    assert_eq!(each.iter().map(|at| at.column).collect::<Vec<_>>(), [1, 1, 4]);
    assert_eq!(stream.locations(starts), each);
}

#[test]
fn a_stream_with_directives_is_one_section() {
    let text = "a: 1\n...\n%TAG !e! tag:example.com,2000:\n---\nb: !e!x 2\n";
    let stream = Stream::parse(text).unwrap();
    assert_eq!(stream.sections().len(), 1);
    assert_eq!(stream.nodes().last().unwrap().tag(), Some("tag:example.com,2000:x"));
}
