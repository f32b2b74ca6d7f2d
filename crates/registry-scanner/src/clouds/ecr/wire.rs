//! The SDK's way to the network: over the client that everything else goes over, with its proxy, its trust and its bounds.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_ecr::config::http::{HttpRequest, HttpResponse};
use aws_sdk_ecr::config::{HttpClient, RuntimeComponents};
use aws_sdk_ecr::error::{BoxError, ConnectorError};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use transport::{AddressRule, Origin, Proxy, Redactor, Secret};
use url::{Host, Url, form_urlencoded};

use crate::clouds::wires::Wires;

/// The largest answer. What is asked of AWS here is answered with a few thousand bytes.
const MAX_BYTES: usize = 256 * 1024;

/// What is waited for where the SDK does not say: to connect, and for the answer after that.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(10));

/// Headers whose values are, or stand for, who we are.
const SECRET_HEADERS: [&str; 3] = ["authorization", "x-amz-security-token", "x-aws-ec2-metadata-token"];

/// What AWS puts beside machines and pods, speaking plain HTTP: the metadata of a machine, the agent of ECS, and that of EKS.
const BESIDE: &[IpAddr] = &[
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
];

/// How much of a refusal is shown.
const WORDS: usize = 200;

/// What was sent last, and may come back in the words of an error.
const REMEMBERED: usize = 32;

/// Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    wires: Arc<Wires>,
    sent: Arc<Mutex<VecDeque<Secret>>>,
    /// What somebody near said last, if that was no.
    refusal: Arc<Mutex<Option<String>>>,
}

impl Wire {
    /// What goes to AWS itself goes through `proxy`.
    pub(super) fn new(proxy: Option<Proxy>) -> Self {
        Self {
            wires: Arc::new(Wires::new(proxy, BESIDE)),
            sent: Arc::default(),
            refusal: Arc::default(),
        }
    }

    /// Takes out of a text what was sent here.
    pub(super) fn redactor(&self) -> Redactor {
        Redactor::new(&*self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the metadata of the machine or the agent of the pod refused last, which the SDK does not tell: safe to show.
    pub(super) fn refusal(&self) -> Option<String> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was refused before is not why something goes wrong from now on.
    pub(super) fn forget_refusal(&self) {
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) async fn ask(&self, request: HttpRequest, patience: Duration) -> Result<HttpResponse, ConnectorError> {
        let asked = Asked::read(&request).map_err(ConnectorError::user)?;
        self.remember(&asked);
        let near = is_near(&asked.url);
        let http = if near { self.wires.near() } else { self.wires.far() };
        let http = http.map_err(|error| ConnectorError::user(error.into()))?;
        let place = place(&asked.url);
        let sent = http.send(asked.method, asked.url, asked.headers, asked.body, patience);
        let response = sent.await.map_err(|error| ConnectorError::io(error.into()))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes(MAX_BYTES).await;
        let body = body.map_err(|error| ConnectorError::io(error.into()))?;
        if near {
            self.hear(&place, status, &body);
        }
        let status = status
            .as_u16()
            .try_into()
            .map_err(|_| other("its status is none of HTTP"))?;
        let mut answer = HttpResponse::new(status, body.into());
        for (name, value) in &headers {
            // The SDK knows texts only.
            if let Ok(value) = value.to_str() {
                answer.headers_mut().append(name.as_str().to_owned(), value.to_owned());
            }
        }
        Ok(answer)
    }

    fn hear(&self, place: &str, status: StatusCode, body: &[u8]) {
        let refusal = (!status.is_success()).then(|| {
            let words = self.redactor().safe_text(body, WORDS);
            let text = format!("{place} answered {status}: {words}");
            text.trim_end_matches([' ', ':']).to_owned()
        });
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = refusal;
    }

    fn remember(&self, asked: &Asked) {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        for secret in asked.secrets() {
            if sent.len() == REMEMBERED {
                sent.pop_front();
            }
            sent.push_back(secret);
        }
    }
}

/// What may be shown of where a question goes.
fn place(url: &Url) -> String {
    let origin = Origin::of(url).map_or_else(String::new, |origin| origin.to_string());
    format!("{origin}{}", url.path())
}

fn other(reason: &'static str) -> ConnectorError {
    ConnectorError::other(reason.into(), None)
}

/// A request of the SDK in the words of our client.
struct Asked {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Asked {
    fn read(request: &HttpRequest) -> Result<Self, BoxError> {
        let mut headers = HeaderMap::new();
        for (name, value) in request.headers() {
            let mut value = HeaderValue::from_str(value)?;
            value.set_sensitive(SECRET_HEADERS.contains(&name));
            headers.append(HeaderName::from_bytes(name.as_bytes())?, value);
        }
        let body = request.body().bytes().ok_or("its body is not in memory")?;
        Ok(Self {
            method: request.method().parse()?,
            url: Url::parse(request.uri())?,
            headers,
            body: body.to_owned(),
        })
    }

    /// What in it must never be shown.
    fn secrets(&self) -> impl Iterator<Item = Secret> {
        let of_headers = SECRET_HEADERS
            .iter()
            .filter_map(|name| self.headers.get(*name)?.to_str().ok());
        let of_headers = of_headers.map(Secret::new);
        let of_body = form_urlencoded::parse(&self.body).filter(|(key, _)| key == "WebIdentityToken");
        of_headers.chain(of_body.map(|(_, token)| Secret::new(token)))
    }
}

/// Whether it is on this machine or beside it, as the metadata of machines and the agents of pods are: never through a proxy, which
/// would ask its own.
///
/// What is plain HTTP must be so: the client for what is near refuses every other address once the name was resolved. An endpoint, or
/// a place of credentials, that the environment names elsewhere is asked over TLS or not at all.
fn is_near(url: &Url) -> bool {
    let address = match url.host() {
        _ if url.scheme() == "http" => return true,
        Some(Host::Ipv4(address)) => IpAddr::from(address),
        Some(Host::Ipv6(address)) => IpAddr::from(address),
        Some(Host::Domain(name)) => return name == "localhost",
        None => return false,
    };
    AddressRule::Near(BESIDE).allows(address)
}

impl HttpClient for Wire {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        let (connect, read) = PATIENCE;
        let patience = settings.connect_timeout().unwrap_or(connect) + settings.read_timeout().unwrap_or(read);
        SharedHttpConnector::new(Connector {
            wire: self.clone(),
            patience,
        })
    }
}

/// A wire, and how long an answer may take.
#[derive(Debug)]
struct Connector {
    wire: Wire,
    patience: Duration,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (wire, patience) = (self.wire.clone(), self.patience);
        HttpConnectorFuture::new(async move { wire.ask(request, patience).await })
    }
}

#[cfg(test)]
mod tests;
