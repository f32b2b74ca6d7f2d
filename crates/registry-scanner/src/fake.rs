//! A server on loopback that answers as a test says and writes down what it was asked.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use axum::serve::ListenerExt as _;
use domain::reference::{Reference, Registry, Repository};
use http::{HeaderMap, Method};

use crate::config::{HostConfig, Limits, ScannerConfig};
use crate::scanner::Scanner;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What stands in `Authorization`.
    pub(crate) fn authorization(&self) -> Option<&str> {
        self.header("authorization")
    }
}

/// The server; it ends with the test's runtime.
pub(crate) struct Fake {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    log: Arc<Mutex<Vec<Asked>>>,
}

impl Fake {
    /// Starts a server that answers with `answer`, which is also told how many requests came before.
    pub(crate) async fn start<F>(answer: F) -> Self
    where
        F: Fn(&Asked, usize) -> Response + Clone + Send + Sync + 'static,
    {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let log: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let kept = log.clone();
        let service = Router::new().fallback(move |request: Request| {
            let (answer, log) = (answer.clone(), kept.clone());
            async move {
                let asked = read(request).await;
                let before = {
                    let mut log = log.lock().expect("no test panics with the log");
                    log.push(asked.clone());
                    log.len() - 1
                };
                answer(&asked, before)
            }
        });
        let connections: Arc<AtomicUsize> = Arc::default();
        let count = connections.clone();
        let listener = listener.tap_io(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        });
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self {
            address,
            connections,
            log,
        }
    }

    /// A server that nobody should ask, or at least nobody with a credential.
    pub(crate) async fn bystander() -> Self {
        Self::start(|_, _| status(404)).await
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many connections were opened to it.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn log(&self) -> Vec<Asked> {
        self.log.lock().expect("no test panics with the log").clone()
    }

    /// `METHOD TARGET` of each request, with `!` where it carried a credential.
    pub(crate) fn lines(&self) -> String {
        let line = |asked: &Asked| {
            let mark = if asked.authorization().is_some() { "!" } else { "" };
            format!("{mark}{} {}\n", asked.method, asked.target)
        };
        self.log().iter().map(line).collect()
    }

    pub(crate) fn repository(&self, path: &str) -> Repository {
        Repository::parse(&format!("{}/{path}", self.address)).expect("a repository")
    }

    pub(crate) fn reference(&self, rest: &str) -> Reference {
        Reference::parse(&format!("{}/{rest}", self.address)).expect("a reference")
    }

    /// An entry that allows plain HTTP, with limits that no test waits for.
    pub(crate) fn entry(&self) -> HostConfig {
        let limits = Limits {
            requests_per_second: 10_000.try_into().expect("not zero"),
            burst: 1000.try_into().expect("not zero"),
            ..Limits::default()
        };
        let host = Registry::parse(&self.host()).expect("a registry");
        HostConfig {
            plain_http: true,
            plain_http_credentials: true,
            ..HostConfig::new(host, limits)
        }
    }

    pub(crate) fn scanner(&self) -> Scanner {
        scanner([self.entry()])
    }
}

pub(crate) fn scanner(hosts: impl IntoIterator<Item = HostConfig>) -> Scanner {
    Scanner::new(ScannerConfig {
        hosts: hosts.into_iter().collect(),
        ..ScannerConfig::default()
    })
}

async fn read(request: Request) -> Asked {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1024 * 1024).await.unwrap_or_default();
    Asked {
        method: parts.method,
        target: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

pub(crate) fn status(code: u16) -> Response {
    with(code, &[], "")
}

pub(crate) fn ok(body: impl Into<Body>) -> Response {
    with(200, &[], body)
}

pub(crate) fn with(code: u16, headers: &[(&str, &str)], body: impl Into<Body>) -> Response {
    let mut response = Response::builder().status(code);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.into()).expect("valid headers")
}

/// A page with these tags.
pub(crate) fn page(tags: &[&str]) -> String {
    format!(r#"{{"name": "x", "tags": {tags:?}}}"#)
}
