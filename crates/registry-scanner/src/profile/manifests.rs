//! How a registry answers for manifests, as its answers showed.

use std::time::Duration;

use domain::reference::{Digest, Timestamp};
use http::HeaderValue;

use super::Coded;

/// For how long that is relied upon.
const LIFE: Duration = Duration::from_secs(24 * 3600);

/// What is known of how a registry answers for manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manifests {
    /// What `HEAD` says.
    pub heads: Heads,
    /// The marks (`ETag`) of its manifests.
    pub marks: Marks,
    /// Since when this is known; after a day it is found out again.
    pub found: Option<Timestamp>,
}

/// What `HEAD` says of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Heads {
    /// Not known.
    #[default]
    Unknown,
    /// Its digest.
    Digest,
    /// Nothing: it is refused, or names no digest.
    Nothing,
}

/// By what a registry knows its manifests again, so that one that is known need not be sent (`If-None-Match`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Marks {
    /// Not known.
    #[default]
    Unknown,
    /// By nothing.
    None,
    /// By the digest.
    Digest,
    /// By the digest, it says; but it was seen to send what was known.
    Ignored,
    /// By something else.
    Other,
}

impl Coded for Heads {
    const CODES: &'static [(&'static str, Self)] = &[
        ("unknown", Self::Unknown),
        ("digest", Self::Digest),
        ("nothing", Self::Nothing),
    ];
}

impl Coded for Marks {
    const CODES: &'static [(&'static str, Self)] = &[
        ("unknown", Self::Unknown),
        ("none", Self::None),
        ("digest", Self::Digest),
        ("ignored", Self::Ignored),
        ("other", Self::Other),
    ];
}

/// The mark of a manifest at registries that mark them by their digests.
pub(crate) fn mark_of(digest: &Digest) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{digest}\"")).ok()
}

impl Manifests {
    /// Whether `HEAD` is worth a request.
    pub(crate) fn heads_work(&self, now: Timestamp) -> bool {
        self.known(now).heads != Heads::Nothing
    }

    /// Whether a manifest whose digest is known need not be sent.
    pub(crate) fn knows_digests(&self, now: Timestamp) -> bool {
        self.known(now).marks == Marks::Digest
    }

    /// `HEAD` said a digest, or nothing.
    pub(crate) fn note_heads(&mut self, heads: Heads, now: Timestamp) {
        self.note(now, |known| known.heads = heads);
    }

    /// An answer for a manifest of this digest had that mark.
    pub(crate) fn note_mark(&mut self, mark: Option<&HeaderValue>, digest: &Digest, now: Timestamp) {
        let marks = match mark {
            None => Marks::None,
            Some(mark) if mark_of(digest).as_ref() == Some(mark) => Marks::Digest,
            Some(_) => Marks::Other,
        };
        self.note(now, |known| {
            if (known.marks, marks) != (Marks::Ignored, Marks::Digest) {
                known.marks = marks;
            }
        });
    }

    /// A manifest was sent though its mark was told.
    pub(crate) fn note_ignored(&mut self, now: Timestamp) {
        self.note(now, |known| known.marks = Marks::Ignored);
    }

    fn note(&mut self, now: Timestamp, change: impl FnOnce(&mut Self)) {
        let mut known = self.known(now);
        change(&mut known);
        // What is known already would have to be written down again with each answer.
        if known != self.known(now) {
            known.found.get_or_insert(now);
            *self = known;
        }
    }

    fn known(&self, now: Timestamp) -> Self {
        let is_fresh = |found: Timestamp| found <= now && now.since(found) < LIFE;
        if self.found.is_some_and(is_fresh) {
            *self
        } else {
            Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
