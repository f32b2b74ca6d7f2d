//! What a target may move to, as a person wrote it (`contracts/policies.md` §1).
//!
//! A [`Policy`] is made from a short form (`semver:~1.4`) or from the fields of
//! a long one, which any parser can fill in; once made it is valid.

mod error;
mod fields;
mod filter;
mod glob;
mod kind;
mod meant;
mod options;
mod pattern;
mod print;
mod sort;
mod template;
mod word;

use std::sync::Arc;

pub use error::{PolicyError, Spot};
pub use fields::{FieldValue, PolicyFields};
pub use kind::KindName;
pub use meant::in_full;
pub use options::{Pin, Precision};
pub use sort::OPTIONS;

pub(crate) use filter::Filter;
pub(crate) use glob::Glob;
pub(crate) use kind::{Direction, Kind};
pub(crate) use options::{Options, Suffix};
pub(crate) use pattern::Pattern;
pub(crate) use template::Template;

#[cfg(test)]
mod tests;

/// What a target may move to: which tags are candidates, and which of them is the newest.
///
/// Equal policies choose alike: `semver:~1.4` is `{semver: "~1.4"}`. Displays
/// on one line, in the short form where that says everything. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Policy(Arc<Written>);

/// What a policy must know of tags beside their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wants {
    /// When each candidate was built: any of them could be the newest.
    pub build_times: bool,
    /// On which platforms a candidate runs: of the best, then of the next, until one has them all.
    pub platforms: bool,
}

/// Whether a part of a policy speaks of `latest`, in any case.
fn mentions_latest(text: &str) -> bool {
    text.to_ascii_lowercase().contains("latest")
}

/// A policy's parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Written {
    kind: Kind,
    options: Options,
}

impl Policy {
    /// Reads `KIND[:ARGUMENT]`; the first `:` splits.
    ///
    /// # Errors
    ///
    /// The part that is wrong, and what to write instead.
    pub fn parse_short(text: &str) -> Result<Self, PolicyError> {
        let (kind, argument) = text.split_once(':').unwrap_or((text, ""));
        // Where what stands behind the spaces begins; both ends are in the text.
        let start = |part: &str| part.len() - part.trim_start_matches(' ').len();
        let kind_at = start(kind);
        let argument_at = text.len() - argument.len() + start(argument);
        let Some(name) = KindName::parse(kind.trim_matches(' ')) else {
            return Err(meant::unknown(
                text,
                kind_at..kind.trim_end_matches(' ').len().max(kind_at),
            ));
        };
        let value = FieldValue::Text(argument.trim_matches(' ').to_owned());
        let fields = PolicyFields {
            entries: vec![(name.as_str().to_owned(), value)],
        };
        let refused = |error: PolicyError| {
            error
                .within(text, argument_at)
                .pointing_at(text, argument_at..text.len())
        };
        Self::from_fields(&fields).map_err(refused)
    }

    /// Checks the fields of a long form.
    ///
    /// # Errors
    ///
    /// The first part that is wrong, and what to write instead.
    pub fn from_fields(fields: &PolicyFields) -> Result<Self, PolicyError> {
        let (kind, options) = sort::sort(fields)?;
        Ok(Self(Arc::new(Written { kind, options })))
    }

    /// The kind, by which candidates are read and ordered.
    #[must_use]
    pub fn kind_name(&self) -> KindName {
        self.0.kind.name()
    }

    /// Whether the value written carries a digest.
    #[must_use]
    pub fn pin(&self) -> Pin {
        self.0.options.pin
    }

    /// Whether the best may win although it ranks below the current value.
    #[must_use]
    pub fn allows_downgrade(&self) -> bool {
        self.0.options.allow_downgrade
    }

    /// What must be known of a tag, beside its name, before it can be picked or passed over.
    ///
    /// The digest of the one that is picked is wanted in any case.
    #[must_use]
    pub fn wants(&self) -> Wants {
        Wants {
            build_times: self.0.kind.is_by_time(),
            platforms: !self.0.options.platforms.is_empty(),
        }
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0.kind
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }
}
