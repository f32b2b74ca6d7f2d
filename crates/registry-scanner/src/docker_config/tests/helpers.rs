//! `credHelpers` and `credsStore`.

use super::*;

#[test]
fn helpers_go_first_and_the_store_last() {
    let file = format!(
        r#"{{"credsStore": "desktop", "auths": {{"r.io/team": {{"auth": "{}"}}}},
            "credHelpers": {{"https://r.io/v2/": "ecr-login", "other.io": "gcloud"}}}}"#,
        auth("u:p")
    );
    check(
        &file,
        "r.io/team/app",
        &expect![[r#"
            https://r.io/v2/: helper ecr-login
            r.io/team: basic u p
            credsStore: helper desktop
        "#]],
    );
    check(
        r#"{"credHelpers": {"index.docker.io": "x"}}"#,
        "nginx",
        &expect![[r#"
            index.docker.io: helper x
        "#]],
    );
}

#[test]
fn helper_keys_are_exact_hosts() {
    check(
        r#"{"credHelpers": {"*.io": "a", "r.io/team": "b", "": "c", "r.io:5000": "d", "r.io": "e"}}"#,
        "r.io/team/app",
        &expect![[r#"
            r.io: helper e
            skipped *.io: a key of `credHelpers` is an exact host, without a glob
            skipped r.io/team: a key of `credHelpers` is a host alone, without a path
            skipped : the key names no host
        "#]],
    );
}

#[test]
fn helper_names_cannot_leave_their_directory() {
    check(
        r#"{"credHelpers": {"r.io": "../../x"}, "credsStore": "x; rm"}"#,
        "r.io/a",
        &expect![[r#"
            skipped r.io: the name of the helper is not made of up to 64 small letters, digits and `-`
            skipped credsStore: the name of the helper is not made of up to 64 small letters, digits and `-`
        "#]],
    );
    check(
        r#"{"credHelpers": {"r.io": 5, "other.io": 6}, "credsStore": ""}"#,
        "r.io/a",
        &expect![[r#"
            skipped r.io: the name of the helper is no text
        "#]],
    );
}
