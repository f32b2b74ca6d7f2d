//! Readers of YAML that are not ours: what was written is read back by all of them, as the very text.

mod rust;

use std::collections::BTreeMap;
use std::fs::{self, File as OpenFile};
use std::process::Command;

use serde_json::{Value, json};

use super::generator::{File, Plain, REFERENCES, TAGS, groups};

/// How many values each reader reads back at least.
const VALUES: usize = 5_000;

/// Debian's, for which its packages with the two readers are.
const PYTHON: &str = "/usr/bin/python3";

/// What a reader says: what is at each path, or why it refuses the file.
type Answer = Result<Vec<Value>, String>;

/// Answers of a reader to all questions, by its name.
type Answers = BTreeMap<String, Vec<Answer>>;

/// A text, and the ways to what is asked for in it.
struct Question<'a> {
    text: &'a str,
    paths: Vec<&'a [Value]>,
}

/// What is special about files that a reader refuses, before the edit as well as after it.
const REFUSED: &[(&str, &str)] = &[
    ("PyYAML", "tabs"),
    ("ruamel.yaml", "tabs"),
    ("serde_yaml_ng", "tabs"),
    // As YAML 1.2 wants it, though hardly anybody else does.
    ("saphyr", "a bracket below its key"),
];

/// What is special about files that a reader reads wrongly.
const MISREAD: &[(&str, &str)] = &[
    // What is plain is a number to it all the same.
    ("saphyr", "a tag in full"),
];

/// Asks all readers.
fn ask(questions: &[Question]) -> Answers {
    let mut answers = python(questions);
    for (name, read) in rust::READERS {
        // A text in memory has no order of bytes.
        let answer = |question: &Question| read(question.text.trim_start_matches('\u{feff}'), &question.paths);
        answers.insert((*name).to_owned(), questions.iter().map(answer).collect());
    }
    answers
}

/// Asks the readers in Python, all at once.
fn python(questions: &[Question]) -> Answers {
    let folder = tempfile::tempdir().unwrap();
    let line = |question: &Question| json!({"text": question.text, "paths": question.paths}).to_string() + "\n";
    let asked = folder.path().join("questions.jsonl");
    fs::write(&asked, questions.iter().map(line).collect::<String>()).unwrap();
    let script = folder.path().join("readers.py");
    fs::write(&script, include_str!("readers.py")).unwrap();
    // What is in the home of somebody is not what Debian has.
    let ran = Command::new(PYTHON)
        .arg("-I")
        .arg(script)
        .stdin(OpenFile::open(asked).unwrap())
        .output();
    let ran = ran.unwrap_or_else(|error| panic!("{PYTHON}: {error}; `make servers` installs it"));
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(
        ran.status.success(),
        "{said}PyYAML and ruamel.yaml are needed; `make servers` installs them"
    );
    let mut answers = Answers::new();
    for line in String::from_utf8(ran.stdout).unwrap().lines() {
        let line: BTreeMap<String, Value> = serde_json::from_str(line).unwrap();
        for (reader, answer) in line {
            let answer = match answer {
                Value::Array(found) => Ok(found),
                refusal => Err(refusal.to_string()),
            };
            answers.entry(reader).or_default().push(answer);
        }
    }
    answers
}

/// What changes in `file`, in its text after the edit.
fn question(file: &File) -> Question<'_> {
    Question {
        text: &file.after,
        paths: file.spots.iter().map(|spot| spot.path.as_slice()).collect(),
    }
}

/// Whether `reader` is in the list for what is special about `file`.
fn is_listed(list: &[(&str, &str)], reader: &str, file: &File) -> bool {
    let mut listed = list.iter();
    listed.any(|(name, feature)| *name == reader && file.features.contains(feature))
}

/// What readers made of the files.
#[derive(Default)]
struct Seen<'a> {
    /// How many values each reader read back.
    read: BTreeMap<String, usize>,
    /// The files that a reader refuses, as it may.
    refused: BTreeMap<String, Vec<&'a File>>,
    faults: Vec<String>,
}

impl<'a> Seen<'a> {
    fn add(&mut self, reader: &str, file: &'a File, answer: &Answer) {
        let should: Vec<Value> = file.spots.iter().map(|spot| json!(spot.reads)).collect();
        match answer {
            Ok(found) if *found == should => *self.read.entry(reader.to_owned()).or_default() += found.len(),
            Ok(_) if is_listed(MISREAD, reader, file) => {}
            Err(_) if is_listed(REFUSED, reader, file) => {
                self.refused.entry(reader.to_owned()).or_default().push(file);
            }
            answer => {
                let features = &file.features;
                let fault = format!(
                    "{reader}: {answer:?}\nand not {should:?}\nof {features:?}\n{}\n",
                    file.after
                );
                self.faults.push(fault);
            }
        }
    }
}

#[test]
fn every_written_value_is_read_back_as_the_text_that_it_is() {
    let groups = groups();
    let files: Vec<&File> = groups.iter().flat_map(|group| &group.files).collect();
    let questions: Vec<Question> = files.iter().copied().map(question).collect();
    let mut seen = Seen::default();
    for (reader, answers) in ask(&questions) {
        assert_eq!(answers.len(), files.len(), "{reader} has an answer for each file");
        for (file, answer) in files.iter().zip(&answers) {
            seen.add(&reader, file, answer);
        }
    }
    let shown: String = seen.faults.iter().take(5).map(String::as_str).collect();
    assert!(
        seen.faults.is_empty(),
        "{} answers are wrong, as\n{shown}",
        seen.faults.len()
    );
    let few: Vec<_> = seen.read.iter().filter(|(_, count)| **count < VALUES).collect();
    assert!(
        seen.read.len() == 4 && few.is_empty(),
        "too few were read: {:?}",
        seen.read
    );
    for (reader, files) in seen.refused {
        refuses_before(&reader, &files);
    }
}

/// What a reader refuses is not of the edit's making.
fn refuses_before(reader: &str, files: &[&File]) {
    let questions = files.iter().map(|file| Question {
        text: &file.before,
        paths: Vec::new(),
    });
    let answers = ask(&questions.collect::<Vec<_>>());
    let read = files.iter().zip(&answers[reader]).find(|(_, answer)| answer.is_ok());
    assert!(read.is_none(), "{reader} refuses what it has read before: {read:?}");
}

#[test]
fn the_table_of_tags_says_what_readers_make_of_them() {
    let table = || TAGS.iter().chain(REFERENCES);
    let plain: Vec<String> = table().map(|(text, _)| format!("- {text}\n")).collect();
    let path = [json!(0), json!(0)];
    let questions = plain.iter().map(|text| Question {
        text,
        paths: vec![&path],
    });
    let answers = ask(&questions.collect::<Vec<_>>());
    for (number, (text, plain)) in table().enumerate() {
        let is_text = |answers: &Vec<Answer>| answers[number].as_ref().is_ok_and(|found| found[0].is_string());
        let is_text_to_all = answers.values().all(is_text);
        assert_eq!(is_text_to_all, *plain != Plain::NoText, "{text}");
    }
}
