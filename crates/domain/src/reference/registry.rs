//! Hosts that images come from.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::Ipv6Addr;
use std::sync::Arc;

use super::ReferenceError;
use super::fault::{Flaw, Problem, first_other};

/// What all spellings of Docker Hub become.
const DOCKER_HUB: &str = "docker.io";

/// The other spellings of Docker Hub, in lower case.
const DOCKER_HUB_SPELLINGS: [&str; 4] = [
    DOCKER_HUB,
    "index.docker.io",
    "registry-1.docker.io",
    "registry.hub.docker.com",
];

/// The longest host, in bytes, its port not counted.
const LONGEST_HOST: usize = 253;

/// A registry's host and, where one was written, its port.
///
/// Kept as it was written, compared without case. Every spelling of Docker Hub
/// is `docker.io`; with a port it is another registry.
#[derive(Debug, Clone)]
pub struct Registry(Arc<str>);

impl Registry {
    /// Reads `HOST[:PORT]`, the host being a name or an IPv6 address in brackets.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and at which byte.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        Self::read(text).map_err(|flaw| flaw.of("a registry", text).into())
    }

    pub(super) fn read(text: &str) -> Result<Self, Flaw> {
        if text.is_empty() {
            return Err(Flaw::new(0, Problem::Empty));
        }
        let host_end = if text.starts_with('[') {
            check_ipv6(text)?
        } else {
            check_host(text)?
        };
        if host_end > LONGEST_HOST {
            let part = "the registry's host";
            return Err(Flaw::new(
                LONGEST_HOST,
                Problem::TooLong {
                    part,
                    limit: LONGEST_HOST,
                },
            ));
        }
        check_port(&text[host_end..]).map_err(|flaw| flaw.after(host_end))?;
        let hub = DOCKER_HUB_SPELLINGS
            .iter()
            .any(|spelling| spelling.eq_ignore_ascii_case(text));
        Ok(Self(if hub { DOCKER_HUB } else { text }.into()))
    }

    /// Docker Hub, which a reference without a registry means.
    #[must_use]
    pub fn docker_hub() -> Self {
        Self(DOCKER_HUB.into())
    }

    /// Whether this is Docker Hub.
    #[must_use]
    pub fn is_docker_hub(&self) -> bool {
        &*self.0 == DOCKER_HUB
    }

    /// Host and port as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host without its port; an IPv6 address keeps its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.split().0
    }

    /// The port, where one was written.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.split().1?.parse().ok()
    }

    fn split(&self) -> (&str, Option<&str>) {
        match self.0.rsplit_once(':') {
            // The last colon of `[::1]` is the address's own.
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (&self.0, None),
        }
    }

    /// The bytes that two registries are compared by.
    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

/// Checks `[…]` at the start of `text`; the offset behind it.
fn check_ipv6(text: &str) -> Result<usize, Flaw> {
    let close = text.find(']').ok_or_else(|| Flaw::new(text.len(), Problem::Ipv6))?;
    let address = &text[1..close];
    let plain = first_other(address, |byte| byte.is_ascii_hexdigit() || byte == b':').is_none();
    match address.parse::<Ipv6Addr>() {
        Ok(_) if plain => Ok(close + 1),
        _ => Err(Flaw::new(0, Problem::Ipv6)),
    }
}

/// Checks the labels at the start of `text`; the offset behind them.
fn check_host(text: &str) -> Result<usize, Flaw> {
    let host = text.split(':').next().unwrap_or_default();
    let mut start = 0;
    for label in host.split('.') {
        check_label(label).map_err(|flaw| flaw.after(start))?;
        start += label.len() + 1;
    }
    Ok(host.len())
}

fn check_label(label: &str) -> Result<(), Flaw> {
    let place = "a part of the registry's host";
    if label.is_empty() {
        return Err(Flaw::new(0, Problem::EmptyLabel));
    }
    if let Some((at, letter)) = first_other(label, |byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Flaw::new(at, Problem::Letter { letter, place }));
    }
    if label.starts_with('-') {
        return Err(Flaw::new(0, Problem::Edge { place }));
    }
    if label.ends_with('-') {
        return Err(Flaw::new(label.len() - 1, Problem::Edge { place }));
    }
    Ok(())
}

/// Checks what stands behind the host: nothing, or `:PORT`.
fn check_port(rest: &str) -> Result<(), Flaw> {
    if rest.is_empty() {
        return Ok(());
    }
    let digits = rest.strip_prefix(':').ok_or_else(|| Flaw::new(0, Problem::Port))?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    match digits.parse::<u16>() {
        Ok(_) if plain => Ok(()),
        _ => Err(Flaw::new(1, Problem::Port)),
    }
}

impl PartialEq for Registry {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Registry {}

impl PartialOrd for Registry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Registry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl Hash for Registry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.folded() {
            state.write_u8(byte);
        }
        state.write_u8(0xff);
    }
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
