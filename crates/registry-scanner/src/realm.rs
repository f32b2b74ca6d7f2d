//! Which token servers a registry may send its clients to.
//!
//! A registry names its token server in each challenge. Whoever can change that name would get the password, so only these
//! are believed: the registry's own authority, the hosts that the operator lists in `tokenHosts`, and the documented pairs of
//! [`BUILT_IN`].

use transport::{Authority, Origin, Redactor, Scheme, one_line};
use url::Url;

/// Registries whose token server is documented to be another host. All others named here for the reader are their own:
/// ghcr.io, quay.io, gcr.io and `*.pkg.dev`, public.ecr.aws, `*.azurecr.io`, cgr.dev.
const BUILT_IN: [(&str, &str); 4] = [
    ("registry-1.docker.io", "auth.docker.io"),
    ("registry.gitlab.com", "gitlab.com"),
    ("docker.elastic.co", "docker-auth.elastic.co"),
    ("registry.digitalocean.com", "api.digitalocean.com"),
];

/// How a host is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Manner {
    /// Without TLS.
    pub(crate) plain_http: bool,
    /// Credentials are sent without TLS as well.
    pub(crate) plain_http_credentials: bool,
}

impl Manner {
    fn scheme(self) -> Scheme {
        if self.plain_http { Scheme::Http } else { Scheme::Https }
    }

    fn carries_credentials(self, scheme: Scheme) -> bool {
        scheme == Scheme::Https || self.plain_http_credentials
    }
}

/// The token servers that a registry may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenServers {
    registry: String,
    allowed: Vec<Allowed>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Allowed {
    origin: Origin,
    credentials: bool,
}

/// A token server that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Realm {
    /// The realm as the registry wrote it, its query included.
    pub(crate) url: Url,
    /// Whether credentials may be sent there.
    pub(crate) credentials: bool,
}

/// The registry names a token server that it may not name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{registry}` sends its clients for a token to `{realm}`, which is not asked: {reason}")]
pub(crate) struct RealmRefused {
    registry: String,
    realm: String,
    reason: String,
    entry: String,
}

impl RealmRefused {
    /// `HOST[:PORT]` as it would stand in `tokenHosts`; the realm as it was written where it is no address.
    pub(crate) fn entry(&self) -> &str {
        &self.entry
    }

    /// Without our own secrets, which the registry may have written into the realm.
    pub(crate) fn redacted(self, redactor: &Redactor) -> Self {
        let safe = |text: &str| redactor.safe_text(text.as_bytes(), usize::MAX);
        Self {
            realm: safe(&self.realm),
            reason: safe(&self.reason),
            entry: safe(&self.entry),
            ..self
        }
    }
}

impl TokenServers {
    /// `named` are the `tokenHosts` with the manner of their own `hosts` entry, if they have one.
    pub(crate) fn new(registry: &Origin, manner: Manner, named: &[(Authority, Option<Manner>)]) -> Self {
        let mut servers = Self {
            registry: registry.to_string(),
            allowed: Vec::new(),
        };
        let itself = format!("{}:{}", registry.host(), registry.port());
        let itself = Authority::parse(&itself).expect("the host and port of an origin are an authority");
        servers.allow(&itself, manner);
        for (authority, own) in named {
            servers.allow(authority, own.unwrap_or(manner));
        }
        if manner.scheme() == Scheme::Https && registry.port() == Scheme::Https.default_port() {
            let secure = Manner {
                plain_http: false,
                plain_http_credentials: false,
            };
            for (_, server) in BUILT_IN.iter().filter(|(host, _)| *host == registry.host()) {
                let server = Authority::parse(server).expect("the table holds host names");
                servers.allow(&server, secure);
            }
        }
        servers
    }

    /// A host with TLS is asked with TLS only, one without TLS also with it.
    fn allow(&mut self, authority: &Authority, manner: Manner) {
        self.allowed.push(Allowed {
            origin: authority.origin(Scheme::Https),
            credentials: true,
        });
        if manner.plain_http {
            self.allowed.push(Allowed {
                origin: authority.origin(Scheme::Http),
                credentials: manner.carries_credentials(Scheme::Http),
            });
        }
    }

    /// Whether the realm of a challenge may be asked, and with what.
    pub(crate) fn decide(&self, realm: &str) -> Result<Realm, RealmRefused> {
        // The user goes first: a long one would lose the `@` that it is known by.
        let shown = one_line(&without_user(realm), 200);
        let refuse = |reason: String, entry: &str| RealmRefused {
            registry: self.registry.clone(),
            realm: shown.clone(),
            reason,
            entry: entry.to_owned(),
        };
        let origin = Origin::of_text(realm).map_err(|error| refuse(error.reason().to_owned(), &shown))?;
        let url = Url::parse(realm).map_err(|_| refuse("it does not parse".to_owned(), &shown))?;
        if let Some(allowed) = self.allowed.iter().find(|allowed| allowed.origin == origin) {
            return Ok(Realm {
                url,
                credentials: allowed.credentials,
            });
        }
        let default = origin.port() == origin.scheme().default_port();
        let host = origin.host();
        let entry = if default {
            host.to_owned()
        } else {
            format!("{host}:{}", origin.port())
        };
        Err(refuse(self.advice(&origin, &entry), &entry))
    }

    fn advice(&self, origin: &Origin, entry: &str) -> String {
        let tls = |allowed: &Allowed| {
            let same_port =
                allowed.origin.port() == origin.port() || (allowed.origin.port() == 443 && origin.port() == 80);
            allowed.origin.host() == origin.host() && same_port
        };
        if origin.scheme() == Scheme::Http && self.allowed.iter().any(tls) {
            return "it is plain HTTP, and this host is asked over TLS only".to_owned();
        }
        format!(
            "it is another host or port, and the registry's credentials are for the registry alone; if this is its token server, \
             add `tokenHosts: [\"{entry}\"]` to the registry's entry in `registries.hosts`"
        )
    }
}

/// What stands before an `@` in the authority may be a password.
fn without_user(url: &str) -> String {
    // Where no authority can be told, all of it may be one.
    let (start, end) = url.find("://").map_or((0, url.len()), |at| {
        let start = at + "://".len();
        let length = url[start..].find(['/', '?', '#']);
        (start, length.map_or(url.len(), |length| start + length))
    });
    let authority_end = url[start..end].rfind('@');
    let shown = match authority_end {
        Some(at) => format!("{}[user]{}", &url[..start], &url[start + at..]),
        None => url.to_owned(),
    };
    shown.split('?').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
