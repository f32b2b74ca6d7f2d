//! A request as it arrived.

use std::net::SocketAddr;
use std::time::Instant;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Version};

/// The headers that carry credentials.
const SECRET: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "x-registry-auth"];

/// A request as it arrived: all of it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its method.
    pub method: Method,
    /// Its path, without the query.
    pub path: String,
    /// Its query, without the question mark; empty if there was none.
    pub query: String,
    /// The protocol it came by.
    pub version: Version,
    /// Its whole block of headers.
    pub headers: HeaderMap,
    /// The host that it named, in a header or its target.
    pub host: String,
    /// Its body.
    pub body: Bytes,
    /// Where it came from.
    pub peer: SocketAddr,
    /// When all of it was there.
    pub at: Instant,
}

impl Seen {
    pub(crate) fn new(head: Parts, body: Bytes, peer: SocketAddr) -> Self {
        let header = head.headers.get("host").and_then(|host| host.to_str().ok());
        let host = head
            .uri
            .authority()
            .map(http::uri::Authority::as_str)
            .or(header)
            .unwrap_or_default()
            .to_owned();
        Self {
            method: head.method,
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            version: head.version,
            headers: head.headers,
            host,
            body,
            peer,
            at: Instant::now(),
        }
    }

    /// Path and query.
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    /// The first header of this name, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The names of the headers that carry a credential.
    pub fn credentials(&self) -> Vec<&'static str> {
        SECRET
            .into_iter()
            .filter(|name| self.headers.contains_key(*name))
            .collect()
    }

    /// The request as text: its line, its headers, its body.
    pub fn text(&self) -> String {
        let mut text = format!("{} {} {:?}\n", self.method, self.target(), self.version);
        for (name, value) in &self.headers {
            text += &format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()));
        }
        text + "\n" + &String::from_utf8_lossy(&self.body)
    }
}
