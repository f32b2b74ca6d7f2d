//! The HTTP server under all servers of our own: plain or TLS, HTTP/1.1 and 2.

use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::background::Background;
use crate::wire::{Tapped, Wire};
use crate::{Ca, Seen};

/// The largest body that is read of a request.
const LARGEST_BODY: usize = 64 << 20;

/// The connection is to be dropped without an answer.
#[derive(Debug)]
pub(crate) struct DropConnection;

impl std::fmt::Display for DropConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is dropped on purpose")
    }
}

impl std::error::Error for DropConnection {}

pub(crate) type Answered = Result<Response<Body>, DropConnection>;
type Answering = dyn Fn(Seen) -> Pin<Box<dyn Future<Output = Answered> + Send>> + Send + Sync;

/// An HTTP server on a thread of its own; ends when dropped.
#[derive(Debug)]
pub(crate) struct HttpServer {
    address: SocketAddr,
    tls: bool,
    wire: Arc<Wire>,
    _background: Background,
}

/// What one connection needs to be served.
#[derive(Clone)]
struct Service {
    tls: Option<TlsAcceptor>,
    answering: Arc<Answering>,
    wire: Arc<Wire>,
}

impl HttpServer {
    /// Serves on a free port of `ip`, over TLS if a `ca` is given.
    pub(crate) fn start<F>(
        ip: &str,
        ca: Option<&Ca>,
        answering: impl Fn(Seen) -> F + Send + Sync + 'static,
    ) -> anyhow::Result<Self>
    where
        F: Future<Output = Answered> + Send + 'static,
    {
        let listener = TcpListener::bind((ip, 0)).with_context(|| format!("listening on {ip}"))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let config = ca.map(|ca| ca.server()?.server_config()).transpose()?;
        let wire = Arc::new(Wire::default());
        let answering: Arc<Answering> = Arc::new(move |seen| Box::pin(answering(seen)));
        let service = Service {
            tls: config.map(TlsAcceptor::from),
            answering,
            wire: Arc::clone(&wire),
        };
        let background = Background::run(move || service.serve(listener))?;
        Ok(Self {
            address,
            tls: ca.is_some(),
            wire,
            _background: background,
        })
    }

    /// Its address.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its origin, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// What its connections carried.
    pub(crate) fn wire(&self) -> &Wire {
        &self.wire
    }
}

impl Service {
    async fn serve(self, listener: TcpListener) {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            return;
        };
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                Ok((stream, peer)) = listener.accept() => {
                    self.wire.connections.fetch_add(1, Ordering::SeqCst);
                    connections.spawn(self.clone().connection(stream, peer));
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }

    async fn connection(self, stream: TcpStream, peer: SocketAddr) {
        match self.tls.clone() {
            None => self.requests(stream, peer).await,
            // A handshake that fails is the client's affair: it does not trust us.
            Some(tls) => {
                if let Ok(stream) = tls.accept(stream).await {
                    self.requests(stream, peer).await;
                }
            }
        }
    }

    async fn requests<S>(self, stream: S, peer: SocketAddr)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stream = TokioIo::new(Tapped::new(stream, Arc::clone(&self.wire)));
        let service = service_fn(move |request: Request<Incoming>| {
            let answering = Arc::clone(&self.answering);
            async move {
                let (head, body) = request.into_parts();
                let body = axum::body::to_bytes(Body::new(body), LARGEST_BODY).await;
                answering(Seen::new(head, body.unwrap_or_default(), peer)).await
            }
        });
        // It ends in an error whenever a connection is dropped, which is what tests do.
        let _ = Builder::new(TokioExecutor::new())
            .serve_connection(stream, service)
            .await;
    }
}

/// A counter that only grows.
pub(crate) fn read(counter: &AtomicUsize) -> usize {
    counter.load(Ordering::SeqCst)
}
