//! A table for every sentence of `contracts/references.md` §2.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::reference::Reference;
use expect_test::{Expect, expect};

use super::*;

mod old_systems;

fn auth(user_and_password: &str) -> String {
    STANDARD.encode(user_and_password)
}

fn parse(file: &str) -> DockerConfig {
    match DockerConfig::from_bytes(file.as_bytes()) {
        Ok(config) => config,
        Err(error) => panic!("{error}: {file}"),
    }
}

/// One line per candidate and per skipped entry, with the secrets, which only a test may show.
fn render(file: &str, image: &str) -> String {
    let reference = Reference::parse(image).expect("a reference");
    let found = parse(file).find(&reference.repository);
    let mut text = String::new();
    for Candidate { key, offer } in found.candidates {
        match offer {
            Offer::Helper(name) => writeln!(text, "{key}: helper {name}"),
            Offer::Credential(credential) => writeln!(
                text,
                "{key}: {} {} {}",
                credential.kind(),
                credential.username().unwrap_or("-"),
                credential.secret().expose()
            ),
        }
        .expect("writing to a String never fails");
    }
    for Skipped { key, reason } in found.skipped {
        writeln!(text, "skipped {key}: {reason}").expect("writing to a String never fails");
    }
    text
}

#[track_caller]
fn check(file: &str, image: &str, expected: &Expect) {
    expected.assert_eq(&render(file, image));
}

