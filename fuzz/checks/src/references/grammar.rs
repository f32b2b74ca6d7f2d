//! The grammar of references, read once more and in another way: by splitting, without saying what is wrong.

use std::net::Ipv6Addr;

/// A reference's parts, canonical.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) registry: &'a str,
    pub(super) path: String,
    pub(super) tag: Option<&'a str>,
    pub(super) digest: Option<&'a str>,
}

/// The names that Docker Hub goes by.
const DOCKER_HUB: [&str; 4] = [
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "registry.hub.docker.com",
];

/// Reads `[REGISTRY/]REPOSITORY[:TAG][@DIGEST]`; `None` for everything else.
pub(super) fn read(text: &str) -> Option<Parts<'_>> {
    let (registry, rest) = match text.split_once('/') {
        Some((first, rest)) if names_registry(first) => (Some(first), rest),
        _ => (None, text),
    };
    let (rest, digest) = match rest.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (rest, None),
    };
    let (path, tag) = match rest.split_once(':') {
        Some((path, tag)) => (path, Some(tag)),
        None => (rest, None),
    };
    let registry = match registry {
        Some(registry) if !is_registry(registry) => return None,
        Some(registry) if !is_docker_hub(registry) => registry,
        _ => "docker.io",
    };
    let is_id = text.len() == 64 && text.bytes().all(is_lower_hex);
    let path = match path {
        _ if registry == "docker.io" && !path.contains('/') => format!("library/{path}"),
        _ => path.to_owned(),
    };
    let valid = !is_id && is_path(&path) && tag.is_none_or(is_tag) && digest.is_none_or(is_digest);
    valid.then_some(Parts {
        registry,
        path,
        tag,
        digest,
    })
}

fn names_registry(first: &str) -> bool {
    first == "localhost" || first.contains(|letter: char| letter == '.' || letter == ':' || letter.is_ascii_uppercase())
}

fn is_docker_hub(registry: &str) -> bool {
    DOCKER_HUB.iter().any(|name| name.eq_ignore_ascii_case(registry))
}

pub(super) fn is_registry(text: &str) -> bool {
    let (host, port) = match text.rfind(']') {
        Some(end) => text.split_at(end + 1),
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    is_host(host) && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return !address.contains('.') && address.parse::<Ipv6Addr>().is_ok();
    }
    let is_edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        let inner = bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
        inner && is_edge(bytes.first()) && is_edge(bytes.last())
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

fn is_port(port: &str) -> bool {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    digits && !port.starts_with('0') && port.parse::<u16>().is_ok()
}

fn is_path(path: &str) -> bool {
    path.len() <= 255 && path.split('/').all(is_component)
}

/// Runs of `[a-z0-9]` joined by `.`, `_`, `__` or any number of `-`.
fn is_component(component: &str) -> bool {
    let is_run = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let separators: Vec<&str> = component
        .split(|letter: char| u8::try_from(letter).is_ok_and(is_run))
        .filter(|separator| !separator.is_empty())
        .collect();
    let joined =
        |separator: &&str| matches!(*separator, "." | "_" | "__") || separator.bytes().all(|byte| byte == b'-');
    let ends = [component.bytes().next(), component.bytes().next_back()];
    ends.into_iter().all(|end| end.is_some_and(is_run)) && separators.iter().all(joined)
}

pub(super) fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let rest = |byte: u8| is_word(byte) || byte == b'.' || byte == b'-';
    (1..=128).contains(&tag.len()) && tag.bytes().next().is_some_and(is_word) && tag.bytes().all(rest)
}

fn is_digest(digest: &str) -> bool {
    match digest.split_once(':') {
        Some(("sha256", hex)) => hex.len() == 64 && hex.bytes().all(is_lower_hex),
        Some(("sha512", hex)) => hex.len() == 128 && hex.bytes().all(is_lower_hex),
        _ => false,
    }
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}
