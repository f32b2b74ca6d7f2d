//! Platforms that an image runs on.

use std::fmt;

use super::PlatformError;
use super::fault::{Flaw, Problem, first_other};

/// The longest platform, in bytes; far more than any that exists.
const LONGEST: usize = 128;

/// An operating system and an architecture, normalised: what is the same machine is equal.
///
/// `linux/x86_64` is `linux/amd64`, `linux/aarch64` and `linux/arm64` are
/// `linux/arm64/v8`, `linux/arm` is `linux/arm/v7`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    os: String,
    architecture: String,
    variant: String,
}

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
        if text.len() > LONGEST {
            return Err(Flaw::new(
                LONGEST,
                Problem::TooLong {
                    part: "the platform",
                    limit: LONGEST,
                },
            ));
        }
        let allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-');
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
        let parts: Vec<&str> = lower.split('/').collect();
        match *parts.as_slice() {
            [os, architecture] if parts.iter().all(|part| !part.is_empty()) => {
                Ok(Self::normalised(os, architecture, ""))
            }
            [os, architecture, variant] if parts.iter().all(|part| !part.is_empty()) => {
                Ok(Self::normalised(os, architecture, variant))
            }
            _ => Err(Flaw::new(0, Problem::Platform)),
        }
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
        Self {
            os: os.to_owned(),
            architecture: architecture.to_owned(),
            variant: variant.to_owned(),
        }
    }

    /// The operating system, `linux`.
    #[must_use]
    pub fn os(&self) -> &str {
        &self.os
    }

    /// The architecture, `amd64`.
    #[must_use]
    pub fn architecture(&self) -> &str {
        &self.architecture
    }

    /// The variant of the architecture, `v8`, if it has any.
    #[must_use]
    pub fn variant(&self) -> Option<&str> {
        Some(self.variant.as_str()).filter(|variant| !variant.is_empty())
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        match self.variant() {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}
