//! Files made to hurt are dealt with, and quickly: none of these takes a noticeable time.

use std::fmt::Write as _;

use super::{DIGEST, deployment, edited};
use crate::{FileKind, Manifest, Reading};

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

/// A list whose items, as many as `count`, are `item`, behind `head`.
fn list(head: &str, item: &str, count: usize) -> String {
    format!(
        "{head}apiVersion: v1\nkind: List\nitems:\n{}",
        format!("- {item}\n").repeat(count)
    )
}

#[test]
fn a_long_text_that_many_share_is_not_kept_for_each() {
    let long = "v".repeat(1_000_000);
    let head = format!("a: &a {long}\n");
    let item = "{apiVersion: v1, kind: Pod, metadata: {annotations: {b: *a}}, spec: {containers: [{image: nginx}]}}";
    assert_eq!(code(&list(&head, item, 500)), "tooLarge");
    let item = "{apiVersion: v1, kind: Pod, metadata: {name: *a}, spec: {containers: [{image: nginx}]}}";
    assert_eq!(code(&list(&head, item, 500)), "fine");
    let item = "{apiVersion: *a, kind: *a, spec: {containers: [{image: nginx}]}}";
    assert_eq!(code(&list(&head, item, 5_000)), "fine");
    let pod = |container: &str| pod(&head, &format!("[{}]", container.repeat(5_000)));
    assert_eq!(code(&pod("{name: *a, image: nginx},")), "tooLarge");
    assert_eq!(code(&pod("{image: *a},")), "fine");
}

#[test]
fn a_long_key_on_the_way_to_many_images_is_not_kept_for_each() {
    let key = "k".repeat(1_000_000);
    let text = format!("? {key}\n: [{}]\nimage: nginx\n", "{image: nginx},".repeat(5_000));
    let manifest = Manifest::read_as(FileKind::Values, text).unwrap();
    assert_eq!(manifest.places().len(), 1);
    let keys = (0..240).map(|_| format!("{{{}: ", "k".repeat(900))).collect::<String>();
    let text = format!("{keys}[{}]{}", "{image: nginx},".repeat(5_000), "}".repeat(240));
    let refusal = Manifest::read_as(FileKind::Values, text).unwrap_err();
    assert_eq!(refusal.code(), "tooLarge");
    let merged = format!(
        "b: &b\n  ? {key}\n  : 1\nl:\n{}",
        "- {image: nginx, <<: *b}\n".repeat(2_000)
    );
    assert_eq!(
        Manifest::read_as(FileKind::Values, merged).unwrap().places().len(),
        2_000
    );
}

#[test]
fn an_object_of_many_kinds_is_looked_at_a_few_times() {
    let kinds = |kind: &str| format!("{}{kind}", "apiVersion: v1\nkind: Pod\n".repeat(20_000));
    let text = format!("{}spec: {{containers: [{{image: nginx}}]}}\n", kinds(""));
    assert_eq!(code(&text), "duplicateKey");
    let pod = "{apiVersion: v1, kind: Pod, spec: {containers: [{image: nginx}]}}";
    assert_eq!(
        code(&format!("{}items: [{pod}]\n", kinds("kind: List\n"))),
        "duplicateKey"
    );
}

#[test]
fn texts_inside_scalars_are_read_once_each() {
    let sources = |values: &str, count: usize| {
        let source = format!("  - helm:\n      values: {values}\n").repeat(count);
        format!("apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  sources:\n{source}")
    };
    let many = sources("|\n        image: nginx:1", 20_000);
    assert_eq!(Manifest::read(many.as_str()).unwrap().places().len(), 20_000);
    let markers = Reading {
        markers: true,
        ..Reading::default()
    };
    let marked = Manifest::read_with(
        &markers,
        sources("|\n        image: nginx:1 # {\"$imagepolicy\": \"a:b\"}", 5_000),
    );
    assert!(marked.unwrap().places().iter().all(|place| place.marker().is_some()));
    let broken = format!(
        "x: &x |\n{}  b: [\n{}",
        "  image: nginx:1\n".repeat(2_000),
        sources("*x", 2_000)
    );
    assert_eq!(Manifest::read(broken).unwrap().notes().len(), 1);
    let nodes = format!("|\n        [image, {}]", "a,".repeat(100_000));
    assert_eq!(code(&sources(&nodes, 30)), "tooLarge");
}

