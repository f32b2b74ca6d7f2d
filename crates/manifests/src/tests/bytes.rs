//! Line ends, marks and other documents stay as they are.

use expect_test::expect;

use super::{check, deployment, edited};

/// The whole text after nginx was set to 2.
fn after(text: &str) -> String {
    edited(text, "2", None, |_| true).unwrap().text
}

#[test]
fn carriage_returns_stay() {
    let text = deployment("image: nginx:1\nname: |\n  app").replace('\n', "\r\n");
    assert_eq!(after(&text), text.replace("nginx:1", "nginx:2"));
    let block = deployment("image: |\n  nginx:1").replace('\n', "\r\n");
    assert_eq!(after(&block), block.replace("nginx:1", "nginx:2"));
}

#[test]
fn a_byte_order_mark_stays() {
    let text = format!("\u{feff}{}", deployment("image: nginx:1"));
    assert_eq!(after(&text), text.replace("nginx:1", "nginx:2"));
}

#[test]
fn a_missing_line_end_stays_missing() {
    let text = deployment("image: nginx:1");
    let text = text.trim_end();
    assert_eq!(after(text), text.replace("nginx:1", "nginx:2"));
}

#[test]
fn all_documents_of_a_stream_are_edited() {
    let one = deployment("image: nginx:1 # {\"$imagepolicy\": \"x:y\"}");
    let pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'nginx:1'}]}\n";
    let text = format!("# head\n{one}# tail\n---\n---\n{pod}...\n# between\n---\n{one}...\n{pod}");
    assert_eq!(after(&text), text.replace("nginx:1", "nginx:2"));
}

#[test]
fn an_empty_block_scalar_before_a_marker_is_no_obstacle() {
    let pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'nginx:1'}]}\n";
    for tail in ["x: |\n", "x: >-\n\n", "x: >-\n   \n", "x: |+\n\n\n"] {
        let text = format!("{pod}{tail}---\n{pod}{tail}");
        assert_eq!(after(&text), text.replace("nginx:1", "nginx:2"), "{tail:?}");
    }
}

#[test]
fn directives_stay() {
    let pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: !t!str nginx:1}]}\n";
    let directives = "%YAML 1.1\n%TAG !t! tag:yaml.org,2002:\n---\n";
    let text = format!("{directives}{pod}...\n{directives}{pod}");
    assert_eq!(after(&text), text.replace("nginx:1", "nginx:2"));
}

#[test]
fn odd_layout_stays() {
    let text = "  apiVersion:   v1\n\n  # a\n  kind:\n     Pod   # b\n  spec:\n    containers:\n    - \
                name: x\n\n      image:    # c\n\n          nginx:1    \n\n\n";
    assert_eq!(after(text), text.replace("nginx:1", "nginx:2"));
}

#[test]
fn a_value_that_is_there_already_is_no_change() {
    check(&deployment("image: nginx:2"), "2", &expect![""]);
}

#[test]
fn other_images_and_other_texts_stay() {
    let text =
        deployment("image: nginxinc/nginx:1\nname: nginx:1\nenv: [{name: image, value: nginx:1}]\nargs: [nginx:1]");
    check(&text, "2", &expect![""]);
}
