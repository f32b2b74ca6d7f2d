//! The real binary over the files of the generator.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write as _};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::generator::{File, Group, groups};
use crate::world::World;

/// How many files there are at least, and scalars in them that change.
const FILES: usize = 2_000;
const SPOTS: usize = 5_000;

/// How often each feature is there at least.
const TIMES: usize = 12;

/// Where the files lie that are found, and those that are named.
const FOUND: &str = "found";
const NAMED: &str = "named";

#[test]
fn every_place_is_written_and_not_one_byte_more() {
    let groups = groups();
    let faults: Vec<String> = groups.iter().flat_map(faults).collect();
    let shown: String = faults.iter().take(5).map(String::as_str).collect();
    assert!(
        faults.is_empty(),
        "{} files are not what they should be, as\n{shown}",
        faults.len()
    );
}

#[test]
fn the_files_are_many_and_of_every_kind() {
    let groups = groups();
    let files: Vec<&File> = groups.iter().flat_map(|group| &group.files).collect();
    let spots: usize = files.iter().map(|file| file.spots.len()).sum();
    assert!(
        files.len() >= FILES && spots >= SPOTS,
        "{} files, {spots} scalars",
        files.len()
    );
    let mut times = BTreeMap::<&str, usize>::new();
    for feature in files.iter().flat_map(|file| &file.features) {
        *times.entry(feature).or_default() += 1;
    }
    let rare: Vec<_> = times.iter().filter(|(_, times)| **times < TIMES).collect();
    assert!(rare.is_empty(), "there is too little of {rare:?}");
    let texts: BTreeSet<&str> = files.iter().map(|file| file.before.as_str()).collect();
    assert_eq!(texts.len(), files.len(), "some files are the same");
}

/// Runs the command of a group, and says which files are not as they should be.
fn faults(group: &Group) -> Vec<String> {
    let folder = with_files(group);
    let shown = edit(group, folder.path(), &[]);
    let mut faults = Vec::new();
    faults.extend(unapplied(group, &shown.stdout));
    let ran = edit(group, folder.path(), &["--write", "-o", "json"]);
    if [&shown, &ran].map(|ran| ran.status.code()) != [Some(exit(group)); 2] {
        let said = String::from_utf8_lossy(&ran.stderr);
        faults.push(format!("{:?}: {:?}\n{said}\n", group.options, ran.status.code()));
    }
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let fault = |file| fault(folder.path(), &report, file);
    faults.extend(group.files.iter().filter_map(fault));
    if faults.is_empty() {
        faults.extend(unsettled(group, folder.path()));
    }
    faults
        .iter()
        .map(|fault| format!("{:?}\n{fault}", group.options))
        .collect()
}

/// A folder with the files of a group as they are before.
fn with_files(group: &Group) -> TempDir {
    // In memory: a disk takes long to make and delete thousands of small files.
    let folder = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    for file in &group.files {
        let path = folder.path().join(path(file));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.before).unwrap();
    }
    folder
}

fn edit(group: &Group, folder: &Path, how: &[&str]) -> Output {
    Command::new(World::binary())
        .arg("edit")
        .args(how)
        .args(&group.options)
        .arg(FOUND)
        .args(group.files.iter().filter(|file| file.is_named).map(path))
        .current_dir(folder)
        .output()
        .unwrap()
}

/// How the command of a group is to end.
fn exit(group: &Group) -> i32 {
    let is_idle = |file: &File| file.spots.is_empty();
    match group.files.iter().any(|file| !file.refused.is_empty()) {
        true => 1,
        false if group.files.iter().all(is_idle) => 3,
        false => 0,
    }
}

/// What git does not make of the files by `diff`.
fn unapplied(group: &Group, diff: &[u8]) -> Option<String> {
    let folder = with_files(group);
    if group.files.iter().all(|file| file.spots.is_empty()) {
        return (!diff.is_empty()).then(|| String::from_utf8_lossy(diff).into_owned());
    }
    let patch = folder.path().join("patch");
    fs::write(&patch, diff).unwrap();
    let ran = Command::new("git")
        .args(["apply", "--whitespace=nowarn"])
        .arg(patch)
        .current_dir(folder.path())
        .output()
        .expect("git is installed; `make servers` installs it");
    let read = |file: &File| fs::read_to_string(folder.path().join(path(file))).unwrap();
    let wrong = group.files.iter().find(|file| read(file) != file.after);
    wrong.map(|file| {
        let said = String::from_utf8_lossy(&ran.stderr);
        format!(
            "{said}git makes of {}\n{}",
            path(file),
            difference(&file.after, &read(file))
        )
    })
}

/// What a second command changes, when all is done.
fn unsettled(group: &Group, folder: &Path) -> Option<String> {
    let again = edit(group, folder, &[]);
    let is_refused = group.files.iter().any(|file| !file.refused.is_empty());
    let is_settled = again.stdout.is_empty() && again.status.code() == Some(if is_refused { 1 } else { 3 });
    (!is_settled).then(|| format!("a second time\n{}", String::from_utf8_lossy(&again.stdout)))
}

fn path(file: &File) -> String {
    let folder = if file.is_named { NAMED } else { FOUND };
    format!("{folder}/{}", file.path)
}

/// What is wrong with a file, or with what is told of it.
fn fault(folder: &Path, report: &Value, file: &File) -> Option<String> {
    let path = path(file);
    let after = String::from_utf8(fs::read(folder.join(&path)).unwrap()).unwrap();
    let mut fault = difference(&file.after, &after);
    let nothing = json!({"changes": [], "refused": []});
    let mut told = report["files"].as_array().unwrap().iter();
    let told = told.find(|told| told["path"] == path.as_str()).unwrap_or(&nothing);
    let spots = file.spots.iter();
    let should: String = spots
        .map(|spot| change(spot.line, spot.column, &spot.old, &spot.new))
        .collect();
    if changes(told) != should || !refuses(told, &file.refused) {
        write!(fault, "told\n{told:#}and should have\n{should}{:?}\n", file.refused).unwrap();
    }
    (!fault.is_empty()).then(|| format!("== {path}, of {:?}\n{fault}-- before\n{}\n", file.features, file.before))
}

fn change(line: impl Display, column: impl Display, old: &str, new: &str) -> String {
    format!("  {line}:{column} {old:?} -> {new:?}\n")
}

fn changes(told: &Value) -> String {
    let changes = told["changes"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let change = |told: &Value| change(&told["line"], &told["column"], &text(&told["old"]), &text(&told["new"]));
    changes.map(change).collect()
}

/// Whether what is refused is told, with `words` in the reasons.
fn refuses(told: &Value, words: &[&str]) -> bool {
    let refused = told["refused"].as_array().unwrap();
    let has = |(told, words): (&Value, &&str)| told["reason"].as_str().unwrap().contains(words);
    refused.len() == words.len() && refused.iter().zip(words).all(has)
}

/// The lines that are not as they should be.
fn difference(should: &str, is: &str) -> String {
    let mut difference = String::new();
    let (mut should, mut is) = (should.split_inclusive('\n'), is.split_inclusive('\n'));
    loop {
        match (should.next(), is.next()) {
            (None, None) => return difference,
            (should, is) if should == is => {}
            (should, is) => writeln!(difference, "should be {should:?}\nbut is    {is:?}").unwrap(),
        }
    }
}
