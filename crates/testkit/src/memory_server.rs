//! The registry in memory, being served.

use axum::body::Body;
use http::Request;
use memory_registry::Registry;
use tower::ServiceExt;

use crate::http_server::{Answered, DropConnection, HttpServer, read};
use crate::{Ca, Seen};

/// A [`Registry`] in memory on a port of 127.0.0.1, over HTTP or TLS.
#[derive(Debug)]
pub struct MemoryRegistry {
    /// The registry itself: fill it, set its manners, ask what arrived.
    pub registry: Registry,
    server: HttpServer,
}

impl MemoryRegistry {
    /// Serves an empty registry over plain HTTP.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub fn start() -> anyhow::Result<Self> {
        Self::serve(Registry::new(), None)
    }

    /// Serves an empty registry over TLS, with HTTP/2.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub fn start_tls(ca: &Ca) -> anyhow::Result<Self> {
        Self::serve(Registry::new(), Some(ca))
    }

    fn serve(registry: Registry, ca: Option<&Ca>) -> anyhow::Result<Self> {
        let (served, tls) = (registry.clone(), ca.is_some());
        let server = HttpServer::start("127.0.0.1", ca, move |seen| ask(served.clone(), tls, seen))?;
        Ok(Self { registry, server })
    }

    /// Its `HOST:PORT`, as image references have it.
    pub fn host(&self) -> String {
        self.server.address().to_string()
    }

    /// Its origin.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> usize {
        read(&self.server.wire().connections)
    }
}

/// Asks the registry.
pub(crate) async fn ask(registry: Registry, tls: bool, seen: Seen) -> Answered {
    let mut request = Request::builder()
        .method(seen.method.clone())
        .uri(seen.target())
        .version(seen.version);
    if let Some(headers) = request.headers_mut() {
        headers.clone_from(&seen.headers);
        headers.extend(seen.host.parse().ok().map(|host| (http::header::HOST, host)));
    }
    let request = request.body(Body::from(seen.body)).map_err(|_| DropConnection::Close)?;
    let router = if tls {
        registry.router_behind_tls()
    } else {
        registry.router()
    };
    let Ok(response) = router.oneshot(request).await;
    Ok(response)
}

#[cfg(test)]
mod tests;
