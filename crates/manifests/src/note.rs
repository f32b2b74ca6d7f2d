//! What seems to be meant for an image, and leads to none.

use std::fmt;

use yaml_spans::Location;

/// Something in a file that somebody wrote for an image to be found, and that does nothing as it is.
///
/// It stops nothing. Displays as its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where it stands.
    pub location: Location,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
