//! The HTTP client: one pool of connections for one set of trust anchors and one proxy.

mod drip;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};
use http::{HeaderMap, Method, StatusCode};
use reqwest::{Certificate, NoProxy, redirect};
use tokio::time::Instant;
use url::Url;

use self::drip::{Drips, Flow, SLOWEST};
use crate::address::{AddressRule, CheckedResolver};
use crate::{Origin, Secret};

/// Who is asked when a server shows its certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Trust {
    /// The certificate authorities of the operating system.
    #[default]
    System,
    /// These PEM certificates and no others.
    Only(Vec<u8>),
}

/// A forward proxy, from the configuration; the environment's proxies are not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// `http://`, `https://` or `socks5://HOST:PORT`.
    pub url: String,
    /// User and password for the proxy itself; sent to nobody else.
    pub credentials: Option<(String, Secret)>,
    /// Hosts that are reached directly: names, `.suffix`es, addresses or networks in CIDR form.
    pub no_proxy: Vec<String>,
}

/// What makes two clients different; everything else is a constant of this crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpConfig {
    /// Trust anchors.
    pub trust: Trust,
    /// The forward proxy, if any.
    pub proxy: Option<Proxy>,
    /// Where connections may go.
    pub addresses: AddressRule,
    /// Longest wait for a connection, TLS included.
    pub connect_timeout: Duration,
    /// Longest silence while an answer is being read.
    pub read_timeout: Duration,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            trust: Trust::System,
            proxy: None,
            addresses: AddressRule::Any,
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(15),
        }
    }
}

/// A client cannot be made from its configuration.
#[derive(Debug, thiserror::Error)]
#[error("failed to set up an HTTP client")]
pub struct ClientError(#[source] ClientErrorKind);

#[derive(Debug, thiserror::Error)]
enum ClientErrorKind {
    #[error("the CA file holds no usable PEM certificate; it must have `-----BEGIN CERTIFICATE-----` blocks")]
    Certificate,
    #[error("the proxy URL is not usable; write `http://HOST:PORT`")]
    Proxy,
    #[error(transparent)]
    Build(reqwest::Error),
}

/// An HTTP/1.1 and HTTP/2 client over rustls, for requests that carry credentials.
///
/// It follows no redirect, sends no referrer, keeps no cookies and inflates nothing. Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct HttpClient {
    inner: reqwest::Client,
    addresses: AddressRule,
    /// The host of the forward proxy.
    proxy: Option<String>,
}

impl HttpClient {
    /// Builds a client; takes some milliseconds, so keep it.
    ///
    /// # Errors
    ///
    /// The CA or the proxy is not usable. Trying again does not help.
    pub fn new(config: &HttpConfig) -> Result<Self, ClientError> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("tidemark/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.read_timeout)
            .pool_idle_timeout(Duration::from_secs(60))
            .retry(reqwest::retry::never())
            .http2_max_header_list_size(64 * 1024);
        if let Trust::Only(pem) = &config.trust {
            builder = builder.tls_certs_only(certificates(pem)?);
        }
        let proxy = config.proxy.as_ref().and_then(Proxy::host);
        if config.addresses != AddressRule::Any {
            builder = builder.dns_resolver(CheckedResolver {
                rule: config.addresses,
                proxy: proxy.clone(),
            });
        }
        if let Some(proxy) = &config.proxy {
            builder = builder.proxy(forward(proxy)?);
        }
        let inner = builder
            .build()
            .map_err(|error| ClientError(ClientErrorKind::Build(error)))?;
        Ok(Self {
            inner,
            addresses: config.addresses,
            proxy,
        })
    }

    /// Sends one request and waits for the head of its answer, `timeout` at most.
    ///
    /// The answer's body has the same time limit, counted from the start of the request.
    ///
    /// # Errors
    ///
    /// No answer arrived; whether the server acted on the request is unknown.
    pub async fn send(
        &self,
        method: Method,
        url: Url,
        headers: HeaderMap,
        body: impl Into<reqwest::Body>,
        timeout: Duration,
    ) -> Result<Response, SendError> {
        let target = self.target_of(&url);
        self.check_literal(&url).map_err(|kind| SendError {
            target: target.clone(),
            kind,
        })?;
        let request = self
            .inner
            .request(method, url)
            .headers(headers)
            .body(body)
            .timeout(timeout);
        match request.send().await {
            Ok(inner) => Ok(Response { inner, target }),
            Err(error) => Err(SendError {
                target,
                kind: SendErrorKind::Http(error.without_url()),
            }),
        }
    }

    /// Scheme, host, port and path: what may be shown of a URL. Queries hold signatures and tokens; so may the paths that a server
    /// chose.
    fn target_of(&self, url: &Url) -> Arc<str> {
        let origin = Origin::of(url).map_or_else(|| url.scheme().to_owned(), |origin| origin.to_string());
        if self.addresses == AddressRule::PublicOnly {
            origin.into()
        } else {
            format!("{origin}{}", url.path()).into()
        }
    }

    /// An address that stands in the URL itself never reaches the resolver, so it is checked here.
    fn check_literal(&self, url: &Url) -> Result<(), SendErrorKind> {
        let literal = url
            .host_str()
            .and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
        match literal {
            Some(address) if !self.addresses.allows(address) => Err(SendErrorKind::Forbidden {
                address,
                wanted: self.addresses.wanted(),
            }),
            None if self.addresses == AddressRule::PublicOnly && self.is_near_the_proxy(url) => {
                Err(SendErrorKind::Local)
            }
            _ => Ok(()),
        }
    }

