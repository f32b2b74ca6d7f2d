//! Every style of scalar keeps its form.

use expect_test::expect;

use super::{DIGEST, check, deployment, edited};

/// What becomes of the value `written` when nginx is set to `value`.
fn becomes(written: &str, value: &str) -> String {
    renamed(written, value, None)
}

fn renamed(written: &str, value: &str, name: Option<&str>) -> String {
    let text = deployment(&format!("image: {written}\nname: app"));
    let edited = edited(&text, value, name, |_| true).unwrap().text;
    let indented = written.replace('\n', "\n          ");
    let (before, after) = text.split_once(&indented).unwrap();
    let changed = edited.strip_prefix(before).unwrap().strip_suffix(after).unwrap();
    changed.replace("\n          ", "\n")
}

#[test]
fn quotes_stay() {
    assert_eq!(becomes("nginx:1.25", "1.27"), "nginx:1.27");
    assert_eq!(becomes("'nginx:1.25'", "1.27"), "'nginx:1.27'");
    assert_eq!(becomes("\"nginx:1.25\"", "1.27"), "\"nginx:1.27\"");
}

#[test]
fn comments_anchors_and_tags_beside_the_scalar_stay() {
    assert_eq!(becomes("&web nginx:1.25 # why", "1.27"), "&web nginx:1.27 # why");
    assert_eq!(becomes("!!str 'nginx:1.25'   #x", "1.27"), "!!str 'nginx:1.27'   #x");
    assert_eq!(becomes("!!str &a\t\"nginx:1.25\"", "1.27"), "!!str &a\t\"nginx:1.27\"");
    assert_eq!(becomes("!own nginx:1.25", "1.27"), "!own nginx:1.27");
}

#[test]
fn every_spelling_of_the_name_is_found_and_kept() {
    for name in [
        "nginx",
        "library/nginx",
        "docker.io/nginx",
        "index.docker.io/library/nginx",
    ] {
        assert_eq!(becomes(&format!("{name}:1.25"), "1.27"), format!("{name}:1.27"));
    }
    assert_eq!(becomes("Docker.IO/nginx", "1.27"), "Docker.IO/nginx:1.27");
}

#[test]
fn the_value_is_exactly_what_was_asked_for() {
    let pinned = format!("nginx:1.25@{DIGEST}");
    assert_eq!(becomes(&pinned, "1.27"), "nginx:1.27", "an old digest never stays");
    assert_eq!(becomes("nginx:1.25", &format!("@{DIGEST}")), format!("nginx@{DIGEST}"));
    assert_eq!(
        becomes("nginx", &format!("1.27@{DIGEST}")),
        format!("nginx:1.27@{DIGEST}")
    );
    assert_eq!(
        becomes("'nginx'", "1.27"),
        "'nginx:1.27'",
        "an untagged reference gets one"
    );
    assert_eq!(becomes("\"nginx\"", "1.27"), "\"nginx:1.27\"");
}

#[test]
fn a_new_name_replaces_the_old_one() {
    let mirror = Some("mirror.example.com:5000/nginx");
    assert_eq!(renamed("nginx:1", "2", mirror), "mirror.example.com:5000/nginx:2");
    assert_eq!(
        renamed("\"nginx\\x3a1\"", "2", mirror),
        "\"mirror.example.com:5000/nginx:2\""
    );
    assert_eq!(renamed("|-\n  nginx:1", "2", Some("a/b")), "|-\n  a/b:2");
}

