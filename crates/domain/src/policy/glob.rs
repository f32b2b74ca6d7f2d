//! Globs over tags.

use std::cmp::Ordering;

/// A glob: `*` is any run of characters, also none, `?` exactly one, all else itself. It covers the whole tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob(String);

impl Glob {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What every tag begins with that matches, and whether that is the whole glob.
    pub(crate) fn start(&self) -> (&str, bool) {
        let end = self.0.find(['*', '?']);
        (&self.0[..end.unwrap_or(self.0.len())], end.is_none())
    }

    pub(crate) fn mentions_latest(&self) -> bool {
        super::mentions_latest(&self.0)
    }

    /// Whether a tag matches.
    ///
    /// Tags are ASCII, so that a byte is a character. Takes at most as many steps as the product of both lengths.
    pub(crate) fn is_match(&self, tag: &str) -> bool {
        let (glob, tag) = (self.0.as_bytes(), tag.as_bytes());
        let (mut at, mut read) = (0, 0);
        // Behind the last star, and how much of the tag it has taken so far.
        let mut star = None;
        while read < tag.len() {
            match glob.get(at) {
                Some(b'*') => {
                    at += 1;
                    star = Some((at, read));
                }
                Some(&byte) if byte == b'?' || byte == tag[read] => (at, read) = (at + 1, read + 1),
                _ => {
                    let Some((behind, taken)) = star else { return false };
                    star = Some((behind, taken + 1));
                    (at, read) = (behind, taken + 1);
                }
            }
        }
        glob[at..].iter().all(|&byte| byte == b'*')
    }
}

impl PartialOrd for Glob {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Glob {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
