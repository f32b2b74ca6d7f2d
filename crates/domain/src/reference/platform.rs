//! Platforms that an image runs on.

use std::fmt;
use std::sync::Arc;

use super::PlatformError;
use super::fault::{Flaw, Problem, first_other};

/// The longest platform, in bytes; far more than any that exists.
const LONGEST: usize = 128;

/// An operating system and an architecture, normalised: what is the same machine is equal.
///
/// `linux/x86_64` is `linux/amd64`, `linux/aarch64` and `linux/arm64` are
/// `linux/arm64/v8`, `linux/arm` is `linux/arm/v7`. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform(Arc<str>);

impl Platform {
    /// Reads `OS/ARCHITECTURE[/VARIANT]`, in any case.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and at which byte.
    pub fn parse(text: &str) -> Result<Self, PlatformError> {
        Self::read(text).map_err(|flaw| flaw.of("a platform", text).into())
    }

    fn read(text: &str) -> Result<Self, Flaw> {
        let too_long = |at| {
            let part = "the platform";
            Flaw::new(at, Problem::TooLong { part, limit: LONGEST })
        };
        if text.len() > LONGEST {
            return Err(too_long(LONGEST));
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-');
        if let Some((at, letter)) = first_other(text, allowed) {
            return Err(Flaw::new(
                at,
                Problem::Letter {
                    letter,
                    place: "a platform",
                },
            ));
        }
        let lower = text.to_ascii_lowercase();
        let mut parts = lower.split('/').filter(|part| !part.is_empty());
        let (Some(os), Some(architecture)) = (parts.next(), parts.next()) else {
            return Err(Flaw::new(0, Problem::Platform));
        };
        let variant = parts.next();
        // An empty part was left out above, so the slashes are counted.
        let slashes = lower.bytes().filter(|&byte| byte == b'/').count();
        if parts.next().is_some() || slashes != 1 + usize::from(variant.is_some()) {
            return Err(Flaw::new(0, Problem::Platform));
        }
        let platform = Self::normalised(os, architecture, variant.unwrap_or_default());
        // A variant may have been added; what is shown must read again.
        if platform.0.len() > LONGEST {
            return Err(too_long(text.len()));
        }
        Ok(platform)
    }

    /// One spelling for each machine, by the rules of containerd's `platforms` package.
    fn normalised(os: &str, architecture: &str, variant: &str) -> Self {
        let os = if os == "macos" { "darwin" } else { os };
        let (architecture, variant) = match (architecture, variant) {
            ("x86_64" | "x86-64" | "amd64", "v1") => ("amd64", ""),
            ("x86_64" | "x86-64" | "amd64", variant) => ("amd64", variant),
            ("i386", _) => ("386", ""),
            ("aarch64" | "arm64", "" | "8") => ("arm64", "v8"),
            ("aarch64" | "arm64", variant) => ("arm64", variant),
            ("armhf", _) | ("arm", "" | "7") => ("arm", "v7"),
            ("armel", _) | ("arm", "6") => ("arm", "v6"),
            ("arm", "5") => ("arm", "v5"),
            ("arm", "8") => ("arm", "v8"),
            other => other,
        };
        let separator = if variant.is_empty() { "" } else { "/" };
        Self([os, "/", architecture, separator, variant].concat().into())
    }

    /// The normalised text, `linux/arm64/v8`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The operating system, `linux`.
    #[must_use]
    pub fn os(&self) -> &str {
        self.part(0).unwrap_or_default()
    }

    /// The architecture, `amd64`.
    #[must_use]
    pub fn architecture(&self) -> &str {
        self.part(1).unwrap_or_default()
    }

    /// The variant of the architecture, `v8`, if it has any.
    #[must_use]
    pub fn variant(&self) -> Option<&str> {
        self.part(2)
    }

    fn part(&self, index: usize) -> Option<&str> {
        self.0.split('/').nth(index)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
