//! Hostile texts are refused, and quickly: none of these takes a noticeable time.

use crate::{MAX_BYTES, MAX_DEPTH, MAX_DOCUMENTS, Stream};

/// The code with which `text` is refused; `fine` if it is not.
fn outcome(text: &str) -> &'static str {
    Stream::parse(text).map_or_else(|error| error.code(), |_| "fine")
}

#[test]
fn sixteen_mebibytes_are_enough() {
    let comment = "#".repeat(MAX_BYTES);
    assert_eq!(outcome(&comment), "fine");
    assert_eq!(outcome(&format!("{comment}#")), "tooLarge");
}

#[test]
fn levels_are_limited_in_brackets() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(outcome(&nested(MAX_DEPTH)), "fine");
    assert_eq!(outcome(&nested(MAX_DEPTH + 1)), "tooDeep");
    assert_eq!(outcome(&"[".repeat(100_000)), "tooDeep");
    assert_eq!(outcome(&"{a: ".repeat(100_000)), "tooDeep");
    assert_eq!(outcome(&nested(100_000)), "tooDeep");
}

#[test]
fn levels_are_limited_in_blocks() {
    let nested = |depth: usize| -> String { (0..depth).map(|level| format!("{}a:\n", " ".repeat(level))).collect() };
    assert_eq!(outcome(&nested(MAX_DEPTH)), "fine");
    assert_eq!(outcome(&nested(MAX_DEPTH + 1)), "tooDeep");
    assert_eq!(outcome(&"- ".repeat(100_000)), "tooDeep");
    assert_eq!(outcome(&format!("{}x", "? ".repeat(100_000))), "tooDeep");
}

#[test]
fn levels_are_counted_over_blocks_and_brackets() {
    let mixed = |inner: usize| format!("{}{}{}", "- ".repeat(200), "[".repeat(inner), "]".repeat(inner));
    assert_eq!(outcome(&mixed(MAX_DEPTH - 200)), "fine");
    assert_eq!(outcome(&mixed(MAX_DEPTH - 199)), "tooDeep");
}

#[test]
fn documents_are_limited() {
    assert_eq!(outcome(&"---\n".repeat(MAX_DOCUMENTS)), "fine");
    assert_eq!(outcome(&"---\n".repeat(MAX_DOCUMENTS + 1)), "tooManyDocuments");
    assert_eq!(outcome(&"---\n".repeat(100_000)), "tooManyDocuments");
}

#[test]
fn nodes_are_limited() {
    let flat = |items: usize| format!("[{}]", "1,".repeat(items));
    assert_eq!(outcome(&flat(999_999)), "fine");
    assert_eq!(outcome(&flat(1_000_000)), "tooManyNodes");
    assert_eq!(outcome(&"- 1\n---\n- 1\n".repeat(2)), "fine");
}

#[test]
fn aliases_are_counted_through_without_expanding_them() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..100 {
        let alias = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 9].join(",")));
    }
    assert_eq!(outcome(&bomb), "tooManyNodes");
    let four = bomb.lines().take(4).collect::<Vec<_>>().join("\n");
    assert_eq!(outcome(&four), "fine");
}

#[test]
fn aliases_count_over_the_whole_stream() {
    let document = format!("---\na: &a [{}]\nb: [*a,*a,*a,*a]\n", "1,".repeat(50_000));
    assert_eq!(outcome(&document.repeat(3)), "fine");
    assert_eq!(outcome(&document.repeat(4)), "tooManyNodes");
}

#[test]
fn an_alias_inside_its_own_node_is_refused() {
    assert_eq!(outcome("&a [*a]"), "tooManyNodes");
    assert_eq!(outcome("a: &x\n  b: {c: *x}\n"), "tooManyNodes");
    assert_eq!(outcome("a: &x 1\nb: &x [*x]\n"), "tooManyNodes");
}

#[test]
fn long_keys_are_no_trouble() {
    let key = "k".repeat(1_000_000);
    assert_eq!(outcome(&format!("{key}: 1\n")), "notYaml");
    assert_eq!(outcome(&format!("\"{key}\": 1\n")), "notYaml");
    assert_eq!(outcome(&format!("? {key}\n: 1\n")), "fine");
    assert_eq!(outcome(&format!("a: {key}\n")), "fine");
}

#[test]
fn a_hundred_thousand_comments_are_no_trouble() {
    assert_eq!(outcome(&format!("a:\n{}  b: 1\n", "  # c\n".repeat(100_000))), "fine");
    let many = format!("a:\n{}  b: 1\n", "  # c\n".repeat(200_000));
    assert_eq!(outcome(&many), "fine");
    assert_eq!(
        Stream::parse_by_grammar(many).map_err(|error| error.code()).err(),
        Some("notYaml")
    );
}

#[test]
fn other_encodings_are_no_yaml() {
    let wide = "a: 1\n".chars().flat_map(|char| [char, '\0']).collect::<String>();
    assert_eq!(outcome(&wide), "notYaml");
}
