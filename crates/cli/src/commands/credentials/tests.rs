use std::fs;

use expect_test::{Expect, expect};

use super::*;

const FILE: &str = r#"{
  "auths": {
    "https://r.io/v1/": {"auth": "Y2k6aHVudGVyMg=="},
    "r.io/team": {"identitytoken": "hunter2", "username": "robot"},
    "*.io": {"registrytoken": "hunter2"},
    "r.io/team/app": {"auth": "hunter2"},
    "other.io": {"auth": "%"}
  },
  "credHelpers": {"r.io": "ecr-login"},
  "credsStore": "desktop"
}"#;

fn view(image: &str) -> View {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.json");
    fs::write(&path, FILE).expect("a file");
    let repository = Reference::parse(image).expect("a reference").repository;
    let (found, _) = read(&repository, Some(&DockerConfigFile::Named(path))).expect("readable");
    View::of(&repository, found, Path::new("FILE"))
}

#[track_caller]
fn check(shown: &str, expected: &Expect) {
    assert!(!shown.contains("hunter2") && !shown.contains("Y2k6"), "{shown}");
    expected.assert_eq(shown);
}

#[test]
fn the_json_is_that_of_the_contract() {
    let json = serde_json::to_string_pretty(&view("r.io/team/app:1.0")).expect("JSON");
    check(
        &json,
        &expect![[r#"
            {
              "image": "r.io/team/app",
              "candidates": [
                {
                  "key": "r.io",
                  "kind": "helper",
                  "username": null,
                  "helper": "ecr-login",
                  "source": "FILE"
                },
                {
                  "key": "r.io/team",
                  "kind": "identityToken",
                  "username": "robot",
                  "helper": null,
                  "source": "FILE"
                },
                {
                  "key": "https://r.io/v1/",
                  "kind": "basic",
                  "username": "ci",
                  "helper": null,
                  "source": "FILE"
                },
                {
                  "key": "*.io",
                  "kind": "registryToken",
                  "username": null,
                  "helper": null,
                  "source": "FILE"
                },
                {
                  "key": "credsStore",
                  "kind": "helper",
                  "username": null,
                  "helper": "desktop",
                  "source": "FILE"
                }
              ],
              "skipped": [
                {
                  "key": "r.io/team/app",
                  "reason": "`auth` is no UTF-8 text within"
                }
              ]
            }"#]],
    );
}

#[test]
fn the_text_is_a_table() {
    check(
        &text(&view("r.io/team/app")),
        &expect![[r#"
        KEY               KIND           USER OR HELPER  SOURCE
        r.io              helper         ecr-login       FILE
        r.io/team         identityToken  robot           FILE
        https://r.io/v1/  basic          ci              FILE
        *.io              registryToken  -               FILE
        credsStore        helper         desktop         FILE
    "#]],
    );
}

#[test]
fn a_missing_usual_file_holds_nothing_and_a_missing_named_one_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("none.json");
    let repository = Repository::parse("nginx").expect("an image");
    let (found, _) = read(&repository, Some(&DockerConfigFile::Usual(path.clone()))).expect("no error");
    assert_eq!(found, Found::default());
    assert!(read(&repository, Some(&DockerConfigFile::Named(path))).is_err());
}