    /// Whether a proxy would take a name for itself. All other names it resolves where we cannot see what they lead to.
    fn is_near_the_proxy(&self, url: &Url) -> bool {
        let (Some(proxy), Some(name)) = (&self.proxy, url.host_str()) else {
            return false;
        };
        let name = name.trim_end_matches('.');
        name == "localhost" || name.ends_with(".localhost") || proxy.eq_ignore_ascii_case(name)
    }
}

impl Proxy {
    /// The name or address that it is reached by.
    fn host(&self) -> Option<String> {
        Url::parse(&self.url).ok()?.host_str().map(str::to_owned)
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, ClientError> {
    match Certificate::from_pem_bundle(pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(ClientError(ClientErrorKind::Certificate)),
    }
}

fn forward(proxy: &Proxy) -> Result<reqwest::Proxy, ClientError> {
    let forward = reqwest::Proxy::all(&proxy.url).map_err(|_| ClientError(ClientErrorKind::Proxy))?;
    let forward = forward.no_proxy(NoProxy::from_string(&proxy.no_proxy.join(",")));
    Ok(match &proxy.credentials {
        Some((user, password)) => forward.basic_auth(user, password.expose()),
        None => forward,
    })
}

/// The head of an answer, with its body still to be read.
#[derive(Debug)]
pub struct Response {
    inner: reqwest::Response,
    target: Arc<str>,
}

impl Response {
    /// The status code.
    pub fn status(&self) -> StatusCode {
        self.inner.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }

    /// The whole body, `limit` bytes at most.
    ///
    /// # Errors
    ///
    /// The body is larger, the connection broke, the time was over, or it came by drops: after some seconds it must have come at
    /// 1 KiB a second.
    pub async fn bytes(self, limit: usize) -> Result<Bytes, BodyError> {
        let too_large = |target: &Arc<str>| BodyError {
            target: target.clone(),
            kind: BodyErrorKind::TooLarge { limit },
        };
        let target = self.target.clone();
        if self.inner.content_length().is_some_and(|length| length > limit as u64) {
            return Err(too_large(&target));
        }
        let mut whole = BytesMut::new();
        let mut chunks = std::pin::pin!(self.stream());
        let mut flow = Flow::default();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk?;
            let came = flow.came(chunk.len(), Instant::now());
            came.map_err(|Drips { bytes, took }| BodyError {
                target: target.clone(),
                kind: BodyErrorKind::TooSlow { bytes, took },
            })?;
            if whole.len() + chunk.len() > limit {
                return Err(too_large(&target));
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }

    /// The first `limit` bytes of the body, as far as they arrive and do not come by drops: for the words of an error answer.
    pub async fn first_bytes(self, limit: usize) -> Bytes {
        let mut start = BytesMut::new();
        let mut chunks = std::pin::pin!(self.stream());
        let mut flow = Flow::default();
        while let Some(Ok(chunk)) = chunks.next().await {
            let drips = flow.came(chunk.len(), Instant::now()).is_err();
            let room = limit - start.len();
            start.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if drips || chunk.len() >= room {
                break;
            }
        }
        start.freeze()
    }

    /// The body as it arrives; the reader counts its bytes. It may come by drops: a git server that packs says no more than that it
    /// is still there.
    pub fn stream(self) -> impl Stream<Item = Result<Bytes, BodyError>> + Send {
        let target = self.target;
        self.inner.bytes_stream().map(move |chunk| {
            chunk.map_err(|error| BodyError {
                target: target.clone(),
                kind: BodyErrorKind::Http(error.without_url()),
            })
        })
    }
}

/// A request got no answer.
#[derive(Debug, thiserror::Error)]
#[error("failed to reach {target}")]
pub struct SendError {
    target: Arc<str>,
    #[source]
    kind: SendErrorKind,
}

#[derive(Debug, thiserror::Error)]
enum SendErrorKind {
    #[error("{address} is no {wanted}, and only those may be connected to here")]
    Forbidden { address: IpAddr, wanted: &'static str },
    #[error("it is the proxy itself, which is not public, and only public hosts may be connected to here")]
    Local,
    #[error(transparent)]
    Http(reqwest::Error),
}

impl SendError {
    /// No connection was made, so the server has not acted on the request.
    pub fn is_connect(&self) -> bool {
        match &self.kind {
            SendErrorKind::Http(error) => error.is_connect(),
            SendErrorKind::Forbidden { .. } | SendErrorKind::Local => true,
        }
    }

    /// The time was over.
    pub fn is_timeout(&self) -> bool {
        matches!(&self.kind, SendErrorKind::Http(error) if error.is_timeout())
    }
}

/// The body of an answer could not be read to its end.
#[derive(Debug, thiserror::Error)]
#[error("failed to read the answer of {target}")]
pub struct BodyError {
    target: Arc<str>,
    #[source]
    kind: BodyErrorKind,
}

#[derive(Debug, thiserror::Error)]
enum BodyErrorKind {
    #[error("it is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error(
        "it comes too slowly: {bytes} bytes in {} seconds, where {SLOWEST} a second would do",
        .took.as_secs()
    )]
    TooSlow { bytes: u64, took: Duration },
    #[error(transparent)]
    Http(reqwest::Error),
}

impl BodyError {
    /// The time was over.
    pub fn is_timeout(&self) -> bool {
        matches!(&self.kind, BodyErrorKind::Http(error) if error.is_timeout())
    }

    /// The body was larger than the bound; trying again does not help.
    pub fn is_too_large(&self) -> bool {
        matches!(self.kind, BodyErrorKind::TooLarge { .. })
    }
}

#[cfg(test)]
mod tests;
