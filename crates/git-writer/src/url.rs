//! Addresses of repositories, checked at the door.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use url::Url;

/// Longest address that is looked at, in bytes.
const LONGEST_URL: usize = 2048;

/// User of an SSH address that names none; every forge calls it so.
const DEFAULT_SSH_USER: &str = "git";

/// The address of a repository: `file://`, `http://`, `https://` or `ssh://`.
///
/// It holds no secret: a password in the address is refused, and so may be shown everywhere.
/// What could be taken for an option by a program on the way (a host, user or path that begins
/// with `-`) and control characters are refused too (CVE-2017-1000117).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GitUrl {
    location: Location,
}

/// Where a repository is, by the way to get there.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Location {
    /// A bare repository on this machine.
    File(PathBuf),
    /// Smart HTTP; the address has a host, and neither user, query nor fragment.
    Http(Url),
    /// A command over SSH.
    Ssh(SshLocation),
}

/// An SSH server and a path there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SshLocation {
    pub(crate) user: String,
    /// A name or an address, IPv6 without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// As the server gets it: absolute, or below a home directory (`~user/…`).
    pub(crate) path: String,
}

/// The text is not the address of a repository that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct UrlError {
    problem: String,
}

impl GitUrl {
    /// Takes an address apart.
    ///
    /// # Errors
    ///
    /// The text is not an address of one of the four kinds, or carries what does not belong in
    /// one; the message says what to write instead and repeats no password.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        check_characters(text)?;
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(without_scheme(text));
        };
        let location = match scheme {
            "file" => Location::File(file(rest)?),
            "http" | "https" => Location::Http(http(text)?),
            "ssh" => Location::Ssh(ssh(rest)?),
            "git" => {
                return refuse("`git://` has neither encryption nor passwords: use `https://` or `ssh://`");
            }
            _ => return refuse("the scheme must be `file://`, `https://`, `http://` or `ssh://`"),
        };
        Ok(Self { location })
    }

    /// Whether data goes to this address in the clear over the network.
    pub fn is_plain_http(&self) -> bool {
        matches!(&self.location, Location::Http(url) if url.scheme() == "http")
    }

    /// Whether this is `http://` or `https://`, where a password or a token belongs.
    pub fn is_http(&self) -> bool {
        matches!(self.location, Location::Http(_))
    }

    /// Whether this is `ssh://`, where a key belongs.
    pub fn is_ssh(&self) -> bool {
        matches!(self.location, Location::Ssh(_))
    }

    /// The folder of a `file://` address.
    pub fn file_path(&self) -> Option<&Path> {
        match &self.location {
            Location::File(path) => Some(path),
            Location::Http(_) | Location::Ssh(_) => None,
        }
    }

    pub(crate) fn location(&self) -> &Location {
        &self.location
    }
}

impl FromStr for GitUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        Self::parse(text)
    }
}

impl fmt::Display for GitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            // Absolute by construction, so there is a URL of it; the path alone would do for a reader.
            Location::File(path) => match Url::from_file_path(path) {
                Ok(url) => write!(f, "{url}"),
                Err(()) => write!(f, "file://{}", path.display()),
            },
            Location::Http(url) => write!(f, "{url}"),
            Location::Ssh(ssh) => write!(f, "{ssh}"),
        }
    }
}

impl fmt::Debug for GitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GitUrl({self})")
    }
}

impl fmt::Display for SshLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ssh://{}@", self.user)?;
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        if self.port != 22 {
            write!(f, ":{}", self.port)?;
        }
        let slash = if self.path.starts_with('/') { "" } else { "/" };
        write!(f, "{slash}{}", self.path)
    }
}

fn refuse<T>(problem: impl Into<String>) -> Result<T, UrlError> {
    Err(UrlError {
        problem: problem.into(),
    })
}

fn check_characters(text: &str) -> Result<(), UrlError> {
    if text.is_empty() {
        return refuse("the address is empty");
    }
    if text.len() > LONGEST_URL {
        return refuse(format!("the address is longer than {LONGEST_URL} bytes"));
    }
    if text.starts_with('-') {
        return refuse("the address begins with `-`");
    }
    // The URL parser drops tabs and line ends silently, and then two readers see two addresses.
    if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'\\') {
        return refuse("the address holds a space, a backslash or a control character; write it percent-encoded");
    }
    Ok(())
}

fn without_scheme(text: &str) -> UrlError {
    let problem = match text.split_once(':') {
        _ if text.starts_with('/') => format!("a path alone is not an address: write `file://{text}`"),
        // What stands before the `@` might be a password, so it is shown only where it is a plain name.
        Some((host, path)) if !host.contains('/') => {
            let host = match host.rsplit_once('@') {
                Some((user, host)) if is_user(user) => format!("{user}@{host}"),
                Some((_, host)) => host.to_owned(),
                None => host.to_owned(),
            };
            format!(
                "scp-like addresses are not read: write `ssh://{host}/{}`",
                path.trim_start_matches('/')
            )
        }
        _ => "the address has no scheme: write `file://`, `https://`, `http://` or `ssh://` before it".to_owned(),
    };
    UrlError { problem }
}

