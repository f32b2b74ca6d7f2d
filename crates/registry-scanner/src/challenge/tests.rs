use expect_test::{Expect, expect};
use http::HeaderValue;

use super::*;

#[track_caller]
fn check(headers: &[&str], expected: &Expect) {
    let mut map = HeaderMap::new();
    for header in headers {
        map.append(
            WWW_AUTHENTICATE,
            HeaderValue::from_bytes(header.as_bytes()).expect("a header"),
        );
    }
    let lines: String = challenges(&map)
        .iter()
        .map(|challenge| format!("{challenge:?}\n"))
        .collect();
    expected.assert_eq(&lines);
}

#[test]
fn one_header_with_one_challenge() {
    check(
        &[r#"Bearer realm="https://auth.example.com/token",service="reg.example.com",scope="repository:a/b:pull""#],
        &expect![[r#"
            Bearer { realm: "https://auth.example.com/token", service: Some("reg.example.com"), scopes: ["repository:a/b:pull"] }
        "#]],
    );
    check(
        &[r#"Basic realm="x""#],
        &expect![[r#"
        Basic
    "#]],
    );
    check(
        &[r#"bearer REALM=token"#],
        &expect![[r#"
        Bearer { realm: "token", service: None, scopes: [] }
    "#]],
    );
}

#[test]
fn several_headers_and_several_challenges() {
    // Gitea's.
    check(
        &[
            r#"Bearer realm="http://g/v2/token",service="container_registry",scope="*""#,
            r#"Basic realm="Gitea""#,
        ],
        &expect![[r#"
            Bearer { realm: "http://g/v2/token", service: Some("container_registry"), scopes: ["*"] }
            Basic
        "#]],
    );
    check(
        &[r#"Basic realm="a", Negotiate, Bearer realm="b",scope="x  y", Digest realm="c""#],
        &expect![[r#"
            Basic
            Bearer { realm: "b", service: None, scopes: ["x", "y"] }
        "#]],
    );
}

#[test]
fn what_cannot_be_read_asks_for_nothing() {
    check(
        &[
            "",
            "Bearer",
            r#"Bearer service="x""#,
            r#"Bearer realm="unclosed"#,
            "\u{e9}",
        ],
        &expect![""],
    );
    check(
        &[r#"Bearer realm="unclosed"#, r#"Basic realm="b""#],
        &expect![[r#"
        Basic
    "#]],
    );
}

#[test]
fn quoted_texts_lose_their_escapes() {
    check(
        &[r#"Bearer realm="https://a\"b",service="a, b""#],
        &expect![[r#"
        Bearer { realm: "https://a\"b", service: Some("a, b"), scopes: [] }
    "#]],
    );
}

#[test]
fn only_reading_is_asked_for_whatever_the_registry_says() {
    let table = [
        ("repository:a/b:pull", Some("repository:a/b:pull")),
        ("repository:a/b:pull,push,delete", Some("repository:a/b:pull")),
        ("repository:a/b:*,metadata_read", Some("repository:a/b:metadata_read")),
        ("repository:host:5000/a/b:pull", Some("repository:host:5000/a/b:pull")),
        ("*", Some("*")),
        ("repository:a/b:push", None),
        ("registry:catalog:*", None),
        // A server that splits at the first colon would read `push` among the actions.
        ("repository:a/b:push,x:pull", None),
        ("repository:a/b:push:pull", None),
        ("repository:push:x/y:pull", None),
        ("repository:host:/a:pull", None),
        ("repository:a,b:pull", None),
    ];
    for (scope, wanted) in table {
        assert_eq!(readable(scope).as_deref(), wanted, "{scope}");
    }
}

#[test]
fn nobody_is_listened_to_for_long() {
    let header = |size: usize| format!(r#"Bearer realm="{}""#, "x".repeat(size - 15));
    let found = |size| {
        let mut map = HeaderMap::new();
        map.insert(WWW_AUTHENTICATE, header(size).parse().expect("a header"));
        challenges(&map).len()
    };
    assert_eq!(header(LONGEST).len(), LONGEST);
    assert_eq!(found(LONGEST), 1);
    assert_eq!(found(LONGEST + 1), 0);
}
