//! Host keys to expect, as OpenSSH's `known_hosts` files hold them.
//!
//! Strict, and only what `sshd(8)` calls SSH_KNOWN_HOSTS FILE FORMAT: a host that is not listed is refused, a key that is
//! marked `@revoked` is refused, and a `@cert-authority` is not understood and vouches for nobody. A port other than 22 must be
//! listed as `[host]:port`.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use russh::keys::ssh_key::{Algorithm, PublicKey};

/// Most lines that are read.
const MOST_LINES: usize = 10_000;

/// The lines of a `known_hosts` file.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownHosts {
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    /// From 1.
    number: usize,
    marker: Marker,
    hosts: Hosts,
    /// `None` for a kind of key that is not understood.
    key: Option<PublicKey>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marker {
    None,
    Revoked,
    CertAuthority,
}

#[derive(Clone, Debug)]
enum Hosts {
    /// Names and patterns; one that begins with `!` takes the line back.
    Patterns(Vec<String>),
    /// HMAC-SHA1 of a name.
    Hashed { salt: Vec<u8>, hash: Vec<u8> },
}

/// A line cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {number} of known_hosts {problem}")]
pub(crate) struct KnownHostsError {
    number: usize,
    problem: &'static str,
}

/// Why a host's key is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The host has no line.
    Unknown,
    /// The host has keys of this kind, and the one it showed is none of them.
    Changed { line: usize },
    /// The host has only keys of other kinds.
    OtherKind,
    /// The key is listed as `@revoked`.
    Revoked { line: usize },
    /// The host has nothing but a `@cert-authority`.
    CertAuthority { line: usize },
}

impl KnownHosts {
    /// Reads a file's text.
    pub(crate) fn parse(text: &str) -> Result<Self, KnownHostsError> {
        let mut lines = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            if number > MOST_LINES {
                return Err(KnownHostsError {
                    number,
                    problem: "is one too many: 10000 are read",
                });
            }
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                lines.push(Line::parse(number, line).map_err(|problem| KnownHostsError { number, problem })?);
            }
        }
        Ok(Self { lines })
    }

    /// The kinds of keys that are listed for a host, so that the server can be asked for one of them.
    pub(crate) fn algorithms(&self, host: &str, port: u16) -> Vec<Algorithm> {
        let mut algorithms = Vec::new();
        for line in self.lines_of(host, port).filter(|line| line.marker == Marker::None) {
            if let Some(key) = &line.key
                && !algorithms.contains(&key.algorithm())
            {
                algorithms.push(key.algorithm());
            }
        }
        algorithms
    }

    /// Whether `key` is the host's.
    pub(crate) fn check(&self, host: &str, port: u16, key: &PublicKey) -> Result<(), Refusal> {
        let mut refusal = Refusal::Unknown;
        let mut is_listed = false;
        for line in self.lines_of(host, port) {
            let is_same = line
                .key
                .as_ref()
                .is_some_and(|listed| listed.key_data() == key.key_data());
            let is_same_kind = line
                .key
                .as_ref()
                .is_some_and(|listed| listed.algorithm() == key.algorithm());
            match line.marker {
                Marker::Revoked if is_same => return Err(Refusal::Revoked { line: line.number }),
                Marker::Revoked => {}
                Marker::None if is_same => is_listed = true,
                Marker::None if is_same_kind => refusal = Refusal::Changed { line: line.number },
                Marker::None if !matches!(refusal, Refusal::Changed { .. }) => refusal = Refusal::OtherKind,
                Marker::None => {}
                Marker::CertAuthority if refusal == Refusal::Unknown => {
                    refusal = Refusal::CertAuthority { line: line.number }
                }
                Marker::CertAuthority => {}
            }
        }
        if is_listed { Ok(()) } else { Err(refusal) }
    }

    fn lines_of(&self, host: &str, port: u16) -> impl Iterator<Item = &Line> {
        let name = listed_name(host, port);
        self.lines.iter().filter(move |line| line.hosts.cover(&name))
    }
}

/// How `known_hosts` calls a host.
pub(crate) fn listed_name(host: &str, port: u16) -> String {
    if port == 22 {
        host.to_owned()
    } else {
        format!("[{host}]:{port}")
    }
}

impl Line {
    fn parse(number: usize, line: &str) -> Result<Self, &'static str> {
        let mut words = line.split_ascii_whitespace();
        let mut word = words.next().unwrap_or_default();
        let marker = match word {
            "@revoked" => Marker::Revoked,
            "@cert-authority" => Marker::CertAuthority,
            _ if word.starts_with('@') => {
                return Err("has an unknown marker; `@revoked` and `@cert-authority` are known");
            }
            _ => Marker::None,
        };
        if marker != Marker::None {
            word = words.next().unwrap_or_default();
        }
        let hosts = Hosts::parse(word)?;
        let (Some(kind), Some(base64)) = (words.next(), words.next()) else {
            return Err("is not `HOSTS KIND KEY`, as `ssh-keyscan` prints it");
        };
        let key = PublicKey::from_openssh(&format!("{kind} {base64}")).ok();
        // A kind of key that is not understood cannot be shown to us, but a revocation must not be lost to a slip.
        if key.is_none() && (marker == Marker::Revoked || STANDARD.decode(base64).is_err()) {
            return Err("has a key that cannot be read");
        }
        Ok(Self {
            number,
            marker,
            hosts,
            key,
        })
    }
}

impl Hosts {
    fn parse(word: &str) -> Result<Self, &'static str> {
        let Some(hashed) = word.strip_prefix("|1|") else {
            return match word {
                "" => Err("names no host"),
                _ if word.starts_with('|') => Err("has a hash of an unknown kind"),
                _ => Ok(Self::Patterns(word.split(',').map(str::to_ascii_lowercase).collect())),
            };
        };
        let parts = hashed
            .split_once('|')
            .and_then(|(salt, hash)| Some((STANDARD.decode(salt).ok()?, STANDARD.decode(hash).ok()?)));
        match parts {
            Some((salt, hash)) if hash.len() == 20 => Ok(Self::Hashed { salt, hash }),
            _ => Err("has a hashed host that cannot be read"),
        }
    }

    fn cover(&self, name: &str) -> bool {
        match self {
            Self::Hashed { salt, hash } => {
                let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, salt);
                hmac::verify(&key, name.as_bytes(), hash).is_ok()
            }
            Self::Patterns(patterns) => {
                let taken_back = patterns
                    .iter()
                    .filter_map(|pattern| pattern.strip_prefix('!'))
                    .any(|pattern| fits(pattern, name));
                !taken_back
                    && patterns
                        .iter()
                        .any(|pattern| !pattern.starts_with('!') && fits(pattern, name))
            }
        }
    }
}

/// Whether a pattern of `*` and `?` fits a name, in time proportional to the product of their lengths.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(&byte) if byte == b'?' || byte == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((star_p, star_n)) = star else { return false };
                star = Some((star_p, star_n + 1));
                p = star_p + 1;
                n = star_n + 1;
            }
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests;