#[test]
fn what_plain_would_be_no_text_is_quoted() {
    assert_eq!(
        renamed("nginx:1", "2", Some("[::1]:5000/nginx")),
        "\"[::1]:5000/nginx:2\""
    );
    assert_eq!(
        renamed("nginx:1", "30", Some("1")),
        "\"1:30\"",
        "an hour and a half in YAML 1.1"
    );
    assert_eq!(renamed("nginx:1", "30.5", Some("1")), "\"1:30.5\"");
    assert_eq!(renamed("nginx:1", "60", Some("1")), "1:60");
    assert_eq!(renamed("'nginx:1'", "30", Some("1")), "'1:30'");
    assert_eq!(
        renamed("!!str nginx:1", "30", Some("1")),
        "!!str 1:30",
        "its tag says what it is"
    );
    assert_eq!(renamed("&a nginx:1 # x", "30", Some("1")), "&a \"1:30\" # x");
}

#[test]
fn escapes_in_the_name_stay() {
    assert_eq!(
        becomes("\"docker.io\\/nginx:1.25\"", "1.27"),
        "\"docker.io\\/nginx:1.27\""
    );
    assert_eq!(becomes("\"\\x6eginx:1.25\"", "1.27"), "\"\\x6eginx:1.27\"");
    assert_eq!(becomes("\"\\u006eginx\\u003a1.25\"", "1.27"), "\"\\u006eginx:1.27\"");
    assert_eq!(becomes("\"\\U0000006eginx\"", "1.27"), "\"\\U0000006eginx:1.27\"");
    assert_eq!(becomes("\"nginx:\\\n  1.25\"", "1.27"), "\"nginx:1.27\"");
    let joined = "\"ngi\\\n  nx:1.25\"";
    assert_eq!(becomes(joined, "1.27"), "\"ngi\\\n  nx:1.27\"");
}

#[test]
fn block_scalars_keep_header_and_line_end() {
    for header in ["|", "|-", "|+", ">", ">-", ">+", "|2-", "| # why", "!!str |-"] {
        let written = format!("{header}\n  nginx:1.25");
        assert_eq!(becomes(&written, "1.27"), format!("{header}\n  nginx:1.27"));
    }
}

#[test]
fn a_block_scalar_at_the_very_end_needs_no_line_end() {
    let text = deployment("image: |-\n  nginx:1.25");
    let text = text.trim_end();
    check(
        text,
        "1.27",
        &expect![[r#"
        -             nginx:1.25
        +             nginx:1.27
    "#]],
    );
}

#[test]
fn brackets_stay() {
    let text = "{apiVersion: v1, kind: Pod, spec: {containers: [{image: nginx, name: a}, {name: b, \
                \"image\":\"nginx:1\"}, {image: 'nginx:2'}]}}";
    check(
        text,
        "1.27",
        &expect![[r#"
        - {apiVersion: v1, kind: Pod, spec: {containers: [{image: nginx, name: a}, {name: b, \"image\":\"nginx:1\"}, {image: \'nginx:2\'}]}}
        + {apiVersion: v1, kind: Pod, spec: {containers: [{image: nginx:1.27, name: a}, {name: b, \"image\":\"nginx:1.27\"}, {image: \'nginx:1.27\'}]}}
    "#]],
    );
}

#[test]
fn json_stays_json() {
    let text = "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\",\n\t\"spec\": {\"containers\": \
                [{\"image\":\"docker.io\\/nginx:1\"}]}\n}";
    check(
        text,
        "1.27",
        &expect![[r#"
        - \t\"spec\": {\"containers\": [{\"image\":\"docker.io\\/nginx:1\"}]}
        + \t\"spec\": {\"containers\": [{\"image\":\"docker.io\\/nginx:1.27\"}]}
    "#]],
    );
}

#[test]
fn explicit_keys_are_keys() {
    check(
        &deployment("? image\n: nginx:1\n? \"name\"\n: app"),
        "1.27",
        &expect![[r#"
            -           : nginx:1
            +           : nginx:1.27
        "#]],
    );
    check(
        &deployment("\"im\\u0061ge\": nginx:1"),
        "1.27",
        &expect![[r#"
        -         - \"im\\u0061ge\": nginx:1
        +         - \"im\\u0061ge\": nginx:1.27
    "#]],
    );
}
