//! What a policy has against a tag.

/// Why a tag's name keeps it out: the first rule that it breaks. Costs nothing to make, for most are never looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Objection {
    /// It is no tag by the distribution project's grammar.
    InvalidTag,
    /// The expression at this place of `deny` matches.
    Denied(usize),
    /// It is `latest`, of which the policy does not speak.
    Latest,
    /// The filter's pattern does not match.
    Filter,
    /// The glob or expression of the kind does not match.
    Kind,
    /// Its suffix is another.
    Suffix,
    /// The kind cannot read it.
    Unreadable,
    /// It has more or fewer numbers than are wanted.
    Precision { had: usize, wanted: usize },
    /// It is a pre-release, and none is asked for.
    Prerelease,
    /// It is outside the range, on this side where that is clear.
    OutOfRange(Option<Side>),
}

impl Objection {
    /// Whether the policy does not look at the tag at all, whatever it reads as.
    pub(super) fn is_of_filters(self) -> bool {
        matches!(self, Self::Denied(_) | Self::Latest | Self::Filter | Self::Kind)
    }
}

/// Where a version is that is outside a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Below all of it.
    Below,
    /// Above all of it.
    Above,
}

/// What is not known of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lacks {
    /// Its platforms.
    Platforms,
    /// Its build time.
    BuildTime,
}