/// A file whose entries have the users u0, u1, … in the order of the keys.
fn file_of(keys: &[&str]) -> String {
    let entries: Vec<String> = keys
        .iter()
        .enumerate()
        .map(|(at, key)| format!(r#""{key}": {{"auth": "{}"}}"#, auth(&format!("u{at}:p"))))
        .collect();
    format!(r#"{{"auths": {{{}}}}}"#, entries.join(", "))
}

/// The keys that apply to `image`, in order.
fn order(keys: &[&str], image: &str) -> Vec<String> {
    let reference = Reference::parse(image).expect("a reference");
    let found = parse(&file_of(keys)).find(&reference.repository);
    found.candidates.into_iter().map(|candidate| candidate.key).collect()
}

#[track_caller]
fn applies(key: &str, image: &str) {
    assert_eq!(order(&[key], image), [key], "{key} must apply to {image}");
}

#[track_caller]
fn applies_not(key: &str, image: &str) {
    assert!(order(&[key], image).is_empty(), "{key} must not apply to {image}");
}

#[test]
fn scheme_slash_and_api_version_of_a_key_are_ignored() {
    for key in [
        "reg.example.com",
        "https://reg.example.com",
        "http://reg.example.com",
        "HTTPS://reg.example.com/",
        "reg.example.com/v1",
        "reg.example.com/v1/",
        "https://reg.example.com/v2/",
        "https://reg.example.com/v2",
    ] {
        applies(key, "reg.example.com/team/app:1");
    }
    applies_not("reg.example.com/v3", "reg.example.com/team/app");
    applies_not("reg.example.com/v1/team", "reg.example.com/team/app");
}

#[test]
fn hosts_are_compared_without_case_and_whole() {
    applies("REG.Example.COM", "reg.example.com/app");
    applies("reg.example.com", "REG.EXAMPLE.COM/app");
    applies_not("reg.example.com", "reg.example.com.evil.com/app");
    applies_not("reg.example.com", "evil-reg.example.com/app");
    applies_not("example.com", "reg.example.com/app");
    applies("localhost", "localhost/app");
    applies("[::1]:5000", "[::1]:5000/app");
    applies_not("[::1]", "[::1]:5000/app");
}

#[test]
fn ports_are_equal_or_absent_on_both_sides() {
    applies("reg.example.com:5000", "reg.example.com:5000/app");
    applies("http://reg.example.com:5000/v2/", "reg.example.com:5000/app");
    applies_not("reg.example.com", "reg.example.com:5000/app");
    applies_not("reg.example.com:5000", "reg.example.com/app");
    applies_not("reg.example.com:443", "reg.example.com/app");
    applies_not("reg.example.com:5000", "reg.example.com:5001/app");
}

#[test]
fn paths_are_prefixes_by_whole_components() {
    applies("reg.example.com/team", "reg.example.com/team/app");
    applies("reg.example.com/team/", "reg.example.com/team/app");
    applies("reg.example.com/team/app", "reg.example.com/team/app");
    applies("https://reg.example.com/team", "reg.example.com/team/app");
    applies_not("reg.example.com/team", "reg.example.com/team2/app");
    applies_not("reg.example.com/team", "reg.example.com/team-evil/app");
    applies_not("reg.example.com/team/app/sub", "reg.example.com/team/app");
    applies_not("reg.example.com/Team", "reg.example.com/team/app");
}

#[test]
fn globs_stand_for_one_label_and_never_for_paths() {
    applies("*.example.com", "a.example.com/app");
    applies("A?.example.com", "ab.example.com/app");
    applies("reg*.e*e.com", "registry.example.com/app");
    applies("*.io", "quay.io/app");
    applies_not("*.example.com", "a.b.example.com/app");
    applies_not("*.example.com", "example.com/app");
    applies_not("*.example.com", "a.example.com:5000/app");
    applies("*.example.com:5000", "a.example.com:5000/app");
    applies_not("?.example.com", "ab.example.com/app");
    applies_not("*", "reg.example.com/app");
    applies_not("reg.example.com/*", "reg.example.com/team/app");
    applies_not("reg.example.com/t?am", "reg.example.com/team/app");
}

#[test]
fn every_spelling_of_docker_hub_means_it() {
    for key in [
        "https://index.docker.io/v1/",
        "index.docker.io",
        "docker.io",
        "registry-1.docker.io",
        "registry.hub.docker.com",
        "https://registry-1.docker.io/v2/",
        "http://docker.io",
        "Docker.IO",
    ] {
        for image in [
            "nginx",
            "docker.io/library/nginx",
            "index.docker.io/acme/app",
            "registry-1.docker.io/nginx:1",
        ] {
            applies(key, image);
        }
        applies_not(key, "docker.io:443/library/nginx");
        applies_not(key, "hub.docker.com/nginx");
    }
    applies("docker.io/acme", "acme/app");
    applies("https://index.docker.io/acme/", "acme/app");
    applies_not("docker.io/acme", "nginx");
    applies("docker.io/library", "nginx");
    applies("docker.io:443", "docker.io:443/library/nginx");
    applies_not("docker.io:443", "nginx");
}

#[test]
fn the_longest_path_comes_first_then_hosts_without_globs_then_more_letters() {
    assert_eq!(
        order(
            &[
                "*.example.com",
                "reg.example.com",
                "r*.example.com",
                "*.example.com/team/app",
                "reg.example.com/team",
                "re*.example.com/team",
            ],
            "reg.example.com/team/app"
        ),
        [
            "*.example.com/team/app",
            "reg.example.com/team",
            "re*.example.com/team",
            "reg.example.com",
            "r*.example.com",
            "*.example.com",
        ]
    );
}

#[test]
fn equal_ranks_go_by_normalised_key_and_then_by_the_file() {
    assert_eq!(
        order(&["re*.example.com", "r*g.example.com"], "reg.example.com/app"),
        ["r*g.example.com", "re*.example.com"]
    );
    let doubles = [
        "https://reg.example.com/v2/",
        "reg.example.com",
        "REG.example.com/",
        "reg.example.com",
    ];
    assert_eq!(order(&doubles, "reg.example.com/app"), doubles);
    // By components, not by bytes: one long component does not beat two short ones.
    assert_eq!(
        order(&["r.io/averyveryverylongname", "r.io"], "r.io/averyveryverylongname/b"),
        ["r.io/averyveryverylongname", "r.io"]
    );
}

#[test]
fn the_same_user_and_secret_counts_once() {
    let same = auth("ci:hunter2");
    let file = format!(
        r#"{{"auths": {{"r.io": {{"auth": "{same}"}}, "r.io/team": {{"username": "ci", "password": "hunter2"}},
            "*.io": {{"auth": "{}"}}, "https://r.io": {{"identitytoken": "hunter2", "username": "ci"}}}}}}"#,
        auth("ci:other")
    );
    check(
        &file,
        "r.io/team/app",
        &expect![[r#"
            r.io/team: basic ci hunter2
            https://r.io: identityToken ci hunter2
            *.io: basic ci other
        "#]],
    );
}

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

#[test]
fn a_user_in_a_key_is_not_shown() {
    check(
        r#"{"auths": {"https://ci:hunter2@r.io/v1/": {}}}"#,
        "r.io/a",
        &expect![[r#"
        skipped https://[secret]@r.io/v1/: the key holds a user name, which only `auth` or `username` may
    "#]],
    );
    check(
        r#"{"auths": {"ci:hun/ter2@r.io": {}, "hunter2@https://r.io": {}, "https://ci:hun@ter2@r.io/a@b": {}}}"#,
        "r.io/a",
        &expect![[r#"
        skipped [secret]@r.io: the port of the key is no number from 1 to 65535
        skipped [secret]@https://r.io: before `://` the key has no scheme
        skipped https://[secret]@b: the key holds a user name, which only `auth` or `username` may
    "#]],
    );
}

#[test]
fn the_legacy_file_is_the_map_alone() {
    let legacy = format!(
        r#"{{"https://r.io/v1/": {{"auth": "{}", "email": "a@b"}}}}"#,
        auth("u:p")
    );
    check(
        &legacy,
        "r.io/a",
        &expect![[r#"
        https://r.io/v1/: basic u p
    "#]],
    );
    let with = |extra: &str| format!(r#"{{{extra}, "r.io": {{"auth": "{}"}}}}"#, auth("u:p"));
    for extra in [
        r#""auths": {}"#,
        r#""credHelpers": {}"#,
        r#""credsStore": """#,
        r#""credStore": {}"#,
        r#""detachKeys": "ctrl-q""#,
    ] {
        assert_eq!(render(&with(extra), "r.io/a"), "", "{extra}");
    }
    check("{}", "r.io/a", &expect![""]);
}

#[track_caller]
fn refused(bytes: &[u8], expected: &str) {
    match DockerConfig::from_bytes(bytes) {
        Ok(_) => panic!("must be refused: {expected}"),
        Err(error) => assert_eq!(error.to_string(), expected),
    }
}

#[test]
fn a_file_that_is_no_docker_config_is_an_error() {
    refused(b"", "it is no JSON (line 1, column 0)");
    refused(b"{", "it is no JSON (line 1, column 1)");
    refused(b"{\"auths\": {}} x", "it is no JSON (line 1, column 15)");
    refused(b"[]", "its top level is a list, where an object is wanted");
    refused(br#"{"auths": []}"#, "`auths` is a list, where an object is wanted");
    refused(
        br#"{"credHelpers": "x"}"#,
        "`credHelpers` is a text, where an object is wanted",
    );
}

#[test]
fn the_file_is_at_most_one_mebibyte() {
    let file = |size: usize| format!("{{{}}}", " ".repeat(size - 2));
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("config.json");
    std::fs::write(&path, file(1024 * 1024)).expect("a file");
    assert!(DockerConfig::read(&path).is_ok());
    std::fs::write(&path, file(1024 * 1024 + 1)).expect("a file");
    let error = DockerConfig::read(&path).expect_err("too large");
    assert!(
        transport::chain(&error)
            .to_string()
            .ends_with(": it is larger than 1 MiB")
    );
    let missing = DockerConfig::read(&directory.path().join("none.json")).expect_err("missing");
    assert!(missing.is_missing());
    let below_a_file = DockerConfig::read(&path.join("config.json")).expect_err("missing");
    assert!(below_a_file.is_missing());
}

#[test]
fn debug_output_holds_no_secret() {
    let file = format!(r#"{{"auths": {{"r.io": {{"auth": "{}"}}}}}}"#, auth("u:hunter2"));
    let config = parse(&file);
    let reference = Reference::parse("r.io/a").expect("a reference");
    let shown = format!("{config:?} {:?}", config.find(&reference.repository));
    assert!(
        !shown.contains("hunter2") && !shown.contains(&auth("u:hunter2")),
        "{shown}"
    );
}
