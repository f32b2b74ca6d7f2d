//! The switch of a cloud.

/// Whether the identity that a cloud gives this machine is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Enabled {
    /// Where there is one; nobody misses it elsewhere.
    #[default]
    Auto,
    /// Where there is none, that is an error.
    Always,
    /// The cloud is never asked.
    Never,
}
