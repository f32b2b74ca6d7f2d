//! Image names.

use std::fmt;
use std::sync::Arc;

use super::fault::{Flaw, Problem, check_printable, first_other};
use super::{ReferenceError, Registry};

/// The longest path, in bytes, `library/` included.
const LONGEST_PATH: usize = 255;

/// What Docker Hub's official images stand under.
const LIBRARY: &str = "library/";

/// An image's name: a registry and a path on it, without tag and digest.
///
/// Cheap to clone. Displays in its canonical form, `docker.io/library/nginx`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Repository {
    registry: Registry,
    path: Arc<str>,
}

impl Repository {
    /// Reads an image name; a tag or a digest behind it is refused.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and at which byte.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        Self::read_alone(text).map_err(|flaw| flaw.of("an image name", text).into())
    }

    fn read_alone(text: &str) -> Result<Self, Flaw> {
        let (repository, end) = Self::read(text)?;
        match text.as_bytes().get(end) {
            None => Ok(repository),
            Some(b':') => Err(Flaw::new(end, Problem::UnwantedTag)),
            Some(_) => Err(Flaw::new(end, Problem::UnwantedDigest)),
        }
    }

    /// Reads the name at the start of `text`; the offset of the `:` or `@` behind it, or the end.
    pub(super) fn read(text: &str) -> Result<(Self, usize), Flaw> {
        check_whole(text)?;
        let (registry, start) = match text.split_once('/') {
            Some((first, _)) if names_registry(first) => (Registry::read(first)?, first.len() + 1),
            _ => (Registry::docker_hub(), 0),
        };
        let rest = &text[start..];
        let path = &rest[..rest.find([':', '@']).unwrap_or(rest.len())];
        check_path(path).map_err(|flaw| flaw.after(start))?;
        let path: Arc<str> = if registry.is_docker_hub() && !path.contains('/') {
            [LIBRARY, path].concat().into()
        } else {
            path.into()
        };
        let end = start + rest.find([':', '@']).unwrap_or(rest.len());
        if path.len() > LONGEST_PATH {
            let part = "the repository";
            return Err(Flaw::new(
                start,
                Problem::TooLong {
                    part,
                    limit: LONGEST_PATH,
                },
            ));
        }
        Ok((Self { registry, path }, end))
    }

    /// The registry that the image comes from.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The path on the registry, `library/nginx`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The shortest spelling that reads back as this name, `nginx`.
    ///
    /// `alone` says that neither tag nor digest will follow.
    pub(super) fn familiar(&self, alone: bool) -> String {
        if !self.registry.is_docker_hub() {
            return self.to_string();
        }
        match self.path.strip_prefix(LIBRARY) {
            Some(name) if !(name.contains('/') || alone && is_bare_hex(name)) => name.to_owned(),
            _ if self.path.split('/').next().is_some_and(names_registry) => self.to_string(),
            _ => self.path.to_string(),
        }
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.path)
    }
}

/// Whether the first of several components is a registry, by Docker's rule.
fn names_registry(first: &str) -> bool {
    first == "localhost"
        || first
            .bytes()
            .any(|byte| matches!(byte, b'.' | b':') || byte.is_ascii_uppercase())
}

/// Whether a text could be an image's id as well as a name.
fn is_bare_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Refuses what is wrong with a reference as a whole.
fn check_whole(text: &str) -> Result<(), Flaw> {
    if text.is_empty() {
        return Err(Flaw::new(0, Problem::Empty));
    }
    check_printable(text)?;
    if let Some((scheme, _)) = text.split_once("://") {
        return Err(Flaw::new(0, Problem::Scheme(scheme.chars().take(32).collect())));
    }
    if is_bare_hex(text) {
        return Err(Flaw::new(0, Problem::BareHex));
    }
    Ok(())
}

fn check_path(path: &str) -> Result<(), Flaw> {
    let mut start = 0;
    for component in path.split('/') {
        check_component(component).map_err(|flaw| flaw.after(start))?;
        start += component.len() + 1;
    }
    Ok(())
}

/// Checks `[a-z0-9]+` runs joined by `.`, `_`, `__` or any number of `-`.
fn check_component(component: &str) -> Result<(), Flaw> {
    let place = "a part of the repository";
    if component.is_empty() {
        return Err(Flaw::new(0, Problem::EmptyComponent));
    }
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
    if let Some((at, letter)) = first_other(component, allowed) {
        let upper = letter.is_ascii_uppercase();
        let problem = if upper {
            Problem::UpperCase
        } else {
            Problem::Letter { letter, place }
        };
        return Err(Flaw::new(at, problem));
    }
    let is_separator = |letter: char| matches!(letter, '.' | '_' | '-');
    if component.starts_with(is_separator) {
        return Err(Flaw::new(0, Problem::Edge { place }));
    }
    if component.ends_with(is_separator) {
        return Err(Flaw::new(component.len() - 1, Problem::Edge { place }));
    }
    let mut at = 0;
    for separator in component.split(|letter: char| !is_separator(letter)) {
        let joins = matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|byte| byte == b'-');
        if !joins {
            return Err(Flaw::new(at, Problem::Separator));
        }
        at += separator.len() + 1;
    }
    Ok(())
}
