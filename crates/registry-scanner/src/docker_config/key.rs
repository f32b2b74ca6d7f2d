//! The keys of a Docker config: `[scheme://]HOST[:PORT][/PATH]`.

use std::cmp::Reverse;
use std::net::Ipv6Addr;

use domain::reference::{Registry, Repository};

/// What all spellings of Docker Hub become.
const DOCKER_HUB: &str = "docker.io";

/// A key that was read; ordered so that the one to try first comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// In lower case; each label may be a glob.
    host: String,
    port: Option<u16>,
    path: Vec<String>,
}

impl Key {
    /// Reads a key, or says why it cannot be read.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err("the key holds white space or a control character");
        }
        let rest = strip_scheme(text)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = split_port(authority)?;
        let host = host.to_ascii_lowercase();
        check_host(&host)?;
        let hub = port.is_none() && Registry::parse(&host).is_ok_and(|registry| registry.is_docker_hub());
        Ok(Self {
            host: if hub { DOCKER_HUB.to_owned() } else { host },
            port,
            path: read_path(path)?,
        })
    }

    /// Whether a credential under this key may be shown for `repository`.
    pub(super) fn applies(&self, repository: &Repository) -> bool {
        self.names(repository.registry()) && self.path_holds(repository.path())
    }

    /// Whether it is for the registry, or for a part of it.
    pub(super) fn names(&self, registry: &Registry) -> bool {
        self.port == registry.port() && host_matches(&self.host, &registry.host().to_ascii_lowercase())
    }

    /// Whether the path is a prefix of a repository's, by whole components.
    fn path_holds(&self, repository: &str) -> bool {
        let mut components = repository.split('/');
        self.path
            .iter()
            .all(|component| components.next() == Some(component.as_str()))
    }

    /// Whether the other key is for the same host and port.
    pub(super) fn is_same_server(&self, other: &Self) -> bool {
        self.host == other.host && self.port == other.port
    }

    pub(super) fn has_path(&self) -> bool {
        !self.path.is_empty()
    }

    pub(super) fn has_glob(&self) -> bool {
        self.host.contains(['*', '?'])
    }

    /// The more a key says of a repository, the earlier it is tried.
    pub(super) fn rank(&self) -> impl Ord + use<> {
        let literal = self.host.chars().filter(|c| !matches!(c, '*' | '?')).count();
        (
            Reverse(self.path.len()),
            self.has_glob(),
            Reverse(literal),
            self.normalised(),
        )
    }

    fn normalised(&self) -> String {
        let mut text = self.host.clone();
        if let Some(port) = self.port {
            text.push_str(&format!(":{port}"));
        }
        for component in &self.path {
            text.push('/');
            text.push_str(component);
        }
        text
    }
}

/// The key as it may be shown: a user and password in it are somebody's secret.
///
/// All before the last `@` is hidden but a scheme, for a password that was not
/// encoded may hold what otherwise ends the authority.
pub(super) fn shown(text: &str) -> String {
    let Some(at) = text.rfind('@') else {
        return text.to_owned();
    };
    let start = match text.split_once("://") {
        Some((scheme, _)) if is_scheme(scheme) => scheme.len() + "://".len(),
        _ => 0,
    };
    format!("{}[secret]{}", &text[..start], &text[at..])
}

fn is_scheme(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(letters)
}

fn strip_scheme(text: &str) -> Result<&str, &'static str> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok(text);
    };
    if is_scheme(scheme) {
        Ok(rest)
    } else {
        Err("before `://` the key has no scheme")
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), &'static str> {
    if authority.contains('@') {
        return Err("the key holds a user name, which only `auth` or `username` may");
    }
    let host_end = if authority.starts_with('[') {
        authority.find(']').ok_or("the bracket in the key is not closed")? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, rest) = authority.split_at(host_end);
    if rest.is_empty() {
        return Ok((host, None));
    }
    let digits = rest.strip_prefix(':').unwrap_or_default();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    match digits.parse() {
        Ok(port) if plain => Ok((host, Some(port))),
        _ => Err("the port of the key is no number from 1 to 65535"),
    }
}

fn check_host(host: &str) -> Result<(), &'static str> {
    if host.is_empty() {
        return Err("the key names no host");
    }
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Result<Ipv6Addr, _> = inner.parse();
        return address
            .map(|_| ())
            .map_err(|_| "the brackets of the key hold no IPv6 address");
    }
    for label in host.split('.') {
        if label.is_empty() {
            return Err("the host of the key has an empty label");
        }
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '*' | '?');
        if !label.chars().all(known) || label.starts_with('-') || label.ends_with('-') {
            return Err("the host of the key is no host name");
        }
    }
    Ok(())
}

fn read_path(path: &str) -> Result<Vec<String>, &'static str> {
    if matches!(path, "" | "v1" | "v2") {
        return Ok(Vec::new());
    }
    if path.split('/').any(str::is_empty) {
        return Err("the path of the key has an empty component");
    }
    Ok(path.split('/').map(str::to_owned).collect())
}

/// Label by label, as many on both sides.
fn host_matches(pattern: &str, host: &str) -> bool {
    if pattern.starts_with('[') || host.starts_with('[') {
        return pattern == host;
    }
    pattern.split('.').count() == host.split('.').count()
        && pattern
            .split('.')
            .zip(host.split('.'))
            .all(|(glob, label)| label_matches(glob, label))
}

/// `*` is any run of characters, `?` exactly one; goes back to the last `*` only, so it takes no exponential time.
fn label_matches(glob: &str, label: &str) -> bool {
    let (glob, label) = (glob.as_bytes(), label.as_bytes());
    let (mut at, mut in_label, mut star) = (0, 0, None);
    while in_label < label.len() {
        if glob.get(at) == Some(&b'*') {
            star = Some((at, in_label));
            at += 1;
        } else if glob
            .get(at)
            .is_some_and(|&byte| byte == b'?' || byte == label[in_label])
        {
            at += 1;
            in_label += 1;
        } else if let Some((star_at, taken)) = star {
            star = Some((star_at, taken + 1));
            at = star_at + 1;
            in_label = taken + 1;
        } else {
            return false;
        }
    }
    glob[at..].iter().all(|&byte| byte == b'*')
}
