//! Which images are scanned at all.

use std::fmt;

use super::globs::Glob;

/// `registries.include` and `registries.exclude`, over canonical names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageGlobs {
    /// Where there are any, an image has to match one of them.
    pub include: Vec<Glob>,
    /// What matches one of these is left out in any case.
    pub exclude: Vec<Glob>,
}

/// Why an image is never scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut<'a> {
    /// This pattern is for it.
    Excluded(&'a Glob),
    /// There are patterns for what is scanned, and none is for it.
    NotIncluded,
}

impl ImageGlobs {
    /// Why an image, by its canonical name without tag and digest, is never scanned; `None` if it is.
    pub fn left_out(&self, image: &str) -> Option<LeftOut<'_>> {
        if let Some(glob) = self.exclude.iter().find(|glob| glob.matches(image)) {
            return Some(LeftOut::Excluded(glob));
        }
        let included = self.include.is_empty() || self.include.iter().any(|glob| glob.matches(image));
        (!included).then_some(LeftOut::NotIncluded)
    }
}

impl fmt::Display for LeftOut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Excluded(glob) => write!(f, "excluded by registries.exclude \"{glob}\""),
            Self::NotIncluded => f.write_str("no pattern of registries.include is for it"),
        }
    }
}

#[cfg(test)]
mod tests;
