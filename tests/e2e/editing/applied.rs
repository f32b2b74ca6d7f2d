//! The real binary over the files of the generator.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::generator::{File, Group, groups};
use crate::world::World;

/// How many files there are at least, and scalars in them that change.
const FILES: usize = 2_000;
const SPOTS: usize = 4_000;

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
    // In memory: a disk takes long to make and delete thousands of small files.
    let folder = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    for file in &group.files {
        let path = folder.path().join(path(file));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.before).unwrap();
    }
    let ran = Command::new(World::binary())
        .args(["edit", "--write", "-o", "json"])
        .args(&group.options)
        .arg(FOUND)
        .args(group.files.iter().filter(|file| file.is_named).map(path))
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    let is_idle = group.files.iter().all(|file| file.spots.is_empty());
    let mut faults = Vec::new();
    if ran.status.code() != Some(if is_idle { 3 } else { 0 }) {
        faults.push(format!("{:?}: {:?}\n{said}\n", group.options, ran.status.code()));
    }
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let fault = |file| fault(folder.path(), &report, file);
    faults.extend(
        group
            .files
            .iter()
            .filter_map(fault)
            .map(|fault| format!("{:?}\n{fault}", group.options)),
    );
    faults
}

fn path(file: &File) -> String {
    let folder = if file.is_named { NAMED } else { FOUND };
    format!("{folder}/{}", file.path)
}

/// What is wrong with a file, or with what is told of it.
fn fault(folder: &Path, report: &Value, file: &File) -> Option<String> {
    let path = path(file);
    let after = String::from_utf8(fs::read(folder.join(&path)).unwrap()).unwrap();
    let mut fault = String::new();
    if after != file.after {
        write!(fault, "{}", difference(&file.after, &after)).unwrap();
    }
    let told = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .find(|told| told["path"] == path.as_str());
    let told = told.map_or_else(String::new, |told| changes(told) + &refused(told));
    let should: String = file
        .spots
        .iter()
        .map(|spot| change(spot.line, spot.column, &spot.old, &spot.new))
        .collect();
    if told != should {
        write!(fault, "told\n{told}and should have\n{should}").unwrap();
    }
    (!fault.is_empty()).then(|| format!("== {path}, of {:?}\n{fault}-- before\n{}\n", file.features, file.before))
}

fn change(line: impl std::fmt::Display, column: impl std::fmt::Display, old: &str, new: &str) -> String {
    format!("  {line}:{column} {old:?} -> {new:?}\n")
}

fn changes(told: &Value) -> String {
    let changes = told["changes"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    changes
        .map(|told| change(&told["line"], &told["column"], &text(&told["old"]), &text(&told["new"])))
        .collect()
}

fn refused(told: &Value) -> String {
    let refused = told["refused"].as_array().unwrap().iter();
    refused.map(|told| format!("  refused: {told}\n")).collect()
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
