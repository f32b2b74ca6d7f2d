use super::{Aspect, Marker, MarkerError};

fn check(comment: &str, expected: Option<Result<(&str, &str, Aspect), MarkerError>>) {
    let read = Marker::read(comment);
    let read = read.as_ref().map(|read| {
        read.as_ref()
            .map(|it| (it.namespace.as_str(), it.policy.as_str(), it.aspect))
    });
    let read = read.map(|read| read.map_err(|error| *error));
    assert_eq!(read, expected, "{comment}");
}

#[test]
fn a_marker_names_a_policy_and_what_the_scalar_holds() {
    for (text, aspect) in [
        ("flux-system:api", Aspect::Whole),
        ("flux-system:api:tag", Aspect::Tag),
        ("flux-system:api:name", Aspect::Name),
        ("flux-system:api:digest", Aspect::Digest),
    ] {
        let expected = Some(Ok(("flux-system", "api", aspect)));
        check(&format!(r#" {{"$imagepolicy": "{text}"}}"#), expected);
        check(&format!(r#"{{"$imagepolicy":"{text}"}}"#), expected);
        check(&format!(r#" {{ "$imagepolicy" : "{text}" }} why"#), expected);
    }
}

#[test]
fn other_comments_are_none() {
    for comment in ["", " why", " {}", r#" {"$openapi": "replicas"}"#, " imagepolicy"] {
        check(comment, None);
    }
}

#[test]
fn what_speaks_of_a_policy_and_is_no_marker_is_told() {
    for comment in [
        "$imagepolicy",
        r#"{"$imagepolicy"}"#,
        r#"{"$imagepolicy": "}"#,
        r#"{"$imagepolicy": "a:b""#,
        r#"{$imagepolicy: a:b}"#,
        r#"} "$imagepolicy": "a:b" {"#,
    ] {
        check(comment, Some(Err(MarkerError::NotOne)));
    }
    for text in [
        "",
        "api",
        ":api",
        "ns:",
        "ns:api:",
        "ns:api:tags",
        "ns:api:tag:x",
        "n s:api",
    ] {
        check(
            &format!(r#"{{"$imagepolicy": "{text}"}}"#),
            Some(Err(MarkerError::Text)),
        );
    }
}

#[test]
fn names_are_as_long_as_kubernetes_has_them() {
    let marker = |length: usize| format!(r#"{{"$imagepolicy": "ns:{}"}}"#, "a".repeat(length));
    assert!(matches!(Marker::read(&marker(253)), Some(Ok(_))));
    check(&marker(254), Some(Err(MarkerError::Text)));
}
