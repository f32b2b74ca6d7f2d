//! The keys of a Docker config, read from the contract.

use std::cmp::Reverse;
use std::net::Ipv6Addr;

use domain::reference::Repository;

const HUB: [&str; 4] = [
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "registry.hub.docker.com",
];

pub(super) struct Key<'a> {
    host: String,
    port: Option<u16>,
    path: Vec<&'a str>,
}

pub(super) fn is_scheme(text: &str) -> bool {
    let letters = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    letters && text.starts_with(|c: char| c.is_ascii_alphabetic())
}

impl<'a> Key<'a> {
    /// `None` if it cannot be read.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return None;
        }
        let rest = match text.split_once("://") {
            Some((scheme, rest)) if is_scheme(scheme) => rest,
            Some(_) => return None,
            None => text,
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let path = path.strip_suffix('/').unwrap_or(path);
        let path: Vec<&str> = match path {
            "" | "v1" | "v2" => Vec::new(),
            path => path.split('/').collect(),
        };
        // In brackets there are colons.
        let bracket = authority.rfind(']').map_or(0, |at| at + 1);
        let (host, port) = match authority[bracket..].find(':') {
            Some(colon) => (
                &authority[..bracket + colon],
                Some(port(&authority[bracket + colon + 1..])?),
            ),
            None => (authority, None),
        };
        let host = host.to_ascii_lowercase();
        if path.contains(&"") || !is_host(&host) {
            return None;
        }
        let hub = port.is_none() && HUB.contains(&host.as_str());
        let host = if hub { HUB[0].to_owned() } else { host };
        Some(Self { host, port, path })
    }

    /// As a key of `credHelpers` is.
    pub(super) fn is_exact_host(&self) -> bool {
        self.path.is_empty() && !self.has_glob()
    }

    fn has_glob(&self) -> bool {
        self.host.contains(['*', '?'])
    }

    pub(super) fn applies(&self, image: &Repository) -> bool {
        let registry = image.registry();
        let host = registry.host().to_ascii_lowercase();
        let components: Vec<&str> = image.path().split('/').collect();
        self.port == registry.port() && hosts_match(&self.host, &host) && components.starts_with(&self.path)
    }

    /// Smaller is tried first.
    pub(super) fn order(&self) -> impl Ord + use<> {
        let literal = self.host.replace(['*', '?'], "").chars().count();
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        let path: String = self.path.iter().map(|component| format!("/{component}")).collect();
        let normalised = format!("{}{port}{path}", self.host);
        (Reverse(self.path.len()), self.has_glob(), Reverse(literal), normalised)
    }
}

fn port(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| plain)
}

fn is_host(text: &str) -> bool {
    if let Some(inner) = text.strip_prefix('[') {
        return inner
            .strip_suffix(']')
            .is_some_and(|inner| inner.parse::<Ipv6Addr>().is_ok());
    }
    text.split('.').all(|label| {
        let letters = label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-*?".contains(&byte));
        !label.is_empty() && letters && !label.starts_with('-') && !label.ends_with('-')
    })
}

fn hosts_match(pattern: &str, host: &str) -> bool {
    if host.starts_with('[') {
        return pattern == host;
    }
    let (patterns, labels): (Vec<&[u8]>, Vec<&[u8]>) = (
        pattern.split('.').map(str::as_bytes).collect(),
        host.split('.').map(str::as_bytes).collect(),
    );
    patterns.len() == labels.len() && patterns.iter().zip(labels).all(|(pattern, label)| glob(pattern, label))
}

/// Row by row: whether the pattern so far matches the first so many bytes.
fn glob(pattern: &[u8], label: &[u8]) -> bool {
    let mut row = vec![false; label.len() + 1];
    row[0] = true;
    for &byte in pattern {
        let mut next = vec![false; label.len() + 1];
        for at in 0..=label.len() {
            next[at] = match byte {
                b'*' => row[at] || (at > 0 && next[at - 1]),
                b'?' => at > 0 && row[at - 1],
                byte => at > 0 && row[at - 1] && label[at - 1] == byte,
            };
        }
        row = next;
    }
    row[label.len()]
}
