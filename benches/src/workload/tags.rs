//! Lists of tags, and what is asked of them.

use domain::policy::{FieldValue, Policy, PolicyFields};
use domain::reference::{Repository, Value};

/// The registry that all lists are of.
const REGISTRY: &str = "registry.example.com";

/// A container whose image may move.
#[derive(Debug, Clone)]
pub struct Container {
    /// Which repository it is of.
    pub repository: usize,
    /// What it may move to.
    pub policy: Policy,
    /// What it runs.
    pub current: Value,
}

/// How many different policies the containers have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policies {
    /// Thirty-six, as a platform team hands them out.
    Few,
    /// Each container its own.
    AllDistinct,
    /// Three for each repository, with regular expressions: an extract, a build time order, a deny list.
    Expressions,
}

/// The name of a repository.
///
/// # Panics
///
/// Never: the text is a name.
#[must_use]
pub fn repository(number: usize) -> Repository {
    Repository::parse(&format!("{REGISTRY}/team-{}/service-{number}", number % 40)).expect("this is a name")
}

/// The tags of a repository: nine in ten are versions, a few of them pre-releases; the rest are branches and `latest`.
///
/// Of even repositories they come in the order of their bytes, as the specification wants, of odd ones in the order of their pushes.
#[must_use]
pub fn names(repository: usize, count: usize) -> Vec<String> {
    let mut names: Vec<String> = (0..count).map(|number| name(repository, number)).collect();
    if repository.is_multiple_of(2) {
        names.sort();
    }
    names
}

fn name(repository: usize, number: usize) -> String {
    let (major, minor, patch) = (number / 250, number / 10 % 25, number % 10);
    match number % 20 {
        0 if number == 0 => "latest".to_owned(),
        0 => format!("main-{:07x}", (number * 2_654_435_761 + repository) & 0x0fff_ffff),
        7 => format!("{major}.{minor}.{patch}-rc.{}", repository % 4 + 1),
        13 => format!("v{major}.{minor}.{patch}"),
        _ => format!("{major}.{minor}.{patch}"),
    }
}

/// The containers: `count` of them, spread over `repositories`, each with a version policy.
///
/// # Panics
///
/// Never: the texts are policies and values.
#[must_use]
pub fn containers(count: usize, repositories: usize, policies: Policies) -> Vec<Container> {
    (0..count)
        .map(|number| {
            let text = match policies {
                Policies::Few => few(number * 7 % 36),
                Policies::AllDistinct => distinct(number),
                Policies::Expressions => return with_expressions(number, repositories),
            };
            Container {
                repository: number % repositories,
                policy: Policy::parse_short(&text).expect("this is a policy"),
                current: Value::parse(&format!("{}.{}.1", number % 3, number % 11)).expect("this is a value"),
            }
        })
        .collect()
}

fn few(number: usize) -> String {
    let (major, minor) = (number % 4, number / 6 * 3 + 2);
    match number / 4 % 6 {
        0 => format!("semver:^{major}"),
        1 => format!("semver:~{major}.{minor}"),
        2 => format!("semver:>={major}.{minor}"),
        3 => format!("semver:{major}.x"),
        4 => format!("semver:>=0.{minor} <{}", major + 1),
        _ => format!("semver:{major}.{minor} - {major}.{}", minor + 4),
    }
}

fn distinct(number: usize) -> String {
    let (minor, patch) = (number / 100 % 100, number % 100);
    format!("semver:>=0.{minor}.{patch} <{}.{minor}", number % 4 + 1)
}

/// A container whose policy matches expressions.
fn with_expressions(number: usize, repositories: usize) -> Container {
    let text = |text: &str| FieldValue::Text(text.to_owned());
    let filter = FieldValue::Map(vec![
        ("pattern".to_owned(), text(r"^v?(\d+\.\d+\.\d+)$")),
        ("extract".to_owned(), text("$1")),
    ]);
    let deny = FieldValue::List(vec![text("-rc"), text("^v"), text("^main-")]);
    let (entries, current) = match number / repositories % 3 {
        0 => (vec![("semver", text(">=0.1")), ("filter", filter)], "1.7.1"),
        1 => (vec![("regexp", text("^main-[0-9a-f]{7}$"))], "latest"),
        _ => (vec![("semver", text("*")), ("deny", deny)], "2.3.1"),
    };
    let entries = entries
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    Container {
        repository: number % repositories,
        policy: Policy::from_fields(&PolicyFields { entries }).expect("these are policies"),
        current: Value::parse(current).expect("this is a value"),
    }
}
