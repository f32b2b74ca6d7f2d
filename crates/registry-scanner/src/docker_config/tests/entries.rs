//! What an entry says, and what makes it a bad one.

use super::*;

/// An entry for `r.io`, with `{}` around the fields.
#[track_caller]
fn entry(fields: &str, expected: &Expect) {
    check(&format!(r#"{{"auths": {{"r.io": {{{fields}}}}}}}"#), "r.io/a", expected);
}

#[test]
fn auth_is_base64_of_user_and_password() {
    let cases = [
        ("dXNlcjpwYXNz", "r.io: basic user pass\n"),
        // `u:p`, padded and not.
        ("dTpw", "r.io: basic u p\n"),
        ("dXNlcjpw", "r.io: basic user p\n"),
        ("dXM6cGFzcw==", "r.io: basic us pass\n"),
        ("dXM6cGFzcw", "r.io: basic us pass\n"),
        ("dXM6cGFzcw=", "r.io: basic us pass\n"),
    ];
    for (text, expected) in cases {
        assert_eq!(
            render(&format!(r#"{{"auths": {{"r.io": {{"auth": "{text}"}}}}}}"#), "r.io/a"),
            expected,
            "{text}"
        );
    }
    let colons = auth("user:a:b:");
    entry(
        &format!(r#""auth": "{colons}""#),
        &expect![[r#"
        r.io: basic user a:b:
    "#]],
    );
    let empty = auth("user:");
    entry(
        &format!(r#""auth": "{empty}""#),
        &expect![[r#"
        r.io: basic user 
    "#]],
    );
}

#[test]
fn a_bad_auth_makes_the_entry_bad_whatever_else_it_holds() {
    let rest = r#""username": "u", "password": "p", "identitytoken": "i", "registrytoken": "r""#;
    entry(
        &format!(r#""auth": "%%%", {rest}"#),
        &expect![[r#"
        skipped r.io: `auth` is not base64
    "#]],
    );
    let no_colon = auth("user");
    entry(
        &format!(r#""auth": "{no_colon}", {rest}"#),
        &expect![[r#"
        skipped r.io: `auth` has no colon between user and password
    "#]],
    );
    let no_user = auth(":password");
    entry(
        &format!(r#""auth": "{no_user}""#),
        &expect![[r#"
        skipped r.io: `auth` has no user before the colon
    "#]],
    );
    entry(
        &format!(r#""auth": 5, {rest}"#),
        &expect![[r#"
        skipped r.io: `auth` is a number, where a text is wanted
    "#]],
    );
}

#[test]
fn of_several_fields_the_strongest_wins() {
    let basic = auth("au:ap");
    entry(
        &format!(r#""auth": "{basic}", "username": "u", "password": "p", "identitytoken": "i", "registrytoken": "r""#),
        &expect![[r#"
            r.io: registryToken - r
        "#]],
    );
    entry(
        &format!(r#""auth": "{basic}", "username": "u", "password": "p", "identitytoken": "i""#),
        &expect![[r#"
            r.io: identityToken au i
        "#]],
    );
    entry(
        r#""username": "u", "identitytoken": "i""#,
        &expect![[r#"
        r.io: identityToken u i
    "#]],
    );
    entry(
        r#""identitytoken": "i""#,
        &expect![[r#"
        r.io: identityToken - i
    "#]],
    );
    entry(
        &format!(r#""auth": "{basic}", "username": "u", "password": "p""#),
        &expect![[r#"
        r.io: basic au ap
    "#]],
    );
    entry(
        r#""username": "u", "password": "p""#,
        &expect![[r#"
        r.io: basic u p
    "#]],
    );
}

#[test]
fn empty_texts_and_nulls_are_as_absent() {
    entry(
        r#""auth": "", "identitytoken": null, "registrytoken": "", "username": "u", "password": "p""#,
        &expect![[r#"
            r.io: basic u p
        "#]],
    );
    entry(
        r#""username": "u", "password": """#,
        &expect![[r#"
        skipped r.io: there is a `username` but no `password`
    "#]],
    );
    entry(
        r#""password": "p""#,
        &expect![[r#"
        skipped r.io: there is a `password` but no `username`
    "#]],
    );
    check(
        r#"{"auths": null, "credHelpers": null, "credsStore": null}"#,
        "r.io/a",
        &expect![""],
    );
}

#[test]
fn any_wrong_type_makes_the_entry_bad_and_unknown_keys_do_not() {
    let basic = auth("u:p");
    entry(
        &format!(r#""auth": "{basic}", "registrytoken": []"#),
        &expect![[r#"
        skipped r.io: `registrytoken` is a list, where a text is wanted
    "#]],
    );
    entry(
        &format!(r#""auth": "{basic}", "password": 12345"#),
        &expect![[r#"
        skipped r.io: `password` is a number, where a text is wanted
    "#]],
    );
    entry(
        &format!(r#""auth": "{basic}", "email": 5, "serveraddress": {{}}"#),
        &expect![[r#"
        r.io: basic u p
    "#]],
    );
}

#[test]
fn an_empty_entry_is_skipped_with_a_reason() {
    check(
        r#"{"auths": {"r.io": {}}, "credsStore": "desktop"}"#,
        "r.io/a",
        &expect![[r#"
        credsStore: helper desktop
        skipped r.io: the entry holds no credential
    "#]],
    );
    check(
        r#"{"auths": {"r.io": null, "https://r.io": "dTpw", "r.io/a": []}}"#,
        "r.io/a",
        &expect![[r#"
        skipped r.io/a: the entry is a list, where an object is wanted
        skipped r.io: the entry is empty
        skipped https://r.io: the entry is a text, where an object is wanted
    "#]],
    );
}

#[test]
fn one_bad_entry_never_spoils_the_others() {
    let good = auth("u:p");
    check(
        &format!(
            r#"{{"auths": {{"": {{}}, "https://": {{}}, "r..io": {{}}, "r.io:port": {{}}, "r.io:0": {{}}, "r.io:70000": {{}},
            "r .io": {{}}, "[::1": {{}}, "r.io//a": {{}}, "-r.io": {{}}, "other.io": {{"auth": "%"}}, "r.io": {{"auth": "{good}"}}}}}}"#
        ),
        "r.io/a",
        &expect![[r#"
            r.io: basic u p
            skipped : the key names no host
            skipped https://: the key names no host
            skipped r..io: the host of the key has an empty label
            skipped r.io:port: the port of the key is no number from 1 to 65535
            skipped r.io:0: the port of the key is no number from 1 to 65535
            skipped r.io:70000: the port of the key is no number from 1 to 65535
            skipped r .io: the key holds white space or a control character
            skipped [::1: the bracket in the key is not closed
            skipped r.io//a: the path of the key has an empty component
            skipped -r.io: the host of the key is no host name
        "#]],
    );
}
