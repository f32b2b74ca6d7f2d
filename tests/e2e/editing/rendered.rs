//! Kustomize and Helm over what was edited: the image that they deploy is the one that was asked for.

mod helm;
mod kustomize;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::world::World;

/// A digest to write, and one that is there before.
const DIGEST: &str = "sha256:89c55ef3dd80ae6cbe0cd4b94e6aa1a5f9b0b6ed3a3a9e9ef2ab8ff5d2f3c6f1";
const OLD_DIGEST: &str = "sha256:0a0b0c0d0e0f00112233445566778899aabbccddeeff00112233445566778899";

/// Files by their paths.
type Files = BTreeMap<String, String>;

/// Texts by paths, as files.
fn files(texts: &[(&str, &str)]) -> Files {
    let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    texts.iter().map(owned).collect()
}

/// Runs `tidemark edit --write` with `options` on `folder` of `before`, which must change something, and reads the files.
fn edited(before: &Files, folder: &str, options: &[&str]) -> Files {
    let place = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    for (path, text) in before {
        let path = place.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let ran = Command::new(World::binary())
        .args(["edit", "--write"])
        .args(options)
        .arg(folder)
        .current_dir(place.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{options:?}: {said}\n{before:#?}");
    let read = |path: &String| fs::read_to_string(place.path().join(Path::new(path))).unwrap();
    before.keys().map(|path| (path.clone(), read(path))).collect()
}

/// What is built of a folder.
fn kustomization(files: &Files, folder: &str) -> Value {
    json!({"files": files, "build": folder})
}

/// What is rendered of a chart.
fn chart(files: &Files, values: &str) -> Value {
    json!({"files": files, "values": values})
}

/// The images that are deployed, a line for each question: those of the containers, joined by spaces; or why there are none.
fn deployed(questions: &[Value]) -> Vec<String> {
    let asked: String = questions.iter().map(|question| format!("{question}\n")).collect();
    let answers = testkit::kustomize_helm(&asked).unwrap();
    let answers = answers.lines().map(|line| serde_json::from_str(line).unwrap());
    let deployed: Vec<String> = answers.map(|answer: Value| images(&answer)).collect();
    assert_eq!(deployed.len(), questions.len(), "an answer for each question");
    deployed
}

fn images(answer: &Value) -> String {
    if let Some(problem) = answer["problem"].as_str() {
        return format!("{problem}\n");
    }
    let object: Value = serde_yaml_ng::from_str(answer["rendered"].as_str().unwrap()).unwrap();
    let containers = object["spec"]["template"]["spec"]["containers"]
        .as_array()
        .unwrap()
        .iter();
    let images = containers.map(|container| container["image"].as_str().unwrap_or("no text").to_owned());
    images.collect::<Vec<_>>().join(" ") + "\n"
}
