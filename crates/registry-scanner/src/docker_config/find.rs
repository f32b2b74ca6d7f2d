//! From a repository to the credentials to try for it.

use domain::reference::Repository;
use transport::Secret;

use super::key::{Key, shown};
use super::{DockerConfig, entry};
use crate::credential::Credential;
use crate::json::Json;

/// Half of what is remembered of what a registry may say.
const MOST_NEIGHBOURS: usize = 32;

/// What is tried for a repository, in order, and what of the file would apply but cannot be used.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The first is tried first; the next only after a 401 or 403.
    pub candidates: Vec<Candidate>,
    /// Entries that apply but are bad, and entries whose key cannot be read.
    pub skipped: Vec<Skipped>,
    /// What stands under other paths of the same registry. It is shown to nobody here, but whoever knows it may say it.
    pub(crate) neighbours: Vec<Secret>,
}

/// A credential of the file, or a helper that would be asked for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The key as it is written in the file (`credsStore` for the store).
    pub key: String,
    /// What stands under it.
    pub offer: Offer,
}

/// What a candidate has to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// A credential in the file itself.
    Credential(Credential),
    /// `docker-credential-NAME` would be run to get one.
    Helper(String),
}

/// Something that would be tried but cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The key as it is written in the file; a user or password in it is `[secret]`.
    pub key: String,
    /// Why, without any part of what the entry holds.
    pub reason: String,
}

impl DockerConfig {
    /// Which credentials would be tried for `repository`, in order.
    pub fn find(&self, repository: &Repository) -> Found {
        let mut found = Found::default();
        self.find_helpers(repository, &mut found);
        self.find_entries(repository, &mut found);
        self.find_store(&mut found);
        drop_doubles(&mut found.candidates);
        found
    }

    fn find_helpers(&self, repository: &Repository, found: &mut Found) {
        for (text, value) in &self.helpers {
            let offer = match Key::parse(text) {
                Err(reason) => Err(reason.to_owned()),
                Ok(key) if key.has_glob() => Err("a key of `credHelpers` is an exact host, without a glob".to_owned()),
                Ok(key) if key.has_path() => Err("a key of `credHelpers` is a host alone, without a path".to_owned()),
                Ok(key) if !key.applies(repository) => continue,
                Ok(_) => helper_name(value).map_err(str::to_owned),
            };
            found.add(text, offer.map(Offer::Helper));
        }
    }

    fn find_entries(&self, repository: &Repository, found: &mut Found) {
        let mut applying = Vec::new();
        for (text, value) in &self.entries {
            match Key::parse(text) {
                Err(reason) => found.add(text, Err(reason.to_owned())),
                Ok(key) if key.applies(repository) => applying.push((key.rank(), text, value)),
                Ok(key) if key.names(repository.registry()) => found.add_neighbour(value),
                Ok(_) => {}
            }
        }
        // Stable: equal keys stay in the order of the file.
        applying.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        for (_, text, value) in applying {
            found.add(text, entry::read(value).map(Offer::Credential));
        }
    }

    fn find_store(&self, found: &mut Found) {
        match &self.store {
            None | Some(Json::Null) => {}
            Some(Json::Text(name)) if name.is_empty() => {}
            Some(value) => found.add(
                "credsStore",
                helper_name(value).map(Offer::Helper).map_err(str::to_owned),
            ),
        }
    }
}

impl Found {
    fn add_neighbour(&mut self, value: &Json) {
        if self.neighbours.len() < MOST_NEIGHBOURS
            && let Ok(credential) = entry::read(value)
        {
            self.neighbours.push(credential.secret().clone());
        }
    }

    fn add(&mut self, key: &str, offer: Result<Offer, String>) {
        match offer {
            Ok(offer) => self.candidates.push(Candidate { key: shown(key), offer }),
            Err(reason) => self.skipped.push(Skipped {
                key: shown(key),
                reason,
            }),
        }
    }
}

/// The name becomes part of a program's name, so it must not be able to leave its directory.
fn helper_name(value: &Json) -> Result<String, &'static str> {
    let Some(name) = value.text() else {
        return Err("the name of the helper is no text");
    };
    if name.is_empty() {
        Err("it names no helper")
    } else if is_helper_name(name) {
        Ok(name.to_owned())
    } else {
        Err("the name of the helper is not made of up to 64 small letters, digits and `-`")
    }
}

/// Whether `docker-credential-NAME` is the name of a file and nothing more.
pub fn is_helper_name(name: &str) -> bool {
    let letters = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-');
    (1..=64).contains(&name.len()) && name.chars().all(letters) && !name.starts_with('-')
}

/// Whether two keys are for the same host and port.
pub(crate) fn same_server(one: &str, other: &str) -> bool {
    match (Key::parse(one), Key::parse(other)) {
        (Ok(one), Ok(other)) => one.is_same_server(&other),
        _ => false,
    }
}

/// The same user with the same secret counts once, where it comes first.
fn drop_doubles(candidates: &mut Vec<Candidate>) {
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates.drain(..) {
        let double = matches!(candidate.offer, Offer::Credential(_))
            && kept.iter().any(|earlier| earlier.offer == candidate.offer);
        if !double {
            kept.push(candidate);
        }
    }
    *candidates = kept;
}