fn file(rest: &str) -> Result<PathBuf, UrlError> {
    let path = rest
        .strip_prefix("localhost/")
        .map_or(rest, |path| &rest[rest.len() - path.len() - 1..]);
    let path = path.trim_end_matches('/');
    if !path.is_empty() && !path.starts_with('/') {
        return refuse("a `file://` address needs an absolute path: `file:///srv/fleet.git`");
    }
    let url = Url::parse(&format!("file://{path}")).map_err(|error| UrlError {
        problem: error.to_string(),
    })?;
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("a `file://` address has no `?` and no `#`; write them percent-encoded");
    }
    match url.to_file_path() {
        Ok(path) if path.to_str().is_none_or(|path| path.chars().any(char::is_control)) => {
            refuse("the path holds a control character or is not UTF-8")
        }
        Ok(path) if path.parent().is_some() => Ok(path),
        _ => refuse("a `file://` address needs the path of a repository: `file:///srv/fleet.git`"),
    }
}

fn http(text: &str) -> Result<Url, UrlError> {
    let mut url = Url::parse(text).map_err(|error| UrlError {
        problem: error.to_string(),
    })?;
    if !url.username().is_empty() || url.password().is_some() || authority(text).contains('@') {
        return refuse("the address holds a user or a password: move them to the repository's `auth`");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("the address of a repository has no `?` and no `#`");
    }
    let path = url.path().trim_end_matches('/').to_owned();
    if path.is_empty() {
        return refuse("the address names no repository after the host");
    }
    url.set_path(&path);
    Ok(url)
}

/// What stands between `://` and the next `/`.
fn authority(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn ssh(rest: &str) -> Result<SshLocation, UrlError> {
    let Some((authority, path)) = rest.split_once('/') else {
        return refuse("the address names no repository after the host");
    };
    let (user, host_and_port) = match authority.rsplit_once('@') {
        Some((user, _)) if user.contains(':') => {
            return refuse(
                "the address holds a password: SSH servers are reached with the key of the repository's `auth`",
            );
        }
        Some((user, host)) => (user, host),
        None => (DEFAULT_SSH_USER, authority),
    };
    if !is_user(user) {
        return refuse(
            "the user of the address may hold letters, digits, `.`, `_`, `-` and `+`, and begins with none of `-.`",
        );
    }
    let (host, port) = host_and_port_of(host_and_port)?;
    let path = if path.starts_with('~') {
        path.to_owned()
    } else {
        format!("/{path}")
    };
    let path = percent_decoded(path.trim_end_matches('/'))?;
    if path.is_empty() {
        return refuse("the address names no repository after the host");
    }
    Ok(SshLocation {
        user: user.to_owned(),
        host,
        port,
        path,
    })
}

fn is_user(user: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte);
    !user.is_empty() && user.len() <= 64 && !user.starts_with(['-', '.']) && user.bytes().all(plain)
}

fn host_and_port_of(text: &str) -> Result<(String, u16), UrlError> {
    let (host, port) = match text.strip_prefix('[') {
        Some(bracketed) => {
            let Some((address, after)) = bracketed.split_once(']') else {
                return refuse("the address has a `[` without its `]`");
            };
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return refuse("what stands in `[…]` is not an IPv6 address");
            }
            (address, after)
        }
        None => {
            let (host, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
            if host.is_empty() || host.len() > 253 || host.starts_with(['-', '.']) || !host.bytes().all(plain) {
                return refuse("the host of the address is not a host name");
            }
            (host, port)
        }
    };
    let port = match port {
        "" => 22,
        port => match port.strip_prefix(':').map(str::parse) {
            Some(Ok(port)) if port > 0 => port,
            _ => return refuse("what follows the host is not a port from 1 to 65535"),
        },
    };
    Ok((host.to_ascii_lowercase(), port))
}

fn percent_decoded(path: &str) -> Result<String, UrlError> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next().unwrap_or(0), rest.next().unwrap_or(0)];
        let mut decoded = [0];
        if hex::decode_to_slice(digits, &mut decoded).is_err() {
            return refuse("the path holds a `%` that no two hexadecimal digits follow");
        }
        bytes.push(decoded[0]);
    }
    match String::from_utf8(bytes) {
        Ok(path) if !path.chars().any(char::is_control) => Ok(path),
        _ => refuse("the path holds a control character or is not UTF-8"),
    }
}

#[cfg(test)]
mod tests;
