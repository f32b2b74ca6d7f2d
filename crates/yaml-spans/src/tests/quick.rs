//! What the quick reader takes it reads as the grammar does.

use proptest::prelude::*;

use super::shown_of;
use crate::{ParseError, Stream, location::Lines, quick};

/// What the quick reader makes of a text, which must be what the parser makes of it; `None` if it leaves all to the parser.
#[track_caller]
fn read(text: &str) -> Option<Result<Stream, ParseError>> {
    let lines = Lines::new(text);
    let read = quick::tables(text, &lines).transpose()?.map(|tables| Stream {
        text: text.into(),
        tables,
        lines,
    });
    let grammar = shown_of(Stream::parse_by_grammar(text));
    assert_eq!(shown_of(read.clone()), grammar, "{text:?}");
    Some(read)
}

/// Whether the quick reader takes a text without the parser's help.
#[track_caller]
fn takes(text: &str) -> bool {
    let before = quick::HELPED.get();
    read(text).is_some_and(|read| read.is_ok()) && quick::HELPED.get() == before
}

#[test]
fn what_people_write_is_taken() {
    for text in [
        "a: 1\n",
        "# lead\na:\n  b:\n  c: 1 # x  \n\nd:   \ne: # c\n  f: 1\ng:\n",
        "a:\n- 1\n-\n- b: 2\n\n\n# end\nc: [1, {d: e}]\n",
        "a:\n  - x\n  # c\n\n  -\nb:\n- - 1\n  - 2\n-   k: v\n    l: w\n",
        "a:\n- b:\n  - c\n  - d\n- e\nf: g\n",
        "- a\n- b: 1\n  c:\n  - x\n  d:\n-\n  e: 1\n",
        "---\n# only\n---\na: 1\n---\n",
        "---\n",
        "a: |\n  x\n   y\n\n  z\n\n\nb: |+\n  x\n\n\nc: |-\n  x\n\n\n# q\nd: >\n  a\n  b\n\n  c\n\ne: |\n    t\n  # cc\nf: 1\n",
        "a: >-\n  x\n  y\n\n\n\n  z\n---\nb: |+\n  q\n\n---\n{\"a\": [1, \"b\",\n   {}], \"c\":1,}\n",
        "a: {b: c, d: [], e: {}, f: \"x\", 'g': y}\nh: []   # c\n",
        "  a: 1\n  b:\n    c: 2\n",
        "a: b\\c\nhttp://x: y\n$k: -x\n--y: z\n~: ~\n",
        "é: ü # ö\nb:\n  - ä\n",
        "a: 'it''s'\nb: \"x\\ty \\\"z\\\"\"\nc: ''\nd: \"\"\n'e': f\n\"g\": h\n",
        "{\n  \"a\": {\n    \"b\": [\n      1,\n      2\n    ]\n  }\n}\n",
        "- |\n  text\n- >-\n  folded\n- k: |\n    deep\n  l: m\n",
    ] {
        assert!(takes(text), "{text:?}");
    }
}

#[test]
fn what_is_rare_or_wrong_is_left_to_the_grammar() {
    for text in [
        "",
        "# c\n",
        "a",
        "a: &x 1\n",
        "a: *x\n",
        "a: !!str 1\n",
        "? a\n: b\n",
        "a: b: c\n",
        "a: b\n  c\n",
        "a: 'b\n  c'\n",
        "a:\n    b: 1\n  c: 2\n",
        "a: 1\nb\n",
        "a: 1\n- b\n",
        "a: [1\n]\n",
        "a: [1, 2\n",
        "a: {b}\n",
        "[a: b]\n",
        "a:\t1\n",
        "a: 1\r\n",
        "\u{feff}a: 1\n",
        "%YAML 1.2\n---\na: 1\n",
        "a: 1\n...\n",
        "a: |2\n   b\n",
        "a: |\n\n  b\n",
        "a: \"\\x41\"\n",
        "a: @b\n",
        "a: `b`\n",
        "a: \u{1}\n",
        "a: \u{2028}\n",
        "a : b\n",
        "{a: 1}: b\n",
        "{a: 1}\nb: 2\n",
    ] {
        assert!(!takes(text), "{text:?}");
    }
}

const INDENTS: &[&str] = &["", "", "", " ", "  ", "  ", "  ", "    ", "    ", "      "];
const DASHES: &[&str] = &["", "", "", "", "", "- ", "- ", "- - ", "-", "-  "];
const KEYS: &str = "|a: |b: |c:|'q': |\"r\": |k l: |x:  |é: |-d: |e:f: ";
const VALUES: &str = "|||1|text|two words|'s'|'it''s'|\"d\"|\"e\\n\"|\"\"|''|[]|{}|[1, 2]|{k: v}|{k: [v, {}]}|[a,\n  b]|{\"k\":1,\n   \"l\": 2}|\
    [\n    1\n  ]|-|- x|~|a:b|a#b|-1|--x|---|*x|&x y|!t z|[|}|{a}|[a: b]|{a: }|[a, ]|\\|\"\\\\\"|ä|a: b|?|? a|@|%|a |\u{a0}";
