//! Tags and digests in scalars of their own keep the style they have.

use expect_test::expect;

use super::{DIGEST, edit};
use crate::{FileKind, Manifest};

/// The values file with `written` as the tag, after an edit; only the tag is shown.
fn becomes(written: &str, value: &str) -> String {
    let written = written.replace('\n', "\n    ");
    let (before, after) = ("a:\n  image: # which\n    tag: ", "\n    repository: nginx\n");
    let text = format!("{before}{written}{after}");
    let manifest = Manifest::read_as(FileKind::Values, text).unwrap();
    let edited = edit(&manifest, value, None, |_| true).unwrap();
    assert!(edited.refused.is_empty(), "{:?}", edited.refused);
    let tag = edited.text.strip_prefix(before).unwrap().strip_suffix(after).unwrap();
    tag.replace("\n    ", "\n")
}

#[test]
fn styles_stay() {
    for (written, expected) in [
        ("a", "1.27.0"),
        ("'a'", "'1.27.0'"),
        ("\"a\"", "\"1.27.0\""),
        ("\"\\x61\"", "\"1.27.0\""),
        ("&t a # why", "&t 1.27.0 # why"),
        ("!!str 1.2", "!!str 1.27.0"),
        ("!own a", "!own 1.27.0"),
        ("|\n  a", "|\n  1.27.0"),
        (">-\n  a", ">-\n  1.27.0"),
        ("1.25", "1.27.0"),
        ("0x1f", "1.27.0"),
        ("true", "1.27.0"),
        ("2024-01-01", "1.27.0"),
    ] {
        assert_eq!(becomes(written, "1.27.0"), expected, "{written}");
    }
}

#[test]
fn what_plain_would_be_no_text_is_quoted() {
    for value in [
        "1.27",
        "1",
        "0x1f",
        "1e3",
        "no",
        "2024-01-01",
        "1_000",
        "null",
        "012",
        "y",
    ] {
        assert_eq!(becomes("a", value), format!("\"{value}\""));
        assert_eq!(becomes("&x 1.5 # why", value), format!("&x \"{value}\" # why"));
        assert_eq!(becomes("'1.5'", value), format!("'{value}'"));
        assert_eq!(becomes("!!str 1.5", value), format!("!!str {value}"));
        assert_eq!(becomes("|-\n  1.5", value), format!("|-\n  {value}"));
        assert_eq!(becomes(value, value), value, "what is there already stays");
    }
    assert_eq!(becomes("1.5", &format!("1@{DIGEST}")), format!("1@{DIGEST}"));
}

#[test]
fn a_tag_that_must_be_a_number_is_refused() {
    for text in [
        "image: {repository: nginx, tag: !!float 1.5}",
        "image: {repository: nginx, tag: !!int 1}",
    ] {
        let manifest = Manifest::read_as(FileKind::Values, text).unwrap();
        let edited = edit(&manifest, "v2", None, |_| true).unwrap();
        assert_eq!((edited.text.as_str(), edited.refused.len()), (text, 1));
        expect!["image.tag: the way the scalar is written cannot be kept"].assert_eq(&edited.refused[0].reason);
    }
}

#[test]
fn bytes_around_stay() {
    let text = "\u{feff}---\r\nimage:\r\n\t\r\n  tag  :   a\t# x\r\n  ? repository\r\n  : nginx # y";
    let text = text.replace("\t\r\n", "\r\n");
    let manifest = Manifest::read_as(FileKind::Values, text.as_str()).unwrap();
    let edited = edit(&manifest, "b", None, |_| true).unwrap();
    assert_eq!(edited.text, text.replace("   a\t", "   b\t"));
    let json = "{\"image\":{\"repository\":\"nginx\",\"tag\":\"a\",\"digest\":null}}";
    let manifest = Manifest::read_as(FileKind::Values, json).unwrap();
    let edited = edit(&manifest, &format!("b@{DIGEST}"), None, |_| true).unwrap();
    expect![[r#"{"image":{"repository":"nginx","tag":"b","digest":"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}"#]]
        .assert_eq(&edited.text);
}

#[test]
fn escapes_of_a_tag_that_stays_are_kept() {
    let text = "image: {repository: nginx, tag: \"1\\x2e2\"}\n";
    super::check_file(
        crate::FileKind::Values,
        text,
        &format!("@{DIGEST}"),
        None,
        &expect![[r#"
        - image: {repository: nginx, tag: \"1\\x2e2\"}
        + image: {repository: nginx, tag: \"1\\x2e2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}
    "#]],
    );
}
