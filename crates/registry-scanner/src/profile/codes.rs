//! The codes by which what is known of a registry is shown and stored.

/// A closed set of values, each of which has a code.
pub trait Coded: Copy + PartialEq + 'static {
    /// All of them.
    const CODES: &'static [(&'static str, Self)];

    /// As it is shown and stored.
    #[must_use]
    fn code(self) -> &'static str {
        let known = Self::CODES.iter().find(|(_, known)| *known == self);
        known.map_or("", |(code, _)| code)
    }

    /// What [`Coded::code`] gave.
    #[must_use]
    fn of_code(text: &str) -> Option<Self> {
        let known = Self::CODES.iter().find(|(code, _)| *code == text);
        known.map(|&(_, value)| value)
    }
}
