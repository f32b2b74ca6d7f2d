//! A table for every sentence of `contracts/references.md` §2.

mod entries;
mod helpers;
mod keys;
mod old_systems;

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::reference::Reference;
use expect_test::{Expect, expect};

use super::*;

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
