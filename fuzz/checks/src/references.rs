//! Laws of references (`contracts/references.md` §1).

mod grammar;

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use domain::reference::{Digest, Platform, Reference, ReferenceError, Registry, Repository, Tag, Value};

use grammar::Parts;

/// The longest message that a refused text may cause, in bytes.
const LONGEST_MESSAGE: usize = 4096;

pub(crate) fn check(text: &str) {
    let read = Reference::parse(text);
    match (&read, grammar::read(text)) {
        (Ok(reference), Some(parts)) => {
            is_made_of(reference, &parts, text);
            reads_back(reference, text);
            compares_without_case(reference, text);
        }
        (Err(error), None) => points_into(error, text),
        (read, parts) => panic!("{text:?} reads as {read:?}, by the grammar as {parts:?}"),
    }
    check_name(text, read.ok());
    check_registry(text);
    check_value(text);
    check_platform(text);
    if let Ok(digest) = Digest::parse(text) {
        assert_eq!(digest.as_str(), text);
        assert_eq!(format!("{}:{}", digest.algorithm().as_str(), digest.hex()), text);
    }
    let tag = Tag::parse(text);
    assert_eq!(tag.is_ok(), Tag::is_valid(text), "{text:?}");
    assert_eq!(tag.is_ok(), grammar::is_tag(text), "{text:?}");
}

fn is_made_of(reference: &Reference, parts: &Parts<'_>, text: &str) {
    let repository = &reference.repository;
    assert_eq!(repository.registry().as_str(), parts.registry, "{text:?}");
    assert_eq!(repository.path(), parts.path, "{text:?}");
    assert_eq!(reference.tag.as_ref().map(Tag::as_str), parts.tag, "{text:?}");
    assert_eq!(reference.digest.as_ref().map(Digest::as_str), parts.digest, "{text:?}");
}

/// Both spellings say the same, and are what they are called.
fn reads_back(reference: &Reference, text: &str) {
    let (canonical, familiar) = (reference.canonical(), reference.familiar());
    assert_eq!(canonical, reference.to_string(), "{text:?}");
    for spelling in [&canonical, &familiar] {
        let again = Reference::parse(spelling).unwrap_or_else(|error| panic!("{text:?} as {spelling:?}: {error}"));
        assert_eq!(&again, reference, "{text:?} as {spelling:?}");
        assert_eq!(again.canonical(), canonical, "{text:?} as {spelling:?}");
        assert_eq!(again.familiar(), familiar, "{text:?} as {spelling:?}");
    }
    if !reference.repository.registry().is_docker_hub() {
        assert_eq!(familiar, canonical, "{text:?}");
    }
    let value = reference.value();
    if value.is_empty() {
        assert_eq!(canonical, reference.repository.to_string(), "{text:?}");
    } else {
        assert_eq!(Value::parse(&value.to_string()), Ok(value), "{text:?}");
    }
}

/// A registry is one whatever its case; equality, order and hash agree about it.
fn compares_without_case(reference: &Reference, text: &str) {
    let canonical = reference.canonical();
    let registry = reference.repository.registry().as_str();
    let loud = registry.to_ascii_uppercase() + &canonical[registry.len()..];
    let other = Reference::parse(&loud).unwrap_or_else(|error| panic!("{text:?} as {loud:?}: {error}"));
    assert_eq!(&other, reference, "{text:?} as {loud:?}");
    assert!(other.cmp(reference).is_eq(), "{text:?} as {loud:?}");
    assert_eq!(hash(&other), hash(reference), "{text:?} as {loud:?}");
}

fn hash(reference: &Reference) -> u64 {
    let mut hasher = DefaultHasher::new();
    reference.hash(&mut hasher);
    hasher.finish()
}

/// An error names a byte of the text, or its end, and is one line that a terminal can show.
fn points_into(error: &ReferenceError, text: &str) {
    assert!(text.is_char_boundary(error.at()), "{text:?}: byte {}", error.at());
    let message = error.to_string();
    assert!(message.contains(&format!("byte {}", error.at())), "{text:?}: {message}");
    shows(text, &message);
}

fn shows(text: &str, message: &str) {
    assert!(
        !message.is_empty() && message.len() <= LONGEST_MESSAGE,
        "{text:?}: {message}"
    );
    assert!(!message.contains(char::is_control), "{text:?}: {message:?}");
}

/// An image's name is a reference without tag and digest.
fn check_name(text: &str, reference: Option<Reference>) {
    match Repository::parse(text) {
        Ok(name) => {
            let reference = reference.unwrap_or_else(|| panic!("{text:?} is a name and no reference"));
            assert!(reference.value().is_empty(), "{text:?} is a name with a value");
            assert_eq!(name, reference.repository, "{text:?}");
        }
        Err(error) => {
            points_into(&error, text);
            assert!(
                reference.is_none_or(|reference| !reference.value().is_empty()),
                "{text:?} is no name: {error}"
            );
        }
    }
}

fn check_registry(text: &str) {
    match Registry::parse(text) {
        Ok(registry) => {
            assert_eq!(Registry::parse(registry.as_str()), Ok(registry.clone()), "{text:?}");
            let port = registry.port().map(|port| format!(":{port}")).unwrap_or_default();
            assert_eq!(format!("{}{port}", registry.host()), registry.as_str(), "{text:?}");
            assert!(grammar::is_registry(text), "{text:?}");
        }
        Err(error) => {
            points_into(&error, text);
            assert!(!grammar::is_registry(text), "{text:?}: {error}");
        }
    }
}

fn check_value(text: &str) {
    match Value::parse(text) {
        Ok(value) => {
            assert_eq!(value.to_string(), text);
            let image = format!("example.com/app{}{text}", if text.starts_with('@') { "" } else { ":" });
            let reference = Reference::parse(&image).unwrap_or_else(|error| panic!("{image:?}: {error}"));
            assert_eq!(reference.value(), value, "{text:?}");
        }
        Err(error) => shows(text, &error.to_string()),
    }
}

fn check_platform(text: &str) {
    match Platform::parse(text) {
        Ok(platform) => {
            assert_eq!(Platform::parse(platform.as_str()), Ok(platform.clone()), "{text:?}");
            assert_eq!(platform.to_string(), platform.as_str(), "{text:?}");
        }
        Err(error) => shows(text, &error.to_string()),
    }
}
