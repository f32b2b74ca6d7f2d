//! Places within a repository.

use std::fmt;

/// Longest path, in bytes.
const LONGEST_PATH: usize = 1024;

/// A file or folder of a repository that is looked at, and everything below it: `clusters/prod`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathPrefix(String);

impl PathPrefix {
    /// Takes a path relative to the root of the repository; a `/` at its end is dropped.
    ///
    /// # Errors
    ///
    /// It is empty, absolute, leads out of the repository, or holds what no path in git has.
    pub fn parse(text: &str) -> Result<Self, String> {
        let path = text.strip_suffix('/').unwrap_or(text);
        if text.starts_with('/') {
            return Err(
                "a path within a repository does not begin with `/`; leave `paths` out for the whole tree".to_owned(),
            );
        }
        if path.is_empty() || path == "." {
            return Err("name a folder or a file; leave `paths` out for the whole tree".to_owned());
        }
        if path.len() > LONGEST_PATH {
            return Err(format!("a path is at most {LONGEST_PATH} bytes long"));
        }
        if path.contains(['*', '?']) {
            return Err("a path here is a folder or a file, not a pattern".to_owned());
        }
        if path.chars().any(|c| c.is_control() || c == '\\') {
            return Err("a path holds no control characters and no `\\`; folders are separated by `/`".to_owned());
        }
        if path
            .split('/')
            .any(|part| part.is_empty() || part == "." || part == "..")
        {
            return Err("a path within a repository has no `.`, no `..` and no empty part".to_owned());
        }
        Ok(Self(path.to_owned()))
    }

    /// Whether `path` is this place or lies below it; `clusters/prod` does not hold `clusters/production`.
    pub fn holds(&self, path: &str) -> bool {
        let rest = path.strip_prefix(self.0.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The path, without a `/` at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PathPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
