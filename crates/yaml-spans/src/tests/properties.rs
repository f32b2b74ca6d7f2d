//! What holds for every text.

use proptest::prelude::*;

use crate::{Kind, Node, Stream};

/// Texts that often are YAML.
fn yaml_like() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        Just("a: "),
        Just("\n"),
        Just("  "),
        Just("- "),
        Just("---\n"),
        Just("...\n"),
        Just("&x "),
        Just("*x"),
        Just("[1, "),
        Just("]"),
        Just("{k: v, "),
        Just("}"),
        Just("|\n"),
        Just(">-\n"),
        Just("\"q\\n\""),
        Just("'s'"),
        Just("# c\n"),
        Just("!!str "),
        Just("? "),
        Just(": "),
        Just("\r\n"),
        Just("é"),
        Just("<<: *x\n"),
        Just("%TAG ! x\n"),
        Just("\u{feff}"),
        Just("\t"),
    ];
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

fn holds(text: &str) {
    let Ok(stream) = Stream::parse(text) else {
        return;
    };
    let mut covered = 0;
    for section in stream.sections() {
        assert_eq!(section.span.start, covered);
        covered = section.span.end;
        let part = Stream::parse(&text[section.span.clone()]).unwrap();
        let shift = |node: Node<'_>, by: usize| node.span().start + by..node.span().end + by;
        let alone = part
            .nodes()
            .map(|node| (shift(node, section.span.start), node.as_text().map(str::to_owned)));
        let whole = stream.nodes_of(&section);
        let whole = whole.map(|node| (shift(node, 0), node.as_text().map(str::to_owned)));
        assert!(alone.eq(whole), "a section means the same alone: {text:?}");
    }
    assert_eq!(covered, text.len());
    let starts = stream.nodes().map(|node| node.span().start);
    let sorted = starts.scan(0, |last, start| {
        *last = start.max(*last);
        Some(*last)
    });
    let sorted = sorted.collect::<Vec<_>>();
    let each = sorted.iter().map(|&offset| stream.location(offset)).collect::<Vec<_>>();
    assert_eq!(stream.locations(sorted), each);
    for node in stream.nodes() {
        assert!(text.get(node.span()).is_some());
        assert!(node.location().line >= 1);
        match node.kind() {
            Kind::Mapping(mapping) => {
                let entries = mapping.entries().map(|entry| entry.key.size() + entry.value.size());
                assert_eq!(entries.sum::<usize>() + 1, node.size());
            }
            Kind::Sequence(sequence) => {
                assert_eq!(sequence.items().map(|item| item.size()).sum::<usize>() + 1, node.size());
            }
            Kind::Scalar(scalar) => {
                scalar.value();
            }
            Kind::Alias(alias) => assert!(alias.target().id() < node.id()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        holds(&text);
    }

    #[test]
    fn any_yaml_is_covered_by_its_sections_and_nodes(text in yaml_like()) {
        holds(&text);
    }
}