const BLOCKS: &[&str] = &["|", "|-", "|+", ">", ">-", ">+", "|2"];
const BEHIND: &[&str] = &["", "", "", "", "", " # c", "  #c", " ", "#d", " \t"];
const OTHERS: &[&str] = &[
    "\n",
    "\n",
    "---\n",
    "# comment\n",
    "  # comment\n",
    "   \n",
    "--- # c\n",
    "--- a\n",
    "...\n",
    "\t\n",
];

/// Lines that together often are YAML.
fn lines() -> impl Strategy<Value = String> {
    let select = |choices: Vec<&'static str>| prop::sample::select(choices);
    let value = prop_oneof![
        6 => select(VALUES.split('|').collect::<Vec<_>>()),
        1 => select(BLOCKS.to_vec()),
    ];
    let line = (
        select(INDENTS.to_vec()),
        select(DASHES.to_vec()),
        select(KEYS.split('|').collect::<Vec<_>>()),
        value,
        select(BEHIND.to_vec()),
    )
        .prop_map(|(indent, dash, key, value, behind)| format!("{indent}{dash}{key}{value}{behind}\n"));
    let any = prop_oneof![6 => line, 2 => select(OTHERS.to_vec()).prop_map(str::to_owned)];
    (prop::collection::vec(any, 0..9), prop::bool::weighted(0.1)).prop_map(|(lines, is_cut)| {
        let mut text = lines.concat();
        if is_cut {
            text.pop();
        }
        text
    })
}

/// A manifest with a few of its bytes changed.
fn manifest() -> impl Strategy<Value = String> {
    let change = (
        any::<prop::sample::Index>(),
        0..4_usize,
        prop::sample::select(vec![
            "", "", " ", "  ", "\n", "-", "- ", ":", ": ", "#", " #", "'", "\"", "{", "]", ",", "|", ">", "a", "é",
            "\t", "---\n",
        ]),
    );
    prop::collection::vec(change, 0..4).prop_map(|changes| {
        let mut text = MANIFEST.to_owned();
        for (at, gone, come) in changes {
            let at = at.index(text.len());
            if text.is_char_boundary(at) {
                let end = (at + gone).min(text.len());
                if text.is_char_boundary(end) {
                    text.replace_range(at..end, come);
                }
            }
        }
        text
    })
}

const MANIFEST: &str = "\
# A service.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    tidemark.dev/policy: \"semver:*\"
    text: 'it''s'
spec:
  template:
    spec:
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: service
          image: example.com/web:1.4.0  # moved
          args:
          - --listen=:8080
          - \"\"
          -
          command: [a, \"b\",
            'c']
          env:
            - name: URL
              value: |
                one
                  two

                three
            - name: FOLDED
              value: >-
                one
                two

                three

            - {name: EMPTY, value: \"\"}
---
data:
  key:
---
{\"a\": [1, {\"b\": null}]}
";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn lines_that_are_taken_read_the_same(text in lines()) {
        read(&text);
    }

    #[test]
    fn manifests_that_are_taken_read_the_same(text in manifest()) {
        read(&text);
    }
}

#[test]
fn the_manifest_is_taken() {
    assert!(takes(MANIFEST));
}

#[test]
fn the_parser_reads_only_the_sections_that_are_rare() {
    let text = "a: 1 # x\n---\nb: &b [1]\nc: *b # y\n--- # z\nd:\n  two\n  lines\n---\ne: |\n  f\n";
    assert!(read(text).is_some());
    assert!(!takes(text));
    expect_test::expect![[r#"
        document 0 0
          1:1 mapping "a: 1"
          1:1 plain "a" "a"
          1:4 plain "1" "1"
        document 1 9---
          3:1 mapping "b: &b [1]\nc: *b"
          3:1 plain "b" "b"
          3:7 sequence in brackets &b 16..18 "[1]"
          3:8 plain "1" "1"
          4:1 plain "c" "c"
          4:4 alias of 3:7 "*b"
        document 2 33---
          6:1 mapping "d:\n  two\n  lines"
          6:1 plain "d" "d"
          7:3 plain "two lines" "two\n  lines"
        document 3 58---
          10:1 mapping "e: |\n  f\n"
          10:1 plain "e" "e"
          11:3 literal "f\n" "f\n"
        comment 5..8 " x"
        comment 29..32 " y"
        comment 37..40 " z"
    "#]]
    .assert_eq(&shown_of(read(text).unwrap()));
}

#[test]
fn a_mistake_is_told_as_the_parser_tells_it() {
    for text in [
        "a: 1\n---\nb: [\n---\nc: 2\n",
        "a: 1\n---\nb: 'x\n---\nc: 2\n",
        "a: 1\n---\nb: *x\n",
        "a: 1\n---\nb: c: d\n---\ne: [\n",
        "a: &a 1\n---\nb: *a\n---\nc: 1\n",
        "a: &a [*a]\n---\nb: 1\n",
    ] {
        assert!(read(text).is_some_and(|read| read.is_err()), "{text:?}");
    }
}
