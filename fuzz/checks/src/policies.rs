//! Laws of policies as text (`contracts/policies.md` §1).

use controller::policy_text::{PolicyTextError, parse_policy};
use domain::policy::{KindName, Policy, Spot};
use domain::reference::{Tag, Value};
use domain::scan::Created;
use domain::select::Candidate;

use crate::selecting::{NOW, choose};

/// The longest message that a refused policy may cause, in bytes.
const LONGEST_MESSAGE: usize = 4096;

/// Tags that some kind or other reads.
const TAGS: [&str; 28] = [
    "1",
    "1.2",
    "1.2.3",
    "v1.2.3",
    "1.2.3-rc.1",
    "1.2.4-alpine",
    "1.27.3-alpine3.20",
    "2.0.0",
    "2.0.0-0",
    "0.3.0",
    "9.9.0.65466-community",
    "4.0.9.2244-ls24",
    "2024.01.02",
    "24.04",
    "2024-06-01T00-00-00Z",
    "20240601",
    "3.5",
    "007",
    "18446744073709551616.0.1",
    "latest",
    "LATEST",
    "stable",
    "main-4f2a9c1-1717200000",
    "release-1.2",
    "v",
    "-x",
    "ä",
    "",
];

pub(crate) fn check(text: &str) {
    match parse_policy(text) {
        Ok(policy) => {
            reads_back(&policy, text);
            stays_when_applied(&policy, text);
        }
        Err(error) => names_the_part(&error, text),
    }
    long_form_agrees(text);
}

/// What is printed reads as the same, which chooses alike.
fn reads_back(policy: &Policy, text: &str) {
    let printed = policy.to_string();
    let again = parse_policy(&printed).unwrap_or_else(|error| panic!("{text:?} prints as {printed:?}: {error}"));
    assert_eq!(&again, policy, "{text:?} prints as {printed:?}");
    assert!(again.cmp(policy).is_eq(), "{text:?} prints as {printed:?}");
    assert_eq!(again.to_string(), printed, "{text:?}");
    assert!(!printed.contains('\n'), "{text:?} prints as {printed:?}");
    assert_eq!(
        (again.kind_name(), again.pin(), again.allows_downgrade()),
        (policy.kind_name(), policy.pin(), policy.allows_downgrade()),
        "{text:?}"
    );
    assert_alike(policy, &again, text);
}

fn assert_alike(one: &Policy, other: &Policy, text: &str) {
    let tags = tags();
    for current in [None, Some("1.2.3"), Some("latest")] {
        let current = current.map(value);
        assert_eq!(
            choose(one, &tags, current.as_ref()),
            choose(other, &tags, current.as_ref()),
            "{text:?}"
        );
    }
}

fn tags() -> Vec<Candidate> {
    let candidate = |(place, tag): (i64, &&str)| Candidate {
        tag: (*tag).to_owned(),
        // Some share a build time.
        created: Created::At(domain::reference::Timestamp::from_unix_seconds(
            NOW.as_unix_seconds() - 3600 * (place / 2),
        )),
        ..Candidate::default()
    };
    (0..).zip(&TAGS).map(candidate).collect()
}

fn value(tag: &str) -> Value {
    Value {
        tag: Some(Tag::parse(tag).expect("the tags written here are tags")),
        digest: None,
    }
}

/// Once the pick is written there is nothing more to write.
fn stays_when_applied(policy: &Policy, text: &str) {
    let tags = tags();
    if let Some(pick) = choose(policy, &tags, None).pick {
        let again = choose(policy, &tags, Some(&pick));
        assert_eq!(again.pick, None, "{text:?} after {pick}");
    }
}

fn names_the_part(error: &PolicyTextError, text: &str) {
    let message = error.to_string();
    assert!(
        !message.is_empty() && message.len() <= LONGEST_MESSAGE,
        "{text:?}: {message}"
    );
    assert!(!message.contains(char::is_control), "{text:?}: {message:?}");
    let kind = text.split(':').next().unwrap_or_default().trim_matches(' ');
    if let PolicyTextError::Invalid(error) = error {
        assert!(!error.reason().is_empty(), "{text:?}");
        let is_inside = |spot: &Spot| spot.text().get(spot.span()).is_some();
        assert!(error.spot().is_none_or(is_inside), "{text:?}: {error:?}");
        if is_short(text) && KindName::parse(kind).is_some() {
            assert_eq!(
                KindName::parse(error.part()),
                KindName::parse(kind),
                "{text:?}: {message}"
            );
        }
    }
}

fn is_short(text: &str) -> bool {
    !text.starts_with('{') && !text.contains('\n')
}

/// `KIND:ARGUMENT` is `{KIND: "ARGUMENT"}`.
fn long_form_agrees(text: &str) {
    if !is_short(text) || text.len() > 8192 {
        return;
    }
    let (kind, argument) = text.split_once(':').unwrap_or((text, ""));
    let (kind, argument) = (kind.trim_matches(' '), argument.trim_matches(' '));
    let long = format!("{{{}: {}}}", quoted(kind), quoted(argument));
    match (parse_policy(text), parse_policy(&long)) {
        (Ok(short), Ok(long)) => {
            assert_eq!(short, long, "{text:?}");
            assert_alike(&short, &long, text);
        }
        (Err(_), Err(_)) => {}
        (short, long) => panic!("{text:?} in short form: {short:?}, in long form: {long:?}"),
    }
}

/// A text as a YAML string in double quotes, every odd letter escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            ' '..='~' if letter != '"' && letter != '\\' => quoted.push(letter),
            _ => quoted.push_str(&format!("\\U{:08x}", u32::from(letter))),
        }
    }
    quoted + "\""
}
