//! Tidemark's `semver:` ranges beside those of github.com/Masterminds/semver, which its predecessors choose with.
//!
//! Both are asked the same; where they do not say the same, a row of [`differences::ROWS`] says why. A difference without a row is
//! a failure, and so is a row without a difference.

mod asked;
mod comparators;
mod differences;
mod generated;
mod systematic;

use std::collections::BTreeMap;

use domain::policy::{FieldValue, Policy, PolicyFields};
use domain::reference::Timestamp;
use domain::select::{Candidate, Sieve, Verdict, select};
use serde_json::{Value, json};

use asked::Asked;
use differences::{ROWS, Row};

/// What is asked of both.
#[derive(Debug, Clone)]
struct Question {
    constraint: String,
    versions: Vec<String>,
}

/// What one of them says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    /// The constraint is none.
    Refuses,
    /// The constraint is one.
    Accepts,
    /// The version is none.
    Unread,
    /// The version is one.
    Reads,
    /// The version does not satisfy the constraint.
    Outside,
    /// The version satisfies the constraint.
    Inside,
}

/// What one of them says to one question: nothing if it refuses the constraint.
///
/// Else for each version whether it is inside, without pre-releases and with them; `None` for what is no version.
type Answer = Option<Vec<Option<[bool; 2]>>>;

/// Asks Tidemark.
fn tidemark(question: &Question) -> Answer {
    let releases = Policy::parse_short(&format!("semver:{}", question.constraint)).ok()?;
    let range = FieldValue::Text(question.constraint.clone());
    let entries = vec![
        ("semver".to_owned(), range),
        ("prerelease".to_owned(), FieldValue::Bool(true)),
    ];
    let prereleases = Policy::from_fields(&PolicyFields { entries }).unwrap();
    let candidate = |tag: &String| Candidate {
        tag: tag.clone(),
        ..Candidate::default()
    };
    let candidates: Vec<Candidate> = question.versions.iter().map(candidate).collect();
    let [releases, prereleases] = [releases, prereleases].map(|policy| inside(&policy, &candidates));
    let both = |tag: &String| Some([releases[tag.as_str()]?, prereleases[tag.as_str()]?]);
    Some(question.versions.iter().map(both).collect())
}

/// For each tag whether it is a candidate; `None` for what does not read.
fn inside<'a>(policy: &Policy, candidates: &'a [Candidate]) -> BTreeMap<&'a str, Option<bool>> {
    let selection = select(policy, candidates, None, Timestamp::from_unix_seconds(0)).unwrap();
    let inside = |verdict: &Verdict| match verdict {
        // `latest` is left alone, and no version anyway.
        Verdict::InvalidTag | Verdict::Filtered { by: Sieve::Latest } | Verdict::Unreadable { .. } => None,
        Verdict::Prerelease { .. } | Verdict::OutOfRange { .. } => Some(false),
        Verdict::Picked { .. } | Verdict::Newer { .. } => Some(true),
        other => panic!("a range alone never leads to {other:?}"),
    };
    let verdicts = selection.verdicts.iter();
    verdicts.map(|found| (found.tag, inside(&found.verdict))).collect()
}

/// Asks Masterminds, all at once.
fn masterminds(questions: &[Question]) -> Vec<Answer> {
    let line = |question: &Question| {
        json!({"constraint": question.constraint, "versions": question.versions}).to_string() + "\n"
    };
    let asked: String = questions.iter().map(line).collect();
    let answers = testkit::masterminds(&asked).unwrap();
    answers.lines().map(read_answer).collect()
}

fn read_answer(line: &str) -> Answer {
    let answer: Value = serde_json::from_str(line).unwrap();
    let read = |version: &Value| {
        let is = |key: &str| version[key].as_bool().unwrap();
        is("reads").then(|| [is("releases"), is("prereleases")])
    };
    match answer.get("problem") {
        Some(_) => None,
        None => Some(answer["versions"].as_array().unwrap().iter().map(read).collect()),
    }
}

/// What came of a comparison.
#[derive(Default)]
struct Comparison {
    /// How many pairs of a constraint and a version both were asked about.
    pairs: usize,
    /// How many differences each row explains.
    explained: BTreeMap<&'static str, usize>,
    /// Differences that no row explains, and rows that see a difference where there is none.
    faults: Vec<String>,
}

