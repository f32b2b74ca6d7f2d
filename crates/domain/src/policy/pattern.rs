//! Regular expressions over tags.

mod classes;
mod problem;
mod starts;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use regex::bytes::{Captures, Regex, RegexBuilder};

use super::PolicyError;

/// The most memory that one compiled expression may take, in bytes.
const COMPILED: usize = 1 << 20;

/// How deep groups and classes may nest.
const NESTED: u32 = 100;

/// A RE2-style expression, searched for anywhere in a tag. Compared by its text.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    /// As it was written.
    text: String,
    regex: Regex,
    /// Whether it was compiled to see more than ASCII.
    unicode: bool,
}

impl Pattern {
    /// Compiles an expression; `part` is what an error names.
    pub(super) fn parse(text: &str, part: &str) -> Result<Self, PolicyError> {
        let compile = |text: &str, unicode: bool| {
            RegexBuilder::new(text)
                .unicode(unicode)
                .size_limit(COMPILED)
                .dfa_size_limit(COMPILED)
                .nest_limit(NESTED)
                .build()
        };
        // Tags are ASCII, as `\w` and `\d` are in RE2; only `\pL` and the like need more.
        let compile = |text: &str, unicode: bool| compile(text, unicode).map(|regex| (regex, unicode));
        let either = |text: &str| compile(text, false).or_else(|_| compile(text, true));
        // What RE2 takes for a letter of a class may have to be escaped here.
        let regex = either(text).or_else(|_| either(&classes::escaped(text)));
        regex
            .map(|(regex, unicode)| Self {
                text: text.to_owned(),
                regex,
                unicode,
            })
            .map_err(|_| PolicyError::of(part, problem::of(text)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_match(&self, tag: &str) -> bool {
        self.regex.is_match(tag.as_bytes())
    }

    /// The first match in a tag.
    pub(super) fn captures<'t>(&self, tag: &'t str) -> Option<Captures<'t>> {
        self.regex.captures(tag.as_bytes())
    }

    /// The names of its groups, the whole match first; `None` for those that only have a number.
    pub(super) fn groups(&self) -> impl Iterator<Item = Option<&str>> {
        self.regex.capture_names()
    }

    /// The texts, one of which every tag begins with that it matches; `None` if it need not begin with any.
    pub(crate) fn starts(&self) -> Option<Vec<String>> {
        starts::of(self.regex.as_str(), self.unicode)
    }

    /// Whether the expression itself speaks of `latest`.
    pub(super) fn mentions_latest(&self) -> bool {
        super::mentions_latest(&self.text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}
