//! Laws of Docker configs (`contracts/references.md` §2).

mod canary;
mod entry;
mod key;

use domain::reference::{Reference, Repository};
use registry_scanner::docker_config::{Candidate, DockerConfig, Found, Offer};
use registry_scanner::fuzzing::{docker_config, exposed};
use serde_json::{Map, Value};

use crate::headers;
use crate::json::{DEEPEST, Shape};

use entry::Secrets;
use key::Key;

/// How many images are looked up.
const MOST: usize = 6;

/// A line of images, then the file.
pub(crate) fn check(data: &[u8]) {
    let end = data.iter().position(|&byte| byte == b'\n').unwrap_or(0);
    let images = String::from_utf8_lossy(&data[..end]);
    let images: Vec<Repository> = images
        .split(' ')
        .take(MOST)
        .filter_map(|text| Some(Reference::parse(text).ok()?.repository))
        .collect();
    let file = data.get(end + 1..).unwrap_or_default();
    let shape = serde_json::from_slice::<Shape>(file).ok();
    let value = serde_json::from_slice::<Value>(file).ok();
    match (docker_config(file), value.zip(shape)) {
        (Err(message), None) => headers::shows(&message),
        (Err(message), Some((value, shape))) => {
            headers::shows(&message);
            assert!(
                shape.depth > DEEPEST || shape.double || sections(&value).is_none(),
                "{message}"
            );
        }
        (Ok(config), Some((value, shape))) => {
            assert!(shape.depth <= DEEPEST);
            // The other reader keeps only one of two equal keys.
            if !shape.double {
                let sections = sections(&value).expect("it has the sections of one");
                for image in &images {
                    finds_as_the_contract_says(&config.find(image), &sections, image);
                }
            }
            canary::stays_inside(&value, &images);
            shows_nothing(&config);
        }
        (Ok(_), None) => panic!("it is no JSON"),
    }
}

fn shows_nothing(config: &DockerConfig) {
    let shown = format!("{config:?}");
    assert!(shown.len() <= 64, "{shown}");
}

/// The parts of a file that count.
struct Sections<'a> {
    helpers: Vec<(&'a String, &'a Value)>,
    auths: Vec<(&'a String, &'a Value)>,
    store: &'a Value,
}

/// `None` if the file is no Docker config.
fn sections(value: &Value) -> Option<Sections<'_>> {
    let top = value.as_object()?;
    let modern = ["auths", "credHelpers", "credsStore", "credStore"];
    let legacy = !modern.iter().any(|key| top.contains_key(*key)) && top.values().all(Value::is_object);
    if legacy {
        return Some(Sections {
            helpers: Vec::new(),
            auths: top.iter().collect(),
            store: &Value::Null,
        });
    }
    Some(Sections {
        helpers: section(top, "credHelpers")?,
        auths: section(top, "auths")?,
        store: &value["credsStore"],
    })
}

fn section<'a>(top: &'a Map<String, Value>, name: &str) -> Option<Vec<(&'a String, &'a Value)>> {
    match top.get(name) {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Object(pairs)) => Some(pairs.iter().collect()),
        Some(_) => None,
    }
}

/// What is tried: the key, and what stands under it.
#[derive(Debug, PartialEq)]
enum Tried {
    Helper(String),
    Secrets(Secrets),
}

fn finds_as_the_contract_says(found: &Found, sections: &Sections<'_>, image: &Repository) {
    let (mut tried, mut skipped) = (Vec::new(), Vec::new());
    for (text, value) in &sections.helpers {
        match Key::read(text) {
            Some(key) if key.is_exact_host() && !key.applies(image) => {}
            Some(key) if key.is_exact_host() && helper(value).is_some() => {
                tried.push(((*text).clone(), Tried::Helper(helper(value).unwrap_or_default())));
            }
            _ => skipped.push(shown(text)),
        }
    }
    let mut applying = Vec::new();
    for (at, (text, value)) in sections.auths.iter().enumerate() {
        match Key::read(text) {
            None => skipped.push(shown(text)),
            Some(key) if key.applies(image) => applying.push((key.order(), at, *text, *value)),
            Some(_) => {}
        }
    }
    applying.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    for (_, _, text, value) in applying {
        match entry::read(value) {
            None => skipped.push(shown(text)),
            Some(secrets) => {
                let candidate = Tried::Secrets(secrets);
                if !tried.iter().any(|(_, earlier)| *earlier == candidate) {
                    tried.push((text.clone(), candidate));
                }
            }
        }
    }
    match sections.store {
        Value::Null => {}
        Value::String(name) if name.is_empty() => {}
        name => match helper(name) {
            Some(name) => tried.push(("credsStore".to_owned(), Tried::Helper(name))),
            None => skipped.push("credsStore".to_owned()),
        },
    }
    let candidates: Vec<_> = found.candidates.iter().map(of_candidate).collect();
    let tried: Vec<_> = tried.into_iter().map(|(key, tried)| (shown(&key), tried)).collect();
    assert_eq!(candidates, tried, "{image}");
    let mut keys: Vec<String> = found.skipped.iter().map(|skipped| skipped.key.clone()).collect();
    keys.sort();
    skipped.sort();
    assert_eq!(keys, skipped, "{image}");
}

fn of_candidate(candidate: &Candidate) -> (String, Tried) {
    let tried = match &candidate.offer {
        Offer::Helper(name) => Tried::Helper(name.clone()),
        Offer::Credential(credential) => Tried::Secrets(Secrets {
            kind: credential.kind(),
            username: credential.username().map(str::to_owned),
            secret: exposed(credential).to_owned(),
        }),
    };
    (candidate.key.clone(), tried)
}

/// The name of a helper, if it can be one.
fn helper(value: &Value) -> Option<String> {
    let name = value.as_str()?;
    let letters = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let fits = (1..=64).contains(&name.len()) && letters && !name.starts_with('-');
    fits.then(|| name.to_owned())
}

/// A key without the user in it.
fn shown(key: &str) -> String {
    let Some((before, host)) = key.rsplit_once('@') else {
        return key.to_owned();
    };
    match before.split_once("://") {
        Some((scheme, _)) if key::is_scheme(scheme) => format!("{scheme}://[secret]@{host}"),
        _ => format!("[secret]@{host}"),
    }
}