impl Comparison {
    /// Puts all questions to both.
    fn of(questions: &[Question]) -> Self {
        let mut comparison = Self::default();
        let theirs = masterminds(questions);
        assert_eq!(theirs.len(), questions.len(), "an answer for each question");
        for (question, theirs) in questions.iter().zip(theirs) {
            comparison.question(question, tidemark(question), theirs);
        }
        comparison
    }

    fn question(&mut self, question: &Question, ours: Answer, theirs: Answer) {
        self.pairs += question.versions.len();
        let asked = Asked::constraint(&question.constraint);
        match (ours, theirs) {
            (None, None) => {}
            (None, Some(_)) => self.differ(&asked, (Says::Refuses, Says::Accepts)),
            (Some(_), None) => self.differ(&asked, (Says::Accepts, Says::Refuses)),
            (Some(ours), Some(theirs)) => {
                for ((version, ours), theirs) in question.versions.iter().zip(ours).zip(theirs) {
                    self.version(&asked, version, ours, theirs);
                }
            }
        }
    }

    fn version(&mut self, asked: &Asked, version: &str, ours: Option<[bool; 2]>, theirs: Option<[bool; 2]>) {
        let asked = asked.about(version);
        let (ours, theirs) = match (ours, theirs) {
            (None, None) => return,
            (None, Some(_)) => return self.differ(&asked, (Says::Unread, Says::Reads)),
            (Some(_), None) => return self.differ(&asked, (Says::Reads, Says::Unread)),
            (Some(ours), Some(theirs)) => (ours, theirs),
        };
        for (setting, (ours, theirs)) in ours.into_iter().zip(theirs).enumerate() {
            let asked = asked.with_prereleases(setting == 1);
            let says = |inside| if inside { Says::Inside } else { Says::Outside };
            if ours != theirs {
                self.differ(&asked, (says(ours), says(theirs)));
            } else if let Some(row) = ROWS.iter().find(|row| row.is_certain_of(&asked)) {
                self.faults.push(format!(
                    "{asked}: both say the same, but `{}` says they differ",
                    row.name
                ));
            }
        }
    }

    /// Counts a difference for the rows that explain it.
    fn differ(&mut self, asked: &Asked, says: (Says, Says)) {
        let rows: Vec<&Row> = ROWS.iter().filter(|row| row.explains(asked, says)).collect();
        if rows.is_empty() {
            let (ours, theirs) = says;
            self.faults
                .push(format!("{asked}: Tidemark {ours:?}, Masterminds {theirs:?}"));
        }
        for row in rows {
            *self.explained.entry(row.name).or_default() += 1;
        }
    }

    /// Fails if a difference is without its reason.
    fn check(&self) {
        let shown: Vec<&str> = self.faults.iter().take(40).map(String::as_str).collect();
        assert!(
            shown.is_empty(),
            "{} of the differences are not explained, among them\n{}",
            self.faults.len(),
            shown.join("\n")
        );
    }
}

#[test]
fn every_difference_to_masterminds_has_its_row_and_every_row_its_differences() {
    let comparison = Comparison::of(&systematic::questions());
    comparison.check();
    let idle = |row: &&Row| !comparison.explained.contains_key(row.name);
    let idle: Vec<&str> = ROWS.iter().filter(idle).map(|row| row.name).collect();
    assert!(idle.is_empty(), "these rows explain nothing: {idle:?}");
}

#[test]
fn differences_to_masterminds_that_chance_finds_have_rows_too() {
    let comparison = Comparison::of(&generated::questions());
    assert!(comparison.pairs >= 20_000, "{}", comparison.pairs);
    comparison.check();
}

#[test]
fn each_row_shows_an_example_of_its_own() {
    for row in ROWS {
        let (constraint, version) = row.example;
        let comparison = Comparison::of(&[Question {
            constraint: constraint.to_owned(),
            versions: vec![version.to_owned()],
        }]);
        comparison.check();
        let names: Vec<&str> = comparison.explained.into_keys().collect();
        assert_eq!(names, [row.name], "{constraint} and {version}");
        assert!(row.reason.starts_with('§'), "{} names no rule", row.name);
    }
}