#[test]
fn many_texts_on_one_line_are_no_trouble() {
    let sources = "{helm: {values: image}},".repeat(20_000);
    let text = format!("{{apiVersion: argoproj.io/v1alpha1, kind: Application, spec: {{sources: [{sources}]}}}}");
    assert_eq!(code(&text), "fine");
}

#[test]
fn many_markers_above_a_block_of_empty_lines_are_no_trouble() {
    let markers = "# {\"$imagepolicy\": \"a:b\"}\n".repeat(20_000);
    let text = format!("{markers}--- |\n{}  x\n", "\n".repeat(1 << 18));
    let reading = Reading {
        markers: true,
        ..Reading::default()
    };
    assert_eq!(Manifest::read_with(&reading, text).unwrap().notes().len(), 20_000);
}

#[test]
fn many_markers_of_one_policy_find_its_name() {
    let count = 3_000;
    let line = |number: usize| format!("k{number}: {{t: {number}}} # {{\"$imagepolicy\": \"a:b:tag\"}}\n");
    let tags = (0..count).map(line).collect::<String>();
    let images = "    - image: nginx:1 # {\"$imagepolicy\": \"a:b\"}\n".repeat(count);
    let text = format!("apiVersion: v1\nkind: Pod\nspec:\n    containers:\n{images}{tags}");
    let reading = Reading {
        markers: true,
        ..Reading::default()
    };
    assert_eq!(Manifest::read_with(&reading, text).unwrap().places().len(), 2 * count);
}

#[test]
fn many_aliases_of_a_release_are_looked_for_a_few_times() {
    let annotations = (0..5_000).map(|number| format!("repository.fluxcd.io/a{number}: b{number}, "));
    let text = format!(
        "apiVersion: helm.fluxcd.io/v1\nkind: HelmRelease\nmetadata: {{annotations: {{{}}}}}\nspec: {{values: {{b0: nginx}}}}\n",
        annotations.collect::<String>()
    );
    let manifest = Manifest::read(text).unwrap();
    assert_eq!((manifest.places().len(), manifest.notes().len()), (1, 255));
}

#[test]
fn so_many_images_that_nobody_wrote_them_are_refused() {
    let many = |count: usize| pod("", &format!("[{}]", "{image: nginx},".repeat(count)));
    assert_eq!(code(&many(40_000)), "fine");
    assert_eq!(code(&many(100_000)), "tooLarge");
}

#[test]
fn levels_of_every_kind_are_refused() {
    for level in [
        "- ", "? ", "- ? ", "? - ", "[", "{a: ", "[{", "{? ", "[? ", "&a [", "!a {a: ",
    ] {
        assert_eq!(
            code(&pod("", &format!("\n    {}", level.repeat(50_000)))),
            "tooDeep",
            "{level:?}"
        );
    }
}

#[test]
fn a_million_of_anything_is_read_or_refused() {
    for part in [
        "# c\n",
        "    # {\"$imagepolicy\": \"a:b\"}\n",
        "\n",
        "    \t\n",
        "x: 1 # c\n",
        "x: &a 1\n",
        "...\n",
    ] {
        let text = format!("{}{}", pod("", "[{image: nginx}]"), part.repeat(100_000));
        let code = code(&text);
        assert!(
            ["fine", "duplicateKey", "tooManyDocuments"].contains(&code),
            "{part:?}: {code}"
        );
    }
}

#[test]
fn aliases_that_lead_far_down_are_followed_only_so_far() {
    let mut text = "a0: &a0 {image: nginx:1}\n".to_owned();
    for level in 1..90 {
        let (open, close) = ("[".repeat(240), "]".repeat(240));
        text += &format!("a{level}: &a{level} {open}*a{}{close}\n", level - 1);
    }
    let manifest = Manifest::read_as(FileKind::Values, text).unwrap();
    assert_eq!(manifest.places().len(), 5);
}
