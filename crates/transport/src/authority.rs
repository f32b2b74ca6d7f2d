//! Hosts and ports, read strictly and compared exactly.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use url::{Host, Url};

/// `http` or `https`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Without TLS: only where the operator said so.
    Http,
    /// With TLS.
    Https,
}

impl Scheme {
    /// As it stands in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that a URL without one means.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// `HOST[:PORT]`: lower case, internationalised names in ASCII, without a trailing dot.
///
/// IPv4 addresses are dotted quads only (`0x7f.1` and `2130706433` are refused), IPv6 addresses stand in brackets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Authority {
    host: String,
    port: Option<u16>,
}

/// A text is no `HOST[:PORT]`, or no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {wanted}: {reason}")]
pub struct AuthorityError {
    text: String,
    wanted: &'static str,
    reason: &'static str,
}

impl AuthorityError {
    /// What is wrong, without the text that it is wrong with.
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

impl Authority {
    /// Reads `HOST[:PORT]`.
    ///
    /// # Errors
    ///
    /// The text holds anything else: a scheme, a user, a path, a bad port, an address in an unusual form.
    pub fn parse(text: &str) -> Result<Self, AuthorityError> {
        let fail = |reason| AuthorityError {
            text: text.escape_default().to_string(),
            wanted: "HOST[:PORT]",
            reason,
        };
        let (host, port) = split_port(text).map_err(fail)?;
        Ok(Self {
            host: normalise_host(host).map_err(fail)?,
            port,
        })
    }

    /// The host; an IPv6 address keeps its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, if one is written.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The origin that this names under `scheme`.
    pub fn origin(&self, scheme: Scheme) -> Origin {
        Origin {
            scheme,
            host: self.host.clone(),
            port: self.port.unwrap_or(scheme.default_port()),
        }
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl FromStr for Authority {
    type Err = AuthorityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Scheme, host and port (RFC 6454): a credential belongs to exactly one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    scheme: Scheme,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an absolute URL as a server wrote it.
    ///
    /// # Errors
    ///
    /// The URL is not `http` or `https`, carries a user or password, or names its host in an unusual form that a URL
    /// parser would silently turn into another host.
    pub fn of_text(text: &str) -> Result<Self, AuthorityError> {
        let fail = |reason| AuthorityError {
            text: text.escape_default().to_string(),
            wanted: "http or https URL",
            reason,
        };
        let (scheme, rest) =
            split_scheme(text).ok_or_else(|| fail("it begins with neither `https://` nor `http://`"))?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let authority = &rest[..end];
        if text.contains('\\') {
            return Err(fail("it holds a backslash, which readers of URLs disagree about"));
        }
        if authority.contains('@') {
            return Err(fail("it carries a user name or password"));
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(fail("it holds white space or control characters"));
        }
        let origin = Authority::parse(authority)
            .map_err(|error| fail(error.reason))?
            .origin(scheme);
        let url = Url::parse(text).map_err(|_| fail("it does not parse"))?;
        // Two readers of one text must agree on the host, or the check was made on another host than the request goes to.
        if Self::of(&url) != Some(origin.clone()) {
            return Err(fail("its host is written in an unusual form"));
        }
        Ok(origin)
    }

    /// The origin of a parsed URL; `None` for other schemes.
    pub fn of(url: &Url) -> Option<Self> {
        let scheme = match url.scheme() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let host = url.host_str()?.trim_end_matches('.').to_owned();
        Some(Self {
            scheme,
            host,
            port: url.port_or_known_default()?,
        })
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host, in lower case; an IPv6 address keeps its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, the default one of the scheme included.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.host)?;
        if self.port == self.scheme.default_port() {
            Ok(())
        } else {
            write!(f, ":{}", self.port)
        }
    }
}

fn split_scheme(text: &str) -> Option<(Scheme, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    if scheme.eq_ignore_ascii_case("https") {
        Some((Scheme::Https, rest))
    } else if scheme.eq_ignore_ascii_case("http") {
        Some((Scheme::Http, rest))
    } else {
        None
    }
}

fn split_port(text: &str) -> Result<(&str, Option<u16>), &'static str> {
    let host_end = if text.starts_with('[') {
        text.find(']').ok_or("the bracket is not closed")? + 1
    } else {
        text.find(':').unwrap_or(text.len())
    };
    let (host, rest) = text.split_at(host_end);
    match rest.strip_prefix(':') {
        None if rest.is_empty() => Ok((host, None)),
        None => Err("something stands after the address"),
        Some(digits) => Ok((host, Some(parse_port(digits)?))),
    }
}

fn parse_port(digits: &str) -> Result<u16, &'static str> {
    const WRONG: &str = "a port is a number from 1 to 65535";
    if digits.is_empty() || digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(WRONG);
    }
    digits.parse().map_err(|_| WRONG)
}

fn normalise_host(text: &str) -> Result<String, &'static str> {
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Ipv6Addr = inner.parse().map_err(|_| "in the brackets there is no IPv6 address")?;
        return Ok(Host::<String>::Ipv6(address).to_string());
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.is_empty() {
        return Err("there is no host");
    }
    if text.contains(['/', '@', '?', '#', '\\', '%', '*', '<', '>', '^', '|'])
        || text.chars().any(|c| c.is_control() || c.is_whitespace())
    {
        return Err("it holds a character that no host name has");
    }
    match Host::parse(text).map_err(|_| "it is no host name")? {
        Host::Domain(name) => Ok(name),
        Host::Ipv4(address) if text.parse::<Ipv4Addr>() == Ok(address) => Ok(address.to_string()),
        Host::Ipv4(_) => Err("an IPv4 address is written as four decimal numbers"),
        Host::Ipv6(_) => Err("an IPv6 address stands in brackets"),
    }
}

#[cfg(test)]
mod tests;
