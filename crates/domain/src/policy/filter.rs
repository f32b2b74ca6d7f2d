//! Which tags a policy looks at, and what of them its kind reads.

use super::{Pattern, PolicyError, Template};

/// Which tags are looked at, and what of them the kind reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Filter {
    pub(crate) pattern: Pattern,
    pub(crate) extract: Option<Template>,
}

impl Filter {
    pub(super) fn parse(pattern: &str, extract: Option<&str>) -> Result<Self, PolicyError> {
        let pattern = Pattern::parse(pattern, "filter.pattern")?;
        // An empty one is the default, the whole tag.
        let extract = extract.filter(|text| !text.is_empty());
        let extract = extract.map(|text| Template::parse(text, &pattern)).transpose()?;
        Ok(Self { pattern, extract })
    }

    pub(crate) fn mentions_latest(&self) -> bool {
        self.pattern.mentions_latest()
    }

    /// What the template makes of a tag; `None` if the pattern does not match.
    pub(crate) fn extracted(&self, template: &Template, tag: &str) -> Option<String> {
        self.pattern
            .captures(tag)
            .map(|captures| template.expand(&captures, tag))
    }
}
