//! Files made to hurt are dealt with, and quickly: none of these takes a noticeable time.

use std::fmt::Write as _;

use super::{DIGEST, deployment, edited};
use crate::{FileKind, Manifest};

fn code(text: &str) -> &'static str {
    Manifest::read(text).map_or_else(|refusal| refusal.code(), |_| "fine")
}

/// A Pod with the containers of `list`, after `head`.
fn pod(head: &str, list: &str) -> String {
    format!("{head}apiVersion: v1\nkind: Pod\nspec:\n  containers: {list}\n")
}

#[test]
fn bombs_are_refused() {
    let mut bomb = "x0: &x0 {image: nginx}\n".to_owned();
    for level in 1..60 {
        writeln!(bomb, "x{level}: &x{level} [*x{0}, *x{0}]", level - 1).unwrap();
    }
    assert_eq!(code(&pod(&bomb, "*x59")), "tooManyNodes");
    assert_eq!(code(&"[".repeat(100_000)), "tooDeep");
    let many = format!("{}---\n", deployment("image: nginx")).repeat(20_000);
    assert_eq!(code(&many), "tooManyDocuments");
}

#[test]
fn merges_of_merges_are_counted_too() {
    let mut head = "m0: &m0 {image: nginx}\n".to_owned();
    for level in 1..=15 {
        writeln!(head, "m{level}: &m{level} {{<<: [*m{0}, *m{0}]}}", level - 1).unwrap();
    }
    let text = pod(&head, "[*m15, {<<: *m15}]");
    let manifest = Manifest::read(text.as_str()).unwrap();
    assert_eq!(manifest.places().len(), 2);
    assert_eq!(edited(&text, "2", None, |_| true).unwrap().refused.len(), 2);
}

#[test]
fn a_long_chain_of_merges_is_followed() {
    let mut head = "m0: &m0 {image: nginx}\n".to_owned();
    for level in 1..=700 {
        writeln!(head, "m{level}: &m{level} {{<<: *m{}}}", level - 1).unwrap();
    }
    let items = (0..=20).map(|level| format!("*m{}", 700 - level)).collect::<Vec<_>>();
    let manifest = Manifest::read(pod(&head, &format!("[{}]", items.join(",")))).unwrap();
    assert_eq!(manifest.places().len(), 21);
}

#[test]
fn lists_of_lists_of_many_are_found() {
    let mut text = "apiVersion: v1\nkind: List\nitems: [".to_owned();
    text.push_str(&"{apiVersion: v1, kind: List, items: [".repeat(120));
    text.push_str("&a {apiVersion: v1, kind: Pod, spec: {containers: [{image: nginx}]}}");
    text.push_str(&", *a".repeat(20_000));
    text.push_str(&"]}".repeat(120));
    text.push_str("]\n");
    assert_eq!(Manifest::read(text.as_str()).unwrap().places().len(), 20_001);
    let edited = edited(&text, &format!("2@{DIGEST}"), None, |_| true).unwrap();
    assert_eq!((edited.changes.len(), edited.changes[0].places.len()), (1, 20_001));
}

#[test]
fn a_file_of_one_long_line_is_no_trouble() {
    let pod = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"image\":\"nginx\"}]}},";
    let count = 5_000;
    let text = format!(
        "{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{}null]}}",
        pod.repeat(count)
    );
    let edited = edited(&text, "2", None, |_| true).unwrap();
    assert_eq!(edited.changes.len(), count);
    let manifest = Manifest::read(text.as_str()).unwrap();
    let last = manifest.places().last().unwrap();
    assert_eq!(last.location.column, last.parts[0].span.start + 1);
    assert_eq!(crate::unified_diff("x", &text, &edited).lines().count(), 7);
}

#[test]
fn long_texts_are_no_trouble() {
    let long = "k".repeat(1_000_000);
    assert_eq!(code(&deployment(&format!("image: {long}"))), "fine");
    assert_eq!(code(&deployment(&format!("image: nginx\n\"{long}\": 1"))), "notYaml");
    assert_eq!(code(&deployment(&format!("image: nginx\n? \"{long}\"\n: 1"))), "fine");
}

#[test]
fn values_of_any_shape_are_walked() {
    let read = |text: String| Manifest::read_as(FileKind::Values, text);
    let deep = format!("{}{{image: nginx:1}}{}", "{a: ".repeat(240), "}".repeat(240));
    assert_eq!(read(deep).unwrap().places().len(), 1);
    let wide = "- {a: [{b: {image: {repository: nginx, tag: 1}}}]}\n".repeat(20_000);
    assert_eq!(read(wide).unwrap().places().len(), 20_000);
    let mut bomb = "x0: &x0 {image: nginx:1}\n".to_owned();
    for level in 1..=12 {
        writeln!(bomb, "x{level}: &x{level} [*x{0}, *x{0}]", level - 1).unwrap();
    }
    let manifest = read(bomb).unwrap();
    assert_eq!(manifest.places().len(), (1 << 13) - 1);
    let mut merges = "m0: &m0 {image: nginx:1}\n".to_owned();
    for level in 1..=700 {
        writeln!(merges, "m{level}: &m{level} {{<<: *m{}}}", level - 1).unwrap();
    }
    assert_eq!(read(merges).unwrap().places().len(), 701);
}
